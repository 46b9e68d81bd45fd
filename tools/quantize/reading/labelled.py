"""Labelled pictures: NAME.jpg with NAME.csv, a line `x1,y1,x2,y2,x3,y3,x4,y4,TEXT` a text line, in pixels."""
import numpy as np
from PIL import Image


def labelled_lines(folder):
    """Pairs of text and picture (height x width x 3, uint8), one a labelled line, in the order of the files' names."""
    for file in sorted(folder.glob('*.csv')):
        picture = np.asarray(Image.open(file.with_suffix('.jpg')).convert('RGB'))
        for row in file.read_text('utf8').splitlines():
            *corners, text = row.split(',', 8)
            if len(corners) < 8 or text == '':
                continue
            xs, ys = [int(value) for value in corners[::2]], [int(value) for value in corners[1::2]]
            line = picture[max(0, min(ys)) : max(ys), max(0, min(xs)) : max(xs)]
            if line.size > 0:
                yield text, upright(line)


def upright(line):
    """A tall line is turned a quarter counter-clockwise, as src/runtime/ocr/crop-lines.ts does."""
    return np.rot90(line) if line.shape[0] / line.shape[1] >= 1.5 else line
