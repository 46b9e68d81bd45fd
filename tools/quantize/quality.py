"""
Checks that int8 reads as well as f32. Prints a table; the exit code is 1 when a check fails.

    python tools/quantize/quality.py RECEIPTS [--rec FILE] [--det FILE] [--only lines|rendered|empty|pages]
        [--f32-rec FILE] [--f32-det FILE] [--dictionary FILE] [--seed N]

RECEIPTS: a folder of labelled pictures (reading/labelled.py). The check of the detector runs bench/receipts.ts, so it
needs Node and `npm ci`.
"""
import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx

from closeness import THRESHOLD, regions
from reading.labelled import labelled_lines
from reading.picture import page_input
from reading.reader import Reader, answers
from render import draw

MODELS = Path(__file__).resolve().parents[2] / 'models'
DICTIONARY = MODELS / 'ppocrv6_dict.txt'
REC, DET = MODELS / 'PP-OCRv6_rec_small.onnx', MODELS / 'PP-OCRv6_det_small.onnx'

# Not the pictures of the calibration (quantize.py has seed 1).
SEED = 20_000
RENDERED = ('chinese', 'japanese', 'english', 'french', 'number')
RENDERED_EACH = 200

# Pages with one to four lines, and the longest side that the detector sees: the larger, the emptier a page looks to it.
EMPTY_PAGES, EMPTY_SIDE = 48, 1920

# The points that int8 may lose on labelled lines and on pages, the percentage of rendered lines that must be read alike, and
# the percentage of lines on nearly empty pages that must be found.
LINE_LOSS, PAGE_LOSS, EQUAL, FOUND = 0.3, 0.5, 98.5, 99


def main():
    options = arguments()
    checks = {'lines': check_lines, 'rendered': check_rendered, 'empty': check_empty, 'pages': check_pages}
    rows = [row for name, check in checks.items() if options.only in (None, name) for row in check(options)]
    print(f'{"check":34}{"f32":>9}{"int8":>9}{"wanted":>16}')
    for name, before, after, wanted, passed in rows:
        print(f'{name:34}{before:>9}{after:>9}{wanted:>16}  {"passed" if passed else "FAILED"}')
    sys.exit(0 if all(row[-1] for row in rows) else 1)


def check_lines(options):
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


def check_rendered(options):
    """Share of rendered lines that int8 reads like f32; each kind's accuracy is printed beside it."""
    readers = [Reader(file, options.dictionary) for file in (options.f32_rec, options.rec)]
    alike = 0
    for kind in RENDERED:
        right, same = [0, 0], 0
        for text, picture in draw.lines(kind, RENDERED_EACH, options.seed):
            texts = [reader.read(picture) for reader in readers]
            same += texts[0] == texts[1]
            for which, read in enumerate(texts):
                right[which] += bare(read) == bare(text)
        alike += same
        print(f'{kind:10} {RENDERED_EACH} rendered lines, {right[0]} and {right[1]} right, {same} alike')
    print(cpu(readers))
    share = 100 * alike / (RENDERED_EACH * len(RENDERED))
    yield 'rendered lines read alike, %', '', f'{share:.2f}', f'>= {EQUAL}', share >= EQUAL


def check_empty(options):
    """Share of the regions of f32's map that int8's has too, on nearly empty pages."""
    samples = [page_input(page, EMPTY_SIDE) for page in draw.nearly_empty_pages(EMPTY_PAGES, options.seed)]
    before, after = (answers(onnx.load(file), samples) for file in (options.f32_det, options.det))
    masks = [(a[0, 0] > THRESHOLD, b[0, 0] > THRESHOLD) for a, b in zip(before, after)]
    total, joined, parted, lost, new = np.sum([regions(a, b) for a, b in masks], axis=0)
    print(f'{EMPTY_PAGES} nearly empty pages, {total} regions: {joined} joined, {parted} parted, {lost} lost, {new} new')
    found = 100 * (1 - lost / total)
    yield 'lines of nearly empty pages, %', '', f'{found:.2f}', f'>= {FOUND}', found >= FOUND


def check_pages(options):
    """Word F1 and line recall of the whole pipeline, recognising with f32, detecting with f32 and with int8."""
    before, after = (receipts(options, det) for det in (options.f32_det, options.det))
    print(f'CPU of detection, int8 to f32: {after["  detect: session.run"] / before["  detect: session.run"]:.2f}')
    for name in ('word F1', 'line recall'):
        low, high = 100 * before[name], 100 * after[name]
        yield f'{name}, detector, %', f'{low:.2f}', f'{high:.2f}', f'>= f32 - {PAGE_LOSS}', high >= low - PAGE_LOSS


def receipts(options, det):
    """What bench/receipts.ts prints, name -> number."""
    settings = [f'det_model_dir={det}', f'rec_model_dir={options.f32_rec}', f'rec_char_dict_path={options.dictionary}']
    command = ['node', 'bench/run.js', 'receipts', str(options.receipts), *settings]
    printed = subprocess.run(command, cwd=MODELS.parent, check=True, capture_output=True, text=True).stdout
    return {line[:32].rstrip(): float(line[32:]) for line in printed.splitlines()}


def cpu(readers):
    """The CPU time of both readers. They read each line in turn, so that other load on the machine slows both alike."""
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
