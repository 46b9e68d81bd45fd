"""Reads and edits the graph of an ONNX model in place."""
import numpy as np
import onnx
from onnx import helper, numpy_helper


class Graph:
    """A model with look-ups by tensor name. After edits of `nodes`, call `refresh`."""

    def __init__(self, model):
        self.model = model
        self.refresh()

    @property
    def nodes(self):
        return self.model.graph.node

    def refresh(self):
        """Builds the look-ups again: constants, who makes a tensor, who reads it."""
        self.constants = {tensor.name: tensor for tensor in self.model.graph.initializer}
        self.makers = {output: node for node in self.nodes for output in node.output}
        self.readers = {}
        for node in self.nodes:
            for name in node.input:
                self.readers.setdefault(name, []).append(node)
        self.outputs = {output.name for output in self.model.graph.output}

    def value(self, name):
        """The constant `name` as an array; None when it is no constant."""
        tensor = self.constants.get(name)
        return None if tensor is None else numpy_helper.to_array(tensor)

    def dims(self, name):
        """The shape of the constant `name`; None when it is no constant."""
        tensor = self.constants.get(name)
        return None if tensor is None else tuple(tensor.dims)

    def add_constant(self, name, array):
        """Adds a constant and answers its name."""
        tensor = numpy_helper.from_array(array, name)
        self.model.graph.initializer.append(tensor)
        self.constants[name] = tensor
        return name

    def replace_constant(self, name, array):
        """Gives the constant `name` another value."""
        self.constants[name].CopyFrom(numpy_helper.from_array(array, name))

    def only_reader(self, name):
        """The one node that reads `name`; None when there are several, or when it leaves the graph."""
        readers = self.readers.get(name, [])
        return readers[0] if len(readers) == 1 and name not in self.outputs else None

    def replace_nodes(self, nodes):
        """Puts `nodes`, in an order that can be run, in the place of all nodes."""
        del self.nodes[:]
        self.nodes.extend(nodes)
        self.refresh()

    def drop_unused(self):
        """Takes out nodes and constants that no output needs, and shapes noted for tensors that are gone."""
        needed, kept = set(self.outputs), []
        for node in reversed(self.nodes):
            if any(output in needed for output in node.output):
                needed.update(node.input)
                kept.append(node)
        self.replace_nodes(kept[::-1])
        graph = self.model.graph
        constants = [tensor for tensor in graph.initializer if tensor.name in needed]
        del graph.initializer[:]
        graph.initializer.extend(constants)
        self.forget_shapes({info.name for info in graph.value_info if info.name not in self.makers})
        self.refresh()

    def forget_shapes(self, names):
        """Takes out the shapes noted for some tensors."""
        graph = self.model.graph
        shapes = [info for info in graph.value_info if info.name not in names]
        del graph.value_info[:]
        graph.value_info.extend(shapes)


def attribute(node, name, fallback=None):
    """The value of a node's attribute, or `fallback`."""
    for item in node.attribute:
        if item.name == name:
            return helper.get_attribute_value(item)
    return fallback


def rewritten(model, replacement):
    """
    A new model where nodes give way to others. `replacement`: called with a Graph of the model as it was and each node in
    turn, it answers the nodes that take its place, or None to keep it. What nothing reads any more is dropped.
    """
    graph = Graph(copy_of(model))
    nodes = []
    for node in graph.nodes:
        others = replacement(graph, node)
        nodes += [node] if others is None else others
    graph.replace_nodes(nodes)
    graph.drop_unused()
    return graph.model


def constant(graph, name, values):
    """The name of a constant that several nodes share: an array, or whole numbers. It is added once."""
    if graph.dims(name) is None:
        graph.add_constant(name, np.asarray(values))
    return name


def copied(node, inputs, output):
    """The node with other inputs and another output, named after that."""
    copy = type(node)()
    copy.CopyFrom(node)
    del copy.input[:]
    copy.input.extend(inputs)
    copy.name, copy.output[0] = output, output
    return copy


def copy_of(model):
    """A copy that can be edited while the original stays as it is."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return copy
