"""Factors and offsets of whole maps go into the convolutions around them. The graph's answers stay the same."""
import numpy as np

from graph.edit import Graph, attribute, copy_of


def fold_affine(model):
    """
    A new model, from `prepare`, without the Muls and Adds of one constant that a neighbour can take over. PP-OCRv3 to
    v5 have a learned factor and offset behind each convolution and behind each activation; the runtime folds none of
    them, since it looks for a constant a channel, and carries each map out of its blocked layout and back for them.

    - Behind a convolution: both go into its weights and bias.
    - A factor behind x * HardSigmoid(x) goes into the convolution that makes x: a * x * min(max(alpha * x + beta, 0), 1)
      is z * min(max(alpha / a * z + beta, 0), 1) with z = a * x.
    - An offset before convolutions without padding goes into their biases. With padding it stays: what is padded with
      is zero and not the offset.
    """
    graph = Graph(copy_of(model))
    while any(fold(graph, node) for node in list(graph.nodes)):
        pass
    graph.drop_unused()
    return graph.model


def fold(graph, node):
    """Folds one node, and tells whether it did."""
    found = source_and_number(graph, node)
    if found is None or not taken_over(graph, node, *found):
        return False
    replace(graph, node, found[0])
    return True


def taken_over(graph, node, source, number):
    """Lets a neighbour do what `node` does to the map `source`, and tells whether one could."""
    maker = graph.makers.get(source)
    if maker is None or graph.only_reader(source) is None:
        return False
    if node.op_type == 'Mul':
        return scale(graph, maker, number) or scale_hard_swish(graph, maker, number)
    return shift(graph, maker, number) or shift_readers(graph, node.output[0], number)


def source_and_number(graph, node):
    """The map and the number that a Mul or an Add puts together; None when it is no such node."""
    if node.op_type not in ('Mul', 'Add'):
        return None
    for source, constant in (tuple(node.input), tuple(node.input)[::-1]):
        value = graph.value(constant)
        if value is not None and value.size == 1 and value.ndim <= 1 and graph.dims(source) is None:
            return source, float(value.reshape(()))
    return None


def is_conv(graph, node):
    return node is not None and node.op_type == 'Conv' and all(graph.dims(name) is not None for name in node.input[1:])


def scale(graph, conv, factor):
    """Multiplies what a convolution gives, and tells whether it is one."""
    if not is_conv(graph, conv):
        return False
    for place in range(1, len(conv.input)):
        set_constant(graph, conv, place, graph.value(conv.input[place]) * np.float32(factor))
    return True


def shift(graph, conv, offset):
    """Adds to what a convolution gives, and tells whether it is one; `offset`: a number, or one a channel."""
    if not is_conv(graph, conv):
        return False
    if len(conv.input) < 3:
        conv.input.append('')
    bias = graph.value(conv.input[2])
    set_constant(graph, conv, 2, np.float32((0 if bias is None else bias) + offset + np.zeros(graph.dims(conv.input[1])[0])))
    return True


def scale_hard_swish(graph, product, factor):
    """Multiplies what x * HardSigmoid(x) behind a convolution gives, and tells whether `product` is that."""
    sigmoid = hard_sigmoid_of(graph, product)
    if sigmoid is None or factor == 0 or not scale(graph, graph.makers.get(sigmoid.input[0]), factor):
        return False
    next(item for item in sigmoid.attribute if item.name == 'alpha').f = attribute(sigmoid, 'alpha') / factor
    return True


def hard_sigmoid_of(graph, product):
    """The HardSigmoid of a product x * HardSigmoid(x), where nothing else reads x or it; else None."""
    if product.op_type != 'Mul':
        return None
    for source, gate in (tuple(product.input), tuple(product.input)[::-1]):
        sigmoid = graph.makers.get(gate)
        if sigmoid is None or sigmoid.op_type != 'HardSigmoid' or sigmoid.input[0] != source:
            continue
        alone = len(graph.readers[source]) == 2 and source not in graph.outputs and graph.only_reader(gate) is not None
        return sigmoid if alone and attribute(sigmoid, 'alpha') else None
    return None


def shift_readers(graph, name, number):
    """Takes what was added to the map `name` into the convolutions that read it, and tells whether all of them can."""
    readers = graph.readers.get(name, [])
    if not readers or name in graph.outputs or not all(takes_offset(graph, node, name) for node in readers):
        return False
    for conv in readers:
        weight = graph.value(conv.input[1]).astype(np.float64)
        shift(graph, conv, number * weight.reshape(len(weight), -1).sum(axis=1))
    return True


def takes_offset(graph, node, name):
    """Whether a convolution sees the map `name` without a border of zeros."""
    padded = any(attribute(node, 'pads', [0])) or attribute(node, 'auto_pad', b'NOTSET') not in (b'NOTSET', b'VALID')
    return is_conv(graph, node) and node.input[0] == name and not padded


def set_constant(graph, node, place, value):
    """A constant of the node's own: others may read the one it had."""
    node.input[place] = graph.add_constant(f'{node.output[0]}_input_{place}_{len(graph.constants)}', value)


def replace(graph, node, source):
    """Takes a node out; whoever makes `source` makes what it made."""
    maker, target = graph.makers[source], node.output[0]
    maker.output[list(maker.output).index(source)] = target
    for reader in graph.readers[source]:
        reader.input[list(reader.input).index(source)] = target
    graph.nodes.remove(node)
    graph.refresh()
