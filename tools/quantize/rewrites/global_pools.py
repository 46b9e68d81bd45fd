"""Means over all pixels where they cost least. The graph's answers stay the same."""
from onnx import helper

from graph.edit import copied, rewritten
from rewrites.channels_last import is_global_pool
from rewrites.pool_first import is_pointwise


def global_pools(model):
    """
    A new model where each mean over all pixels is a GlobalAveragePool, which the runtime has for its blocked layout, and
    where the pool of a 1x1 convolution that does not make channels fewer is that convolution of the pool: both are
    linear. What is known of the pool before the map is made can go into its weights (gated_products.py).
    """
    return rewritten(model, cheaper_pool)


def cheaper_pool(graph, node):
    """The nodes that take the place of a mean over all pixels; None where `node` is none."""
    if not is_global_pool(node):
        return None
    source, target = node.input[0], node.output[0]
    conv = graph.makers.get(source)
    if conv is None or not is_widening(graph, conv):
        return [helper.make_node('GlobalAveragePool', [source], [target], name=node.name)]
    pixel = f'{target}_before'
    return [
        helper.make_node('GlobalAveragePool', [conv.input[0]], [pixel], name=node.name),
        copied(conv, [pixel, *conv.input[1:]], target),
    ]


def is_widening(graph, conv):
    """Whether a 1x1 convolution makes at least as many channels as it reads."""
    if not is_pointwise(graph, conv):
        return False
    out, made_of = graph.dims(conv.input[1])[:2]
    return out >= made_of
