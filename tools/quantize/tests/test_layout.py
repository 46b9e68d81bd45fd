"""What makes a finished int8 model lighter keeps its answers; what only looks like it stays."""
import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from int8.half_weights import half_weights
from reading.reader import session
from rewrites.best_class import best_class, groups_of
from rewrites.conv_over_concat import conv_over_concat
from rewrites.enlarged_sums import enlarged_sums
from rewrites.gated_products import gated_products
from rewrites.global_pools import global_pools
from rewrites.quantize_first import quantize_first
from rewrites.residual_gates import residual_gates
from rewrites.tanh_gelu import tanh_gelu
from rewrites.upsampling_head import upsampling_head
from rewrites.whole_blocks import whole_blocks

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
    assert operators(moved) == ['Conv', 'Relu', 'Conv', 'DepthToSpace', 'Sigmoid']
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
    at = operators(early).index
    assert at('QuantizeLinear') < at('Expand') < at('Concat') and 'Resize' not in operators(early)
    assert np.array_equal(answer(early), answer(rounded()))


def test_what_makes_new_values_goes_before_rounding():
    assert operators(quantize_first(rounded(mode='linear'))) == operators(rounded(mode='linear'))


def test_a_concat_that_others_read_is_not_made_twice():
    model = rounded()
    model.graph.output.extend([helper.make_empty_tensor_value_info('both')])
    assert operators(quantize_first(model)) == operators(model)


def pyramid():
    """Three maps, the smallest enlarged four times, the next twice, put together and rounded."""
    constants = {'scale': np.float32(0.05), 'zero': np.uint8(100), 'none': weight(0)}
    nodes = []
    for times in (4, 2):
        constants[f'by_{times}'] = np.float32([1, 1, times, times])
        nodes += [
            helper.make_node('MaxPool', ['x'], [f'small_{times}'], kernel_shape=[times, times], strides=[times, times]),
            helper.make_node('Resize', [f'small_{times}', 'none', f'by_{times}'], [f'large_{times}'], mode='nearest',
                             nearest_mode='floor', coordinate_transformation_mode='asymmetric'),
        ]
    nodes += [
        helper.make_node('Concat', ['large_4', 'large_2', 'x'], ['all'], axis=1),
        helper.make_node('QuantizeLinear', ['all', 'scale', 'zero'], ['bytes']),
        helper.make_node('DequantizeLinear', ['bytes', 'scale', 'zero'], ['y']),
    ]
    return model_of(nodes, constants)


def test_each_map_is_enlarged_with_those_smaller_than_it():
    early = quantize_first(pyramid())
    assert operators(early).count('Expand') == operators(early).count('Concat') == 2
    assert np.array_equal(answer(early), answer(pyramid()))


def last_sum(rounding='floor', way='asymmetric'):
    """A sum, channels last, of x and of its enlarged pool."""
    nodes = [
        helper.make_node('Transpose', ['x'], ['large'], perm=[0, 2, 3, 1]),
        helper.make_node('AveragePool', ['x'], ['pool'], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node('Transpose', ['pool'], ['small'], perm=[0, 2, 3, 1]),
        helper.make_node('Transpose', ['small'], ['small_first'], perm=[0, 3, 1, 2]),
        helper.make_node('Resize', ['small_first', 'none', 'twice'], ['enlarged'], mode='nearest',
                         nearest_mode=rounding, coordinate_transformation_mode=way),
        helper.make_node('Transpose', ['enlarged'], ['enlarged_last'], perm=[0, 2, 3, 1]),
        helper.make_node('Add', ['large', 'enlarged_last'], ['y']),
    ]
    return model_of(nodes, {'none': weight(0), 'twice': np.float32([1, 1, 2, 2])})


@pytest.mark.parametrize(('rounding', 'way'), [('floor', 'asymmetric'), ('round_prefer_floor', 'half_pixel')])
def test_a_sum_with_an_enlarged_map_repeats_its_pixels(rounding, way):
    repeating = enlarged_sums(last_sum(rounding, way))
    assert 'Resize' not in operators(repeating)
    assert np.array_equal(answer(repeating), answer(last_sum(rounding, way)))


def test_a_map_that_is_moved_by_half_a_pixel_is_enlarged_as_before():
    assert operators(enlarged_sums(last_sum('ceil'))) == operators(last_sum('ceil'))


def test_a_pool_goes_before_a_convolution_that_widens():
    nodes = [
        helper.make_node('Conv', ['x', 'w', 'b'], ['wide']),
        helper.make_node('ReduceMean', ['wide'], ['mean'], axes=[2, 3]),
        helper.make_node('HardSigmoid', ['mean'], ['gate']),
        helper.make_node('Mul', ['wide', 'gate'], ['y']),
    ]
    model = model_of(nodes, {'w': weight(5, 3, 1, 1), 'b': weight(5)})
    early = global_pools(model)
    assert operators(early) == ['Conv', 'GlobalAveragePool', 'Conv', 'HardSigmoid', 'Mul']
    assert early.graph.node[1].input[0] == 'x'
    np.testing.assert_allclose(answer(early), answer(model), atol=1e-6)


def test_a_pool_of_fewer_channels_stays_behind_the_convolution():
    nodes = [helper.make_node('Conv', ['x', 'w'], ['few']), helper.make_node('ReduceMean', ['few'], ['y'], axes=[2, 3])]
    pools = global_pools(model_of(nodes, {'w': weight(2, 3, 1, 1)}))
    assert operators(pools) == ['Conv', 'GlobalAveragePool']


def gated_product(gate_of='x'):
    """An int8 product over channels that lie last, times a gate."""
    constants = {
        'w': np.random.default_rng(5).integers(-60, 60, (3, 4)).astype(np.int8), 'step': np.float32(0.02),
        'scale': np.float32([0.01, 0.02, 0.03, 0.04]), 'origin': np.uint8(120), 'zero': np.zeros(4, np.int8),
        'bias': weight(4), 'narrow': weight(4, 3, 1, 1), 'same': weight(4, 4, 1, 1),
    }
    nodes = [
        helper.make_node('Transpose', ['x'], ['last'], perm=[0, 2, 3, 1]),
        helper.make_node('QuantizeLinear', ['last', 'step', 'origin'], ['bytes']),
        helper.make_node('MatMulIntegerToFloat', ['bytes', 'w', 'step', 'scale', 'origin', 'zero', 'bias'], ['wide'],
                         domain='com.microsoft'),
        helper.make_node('Transpose', ['wide'], ['wide_first'], perm=[0, 3, 1, 2]),
        helper.make_node('GlobalAveragePool', [gate_of], ['mean']),
        helper.make_node('Conv', ['mean', 'narrow' if gate_of == 'x' else 'same'], ['squeezed']),
        helper.make_node('HardSigmoid', ['squeezed'], ['gate']),
        helper.make_node('Transpose', ['gate'], ['gate_last'], perm=[0, 2, 3, 1]),
        helper.make_node('Mul', ['wide', 'gate_last'], ['y']),
    ]
    return model_of([node for node in nodes if gate_of != 'x' or 'wide_first' not in node.output], constants)


def test_a_gate_behind_a_product_is_part_of_its_scale():
    scaled = gated_products(gated_product())
    of_map = [node for node in scaled.graph.node if node.op_type == 'Mul' and 'wide' in node.input]
    assert of_map == [] and operators(scaled)[-1] == 'MatMulIntegerToFloat'
    np.testing.assert_allclose(answer(scaled), answer(gated_product()), atol=1e-5)


def test_a_gate_of_each_pixel_stays_behind_the_product():
    model = gated_product()
    mean = next(node for node in model.graph.node if node.op_type == 'GlobalAveragePool')
    mean.op_type = 'Relu'
    assert operators(gated_products(model)) == operators(model)
    assert answer(model).shape == (1, 16, 24, 4)


def test_a_gate_that_depends_on_the_product_stays_behind_it():
    assert operators(gated_products(gated_product('wide_first'))) == operators(gated_product('wide_first'))


def test_weights_stored_in_halves_are_floats_when_they_run():
    model = model_of([helper.make_node('MatMul', ['x', 'w'], ['y'])], {'w': weight(24, 5)})
    halves = half_weights(model)
    assert [tensor.data_type for tensor in halves.graph.initializer] == [TensorProto.FLOAT16]
    np.testing.assert_allclose(answer(halves), answer(model), atol=1e-2)
    assert answer(halves).dtype == np.float32


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
    index, probability, space = session(best_class(classes(count)).SerializeToString()).run(None, {'x': scores})
    assert index.dtype == np.int32 and (index == wanted.argmax(axis=2)).all()
    assert np.array_equal(probability, wanted.max(axis=2))
    assert np.array_equal(space, wanted[..., -1])
