"""A gate with a residual around it as one product. The graph's answers stay the same."""
import numpy as np
from onnx import helper

from graph.edit import constant, rewritten

# What ends a squeeze-and-excitation gate: one value a channel.
GATES = ('HardSigmoid', 'Sigmoid')


def residual_gates(model):
    """A new model where x + x * gate is x * (gate + 1): one pass over the pixels, and one map of them, less."""
    return rewritten(model, one_product)


def one_product(graph, node):
    """The nodes that take the place of x + x * gate; None where `node` is none."""
    found = gated_by(graph, node)
    if found is None:
        return None
    product, source, gate = found
    one = constant(graph, 'one_of_gates', np.ones((1, 1, 1, 1), np.float32))
    return [
        helper.make_node('Add', [gate, one], [f'{gate}_and_one'], name=f'{gate}_and_one'),
        helper.make_node('Mul', [source, f'{gate}_and_one'], list(node.output), name=product.name),
    ]


def gated_by(graph, add):
    """The product, x and the gate, where `add` is x + x * gate; else None."""
    if add.op_type != 'Add':
        return None
    for source, multiplied in (tuple(add.input), tuple(add.input)[::-1]):
        product = graph.makers.get(multiplied)
        if product is None or product.op_type != 'Mul' or source not in product.input:
            continue
        gate = product.input[1] if product.input[0] == source else product.input[0]
        maker = graph.makers.get(gate)
        if maker is not None and maker.op_type in GATES and graph.only_reader(multiplied) is not None:
            return product, source, gate
    return None
