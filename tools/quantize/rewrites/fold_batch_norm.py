"""A BatchNormalization behind a transposed convolution goes into its weights. The graph's answers stay the same."""
import numpy as np
from onnx import helper

from graph.edit import Graph, attribute, copy_of


def fold_batch_norm(model):
    """
    A new model where ConvTranspose, Add of a constant a channel and BatchNormalization are ConvTranspose and Add. The
    runtime does so for Conv only. The detectors of PP-OCRv4 and v5 have one such chain, at half the page's size.
    """
    graph = Graph(copy_of(model))
    chains = {norm.output[0]: chain for norm in graph.nodes if (chain := chain_before(graph, norm)) is not None}
    replaced = {}  # output -> the node that takes the place of the one that made it
    for target, (conv, add, norm) in chains.items():
        factor, offset = factor_and_offset(graph, norm)
        weight = graph.value(conv.input[1]) * factor[None, :, None, None]
        bias = constant_of(graph, add).reshape(-1) * factor + offset
        names = [
            graph.add_constant(f'{target}_weight', weight.astype(np.float32)),
            graph.add_constant(f'{target}_bias', bias.astype(np.float32).reshape(1, -1, 1, 1)),
        ]
        normed = copy_of_node(conv)
        normed.input[1] = names[0]
        replaced[conv.output[0]] = normed
        replaced[target] = helper.make_node('Add', [conv.output[0], names[1]], [target], name=norm.name)
    gone = {add.output[0] for _, add, _ in chains.values()}
    graph.replace_nodes([replaced.get(node.output[0], node) for node in graph.nodes if node.output[0] not in gone])
    graph.drop_unused()
    return graph.model


def chain_before(graph, norm):
    """ConvTranspose, Add and `norm`; None when that is not what stands there."""
    if norm.op_type != 'BatchNormalization' or any(graph.dims(name) is None for name in norm.input[1:]):
        return None
    add = graph.makers.get(norm.input[0])
    if add is None or add.op_type != 'Add' or graph.only_reader(add.output[0]) is None or constant_of(graph, add) is None:
        return None
    conv = next((maker for maker in map(graph.makers.get, add.input) if maker is not None), None)
    if conv is None or conv.op_type != 'ConvTranspose' or graph.only_reader(conv.output[0]) is None:
        return None
    plain = attribute(conv, 'group', 1) == 1 and len(conv.input) == 2 and graph.dims(conv.input[1]) is not None
    return (conv, add, norm) if plain else None


def constant_of(graph, add):
    """The constant a channel, [1, channels, 1, 1], that an Add adds; None when it adds something else."""
    values = [value for value in map(graph.value, add.input) if value is not None]
    fits = len(values) == 1 and values[0].ndim == 4 and values[0].size == values[0].shape[1]
    return values[0] if fits else None


def factor_and_offset(graph, norm):
    scale, shift, mean, variance = (graph.value(name).astype(np.float64) for name in norm.input[1:])
    factor = scale / np.sqrt(variance + attribute(norm, 'epsilon', 1e-5))
    return factor, shift - mean * factor


def copy_of_node(node):
    copy = type(node)()
    copy.CopyFrom(node)
    return copy
