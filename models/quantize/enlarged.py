"""Maps enlarged to the nearest pixel without being written larger first. The graph's answers stay the same."""
import numpy as np
from onnx import helper

from channels_last import FIRST, LAST
from graph import Graph, attribute, copied, copy_of


def enlarged_sums(model):
    """
    A new model where a + Resize(b), channels last, is a sum of a as [batch, height, times, width, times, channels] and b
    as [batch, height, 1, width, 1, channels]: the sum reads each pixel of b several times instead of copies of it.
    """
    graph = Graph(copy_of(model))
    nodes = []
    for node in graph.nodes:
        found = small_and_large(graph, node)
        nodes += [node] if found is None else repeating_sum(graph, node, *found)
    graph.replace_nodes(nodes)
    graph.drop_unused()
    return graph.model


def small_and_large(graph, node):
    """What is enlarged, how many times, and the other side of a sum; None when `node` is none of these."""
    if node.op_type != 'Add':
        return None
    for large, enlarged in (tuple(node.input), tuple(node.input)[::-1]):
        found = source_and_times(graph, turned(graph, enlarged, LAST))
        small = found and turned(graph, found[0], FIRST)
        if small and graph.dims(large) is None:
            return small, found[1], large
    return None


def turned(graph, name, order):
    """What a Transpose of this order turns into `name`; None when something else makes it."""
    maker = graph.makers.get(name)
    fits = maker is not None and maker.op_type == 'Transpose' and list(attribute(maker, 'perm')) == order
    return maker.input[0] if fits else None


def source_and_times(graph, name):
    """What is enlarged to become `name`, and how many times, both ways alike, by repeating pixels; else None."""
    resize = graph.makers.get(name)
    if resize is None or resize.op_type != 'Resize' or not repeats(resize):
        return None
    scales = graph.value(resize.input[2]) if len(resize.input) > 2 else None
    if scales is None or len(scales) != 4 or scales[2] != scales[3] or scales[2] % 1 or any(scales[:2] != 1):
        return None
    return resize.input[0], int(scales[2])


def repeats(resize):
    """Whether whole times as large means each pixel as often; other ways of rounding move pixels by a part of that."""
    if attribute(resize, 'mode', b'nearest') != b'nearest':
        return False
    way = attribute(resize, 'coordinate_transformation_mode', b'half_pixel')
    rounding = attribute(resize, 'nearest_mode', b'round_prefer_floor')
    return (way, rounding) in ((b'asymmetric', b'floor'), (b'half_pixel', b'round_prefer_floor'))


def repeating_sum(graph, add, small, times, large):
    """The nodes that take the place of an Add."""
    target = add.output[0]
    pixels, shape, parts, total = (f'{target}_{part}' for part in ('pixels', 'shape', 'parts', 'total'))
    return [
        *apart(graph, small, pixels),
        *times_shape(graph, pixels, [1, 1, times, 1, times, 1], f'{shape}_of_parts'),
        helper.make_node('Shape', [large], [shape], name=shape),
        helper.make_node('Reshape', [large, f'{shape}_of_parts'], [parts], name=parts),
        copied(add, [parts, pixels], total),
        helper.make_node('Reshape', [total, shape], [target], name=add.name),
    ]


def apart(graph, source, target):
    """[batch, height, width, channels] as [batch, height, 1, width, 1, channels]."""
    axes = constant(graph, 'between_pixels', [2, 4])
    return [helper.make_node('Unsqueeze', [source, axes], [target], name=target)]


def times_shape(graph, source, factors, target):
    """The shape of a tensor, each side times its factor."""
    own = f'{target}_before'
    factors = constant(graph, 'times_' + '_'.join(map(str, factors)), factors)
    return [
        helper.make_node('Shape', [source], [own], name=own),
        helper.make_node('Mul', [own, factors], [target], name=target),
    ]


def constant(graph, name, values):
    """The name of a constant of whole numbers, which is added once."""
    if graph.dims(name) is None:
        graph.add_constant(name, np.array(values, np.int64))
    return name


def enlarged(graph, source, times, target):
    """The nodes that write a map with the channels last `times` as wide and high."""
    pixels, shape, copies = (f'{target}_{part}' for part in ('pixels', 'shape', 'copies'))
    return [
        *apart(graph, source, pixels),
        *times_shape(graph, pixels, [1, 1, times, 1, times, 1], f'{shape}_of_copies'),
        helper.make_node('Expand', [pixels, f'{shape}_of_copies'], [copies], name=copies),
        *times_shape(graph, source, [1, times, times, 1], shape),
        helper.make_node('Reshape', [copies, shape], [target], name=target),
    ]
