"""Constants and hidden channels that training has decayed to nothing go; the answers stay the same."""
import numpy as np
from onnx import TensorProto, helper, numpy_helper

from graph.edit import Graph
from int8.half_weights import half_weights
from reading.reader import session
from rewrites.dead_channels import dead_channels
from rewrites.tiny_constants import tiny_constants

SAMPLE = np.random.default_rng(1).standard_normal((1, 4, 5, 6)).astype(np.float32)


def block(hidden_bias=None, activation='FastGelu'):
    """x times [6, 8], a bias, an activation, times [8, 3]; hidden channels 1, 4 and 5 have no weights."""
    random = np.random.default_rng(2)
    first = random.standard_normal((6, 8)).astype(np.float32)
    first[:, [1, 4, 5]] = 0
    bias = random.standard_normal(8).astype(np.float32)
    bias[[1, 4, 5]] = 0
    if hidden_bias is not None:
        bias[1] = hidden_bias
    constants = {'first': first, 'bias': bias, 'second': random.standard_normal((8, 3)).astype(np.float32)}
    domain = {'domain': 'com.microsoft'} if activation == 'FastGelu' else {}
    nodes = [
        helper.make_node('MatMul', ['x', 'first'], ['product'], name='product'),
        helper.make_node('Add', ['product', 'bias'], ['sum'], name='sum'),
        helper.make_node(activation, ['sum'], ['active'], name='active', **domain),
        helper.make_node('MatMul', ['active', 'second'], ['y'], name='y'),
    ]
    graph = helper.make_graph(
        nodes,
        'block',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, [1, 4, 5, 6])],
        [helper.make_empty_tensor_value_info('y')],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    domains = [helper.make_opsetid('', 17), helper.make_opsetid('com.microsoft', 1)]
    return helper.make_model(graph, opset_imports=domains, ir_version=8)


def answer(model):
    return session(model.SerializeToString()).run(None, {'x': SAMPLE})[0]


def hidden_channels(model):
    return len(Graph(model).value('bias'))


def test_dead_hidden_channels_go_and_the_answers_stay():
    model = block()
    lighter = dead_channels(model)
    assert hidden_channels(lighter) == 5
    np.testing.assert_allclose(answer(lighter), answer(model), rtol=1e-5, atol=1e-6)


def test_dead_hidden_channels_go_where_weights_are_stored_in_half():
    model = half_weights(block())
    lighter = dead_channels(model)
    assert hidden_channels(lighter) == 5
    np.testing.assert_allclose(answer(lighter), answer(model), rtol=1e-5, atol=1e-6)


def test_a_channel_with_a_bias_stays():
    assert hidden_channels(dead_channels(block(hidden_bias=0.5))) == 6


def test_channels_stay_behind_an_activation_that_answers_something_to_zero():
    assert hidden_channels(dead_channels(block(activation='Sigmoid'))) == 8


def test_a_decayed_bias_becomes_zero_and_its_channel_goes():
    model = block(hidden_bias=3e-41)
    lighter = dead_channels(tiny_constants(model))
    assert hidden_channels(lighter) == 5
    np.testing.assert_allclose(answer(lighter), answer(model), rtol=1e-5, atol=1e-6)


def test_small_constants_that_count_stay():
    assert Graph(tiny_constants(block(hidden_bias=1e-6))).value('bias')[1] == np.float32(1e-6)
