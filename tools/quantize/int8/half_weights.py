"""Products that stay f32, with weights that lie in the file as f16: half the bytes."""
import numpy as np
from onnx import TensorProto, helper

from graph.edit import copied, rewritten


def half_weights(model):
    """
    A new model where each MatMul's constant weight is stored in f16, to 11 bits, if it is within its range. The runtime
    makes f32 of it once, when it loads the file. 8 bits were too few: README, "Tried".
    """
    return rewritten(model, with_half)


def with_half(graph, node):
    """A product and the Cast of its stored weight; None where `node` is no product with a weight that f16 can hold."""
    weight = graph.value(node.input[1]) if node.op_type == 'MatMul' else None
    if weight is None or weight.dtype != np.float32 or np.abs(weight).max() > np.finfo(np.float16).max:
        return None
    name = f'{node.output[0]}_weight'
    stored = graph.add_constant(f'{name}_f16', weight.astype(np.float16))
    return [
        helper.make_node('Cast', [stored], [f'{name}_f32'], to=TensorProto.FLOAT, name=name),
        copied(node, [node.input[0], f'{name}_f32'], node.output[0]),
    ]
