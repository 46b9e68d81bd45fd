"""What makes a finished int8 model lighter keeps its answers; what only looks like it stays."""
import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from best_class import best_class, groups_of
from conv_over_concat import conv_over_concat
from quantize_first import quantize_first
from reader import session
from residual_gates import residual_gates
from tanh_gelu import tanh_gelu
from upsampling_head import upsampling_head
from whole_blocks import whole_blocks

SAMPLE = np.random.default_rng(1).standard_normal((1, 3, 16, 24)).astype(np.float32)


def model_of(nodes, constants, channels=3):
    graph = helper.make_graph(
        [named(node, number) for number, node in enumerate(nodes)],
        'part',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, [1, channels, 'height', 'width'])],
        [helper.make_empty_tensor_value_info('y')],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    domains = [helper.make_opsetid('', 17), helper.make_opsetid('com.microsoft', 1)]
    return helper.make_model(graph, opset_imports=domains, ir_version=8)


def named(node, number):
    node.name = f'node_{number}'
    return node


def weight(*shape):
    values = np.random.default_rng(sum(shape)).standard_normal(shape) / np.sqrt(np.prod(shape[1:]))
    return values.astype(np.float32)


def answer(model):
    return session(model.SerializeToString()).run(None, {'x': SAMPLE})[0]


def operators(model):
    return [node.op_type for node in model.graph.node]


def stem(other_reader=False):
    """As in PP-OCRv6: a convolution of 5 channels, a pool and a convolution of it, both into one Concat."""
    constants = {'a': weight(5, 3, 3, 3), 'ab': weight(5), 'b': weight(7, 5, 2, 2), 'c': weight(4, 12, 3, 3), 'cb': weight(4)}
    same = {'auto_pad': 'SAME_UPPER'}
    nodes = [
        helper.make_node('Conv', ['x', 'a', 'ab'], ['first'], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node('Relu', ['first'], ['relu']),
        helper.make_node('MaxPool', ['relu'], ['pool'], kernel_shape=[2, 2], **same),
        helper.make_node('Conv', ['relu', 'b'], ['second'], **same),
        helper.make_node('Concat', ['pool', 'second'], ['both'], axis=1),
        helper.make_node('Conv', ['both', 'c', 'cb'], ['third'], pads=[1, 1, 1, 1]),
    ]
    if other_reader:
        nodes.append(helper.make_node('ReduceMean', ['both'], ['mean'], axes=[1]))
        nodes.append(helper.make_node('Add', ['third', 'mean'], ['y']))
    else:
        nodes.append(helper.make_node('Identity', ['third'], ['y']))
    return model_of(nodes, constants)


def test_a_convolution_over_a_concat_becomes_a_sum():
    parts = conv_over_concat(stem())
    assert operators(parts) == ['Conv', 'Relu', 'MaxPool', 'Conv', 'Conv', 'Conv', 'Add', 'Identity']
    np.testing.assert_allclose(answer(parts), answer(stem()), atol=1e-5)


def test_a_concat_that_others_read_stays():
    assert operators(conv_over_concat(stem(other_reader=True))) == operators(stem(other_reader=True))


def test_what_a_pool_sees_gets_whole_blocks_of_channels():
    padded = whole_blocks(conv_over_concat(stem()))
    shapes = {tensor.name: tuple(tensor.dims) for tensor in padded.graph.initializer}
    assert shapes['a_padded'] == (16, 3, 3, 3) and shapes['ab_padded'] == (16,) and shapes['b_padded'] == (7, 16, 2, 2)
    np.testing.assert_allclose(answer(padded), answer(stem()), atol=1e-5)


def test_a_pool_whose_channels_others_count_stays_as_it_is():
    assert whole_blocks(stem()).SerializeToString() == stem().SerializeToString()


def head(relu='Relu'):
    constants = {
        'a': weight(3, 5, 2, 2), 'ab': weight(1, 5, 1, 1), 'b': weight(5, 1, 2, 2), 'bb': weight(1, 1, 1, 1),
    }
    nodes = [
        helper.make_node('ConvTranspose', ['x', 'a'], ['first'], strides=[2, 2]),
        helper.make_node('Add', ['first', 'ab'], ['second']),
        helper.make_node(relu, ['second'], ['third']),
        helper.make_node('ConvTranspose', ['third', 'b'], ['fourth'], strides=[2, 2]),
        helper.make_node('Add', ['fourth', 'bb'], ['fifth']),
        helper.make_node('Sigmoid', ['fifth'], ['y']),
    ]
    return model_of(nodes, constants)


def test_the_head_enlarges_by_moving_pixels():
    moved = upsampling_head(head())
    assert operators(moved) == ['Conv', 'Relu', 'Conv', 'DepthToSpace', 'DepthToSpace', 'Sigmoid']
    assert answer(moved).shape == (1, 1, 64, 96)
    np.testing.assert_allclose(answer(moved), answer(head()), atol=1e-6)


def test_a_head_that_looks_back_between_stays():
    assert operators(upsampling_head(head(relu='Softplus'))) == operators(head(relu='Softplus'))


def gated(gate='HardSigmoid'):
    nodes = [
        helper.make_node('GlobalAveragePool', ['x'], ['mean']),
        helper.make_node('Conv', ['mean', 'a'], ['squeezed']),
        helper.make_node(gate, ['squeezed'], ['gate']),
        helper.make_node('Mul', ['x', 'gate'], ['product']),
        helper.make_node('Add', ['x', 'product'], ['y']),
    ]
    return model_of(nodes, {'a': weight(3, 3, 1, 1)})


@pytest.mark.parametrize('gate', ['HardSigmoid', 'Sigmoid'])
def test_a_gate_with_a_residual_is_one_product(gate):
    one = residual_gates(gated(gate))
    assert operators(one) == ['GlobalAveragePool', 'Conv', gate, 'Add', 'Mul']
    np.testing.assert_allclose(answer(one), answer(gated(gate)), atol=1e-6)


def test_a_product_with_something_else_stays():
    assert operators(residual_gates(gated('Tanh'))) == operators(gated('Tanh'))


def rounded(mode='nearest'):
    constants = {'scale': np.float32(0.05), 'zero': np.uint8(100), 'none': weight(0), 'twice': np.float32([1, 1, 2, 2])}
    nodes = [
        helper.make_node('MaxPool', ['x'], ['small'], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node('Resize', ['small', 'none', 'twice'], ['large'], mode=mode, nearest_mode='floor',
                         coordinate_transformation_mode='asymmetric'),
        helper.make_node('Concat', ['large', 'x'], ['both'], axis=1),
        helper.make_node('QuantizeLinear', ['both', 'scale', 'zero'], ['bytes']),
        helper.make_node('DequantizeLinear', ['bytes', 'scale', 'zero'], ['y']),
    ]
    return model_of(nodes, constants)


def test_bytes_are_enlarged_and_put_together():
    early = quantize_first(rounded())
    assert operators(early) == ['MaxPool', 'QuantizeLinear', 'Resize', 'QuantizeLinear', 'Concat', 'DequantizeLinear']
    assert np.array_equal(answer(early), answer(rounded()))


def test_what_makes_new_values_goes_before_rounding():
    late = quantize_first(rounded(mode='linear'))
    assert operators(late) == ['MaxPool', 'Resize', 'QuantizeLinear', 'QuantizeLinear', 'Concat', 'DequantizeLinear']
    assert np.array_equal(answer(late), answer(rounded(mode='linear')))


def test_gelu_by_tanh_is_close():
    exact = model_of([helper.make_node('Gelu', ['x'], ['y'], domain='com.microsoft')], {})
    fast = tanh_gelu(exact)
    assert operators(fast) == ['FastGelu']
    assert 0 < np.abs(answer(fast) - answer(exact)).max() < 5e-4


def classes(count):
    graph = helper.make_graph(
        [helper.make_node('Softmax', ['x'], ['y'], axis=2, name='softmax')],
        'classes',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, ['batch', 'steps', count])],
        [helper.make_tensor_value_info('y', TensorProto.FLOAT, ['batch', 'steps', count])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)


@pytest.mark.parametrize(('count', 'groups'), [(18710, 10), (6625, 53), (18385, 5), (11, 11), (127, 1)])
def test_the_best_class_is_found_in_equal_groups_where_there_are_some(count, groups):
    assert groups_of(count) == groups
    scores = np.random.default_rng(count).integers(0, 40, (2, 7, count)).astype(np.float32)  # with many equal ones
    wanted = session(classes(count).SerializeToString()).run(None, {'x': scores})[0]
    index, probability = session(best_class(classes(count)).SerializeToString()).run(None, {'x': scores})
    assert index.dtype == np.int32 and (index == wanted.argmax(axis=2)).all()
    assert np.array_equal(probability, wanted.max(axis=2))
