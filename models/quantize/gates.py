"""
Whether int8 reads as well as f32. Prints a table; the exit code is 1 when a gate fails.

    python models/quantize/gates.py RECEIPTS [--rec FILE] [--det FILE] [--only lines|rendered|empty|pages]
        [--f32-rec FILE] [--f32-det FILE] [--dictionary FILE] [--seed N]

RECEIPTS: a folder of labelled pictures (labelled.py). The gate of the detector runs bench/receipts.ts, and so needs
Node and `npm ci`.
"""
import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx

import render
from closeness import THRESHOLD, regions
from labelled import labelled_lines
from picture import page_input
from reader import Reader, answers

MODELS = Path(__file__).resolve().parent.parent
DICTIONARY = MODELS / 'ppocrv6_dict.txt'
REC, DET = MODELS / 'PP-OCRv6_rec_small.onnx', MODELS / 'PP-OCRv6_det_small.onnx'

# Other pictures than those of the calibration (quantize.py has seed 1).
SEED = 20_000
RENDERED = ('chinese', 'japanese', 'english', 'french', 'number')
RENDERED_EACH = 200

# Pages that hold next to nothing, and the size at which the detector sees them: the larger, the emptier they are to it.
EMPTY_PAGES, EMPTY_SIDE = 48, 1920

# How many points int8 may be behind, how many percent of the rendered lines must be read alike, and of those on nearly empty
# pages be found.
LINE_LOSS, PAGE_LOSS, EQUAL, FOUND = 0.3, 0.5, 98.5, 99


def main():
    options = arguments()
    gates = {'lines': line_gate, 'rendered': rendered_gate, 'empty': empty_gate, 'pages': page_gate}
    rows = [row for name, gate in gates.items() if options.only in (None, name) for row in gate(options)]
    print(f'{"gate":34}{"f32":>9}{"int8":>9}{"wanted":>16}')
    for name, before, after, wanted, passed in rows:
        print(f'{name:34}{before:>9}{after:>9}{wanted:>16}  {"passed" if passed else "FAILED"}')
    sys.exit(0 if all(row[-1] for row in rows) else 1)


def line_gate(options):
    """Share of labelled lines whose text, in capitals and without spaces, is read."""
    readers = [Reader(file, options.dictionary) for file in (options.f32_rec, options.rec)]
    right, alone, count = [0, 0], [0, 0], 0
    for text, picture in labelled_lines(options.receipts):
        count += 1
        hits = [bare(reader.read(picture)) == bare(text) for reader in readers]
        for which, hit in enumerate(hits):
            right[which] += hit
            alone[which] += hit and not hits[1 - which]
    before, after = (100 * hits / count for hits in right)
    print(f'{count} labelled lines, {right[0]} and {right[1]} right; {cpu(readers)}')
    # Lines that both read, or neither, say nothing about the difference: McNemar's test.
    print(f'by f32 alone {alone[0]}, by int8 alone {alone[1]}; standard error of the difference {sum(alone) ** 0.5:.1f} lines')
    yield 'labelled lines read, %', f'{before:.2f}', f'{after:.2f}', f'>= f32 - {LINE_LOSS}', after >= before - LINE_LOSS


def rendered_gate(options):
    """Share of rendered lines that int8 reads like f32; each kind's accuracy is printed beside it."""
    readers = [Reader(file, options.dictionary) for file in (options.f32_rec, options.rec)]
    alike = 0
    for kind in RENDERED:
        right, same = [0, 0], 0
        for text, picture in render.lines(kind, RENDERED_EACH, options.seed):
            texts = [reader.read(picture) for reader in readers]
            same += texts[0] == texts[1]
            for which, read in enumerate(texts):
                right[which] += bare(read) == bare(text)
        alike += same
        print(f'{kind:10} {RENDERED_EACH} rendered lines, {right[0]} and {right[1]} right, {same} alike')
    print(cpu(readers))
    share = 100 * alike / (RENDERED_EACH * len(RENDERED))
    yield 'rendered lines read alike, %', '', f'{share:.2f}', f'>= {EQUAL}', share >= EQUAL


def empty_gate(options):
    """Share of the regions of f32's map that int8's has too, on nearly empty pages."""
    samples = [page_input(page, EMPTY_SIDE) for page in render.nearly_empty_pages(EMPTY_PAGES, options.seed)]
    before, after = (answers(onnx.load(file), samples) for file in (options.f32_det, options.det))
    masks = [(a[0, 0] > THRESHOLD, b[0, 0] > THRESHOLD) for a, b in zip(before, after)]
    total, joined, parted, lost, new = np.sum([regions(a, b) for a, b in masks], axis=0)
    print(f'{EMPTY_PAGES} nearly empty pages, {total} regions: {joined} joined, {parted} parted, {lost} lost, {new} new')
    found = 100 * (1 - lost / total)
    yield 'lines of nearly empty pages, %', '', f'{found:.2f}', f'>= {FOUND}', found >= FOUND


def page_gate(options):
    """Word F1 and line recall of the whole pipeline, recognising with f32, detecting with f32 and with int8."""
    before, after = (receipts(options, det) for det in (options.f32_det, options.det))
    print(f'CPU of detection, int8 to f32: {after["  detect: session.run"] / before["  detect: session.run"]:.2f}')
    for name in ('word F1', 'line recall'):
        low, high = 100 * before[name], 100 * after[name]
        yield f'{name}, detector, %', f'{low:.2f}', f'{high:.2f}', f'>= f32 - {PAGE_LOSS}', high >= low - PAGE_LOSS


def receipts(options, det):
    """What bench/receipts.ts prints, name -> number."""
    root = MODELS.parent
    build = 'npx esbuild bench/receipts.ts --bundle --packages=external --platform=node --format=esm'
    subprocess.run([*build.split(), '--outfile=bench/out/receipts.mjs', '--log-level=error'], cwd=root, check=True)
    settings = [f'det_model_dir={det}', f'rec_model_dir={options.f32_rec}', f'rec_char_dict_path={options.dictionary}']
    command = ['node', 'bench/out/receipts.mjs', str(options.receipts), *settings]
    printed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return {line[:32].rstrip(): float(line[32:]) for line in printed.splitlines()}


def cpu(readers):
    """Both read each line in turn, so that whatever else the machine does meets both alike."""
    before, after = (reader.seconds for reader in readers)
    return f'CPU of recognition: {before:.1f} s and {after:.1f} s, int8 to f32 {after / before:.3f}'


def bare(text):
    return ''.join(text.upper().split())


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('receipts', type=full_path)
    parser.add_argument('--rec', type=full_path, default=REC.with_stem(f'{REC.stem}-int8'))
    parser.add_argument('--det', type=full_path, default=DET.with_stem(f'{DET.stem}-int8'))
    parser.add_argument('--f32-rec', type=full_path, default=REC)
    parser.add_argument('--f32-det', type=full_path, default=DET)
    parser.add_argument('--dictionary', type=full_path, default=DICTIONARY)
    parser.add_argument('--seed', type=int, default=SEED, help='of the rendered lines')
    parser.add_argument('--only', choices=['lines', 'rendered', 'empty', 'pages'])
    return parser.parse_args()


def full_path(name):
    """The Node program runs in another folder."""
    return Path(name).resolve()


if __name__ == '__main__':
    main()
