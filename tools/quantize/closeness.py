"""
How close int8 models come to f32 on rendered pictures. Variants are chosen by these numbers; the receipts only judge.

    python tools/quantize/closeness.py rec F32 INT8...     error of the last product's input, over 56 lines
    python tools/quantize/closeness.py det F32 INT8...     difference and overlap of the maps, over 16 pages and the fixture
    python tools/quantize/closeness.py det F32 INT8... --pictures FOLDER     the same over the JPEG pictures of a folder
"""
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import helper
from PIL import Image
from scipy import ndimage

from graph.edit import Graph
from reading.picture import line_input, page_input
from reading.reader import answers
from render import draw

# Neither that of the calibration (1) nor that of quality.py (20,000).
SEED = 777
LINES_EACH, PAGES = 8, 16
FIXTURE = Path(__file__).resolve().parents[2] / 'test/fixtures/page.png'
# Pixels above this belong to a text's map: params.ts, det_db_thresh. Those whose f32 value is in EDGE may change sides.
THRESHOLD, EDGE = 0.3, (0.1, 0.6)


def main():
    words = sys.argv[1:]
    folder = None
    if words[-2:-1] == ['--pictures']:
        *words, _, folder = words
    match words:
        case ['rec', source, *targets] if targets and folder is None:
            for target in targets:
                print(f'{Path(target).name}: {lines(source, target)}')
        case ['det', source, *targets] if targets:
            samples = [page_input(picture) for picture in pictures(folder)]
            before = answers(onnx.load(source), samples)
            for target in targets:
                print(f'{Path(target).name}: {maps(before, answers(onnx.load(target), samples))}')
        case _:
            sys.exit(__doc__)


def lines(source, target):
    """Root mean square error of the features, as a share of their own, a line; median and mean of the lines."""
    name = last_product_input(onnx.load(source))
    samples = [line_input(line) for kind in draw.KINDS for _, line in draw.lines(kind, LINES_EACH, SEED)]
    before, after = (answers(with_output(onnx.load(file), name), samples) for file in (source, target))
    errors = [np.sqrt(np.square(b - a).sum() / np.square(a).sum()) for a, b in zip(before, after)]
    return f'error of the features, median {100 * np.median(errors):.2f} %, mean {100 * np.mean(errors):.2f} %'


def pictures(folder):
    """The JPEG pictures of a folder; rendered pages and the fixture when it is None."""
    if folder is None:
        yield from draw.pages(PAGES, SEED)
    files = [FIXTURE] if folder is None else sorted(Path(folder).glob('*.jpg'))
    yield from (np.asarray(Image.open(file).convert('RGB')) for file in files)


def maps(before, after):
    """
    Mean absolute difference of the maps, and of their edges; the overlap (intersection to union) of what lies above the
    threshold; and what became of its connected regions, which are the lines that the detector finds.
    """
    pairs = list(zip(before, after))
    difference = np.mean([np.abs(b - a).mean() for a, b in pairs])
    edge = np.mean([np.abs(b - a)[(a > EDGE[0]) & (a < EDGE[1])].mean() for a, b in pairs])
    masks = [(a[0, 0] > THRESHOLD, b[0, 0] > THRESHOLD) for a, b in pairs]
    overlap = np.mean([(a & b).sum() / (a | b).sum() for a, b in masks])
    area = sum(b.sum() for _, b in masks) / sum(a.sum() for a, _ in masks)
    total, joined, parted, lost, new = np.sum([regions(a, b) for a, b in masks], axis=0)
    return (
        f'difference {difference:.4f}, at edges {edge:.3f}, overlap {overlap:.3f}, area {area:.3f} of f32; '
        f'of {total} regions {joined} joined, {parted} parted, {lost} lost, {new} new'
    )


def regions(before, after):
    """How many regions `before` has; how many of them are joined to another, parted, and lost `after`; how many are new."""
    (old, olds), (new, news) = (ndimage.label(mask, np.ones((3, 3))) for mask in (before, after))
    both = before & after
    meetings = np.unique(np.stack([old[both], new[both]], axis=1), axis=0)
    of_old, of_new = (np.bincount(meetings[:, side], minlength=count + 1)[1:] for side, count in ((0, olds), (1, news)))
    return olds, np.maximum(of_new - 1, 0).sum(), np.maximum(of_old - 1, 0).sum(), (of_old == 0).sum(), (of_new == 0).sum()


def last_product_input(model):
    """The name of what the last product with a constant matrix multiplies: of the f32 graph; the int8 graph keeps it."""
    graph = Graph(model)
    makers = {output: node for node in graph.nodes if node.op_type == 'Constant' for output in node.output}
    head = [node for node in graph.nodes if node.op_type == 'MatMul' and (graph.dims(node.input[1]) or node.input[1] in makers)]
    return head[-1].input[0]


def with_output(model, name):
    """The model with one output only, `name`."""
    del model.graph.output[:]
    model.graph.output.append(helper.make_empty_tensor_value_info(name))
    Graph(model).drop_unused()
    return model


if __name__ == '__main__':
    main()
