"""RapidOCR as installed: python rapidocr_worker.py. Its models are inside its package."""

from importlib.metadata import version

from line_protocol import serve
from rapidocr import RapidOCR

engine = RapidOCR()


def read(picture):
    result = engine(picture)
    return [] if result.txts is None else list(zip(result.txts, result.boxes))


serve(
    read,
    {name: version(name) for name in ("rapidocr", "onnxruntime")},
    f"{engine.cfg.Det.limit_type} {engine.cfg.Det.limit_side_len}, max {engine.max_side_len}",
)
