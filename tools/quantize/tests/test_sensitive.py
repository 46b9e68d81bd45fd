"""The convolution that int8 harms is found, and the others are not."""
import numpy as np
from onnx import TensorProto, helper, numpy_helper

from int8.conv_qdq import inner_convolutions
from int8.sensitive import sensitive


def test_a_convolution_of_small_values_beside_an_outlier_is_found():
    """Both convolutions see the same map; what the second reads of it is lost beside a channel 10,000 times as wide."""
    random = np.random.default_rng(1)
    weights = [random.standard_normal((4, 4, 1, 1)).astype(np.float32) for _ in range(2)]
    outlier = np.float32([1, 1, 1, 1e4]).reshape(1, 4, 1, 1)
    weights[1][:, 3] = 0
    nodes = [
        helper.make_node('Conv', ['x', 'd'], ['deep'], group=4, name='deep'),
        helper.make_node('Conv', ['deep', 'a'], ['plain'], name='plain'),
        helper.make_node('Mul', ['deep', 'outlier'], ['uneven']),
        helper.make_node('Conv', ['uneven', 'b'], ['coarse'], name='coarse'),
        helper.make_node('Add', ['plain', 'coarse'], ['sum']),
        helper.make_node('Mul', ['sum', 'hundredth'], ['y']),
    ]
    constants = {'d': np.ones((4, 1, 1, 1), np.float32), 'a': weights[0], 'b': weights[1], 'outlier': outlier,
                 'hundredth': np.float32([0.01])}
    shape = [1, 4, 8, 8]
    graph = helper.make_graph(
        nodes,
        'two',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info('y', TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)
    assert inner_convolutions(model) == ['plain', 'coarse']
    assert sensitive(model, [random.standard_normal(shape).astype(np.float32) for _ in range(3)]) == ['coarse']
