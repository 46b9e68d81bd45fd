"""Sums with an enlarged map that is not written larger first. The graph's answers stay the same."""
from onnx import helper

from graph.edit import copied, rewritten
from graph.enlarged import apart, source_and_times, times_shape, turned
from rewrites.channels_last import FIRST, LAST


def enlarged_sums(model):
    """
    A new model where a + Resize(b), channels last, is a sum of a as [batch, height, times, width, times, channels] and b
    as [batch, height, 1, width, 1, channels]: the sum reads each pixel of b several times instead of copies of it.
    """
    return rewritten(model, repeating_sum)


def repeating_sum(graph, node):
    """The nodes that take the place of such a sum; None where `node` is none."""
    found = small_and_large(graph, node)
    if found is None:
        return None
    small, times, large = found
    target = node.output[0]
    pixels, shape, parts, total = (f'{target}_{part}' for part in ('pixels', 'shape', 'parts', 'total'))
    return [
        *apart(graph, small, pixels),
        *times_shape(graph, pixels, [1, 1, times, 1, times, 1], f'{shape}_of_parts'),
        helper.make_node('Shape', [large], [shape], name=shape),
        helper.make_node('Reshape', [large, f'{shape}_of_parts'], [parts], name=parts),
        copied(node, [parts, pixels], total),
        helper.make_node('Reshape', [total, shape], [target], name=node.name),
    ]


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
