"""Convolutions that are no products in int8, as QuantizeLinear and DequantizeLinear around them."""
import logging

import numpy as np
import onnxruntime
from onnx import helper
from onnxruntime.quantization import CalibrationMethod, QuantType
from onnxruntime.quantization.calibrate import TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from graph.edit import Graph, attribute, copy_of
from int8.paired_weight import paired, paired_scale
from rewrites.channels_last import sees_one_pixel
from rewrites.fold_affine import hard_sigmoid_of

# Gelu(-4) is -0.0001: what lies below is worth no step of the range.
LOWEST_FOR_GELU = -4.0

# Of 32 bits, with room for the sum that is added to it.
LARGEST_BIAS = 2**30


def conv_qdq(model, samples, left_out=()):
    """
    A new model where the convolutions that `inner_convolutions` lists, but for those named in `left_out`, run in int8:
    unsigned activations with ranges from the smallest and largest value seen, signed weights with one scale a channel.

    `samples`: inputs of the model, one at a time, f32.
    """
    names = [name for name in inner_convolutions(model) if name not in left_out]
    limits = ranges(model, names, samples)
    data = TensorsData(CalibrationMethod.MinMax, {name: tuple(map(np.float32, ends)) for name, ends in limits.items()})
    logging.disable(logging.WARNING)  # it asks for quant_pre_process; prepare.py does that work
    try:
        quantizer = QDQQuantizer(copy_of(model), True, False, QuantType.QInt8, QuantType.QUInt8, data, names, [], ['Conv'], {})
        quantizer.quantize_model()
        quantizer.model.topological_sort()
    finally:
        logging.disable(logging.NOTSET)
    return pair_weights(quantizer.model.model, model)


def pair_weights(model, source):
    """Edits the model: the weights of its convolutions are rounded again, so that all processors multiply them alike."""
    graph, before = Graph(model), Graph(source)
    for conv in [node for node in graph.nodes if node.op_type == 'Conv']:
        of_input, of_weight, *of_bias = (graph.makers.get(name) for name in conv.input)
        if of_weight is None or of_weight.op_type != 'DequantizeLinear':
            continue
        weight, *biases = next(map(before.value, old.input[1:]) for old in before.nodes if old.name == conv.name)
        step_of_input = graph.value(of_input.input[1])
        # Rows in the order in which the runtime multiplies them: by place in the window, the channels last.
        rows = weight.transpose(2, 3, 1, 0).reshape(-1, len(weight))
        scale = paired_scale(rows)
        for bias in biases:  # a channel of nothing but zeros has no scale that its bias would need
            scale = np.maximum(scale, np.abs(bias) / (LARGEST_BIAS * step_of_input)).astype(np.float32)
        back = (*weight.shape[2:], weight.shape[1], weight.shape[0])
        bytes_of_weight = paired(rows / scale).reshape(back).transpose(3, 2, 0, 1)
        graph.replace_constant(of_weight.input[0], np.ascontiguousarray(bytes_of_weight))
        graph.replace_constant(of_weight.input[1], scale)
        for node, bias in zip(of_bias, biases):
            step = step_of_input * scale
            graph.replace_constant(node.input[0], np.rint(bias / step).astype(np.int32))
            graph.replace_constant(node.input[1], step)
    return model


def inner_convolutions(model):
    """
    Names of the convolutions that int8 makes faster without harm, in the order in which they run. Not among them:
    depthwise ones, a small share of the work that loses most when rounded; the stem (all before the first depthwise
    one), whose errors go through the whole network; and gates, which see a picture of one pixel: nothing to gain,
    and an error there scales a whole channel.
    """
    graph = Graph(model)
    convolutions = [node for node in graph.nodes if node.op_type == 'Conv']
    depthwise = [attribute(node, 'group', 1) > 1 for node in convolutions]
    stem = depthwise.index(True) if any(depthwise) else 0
    return [
        node.name
        for number, node in enumerate(convolutions)
        if number >= stem and not depthwise[number] and not sees_one_pixel(graph, node)
    ]


def ranges(model, names, samples):
    """
    Tensor name -> smallest and largest value, for what goes into and comes out of the convolutions `names`. What an
    activation throws away is left out: steps of the range are few.
    """
    graph = Graph(model)
    nodes = [node for node in graph.nodes if node.name in names]
    seen = seen_ranges(model, sorted({name for node in nodes for name in (node.input[0], node.output[0])}), samples)
    for node in nodes:
        reader = graph.only_reader(node.output[0])
        lowest, highest = seen[node.output[0]]
        zero = zero_of_hard_swish(graph, node.output[0])
        if zero is not None:
            seen[node.output[0]] = (max(lowest, zero), highest) if zero < 0 else (lowest, min(highest, zero))
        elif reader is not None and reader.op_type == 'Relu':
            seen[node.output[0]] = 0.0, highest
        elif reader is not None and reader.op_type == 'Gelu':
            seen[node.output[0]] = max(lowest, LOWEST_FOR_GELU), highest
    return seen


def zero_of_hard_swish(graph, name):
    """The x from which on x * HardSigmoid(x) is zero, where that is all that reads x; else None."""
    products = [node for node in graph.readers.get(name, []) if node.op_type == 'Mul']
    sigmoid = hard_sigmoid_of(graph, products[0]) if len(products) == 1 else None
    if sigmoid is None or sigmoid.input[0] != name:
        return None
    return -attribute(sigmoid, 'beta', 0.5) / attribute(sigmoid, 'alpha')


def seen_ranges(model, names, samples):
    """Tensor name -> smallest and largest value on the samples."""
    probe = copy_of(model)
    outputs = {output.name for output in model.graph.output}
    made = [name for name in names if name != model.graph.input[0].name]
    probe.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in made if name not in outputs)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(probe.SerializeToString(), options, providers=['CPUExecutionProvider'])
    feed = session.get_inputs()[0].name
    seen = {}
    for sample in samples:
        for name, values in [(feed, sample), *zip(made, session.run(made, {feed: sample}))]:
            lowest, highest = seen.get(name, (np.inf, -np.inf))
            seen[name] = min(lowest, float(values.min())), max(highest, float(values.max()))
    return {name: seen[name] for name in names}
