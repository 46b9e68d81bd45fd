"""1x1 convolutions as matrix products over channels that lie last. The graph's answers stay the same."""
import numpy as np
from onnx import helper

from graph.edit import Graph, attribute, copied, copy_of

# Activations that treat each value alone: they work on any layout.
ELEMENTWISE = ('Gelu', 'HardSwish', 'QuickGelu', 'Relu')
BINARY = ('Add', 'Mul')
LAST = [0, 2, 3, 1]
FIRST = [0, 3, 1, 2]


def channels_last(model, least_channels=96):
    """
    A new model, in f32, where each 1x1 convolution of stride 1 with at least `least_channels` channels in is a MatMul
    and an Add, and what lies between such products, gates and sums above all, has its channels last too.
    Depthwise and other convolutions keep theirs first: the runtime turns the map where it reorders it anyway.

    96 is where the probes found the product to pay for the recogniser (narrower layers are a few percent of the work).
    """
    graph = Graph(copy_of(model))
    chosen = {node.output[0] for node in graph.nodes if is_wide_pointwise(graph, node, least_channels)}
    forms = LastForms(graph, wanted_last(graph, chosen))
    for node in graph.nodes:
        source, target = node.input[0] if node.input else '', node.output[0]
        if target in chosen:
            forms.made(target, product(graph, node, forms.of(source)))
        elif node.op_type in ELEMENTWISE and source in forms.native:
            forms.made(target, [copied(node, [forms.of(source)], f'{target}_last')])
        elif node.op_type in BINARY and forms.suit(node):
            forms.made(target, [copied(node, list(map(forms.of, node.input)), f'{target}_last')])
        elif is_global_pool(node) and source in forms.native:
            forms.made(target, pooled(forms.of(source), f'{target}_last'))
        else:
            forms.nodes.append(node)
    graph.replace_nodes(forms.nodes)
    graph.drop_unused()
    return graph.model


class LastForms:
    """The nodes so far, and the names under which tensors lie with their channels last."""

    def __init__(self, graph, wanted):
        self.graph = graph
        self.wanted = wanted
        self.nodes = []
        self.native = set()  # tensors that are made with their channels last
        self.names = {}

    def of(self, name):
        """The name of a tensor with its channels last; it is turned where it was not made so."""
        if name not in self.names:
            self.names[name] = f'{name}_last'
            value = self.graph.value(name)
            if value is None:
                self.nodes.append(transpose(name, self.names[name], LAST))
            else:
                self.graph.add_constant(self.names[name], np.ascontiguousarray(value.transpose(LAST)))
        return self.names[name]

    def made(self, name, nodes):
        """Takes the nodes that make `<name>_last`."""
        self.native.add(name)
        self.names[name] = f'{name}_last'
        # Those that want the channels first read this one; drop_unused takes it away where there are none.
        self.nodes += [*nodes, transpose(self.names[name], name, FIRST)]

    def suit(self, node):
        """Whether a sum or product of maps is better made with the channels last."""
        maps = [name for name in node.input if self.graph.dims(name) is None]
        constants = [self.graph.dims(name) for name in node.input if self.graph.dims(name) is not None]
        if any(len(dims) != 4 for dims in constants):
            return False
        return node.output[0] in self.wanted or any(name in self.native for name in maps)


def wanted_last(graph, chosen):
    """The tensors that a product reads, or something that makes what a product reads."""
    wanted = set()
    for node in reversed(graph.nodes):
        target = node.output[0]
        if target in chosen:
            wanted.add(node.input[0])
        elif target in wanted and node.op_type in (*ELEMENTWISE, *BINARY):
            wanted.update(name for name in node.input if graph.dims(name) is None)
    return wanted


def is_wide_pointwise(graph, node, least_channels):
    """Whether a node is a convolution that becomes a product."""
    if node.op_type != 'Conv' or attribute(node, 'group', 1) != 1 or any(attribute(node, 'pads', [0])):
        return False
    dims = graph.dims(node.input[1])
    if dims is None or dims[2:] != (1, 1) or dims[1] < least_channels:
        return False
    return list(attribute(node, 'strides', [1, 1])) == [1, 1] and not sees_one_pixel(graph, node)


def sees_one_pixel(graph, node):
    """Whether what a node reads is a pooled map, or made of one by 1x1 convolutions and activations, as in a gate."""
    maker = graph.makers.get(node.input[0])
    if maker is None:
        return False
    if maker.op_type in ('GlobalAveragePool', 'ReduceMean'):
        return True
    pointwise = maker.op_type == 'Conv' and (graph.dims(maker.input[1]) or ())[2:] == (1, 1)
    return (pointwise or maker.op_type in ('Relu', 'HardSigmoid', 'Transpose')) and sees_one_pixel(graph, maker)


def is_global_pool(node):
    """Whether a node is the mean over all pixels of maps with their channels first."""
    if node.op_type == 'GlobalAveragePool':
        return True
    return node.op_type == 'ReduceMean' and attribute(node, 'axes') in ([2, 3], [-2, -1]) and attribute(node, 'keepdims', 1) == 1


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


def pooled(source, target):
    """The nodes of a mean over all pixels: of each row, then of the rows; over both at once it takes ten times as long."""
    rows = f'{target}_of_rows'
    return [
        helper.make_node('ReduceMean', [source], [rows], axes=[2], keepdims=1, name=rows),
        helper.make_node('ReduceMean', [rows], [target], axes=[1], keepdims=1, name=target),
    ]


def transpose(source, target, order):
    return helper.make_node('Transpose', [source], [target], perm=order, name=f'{target}_transpose')
