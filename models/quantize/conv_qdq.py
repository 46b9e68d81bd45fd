"""Convolutions in int8, as QuantizeLinear and DequantizeLinear around them: what the detector spends its time on."""
import logging
import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from graph import Graph, attribute


def conv_qdq(model, samples, left_out=()):
    """
    A new model where every convolution but the depthwise ones, and but those named in `left_out`, runs in int8:
    unsigned activations with ranges from the smallest and largest value seen, signed weights with one scale a channel.
    Depthwise convolutions are a small share of the work and lose most when rounded.

    `samples`: inputs of the model, one at a time, f32.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / 'f32.onnx', Path(folder) / 'int8.onnx'
        onnx.save(model, source)
        logging.disable(logging.WARNING)  # it asks for quant_pre_process; prepare.py does that work
        try:
            quantize_static(
                source,
                target,
                Samples(model.graph.input[0].name, samples),
                quant_format=QuantFormat.QDQ,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                per_channel=True,
                calibrate_method=CalibrationMethod.MinMax,
                nodes_to_quantize=[name for name in dense_convolutions(model) if name not in left_out],
            )
        finally:
            logging.disable(logging.NOTSET)
        answer = onnx.load(target)
    del answer.metadata_props[:]
    answer.metadata_props.extend(model.metadata_props)
    return answer


def dense_convolutions(model):
    """Names of the convolutions of one group, in the order in which they run."""
    return [node.name for node in Graph(model).nodes if node.op_type == 'Conv' and attribute(node, 'group', 1) == 1]


class Samples(CalibrationDataReader):
    """Hands the samples to the runtime's calibrator."""

    def __init__(self, name, samples):
        self.name = name
        self.samples = iter(samples)

    def get_next(self):
        sample = next(self.samples, None)
        return None if sample is None else {self.name: sample}
