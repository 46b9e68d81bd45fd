"""rapidocr_ng with its own engine: python rapidocr_ng_worker.py FOLDER_OF_MODELS. Its package holds no models."""

import sys
from importlib.metadata import version
from os import path

from line_protocol import serve
from rapidocr import RapidOCR

folder = sys.argv[1]
engine = RapidOCR(
    params={
        "Det.model_path": path.join(folder, "PP-OCRv6_det_small.onnx"),
        "Rec.model_path": path.join(folder, "PP-OCRv6_rec_small.onnx"),
        "Rec.rec_keys_path": path.join(folder, "ppocrv6_dict.txt"),
        # Never run by this engine, but fetched unless it is named.
        "Cls.model_path": path.join(folder, "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
    }
)


def read(picture):
    result = engine(picture)
    return [] if result.txts is None else list(zip(result.txts, result.boxes))


serve(
    read,
    {"rapidocr_ng": version("rapidocr_ng")},
    f"{engine.cfg.Det.limit_type} {engine.cfg.Det.limit_side_len}, max {engine.max_side_len}",
)
