"""
Makes int8 models from f32 ones:

    python models/quantize/quantize.py                       both of this project, in models/
    python models/quantize/quantize.py rec SOURCE TARGET     one recogniser
    python models/quantize/quantize.py det SOURCE TARGET     one detector
"""
import hashlib
import sys
from pathlib import Path

import onnx

import render
from best_class import best_class
from calibrate import activations
from channels_last import channels_last
from conv_qdq import conv_qdq
from fit import fit
from matmul_int8 import matmul_int8, products
from picture import line_input, page_input
from prepare import prepare

MODELS = Path(__file__).resolve().parent.parent

SEED = 1
# Receipts weigh most: small, worn print is what int8 loses first.
LINES = {'receipt': 160, 'chinese': 32, 'japanese': 24, 'english': 24, 'french': 16, 'number': 16}
PAGES = 16


def main():
    match sys.argv[1:]:
        case []:
            for kind in ('rec', 'det'):
                source = MODELS / f'PP-OCRv6_{kind}_small.onnx'
                write(kind, source, source.with_stem(f'{source.stem}-int8'))
        case ['rec' | 'det' as kind, source, target]:
            write(kind, Path(source), Path(target))
        case _:
            sys.exit(__doc__)


def write(kind, source, target):
    """Writes one int8 model and prints what it is."""
    make = {'rec': recognizer, 'det': detector}[kind]
    onnx.save(make(onnx.load(source)), target)
    content = target.read_bytes()
    print(f'{target.name}  {len(content)} bytes  sha256 {hashlib.sha256(content).hexdigest()}')


def recognizer(model):
    """The int8 form of a recogniser, with the outputs `index` and `probability`."""
    rewritten = channels_last(prepare(model))
    wanted = products(rewritten)
    names = sorted({source for source, _ in wanted.values()})
    seen = activations(rewritten, names, (line_input(line) for line in calibration_lines()))
    fits = {name: fit(seen[source], weight) for name, (source, weight) in wanted.items()}
    return best_class(matmul_int8(rewritten, fits))


def detector(model):
    """The int8 form of a detector; input and output stay."""
    return conv_qdq(prepare(model), (page_input(page) for page in render.pages(PAGES, SEED)))


def calibration_lines():
    return [line for kind, count in LINES.items() for _, line in render.lines(kind, count, SEED)]


if __name__ == '__main__':
    main()
