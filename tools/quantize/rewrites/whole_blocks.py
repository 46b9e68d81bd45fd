"""Channels padded to whole blocks where a pool stands between convolutions. The graph's answers stay the same."""
import numpy as np

from graph.edit import Graph, attribute, copy_of

# The runtime's blocked layout on AVX-512; on AVX2 it is 8. It pads convolutions itself, but does not take a
# pool whose channels fill no whole block, and reorders all pixels before and behind it.
BLOCK = 16


def whole_blocks(model):
    """
    A new model where what a MaxPool sees has a multiple of 16 channels: the convolution before gets filters of nothing
    but zeros, and those that read what it or the pool gives get zero weights for them.
    """
    graph = Graph(copy_of(model))
    for pool in [node for node in graph.nodes if node.op_type == 'MaxPool']:
        conv = source_of(graph, pool)
        readers = readers_of(graph, pool)
        if conv is None or readers is None:
            continue
        more = -graph.dims(conv.input[1])[0] % BLOCK
        if more == 0:
            continue
        for place in range(1, len(conv.input)):
            pad(graph, conv, place, axis=0, more=more)
        for reader in readers:
            pad(graph, reader, 1, axis=1, more=more)
        # Shapes noted for the tensors between are too narrow now.
        del graph.model.graph.value_info[:]
    graph.drop_unused()
    return graph.model


def source_of(graph, pool):
    """The convolution, with a Relu perhaps, that the pool reads; None when there is none."""
    maker = graph.makers.get(pool.input[0])
    if maker is not None and maker.op_type == 'Relu' and graph.only_reader(maker.input[0]) is not None:
        maker = graph.makers.get(maker.input[0])
    return maker if is_plain_conv(graph, maker) else None


def readers_of(graph, pool):
    """All that reads the pool's input or output but the pool; None when one of them is no plain convolution."""
    names = [pool.input[0], pool.output[0]]
    readers = [node for name in names for node in graph.readers.get(name, []) if node.name != pool.name]
    leaves = any(name in graph.outputs for name in names)
    return None if leaves or not all(is_plain_conv(graph, node) for node in readers) else readers


def is_plain_conv(graph, node):
    if node is None or node.op_type != 'Conv' or attribute(node, 'group', 1) != 1:
        return False
    return all(graph.dims(name) is not None for name in node.input[1:])


def pad(graph, node, place, axis, more):
    value = graph.value(node.input[place])
    widths = [(0, more if number == axis else 0) for number in range(value.ndim)]
    node.input[place] = graph.add_constant(f'{node.input[place]}_padded', np.pad(value, widths))
