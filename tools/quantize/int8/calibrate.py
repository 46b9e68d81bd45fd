"""What a network's activations look like on calibration pictures."""
from typing import NamedTuple

import numpy as np
import onnxruntime
from onnx import helper

from graph.edit import copy_of

SEED = 1


class Activations(NamedTuple):
    """
    A tensor as it was seen: the smallest and the largest value; some of its rows, [rows, channels] f32; and how many rows
    there were.
    """

    lowest: float
    highest: float
    rows: np.ndarray
    count: int


def activations(model, names, samples, rows_each):
    """
    Tensor name -> Activations. The tensors have their channels last.

    `samples`: inputs of the model, one at a time, f32. `rows_each`: how many rows of each tensor and sample are kept.
    """
    probe = copy_of(model)
    probe.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the order of sums, and with it the bytes of the result, must not depend on it
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(probe.SerializeToString(), options, providers=['CPUExecutionProvider'])
    feed = session.get_inputs()[0].name
    random = np.random.default_rng(SEED)
    seen = {name: ([], [], [], []) for name in names}
    for sample in samples:
        for name, values in zip(names, session.run(names, {feed: sample})):
            rows = values.reshape(-1, values.shape[-1])
            lows, highs, kept, counts = seen[name]
            counts.append(len(rows))
            lows.append(rows.min())
            highs.append(rows.max())
            kept.append(rows[random.integers(0, len(rows), rows_each)])
    return {
        name: Activations(float(min(lows)), float(max(highs)), np.concatenate(kept), sum(counts))
        for name, (lows, highs, kept, counts) in seen.items()
    }
