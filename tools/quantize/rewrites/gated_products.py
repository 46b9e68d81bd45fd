"""A gate behind an int8 product as part of the product's scale. The graph's answers stay the same."""
from onnx import helper

from graph.edit import constant, copied, rewritten
from rewrites.channels_last import sees_one_pixel
from rewrites.residual_gates import GATES


def gated_products(model):
    """
    A new model where MatMulIntegerToFloat(x) * gate, with one value of the gate a column, has the gate in its scales and
    its bias: a pass over the map less. The gate must not depend on the product. The model then takes one picture at a
    time: the gates of several would be several scales.
    """
    return rewritten(model, scaled)


def scaled(graph, node):
    """The gate as a vector, scales and bias times it, the product with these; None where `node` is no gated product."""
    found = product_and_gate(graph, node)
    if found is None:
        return None
    product, gate = found
    source, weight, step, scale, origin, zero, *bias = product.input
    target = node.output[0]
    names = {part: f'{target}_{part}' for part in ('gate', 'scale', 'bias')}
    nodes = [
        helper.make_node('Reshape', [gate, constant(graph, 'gate_of_columns', [-1])], [names['gate']], name=names['gate']),
        helper.make_node('Mul', [scale, names['gate']], [names['scale']], name=names['scale']),
    ]
    if bias:
        nodes.append(helper.make_node('Mul', [bias[0], names['gate']], [names['bias']], name=names['bias']))
    inputs = [source, weight, step, names['scale'], origin, zero, *([names['bias']] if bias else [])]
    return [*nodes, copied(product, inputs, target)]


def product_and_gate(graph, node):
    """The product and the name of what it is multiplied with; None when `node` is something else."""
    if node.op_type != 'Mul':
        return None
    for source, gate in (tuple(node.input), tuple(node.input)[::-1]):
        product = graph.makers.get(source)
        if product is None or product.op_type != 'MatMulIntegerToFloat' or graph.only_reader(source) is None:
            continue
        if is_gate_of_columns(graph, gate):
            return product, gate
    return None


def is_gate_of_columns(graph, name):
    """Whether a tensor is the gate of a pooled map with the channels last, turned, or the sum of one and a constant."""
    maker = graph.makers.get(name)
    while maker is not None and maker.op_type in ('Transpose', 'Add'):
        if maker.op_type == 'Add' and all(graph.dims(side) is None for side in maker.input):
            return False
        maker = next((graph.makers[side] for side in maker.input if side in graph.makers), None)
    return maker is not None and maker.op_type in GATES and sees_one_pixel(graph, maker)
