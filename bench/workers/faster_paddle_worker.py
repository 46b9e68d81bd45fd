"""faster-paddle: python faster_paddle_worker.py MODEL_SIZE. Its models are inside its package."""

import sys
from importlib.metadata import version

from line_protocol import serve
from faster_paddle import OcrEngine

engine = OcrEngine(model_size=sys.argv[1])


def read(picture):
    return [(line["text"], corners(line)) for line in engine.ocr(picture)["bounds"].values()]


def corners(line):
    (left, top), (right, bottom) = line["topLeftCoord"], line["bottomRightCoord"]
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


serve(
    read,
    {"faster-paddle": version("faster-paddle")},
    f"min {engine.config['det_min_side']}, max {engine.config['det_max_side']}",
)
