"""A gate behind an int8 product as part of the product's scale. The graph's answers stay the same."""
import numpy as np
from onnx import helper

from channels_last import sees_one_pixel
from graph import Graph, copied, copy_of
from residual_gates import GATES


def gated_products(model):
    """
    A new model where MatMulIntegerToFloat(x) * gate, with one value of the gate a column, has the gate in its scales and
    its bias: a pass over the map less. The gate must not depend on the product. The model then takes one picture at a
    time: the gates of several would be several scales.
    """
    graph = Graph(copy_of(model))
    gated = {node.output[0]: found for node in graph.nodes if (found := product_and_gate(graph, node)) is not None}
    gone = {product.output[0] for product, _ in gated.values()}
    column = graph.add_constant('gate_of_columns', np.array([-1], np.int64))
    nodes = []
    for node in graph.nodes:
        if node.output[0] in gated:
            nodes += scaled(node, *gated[node.output[0]], column)
        elif node.output[0] not in gone:
            nodes.append(node)
    graph.replace_nodes(nodes)
    graph.drop_unused()
    return graph.model


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


def scaled(node, product, gate, column):
    """The nodes that make what `node` made: the gate as a vector, scales and bias times it, the product with these."""
    source, weight, step, scale, origin, zero, *bias = product.input
    target = node.output[0]
    names = {part: f'{target}_{part}' for part in ('gate', 'scale', 'bias')}
    nodes = [
        helper.make_node('Reshape', [gate, column], [names['gate']], name=names['gate']),
        helper.make_node('Mul', [scale, names['gate']], [names['scale']], name=names['scale']),
    ]
    if bias:
        nodes.append(helper.make_node('Mul', [bias[0], names['gate']], [names['bias']], name=names['bias']))
    inputs = [source, weight, step, names['scale'], origin, zero, *([names['bias']] if bias else [])]
    return [*nodes, copied(product, inputs, target)]
