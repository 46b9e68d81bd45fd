"""
How many of the spaces between letters are read where the blank wins at each step between them, by the probability that
is asked for (rec_space_thresh):

    python tools/quantize/spaces.py [--rec FILE] [--dictionary FILE] [--receipts FOLDER] [--seed N]

Only lines of which all other letters are read right are counted. FOLDER: labelled pictures (reading/labelled.py).
"""
import argparse
from pathlib import Path

import numpy as np

from reading.labelled import labelled_lines
from reading.reader import Reader, letters
from render import draw

MODELS = Path(__file__).resolve().parents[2] / 'models'

ASKED = (1, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.01)

# Other lines than those of the calibration (1) and of quality.py (20,000).
SEED = 777
LATIN, WITHOUT_SPACES = ('till', 'receipt', 'english', 'french', 'number'), ('chinese', 'japanese')
EACH = 300


def main():
    options = arguments()
    reader = Reader(options.rec, options.dictionary)
    for name, pairs in sources(options):
        gaps = [gap for text, picture in pairs for gap in gaps_of(reader, text, picture)]
        spaced = np.array([spaced for spaced, _ in gaps], bool)
        odds = np.array([odds for _, odds in gaps])
        print(f'{name}: {len(gaps)} gaps between letters, {spaced.sum()} spaces')
        for asked in ASKED:
            read = odds >= asked
            print(f'  {asked:<5} {(read & spaced).sum():6} found {(read & ~spaced).sum():4} where none is')


def sources(options):
    """Pairs of a name and of pairs of text and picture."""
    for name, kinds in (('Latin, rendered', LATIN), ('Chinese and Japanese, rendered', WITHOUT_SPACES)):
        yield name, (pair for kind in kinds for pair in draw.lines(kind, EACH, options.seed))
    if options.receipts is not None:
        yield 'labelled', labelled_lines(options.receipts)


def gaps_of(reader, text, picture):
    """
    For each two neighbouring letters of a line, whether the text has a space between them, and the probability that one of
    the steps between them is a space, 1 where it is the best class; nothing for a line of which other letters are wrong.
    """
    classes, space = reader.steps(picture)
    starts = letters(classes)
    kept = [at for at in starts if reader.characters[classes[at]] != ' ']
    if ''.join(reader.characters[classes[at]] for at in kept).upper() != ''.join(text.upper().split()):
        return
    before = spaced_letters(text)
    for left, right, spaced in zip(kept, kept[1:], before[1:]):
        between = slice(left + 1, right)
        is_read = any(left < at < right for at in starts)
        blanks = space[between][classes[between] == 0]
        yield spaced, 1.0 if is_read else 1 - np.prod(1 - blanks)


def spaced_letters(text):
    """For each letter whether white space comes before it."""
    return [at > 0 and text[at - 1].isspace() for at in range(len(text)) if not text[at].isspace()]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--rec', type=Path, default=MODELS / 'PP-OCRv6_rec_small-int8.onnx')
    parser.add_argument('--dictionary', type=Path, default=MODELS / 'ppocrv6_dict.txt')
    parser.add_argument('--receipts', type=Path)
    parser.add_argument('--seed', type=int, default=SEED)
    return parser.parse_args()


if __name__ == '__main__':
    main()
