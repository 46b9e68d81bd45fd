"""Constants that training has decayed to nothing become zero. The graph's answers stay the same to f32's precision."""
import numpy as np

from graph.edit import Graph, copy_of

# What is smaller adds nothing to a sum of f32 values that are near one. Weight decay leaves values down to 1e-44, with which
# an input below one is denormal: Intel's processors then take a hundred times as long for each operation.
SMALLEST = 1e-10


def tiny_constants(model):
    """A new model where what a convolution, a product or a sum with a constant reads holds no value that is nearly zero."""
    graph = Graph(copy_of(model))
    for node in graph.nodes:
        if node.op_type not in ('Conv', 'MatMul', 'Add', 'Cast'):
            continue
        for name in node.input:
            value = graph.value(name)
            if value is None or value.ndim == 0 or value.dtype not in (np.float32, np.float16):
                continue
            tiny = (value != 0) & (np.abs(value) < SMALLEST)
            if tiny.any():
                graph.replace_constant(name, np.where(tiny, value.dtype.type(0), value))
    return graph.model
