"""A picture's path a line on stdin, a JSON object a line on stdout: what a process under measurement speaks."""

import json
import os
import sys

# Libraries may print what they like: their stdout is stderr from here on.
_answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def serve(read, versions, detector):
    """Says that the models are loaded, then answers one line after another.

    read: bytes of a picture file -> list of (text, box), the lines read; a box is four corners [x, y] in pixels.
    versions: dict of package -> version. detector: the size rule of the detector, in words.
    """
    _answer({"ready": {"versions": versions, "detector": detector}})
    for line in sys.stdin:
        try:
            with open(line.rstrip("\n"), "rb") as file:
                lines = read(file.read())
                boxes = [[[float(x), float(y)] for x, y in box] for _, box in lines]
                _answer({"texts": [text for text, _ in lines], "boxes": boxes})
        except Exception as error:
            _answer({"error": f"{type(error).__name__}: {error}"})


def _answer(value):
    print(json.dumps(value), file=_answers, flush=True)
