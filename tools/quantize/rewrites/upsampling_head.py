"""The detector's end, which enlarges the map four times, as 1x1 convolutions. The graph's answers stay the same."""
import numpy as np
from onnx import helper

from graph.edit import Graph, attribute, copy_of


def upsampling_head(model):
    """
    A new model where two transposed convolutions of 2 x 2 pixels, each with a bias and a Relu between them, are two
    1x1 convolutions on the small map, one for each of the 4 and of the 16 pixels that a pixel becomes, and a
    DepthToSpace, which puts the pixels in their places. Transposed convolutions are slow, and need room for a map twice
    as wide and high.
    """
    graph = Graph(copy_of(model))
    nodes = list(graph.nodes)
    for first in [node for node in nodes if is_doubling(graph, node)]:
        chain = chain_from(graph, first)
        if chain is None:
            continue
        at = [node.name for node in nodes].index(first.name)
        names = {node.name for node in chain}
        rest = [node for node in nodes[at:] if node.name not in names]
        nodes = [*nodes[:at], *on_small_map(graph, chain), *rest]
    graph.replace_nodes(nodes)
    graph.drop_unused()
    return graph.model


def is_doubling(graph, node):
    """Whether a node is a transposed convolution that makes 2 x 2 pixels of each."""
    if node.op_type != 'ConvTranspose' or attribute(node, 'group', 1) != 1 or len(node.input) > 2:
        return False
    if any(attribute(node, 'pads', [0])) or any(attribute(node, 'output_padding', [0])):
        return False
    dims = graph.dims(node.input[1])
    return dims is not None and dims[2:] == (2, 2) and list(attribute(node, 'strides', [])) == [2, 2]


def chain_from(graph, first):
    """ConvTranspose, Add, Relu, ConvTranspose, Add; None when something else follows."""
    chain = [first]
    for wanted in ('Add', 'Relu', 'ConvTranspose', 'Add'):
        reader = graph.only_reader(chain[-1].output[0])
        if reader is None or reader.op_type != wanted:
            return None
        chain.append(reader)
    _, bias, _, second, last_bias = chain
    fits = is_doubling(graph, second) and all(bias_of(graph, add) is not None for add in (bias, last_bias))
    return chain if fits else None


def bias_of(graph, add):
    """The constant that an Add adds to each channel; None when it adds something else."""
    values = [value for value in map(graph.value, add.input) if value is not None]
    return values[0].reshape(-1) if len(values) == 1 and values[0].size == max(values[0].shape) else None


def on_small_map(graph, chain):
    """What takes the place of the chain. The last channels are ordered by the pixel they become: DepthToSpace's mode DCR."""
    first, bias, relu, second, last_bias = chain
    # [in, out, row, column] -> [out of each pixel in turn, in]
    weight, last_weight = (graph.value(node.input[1]).transpose(2, 3, 1, 0) for node in (first, second))
    inner, made = weight.shape[2], last_weight.shape[2]
    each = last_weight.reshape(4 * made, inner)
    # Each of the 4 pixels becomes 4 and sees no other: [row, column, row in it, column in it, out, in].
    apart = np.kron(np.eye(4), each).reshape(2, 2, 2, 2, made, 4 * inner)
    by_place = apart.transpose(0, 2, 1, 3, 4, 5).reshape(16 * made, 4 * inner)
    small, large = (f'{first.output[0]}_{part}' for part in ('small', 'large'))
    return [
        pointwise(graph, first.name, [first.input[0], small], weight.reshape(4 * inner, -1), bias_of(graph, bias)),
        helper.make_node('Relu', [small], [f'{small}_relu'], name=relu.name),
        pointwise(graph, second.name, [f'{small}_relu', large], by_place, bias_of(graph, last_bias)),
        helper.make_node('DepthToSpace', [large], [last_bias.output[0]], name=last_bias.name, blocksize=4, mode='DCR'),
    ]


def pointwise(graph, name, ends, matrix, bias):
    """A 1x1 convolution from ends[0] to ends[1] with the matrix [out, in]; the bias is repeated for all pixels."""
    source, target = ends
    repeated = np.resize(bias, len(matrix))
    constants = [
        graph.add_constant(f'{name}_weight', np.ascontiguousarray(matrix[:, :, None, None], np.float32)),
        graph.add_constant(f'{name}_bias', repeated.astype(np.float32)),
    ]
    return helper.make_node('Conv', [source, *constants], [target], name=name, kernel_shape=[1, 1])
