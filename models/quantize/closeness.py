"""
How close int8 models come to f32 on rendered material: what variants are chosen by, so that the receipts only judge.

    python models/quantize/closeness.py rec F32 INT8...     error of the last product's input, over 56 lines
    python models/quantize/closeness.py det F32 INT8...     difference and overlap of the maps, over 3 pages and the fixture
"""
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import helper
from PIL import Image

import render
from graph import Graph
from picture import line_input, page_input
from reader import session

# Neither that of the calibration (1) nor that of the gates (20,000).
SEED = 777
LINES_EACH, PAGES = 8, 3
FIXTURE = Path(__file__).resolve().parents[2] / 'test/fixtures/page.png'
# Pixels above this belong to a text's map: params.ts, det_db_thresh.
THRESHOLD = 0.3


def main():
    match sys.argv[1:]:
        case ['rec' | 'det' as kind, source, *targets] if targets:
            measure = {'rec': lines, 'det': pages}[kind]
            for target in targets:
                print(f'{Path(target).name}: {measure(source, target)}')
        case _:
            sys.exit(__doc__)


def lines(source, target):
    """Root mean square error of the features, as a share of their own, a line; median and mean of the lines."""
    name = last_product_input(onnx.load(source))
    samples = [line_input(line) for kind in render.KINDS for _, line in render.lines(kind, LINES_EACH, SEED)]
    before, after = (answers(with_output(onnx.load(file), name), samples) for file in (source, target))
    errors = [np.sqrt(np.square(b - a).sum() / np.square(a).sum()) for a, b in zip(before, after)]
    return f'error of the features, median {100 * np.median(errors):.2f} %, mean {100 * np.mean(errors):.2f} %'


def pages(source, target):
    """Mean absolute difference of the maps, and the overlap (intersection to union) of what lies above the threshold."""
    fixture = np.asarray(Image.open(FIXTURE).convert('RGB'))
    samples = [page_input(page) for page in [*render.pages(PAGES, SEED), fixture]]
    before, after = (answers(onnx.load(file), samples) for file in (source, target))
    difference = np.mean([np.abs(b - a).mean() for a, b in zip(before, after)])
    masks = [(a > THRESHOLD, b > THRESHOLD) for a, b in zip(before, after)]
    overlap = np.mean([(a & b).sum() / (a | b).sum() for a, b in masks])
    area = masks[-1][1].sum() / masks[-1][0].sum()
    return f'difference {difference:.4f}, overlap {overlap:.3f}, area of the fixture {area:.3f} of f32'


def last_product_input(model):
    """The name of what the last product with a constant matrix multiplies: the same in the f32 and in the int8 graph."""
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


def answers(model, samples):
    run = session(model.SerializeToString())
    feed = run.get_inputs()[0].name
    return [run.run(None, {feed: sample})[0] for sample in samples]


if __name__ == '__main__':
    main()
