"""Finds x * min(max(x + 3, 0), 6) / 6 in chains of four nodes, as older exports (PP-OCRv4 mobile) have it."""
import numpy as np
from onnx import helper

from graph.edit import Graph, attribute, copy_of


def hard_swish(model):
    """A new model, opset 14 or later, where each chain Add, Clip, Mul, Div is one HardSwish. The answers stay."""
    graph = Graph(copy_of(model))
    graph.replace_nodes([fused(graph, node) or node for node in graph.nodes])
    graph.drop_unused()
    return graph.model


def fused(graph, division):
    """HardSwish with the output of `division`, when that ends such a chain; else None."""
    if division.op_type != 'Div' or not is_constant(graph, division.input[1], 6):
        return None
    product = graph.makers.get(division.input[0])
    if product is None or product.op_type != 'Mul' or graph.only_reader(product.output[0]) is None:
        return None
    for source, clipped in (tuple(product.input), tuple(product.input)[::-1]):
        clip = graph.makers.get(clipped)
        if clip is None or clip.op_type != 'Clip' or bounds(graph, clip) != (0, 6):
            continue
        add = graph.makers.get(clip.input[0])
        if add is not None and add.op_type == 'Add' and source in add.input:
            three = add.input[1] if add.input[0] == source else add.input[0]
            if is_constant(graph, three, 3):
                return helper.make_node('HardSwish', [source], list(division.output), name=division.name)
    return None


def bounds(graph, clip):
    """Lowest and highest of a Clip: inputs since opset 11, attributes before."""
    if len(clip.input) < 3:
        return attribute(clip, 'min'), attribute(clip, 'max')
    values = [graph.value(name) for name in clip.input[1:]]
    return None if any(value is None for value in values) else tuple(float(value) for value in values)


def is_constant(graph, name, wanted):
    value = graph.value(name)
    return value is not None and value.size == 1 and np.isclose(float(value.reshape(())), wanted)
