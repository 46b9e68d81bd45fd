"""The chain of four nodes becomes one; what only looks like it stays."""
import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from graph.hard_swish import hard_swish
from reading.reader import session


def chain(three=3.0, six=6.0, swapped=False):
    """x * clip(x + three, 0, six) / six as four nodes, opset 14."""
    constants = {'three': three, 'zero': 0.0, 'six': six}
    nodes = [
        helper.make_node('Add', ['x', 'three'], ['a']),
        helper.make_node('Clip', ['a', 'zero', 'six'], ['b']),
        helper.make_node('Mul', ['b', 'x'] if swapped else ['x', 'b'], ['c']),
        helper.make_node('Div', ['c', 'six'], ['y']),
    ]
    graph = helper.make_graph(
        nodes,
        'chain',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, [None])],
        [helper.make_tensor_value_info('y', TensorProto.FLOAT, [None])],
        [numpy_helper.from_array(np.float32(value), name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid('', 14)], ir_version=8)


@pytest.mark.parametrize('swapped', [False, True])
def test_the_chain_becomes_one_node_with_the_same_answers(swapped):
    model = hard_swish(chain(swapped=swapped))
    assert [node.op_type for node in model.graph.node] == ['HardSwish']
    values = np.linspace(-6, 6, 101, dtype=np.float32)
    before, after = (session(m.SerializeToString()).run(None, {'x': values})[0] for m in (chain(swapped=swapped), model))
    np.testing.assert_allclose(after, before, atol=1e-6)


@pytest.mark.parametrize('other', [{'three': 2.5}, {'six': 5.0}])
def test_other_constants_are_another_function(other):
    assert [node.op_type for node in hard_swish(chain(**other)).graph.node] == ['Add', 'Clip', 'Mul', 'Div']
