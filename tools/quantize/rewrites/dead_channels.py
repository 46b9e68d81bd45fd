"""Hidden channels that are always zero taken out of a pair of products. The graph's answers stay the same."""
import numpy as np

from graph.edit import Graph, copy_of

# Activations that answer zero to zero.
KEEPS_ZERO = ('FastGelu', 'Gelu', 'QuickGelu', 'Relu', 'HardSwish')


def dead_channels(model):
    """
    A new model where MatMul, Add of a bias, an activation and MatMul lack the channels between them whose weights and bias
    are all zero. Weights may be stored in f16 (int8/half_weights.py).
    """
    graph = Graph(copy_of(model))
    for product in graph.nodes:
        found = pair_of(graph, product)
        if found is None:
            continue
        first, bias, second = found
        kept = np.abs(graph.value(first)).max(axis=0) + np.abs(graph.value(bias)) != 0
        if kept.all() or not kept.any():
            continue
        graph.replace_constant(first, np.ascontiguousarray(graph.value(first)[:, kept]))
        graph.replace_constant(bias, graph.value(bias)[kept])
        graph.replace_constant(second, np.ascontiguousarray(graph.value(second)[kept]))
        # Shapes noted for the tensors between are too wide now.
        del graph.model.graph.value_info[:]
    return graph.model


def pair_of(graph, product):
    """Names of the first product's weight, of its bias and of the second product's weight; None if `product` begins no pair."""
    first = weight_of(graph, product)
    add = graph.only_reader(product.output[0]) if first else None
    if add is None or add.op_type != 'Add':
        return None
    bias = next((name for name in add.input if graph.dims(name) == graph.dims(first)[1:]), None)
    activation = graph.only_reader(add.output[0])
    if bias is None or activation is None or activation.op_type not in KEEPS_ZERO or len(activation.input) > 1:
        return None
    following = graph.only_reader(activation.output[0])
    second = weight_of(graph, following) if following is not None and following.input[0] == activation.output[0] else None
    # A constant that others read keeps its size.
    if second is None or any(graph.only_reader(name) is None for name in (first, bias, second)):
        return None
    return first, bias, second


def weight_of(graph, node):
    """Name of the constant matrix, [in, out], that the node multiplies with, as it is stored; None for other nodes."""
    if node.op_type != 'MatMul':
        return None
    name = node.input[1]
    cast = graph.makers.get(name)
    if cast is not None and cast.op_type == 'Cast' and graph.only_reader(name) is not None:
        name = cast.input[0]
    dims = graph.dims(name)
    return name if dims is not None and len(dims) == 2 else None
