"""What a network's activations look like on calibration pictures."""
from typing import NamedTuple

import numpy as np
import onnxruntime
from onnx import helper

from graph import copy_of

# Rows kept of each tensor and sample: 272 lines give 4,352 rows, ten and more for each of at most 768 channels.
ROWS = 16
SEED = 1


class Activations(NamedTuple):
    """A tensor as it was seen: its smallest and largest value, and some of its rows, [rows, channels] f32."""

    lowest: float
    highest: float
    rows: np.ndarray


def activations(model, names, samples):
    """
    Tensor name -> Activations. The tensors have their channels last.

    `samples`: inputs of the model, one at a time, f32.
    """
    probe = copy_of(model)
    probe.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the order of sums, and with it the bytes of the result, must not depend on it
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(probe.SerializeToString(), options, providers=['CPUExecutionProvider'])
    feed = session.get_inputs()[0].name
    random = np.random.default_rng(SEED)
    seen = {name: ([], [], []) for name in names}
    for sample in samples:
        for name, values in zip(names, session.run(names, {feed: sample})):
            rows = values.reshape(-1, values.shape[-1])
            lows, highs, kept = seen[name]
            lows.append(float(rows.min()))
            highs.append(float(rows.max()))
            kept.append(rows[random.integers(0, len(rows), ROWS)])
    return {name: Activations(min(lows), max(highs), np.concatenate(kept)) for name, (lows, highs, kept) in seen.items()}
