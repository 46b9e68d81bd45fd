"""Bytes instead of floats are enlarged and put together. The graph's answers stay the same."""
from onnx import helper

from graph.edit import attribute, copied, rewritten
from graph.enlarged import enlarged, source_and_times, turned
from rewrites.channels_last import FIRST, LAST


def quantize_first(model):
    """
    A new model where QuantizeLinear(Concat(Resize(a), b)) is Concat(Resize(QuantizeLinear(a)), QuantizeLinear(b)), with
    the channels last, for a Resize that repeats pixels: it changes no value, and bytes are a quarter of floats. The
    smallest map comes first and is enlarged only until the next can be put beside it.
    """
    return rewritten(model, together)


def parts_before(graph, node):
    """
    (tensor, how many times it is enlarged) of each part of the Concat of channels that `node` rounds, from the smallest
    map to the largest; None when there is none.
    """
    if node.op_type != 'QuantizeLinear':
        return None
    concat = graph.makers.get(node.input[0])
    if concat is None or concat.op_type != 'Concat' or attribute(concat, 'axis') != 1:
        return None
    parts = [source_and_times(graph, name) or (name, 1) for name in concat.input]
    steps = [one[1] % other[1] for one, other in zip(parts, parts[1:])]
    alone = graph.only_reader(concat.output[0]) is not None
    return parts if alone and parts[0][1] > 1 and not any(steps) else None


def together(graph, quantize):
    """The nodes that round each part, put it beside the enlarged ones before it, and turn the whole; None without parts."""
    parts = parts_before(graph, quantize)
    if parts is None:
        return None
    target = quantize.output[0]
    nodes, so_far, before = [], None, None
    for number, (source, times) in enumerate(parts):
        rounded = f'{target}_part_{number}'
        nodes += rounded_last(graph, quantize, source, rounded)
        if so_far is not None:
            if before != times:
                nodes += enlarged(graph, so_far, before // times, f'{rounded}_beside')
                so_far = f'{rounded}_beside'
            joined = f'{target}_joined_{number}'
            nodes.append(helper.make_node('Concat', [so_far, rounded], [joined], axis=3, name=joined))
            rounded = joined
        so_far, before = rounded, times
    if before != 1:
        nodes += enlarged(graph, so_far, before, f'{target}_last')
        so_far = f'{target}_last'
    return [*nodes, helper.make_node('Transpose', [so_far], [target], perm=FIRST, name=target)]


def rounded_last(graph, quantize, source, target):
    """The nodes that round a tensor and turn it, where it was not made so, to have its channels last."""
    last = turned(graph, source, FIRST)
    if last is not None:
        return [copied(quantize, [last, *quantize.input[1:]], target)]
    first = f'{target}_first'
    return [
        copied(quantize, [source, *quantize.input[1:]], first),
        helper.make_node('Transpose', [first], [target], perm=LAST, name=target),
    ]
