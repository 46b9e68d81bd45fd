"""Products with constant weights in int8: what both networks spend most of their time on."""
import numpy as np
from onnx import helper

from graph.edit import Graph, copy_of
from int8.fit import activation_uint8

MICROSOFT = 'com.microsoft'


def matmul_int8(model, fits):
    """
    A new model where each MatMul with a constant matrix, with the bias added behind it, is one int8 product with f32
    out. Weights: signed, one scale a column. Activations: unsigned (signed ones ran 1.5 times slower), one scale a
    tensor, from `fits` (name of the product -> fit.Fit). Products without one stay f32.
    """
    graph = Graph(copy_of(model))
    merged = set()  # outputs of the Adds whose bias a product has taken in
    nodes = []
    for node in graph.nodes:
        if is_constant_product(graph, node) and node.output[0] in fits:
            bias = bias_behind(graph, node)
            target = node.output[0] if bias is None else graph.only_reader(node.output[0]).output[0]
            merged.add(target)
            nodes += int8_product(graph, node, bias, target, fits[node.output[0]])
        elif node.output[0] not in merged:
            nodes.append(node)
    graph.replace_nodes(nodes)
    graph.drop_unused()
    if all(domain.domain != MICROSOFT for domain in graph.model.opset_import):
        graph.model.opset_import.append(helper.make_opsetid(MICROSOFT, 1))
    return graph.model


def products(model):
    """Name of each product that `matmul_int8` changes -> (name of what is multiplied, weight [in, out] f32)."""
    graph = Graph(model)
    return {
        node.output[0]: (node.input[0], graph.value(node.input[1]))
        for node in graph.nodes
        if is_constant_product(graph, node)
    }


def is_constant_product(graph, node):
    dims = graph.dims(node.input[1]) if node.op_type == 'MatMul' else None
    return dims is not None and len(dims) == 2


def bias_behind(graph, node):
    """The name of the constant vector that the node's only reader adds; None without one."""
    reader = graph.only_reader(node.output[0])
    if reader is None or reader.op_type != 'Add':
        return None
    other = reader.input[1] if reader.input[0] == node.output[0] else reader.input[0]
    return other if graph.dims(other) == (graph.dims(node.input[1])[1],) else None


def int8_product(graph, node, bias, target, fit):
    source, name = node.input[0], node.output[0]
    scale = graph.add_constant(f'{name}_scale', fit.scale)
    zero = graph.add_constant(f'{name}_zero', np.zeros(fit.weight.shape[1], np.int8))
    weight = graph.add_constant(f'{name}_int8', fit.weight)
    step, origin = activation_uint8(fit.lowest, fit.highest)
    step = graph.add_constant(f'{name}_input_scale', step)
    origin = graph.add_constant(f'{name}_input_zero', origin)
    shift = fit.shift if bias is None else graph.value(bias) + fit.shift
    evened = [] if fit.factors is None else [even(graph, source, name, fit.factors)]
    source = evened[0].output[0] if evened else source
    inputs = [f'{name}_input', weight, step, scale, origin, zero, graph.add_constant(f'{name}_shift', shift.astype(np.float32))]
    return [
        *evened,
        helper.make_node('QuantizeLinear', [source, step, origin], [f'{name}_input'], name=f'{name}_quantize'),
        helper.make_node('MatMulIntegerToFloat', inputs, [target], name=name, domain=MICROSOFT),
    ]


def even(graph, source, name, factors):
    """The product's input with each channel times its factor."""
    target = f'{name}_evened'
    return helper.make_node('Mul', [source, graph.add_constant(f'{name}_factors', factors)], [target], name=target)
