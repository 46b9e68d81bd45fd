"""1x1 convolutions as matrix products over channels that lie last. The graph's answers stay the same."""
import numpy as np
from onnx import helper

from graph import Graph, attribute, copy_of

# Activations that treat each value alone: they work on any layout.
ELEMENTWISE = ('Gelu', 'HardSwish', 'QuickGelu', 'Relu')
LAST = [0, 2, 3, 1]
FIRST = [0, 3, 1, 2]


def channels_last(model, least_channels=96):
    """
    A new model, in f32, where each 1x1 convolution of stride 1 with at least `least_channels` channels in and out is
    Transpose, MatMul, Add, Transpose. The transposes are pushed behind activations, and pairs of them fall away.

    96 is where the probes found the product to pay for the transposes (narrower layers are a few percent of the work).
    """
    graph = Graph(copy_of(model))
    chosen = {node.output[0] for node in graph.nodes if is_wide_pointwise(graph, node, least_channels)}
    last = {}  # tensor with channels first -> the same with channels last
    nodes = []
    for node in graph.nodes:
        source, target = node.input[0] if node.input else '', node.output[0]
        if target in chosen:
            if source not in last:
                last[source] = f'{source}_last'
                nodes.append(transpose(source, last[source], LAST))
            nodes += product(graph, node, last[source])
        elif node.op_type in ELEMENTWISE and source in last:
            moved = copy_of_node(node, last[source], f'{target}_last')
            nodes.append(moved)
        else:
            nodes.append(node)
            continue
        last[target] = f'{target}_last'
        # Those that want the channels first read this one; drop_unused takes it away where there are none.
        nodes.append(transpose(last[target], target, FIRST))
    graph.replace_nodes(nodes)
    graph.drop_unused()
    return graph.model


def is_wide_pointwise(graph, node, least_channels):
    """Whether a node is a convolution that becomes a product."""
    if node.op_type != 'Conv' or attribute(node, 'group', 1) != 1 or any(attribute(node, 'pads', [0])):
        return False
    dims = graph.dims(node.input[1])
    if dims is None or dims[2:] != (1, 1) or min(dims[:2]) < least_channels:
        return False
    return list(attribute(node, 'strides', [1, 1])) == [1, 1] and not is_gate(graph, node)


def is_gate(graph, node):
    """Whether a convolution sees a pooled 1x1 picture, as in squeeze-and-excitation: there is nothing to gain."""
    maker = graph.makers.get(node.input[0])
    if maker is None:
        return False
    if maker.op_type in ('GlobalAveragePool', 'ReduceMean'):
        return True
    return maker.op_type in ('Relu', 'Conv', 'HardSigmoid') and is_pooled(graph, maker)


def is_pooled(graph, node):
    if node.op_type == 'Conv':
        dims = graph.dims(node.input[1])
        return dims is not None and dims[2:] == (1, 1) and is_gate(graph, node)
    maker = graph.makers.get(node.input[0])
    return maker is not None and maker.op_type == 'Conv' and is_pooled(graph, maker)


def product(graph, conv, source):
    """The nodes MatMul and Add of a convolution; they make `<output>_last` of shape [batch, height, width, channels]."""
    target = conv.output[0]
    weight = np.ascontiguousarray(graph.value(conv.input[1])[:, :, 0, 0].T)
    weight = graph.add_constant(f'{target}_weight', weight)
    if len(conv.input) < 3:
        return [helper.make_node('MatMul', [source, weight], [f'{target}_last'], name=conv.name)]
    return [
        helper.make_node('MatMul', [source, weight], [f'{target}_product'], name=conv.name),
        helper.make_node('Add', [f'{target}_product', conv.input[2]], [f'{target}_last'], name=f'{conv.name}_bias'),
    ]


def transpose(source, target, order):
    return helper.make_node('Transpose', [source], [target], perm=order, name=f'{target}_transpose')


def copy_of_node(node, source, target):
    copy = type(node)()
    copy.CopyFrom(node)
    copy.input[0], copy.output[0] = source, target
    return copy
