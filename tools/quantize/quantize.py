"""
Makes int8 models from f32 ones:

    python tools/quantize/quantize.py                       both of this project, in models/
    python tools/quantize/quantize.py rec SOURCE TARGET     one recogniser
    python tools/quantize/quantize.py det SOURCE TARGET     one detector

and models that stay f32, with the same answers in less time:

    python tools/quantize/quantize.py lighter-rec SOURCE TARGET
    python tools/quantize/quantize.py lighter-det SOURCE TARGET
"""
import hashlib
import sys
from pathlib import Path

import onnx

from graph.prepare import prepare
from int8.blank_steps import blank_steps
from int8.calibrate import activations
from int8.conv_qdq import conv_qdq
from int8.fit import evened_fit, fit
from int8.half_weights import half_weights
from int8.matmul_int8 import matmul_int8, products
from int8.sensitive import sensitive
from reading.picture import line_input, page_input
from render import draw
from rewrites.best_class import best_class
from rewrites.channels_last import channels_last
from rewrites.conv_over_concat import conv_over_concat
from rewrites.dead_channels import dead_channels
from rewrites.enlarged_sums import enlarged_sums
from rewrites.fold_affine import fold_affine
from rewrites.fold_batch_norm import fold_batch_norm
from rewrites.gated_products import gated_products
from rewrites.global_pools import global_pools
from rewrites.pool_first import pool_first
from rewrites.quantize_first import quantize_first
from rewrites.residual_gates import residual_gates
from rewrites.tanh_gelu import tanh_gelu
from rewrites.tiny_constants import tiny_constants
from rewrites.upsampling_head import upsampling_head
from rewrites.whole_blocks import whole_blocks

MODELS = Path(__file__).resolve().parents[2] / 'models'

SEED = 1
# Receipts weigh most: small, worn print is what int8 loses first.
LINES = {'till': 160, 'receipt': 120, 'chinese': 32, 'japanese': 24, 'english': 24, 'french': 16, 'number': 24}
PAGES = 16
# Of these, so many judge which convolutions stay f32: each takes a run a convolution.
JUDGED_PAGES = 3

# Rows of each product's input kept of a line and of a page: 6,400 in all, eight and more for each of at most 768 channels.
LINE_ROWS, PAGE_ROWS = 16, 400

# A product whose result int8 gets wrong by more than this share stays f32 (int8/fit.py, Fit.error). Most are at 1 to 3 percent.
MOST_ERROR = 0.035
# So does one of the recogniser that is less than this share of all multiplications: its error costs more than its time
# is worth.
LEAST_SHARE = 0.015
# The detector has narrower layers, and larger maps to make a product worth while.
DETECTOR_CHANNELS = 48


def main():
    match sys.argv[1:]:
        case []:
            for kind in ('rec', 'det'):
                source = MODELS / f'PP-OCRv6_{kind}_small.onnx'
                write(kind, source, source.with_stem(f'{source.stem}-int8'))
        case [kind, source, target] if kind in MAKERS:
            write(kind, Path(source), Path(target))
        case _:
            sys.exit(__doc__)


def write(kind, source, target):
    """Writes one model and prints what it is."""
    onnx.save(MAKERS[kind](onnx.load(source)), target)
    content = target.read_bytes()
    print(f'{target.name}  {len(content)} bytes  sha256 {hashlib.sha256(content).hexdigest()}')


def recognizer(model):
    """The int8 form of a recogniser, with the outputs of best_class.py."""
    rewritten = channels_last(residual_gates(global_pools(pool_first(fold_affine(prepare(model))))))
    lines = [line_input(line) for line in calibration_lines()]
    seen = seen_by_products(rewritten, lines, LINE_ROWS)
    work = {name: it.count * weight.size for name, (it, weight) in seen.items()}
    large = {name: it for name, it in seen.items() if work[name] >= LEAST_SHARE * sum(work.values())}
    int8 = tanh_gelu(int8_products(rewritten, large, fitted=plain_or_evened))
    return without_dead(blank_steps(best_class(conv_over_concat(int8)), lines))


def detector(model):
    """The int8 form of a detector; input and output stay."""
    rewritten = fold_batch_norm(fold_affine(prepare(model)))
    rewritten = channels_last(residual_gates(global_pools(rewritten)), DETECTOR_CHANNELS)
    pages = [page_input(page) for page in draw.pages(PAGES, SEED)]
    seen = seen_by_products(rewritten, pages, PAGE_ROWS)
    int8 = gated_products(int8_products(rewritten, seen, f32_of_detector(seen)))
    int8 = conv_qdq(int8, pages, sensitive(int8, pages[:JUDGED_PAGES]))
    # The order matters: the blocks of a stem are counted when nothing but convolutions reads it.
    lighter = conv_over_concat(upsampling_head(quantize_first(enlarged_sums(int8))))
    return without_dead(tanh_gelu(whole_blocks(lighter)))


def without_dead(model):
    """The model without constants and hidden channels that training has decayed to nothing."""
    return dead_channels(tiny_constants(model))


def f32_of_detector(seen):
    """
    The detector's products that stay f32 whatever their error: those on the smallest map, where what is wrong is wrong for
    every line, and the narrow ones that carry maps into the neck, whose values on a nearly empty page leave all that pages
    full of text have (README, "Tried").
    """
    smallest = min((it.count for it, _ in seen.values()), default=0)
    return {name for name, (it, weight) in seen.items() if it.count == smallest or weight.shape[1] < DETECTOR_CHANNELS}


def seen_by_products(model, samples, rows_each):
    """Name of each product with a constant weight -> (Activations of what it multiplies, weight)."""
    wanted = products(model)
    seen = activations(model, sorted({source for source, _ in wanted.values()}), samples, rows_each)
    return {name: (seen[source], weight) for name, (source, weight) in wanted.items()}


def int8_products(model, seen, left_out=(), fitted=fit):
    """The model with the products of `seen` in int8; with those left out, or that lose too much by it, in f32."""
    fits = {name: fitted(it, weight) for name, (it, weight) in seen.items()}
    chosen = {name: it for name, it in fits.items() if it.error <= MOST_ERROR and name not in left_out}
    return half_weights(matmul_int8(model, chosen))


def plain_or_evened(seen, weight):
    """The Fit of a product; one that evens out its input where a plain one loses too much."""
    plain = fit(seen, weight)
    return plain if plain.error <= MOST_ERROR else evened_fit(seen, weight)


def lighter_recognizer(model):
    """The recogniser in f32, with the outputs of best_class.py."""
    return best_class(pool_first(fold_affine(prepare(model))))


def lighter_detector(model):
    """The detector in f32; input and output stay."""
    rewritten = fold_batch_norm(fold_affine(prepare(model)))
    return whole_blocks(conv_over_concat(upsampling_head(residual_gates(rewritten))))


def calibration_lines():
    return [line for kind, count in LINES.items() for _, line in draw.lines(kind, count, SEED)]


MAKERS = {
    'rec': recognizer,
    'det': detector,
    'lighter-rec': lighter_recognizer,
    'lighter-det': lighter_detector,
}


if __name__ == '__main__':
    main()
