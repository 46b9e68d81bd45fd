"""Rewriting keeps the answers; int8 stays within its error; the same run gives the same bytes."""
import numpy as np
import pytest
from onnx import TensorProto, checker, helper, numpy_helper

from int8.calibrate import Activations, activations
from int8.conv_qdq import LOWEST_FOR_GELU, conv_qdq, inner_convolutions, ranges
from rewrites.best_class import best_class
from rewrites.channels_last import channels_last
from int8.fit import (
    activation_uint8,
    ends,
    evened_fit,
    fit,
    round_activations,
    rounded_weight,
)
from graph.edit import Graph
from graph.prepare import prepare
from int8.matmul_int8 import matmul_int8, products
from int8.paired_weight import paired, paired_scale
from reading.reader import session
from rewrites.pool_first import pool_first

CHANNELS = 96


def small_network():
    """
    As exported, opset 11: a stem; a depthwise and two wide 1x1 convolutions with Gelu as a chain between them and a
    residual around; a squeeze-and-excitation gate; then a head of MatMul, Add, Softmax over 20 classes.
    """
    random = np.random.default_rng(3)

    def weight(name, *shape):
        return numpy_helper.from_array((random.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32), name)

    c = CHANNELS
    constants = [
        weight('stem_w', c, 3, 3, 3), weight('deep_w', c, 1, 3, 3), weight('wide_w', 2 * c, c, 1, 1),
        weight('wide_b', 2 * c), weight('narrow_w', c, 2 * c, 1, 1), weight('narrow_b', c), weight('gate_w', c, c, 1, 1),
        weight('head_w', c, 20), weight('head_b', 20),
    ]
    scalars = [('half', 0.5), ('one', 1.0), ('root', np.sqrt(2))]
    nodes = [
        helper.make_node('Constant', [], [name], value=numpy_helper.from_array(np.float32(value)))
        for name, value in scalars
    ]
    nodes += [
        helper.make_node('Conv', ['x', 'stem_w'], ['stem'], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node('Conv', ['stem', 'deep_w'], ['deep'], pads=[1, 1, 1, 1], group=c),
        helper.make_node('Conv', ['deep', 'wide_w', 'wide_b'], ['wide']),
        helper.make_node('Div', ['wide', 'root'], ['g1']),
        helper.make_node('Erf', ['g1'], ['g2']),
        helper.make_node('Add', ['g2', 'one'], ['g3']),
        helper.make_node('Mul', ['wide', 'g3'], ['g4']),
        helper.make_node('Mul', ['g4', 'half'], ['gelu']),
        helper.make_node('Conv', ['gelu', 'narrow_w', 'narrow_b'], ['narrow']),
        helper.make_node('Add', ['narrow', 'stem'], ['sum']),
        helper.make_node('GlobalAveragePool', ['sum'], ['pooled']),
        helper.make_node('Conv', ['pooled', 'gate_w'], ['gate']),
        helper.make_node('Mul', ['sum', 'gate'], ['gated']),
        helper.make_node('ReduceMean', ['gated'], ['columns'], axes=[2], keepdims=0),
        helper.make_node('Transpose', ['columns'], ['steps'], perm=[0, 2, 1]),
        helper.make_node('MatMul', ['steps', 'head_w'], ['product']),
        helper.make_node('Add', ['product', 'head_b'], ['scores']),
        helper.make_node('Softmax', ['scores'], ['y'], axis=2),
    ]
    graph = helper.make_graph(
        nodes,
        'small',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, ['batch', 3, 16, 'width'])],
        [helper.make_tensor_value_info('y', TensorProto.FLOAT, ['batch', 'steps', 20])],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid('', 11)], ir_version=8)


def samples(count=6):
    random = np.random.default_rng(4)
    return [random.standard_normal((1, 3, 16, 40)).astype(np.float32) for _ in range(count)]


def run(model, sample):
    return session(model.SerializeToString()).run(None, {'x': sample})


def operators(model):
    return [node.op_type for node in model.graph.node]


def quantized(model):
    rewritten = channels_last(prepare(model))
    wanted = products(rewritten)
    seen = activations(rewritten, sorted({source for source, _ in wanted.values()}), samples(), 16)
    return matmul_int8(rewritten, {name: fit(seen[source], weight) for name, (source, weight) in wanted.items()})


def test_preparing_fuses_gelu_and_keeps_the_answers():
    model, sample = small_network(), samples(1)[0]
    before = run(model, sample)[0]
    ready = prepare(small_network())
    assert 'Gelu' in operators(ready) and 'Erf' not in operators(ready) and 'Constant' not in operators(ready)
    assert {domain.domain for domain in ready.opset_import} <= {'', 'com.microsoft'}
    np.testing.assert_allclose(run(ready, sample)[0], before, atol=1e-6)


def test_channels_last_rewrites_the_two_wide_convolutions_and_keeps_the_answers():
    ready = prepare(small_network())
    rewritten = channels_last(ready)
    assert operators(ready).count('Conv') - operators(rewritten).count('Conv') == 2
    # In before the first product, out behind the second: Gelu between them needs none.
    # The residual and the gate have their channels last too.
    turned = [node.output[0] for node in rewritten.graph.node if node.op_type == 'Transpose']
    assert turned == ['deep_last', 'stem_last', 'pooled', 'gate_last', 'gated', 'steps']
    for sample in samples():
        np.testing.assert_allclose(run(rewritten, sample)[0], run(ready, sample)[0], atol=1e-6)


def test_channels_last_leaves_narrow_convolutions_and_gates_alone():
    ready = prepare(small_network())
    assert operators(channels_last(ready, least_channels=2 * CHANNELS + 1)) == operators(ready)
    assert 'gate' in {output for node in channels_last(ready).graph.node for output in node.output}


def test_int8_takes_every_constant_product_with_its_bias_and_stays_close():
    model = quantized(small_network())
    assert operators(model).count('MatMulIntegerToFloat') == 3
    sums = [node for node in model.graph.node if node.op_type == 'Add']
    assert 'MatMul' not in operators(model) and len(sums) == 1  # the residual
    assert all(node.input[6] for node in model.graph.node if node.op_type == 'MatMulIntegerToFloat')
    for sample in samples():
        np.testing.assert_allclose(run(model, sample)[0], run(small_network(), sample)[0], atol=0.05)


def nearest_weight(weight):
    """Each value to the nearest that fits, whatever the activations are."""
    scale = paired_scale(weight)
    return paired(weight / scale), scale


def test_the_error_of_one_product_is_within_the_bound_of_its_steps():
    random = np.random.default_rng(5)
    rows = random.uniform(-1, 3, (200, 64)).astype(np.float32)
    weight = random.standard_normal((64, 32)).astype(np.float32)
    lowest, highest = float(rows.min()), float(rows.max())
    step = float(activation_uint8(lowest, highest)[0])
    int8, scale = nearest_weight(weight)
    product = round_activations(rows, lowest, highest) @ (int8 * scale)
    # Each x is off by half a step (a whole one where the zero point was rounded), each w by half a scale.
    bound = np.abs(weight).sum(axis=0) * step + 64 * (np.abs(rows).max() + step) * scale / 2
    assert (np.abs(product - rows @ weight) <= bound).all()
    assert np.abs(product - rows @ weight).max() > 0


def test_compensated_rounding_beats_the_nearest_where_inputs_go_together():
    random = np.random.default_rng(6)
    rows = (random.standard_normal((400, 8)) @ random.standard_normal((8, 64))).astype(np.float32)
    weight = random.standard_normal((64, 32)).astype(np.float32)

    def error(result):
        int8, scale = result
        return np.square(rows @ (int8 * scale) - rows @ weight).sum()

    assert error(rounded_weight(weight, rows)) < 0.5 * error(nearest_weight(weight))


def test_the_range_holds_zero_and_its_ends():
    for lowest, highest in [(-1.5, 3.0), (0.5, 2.0), (-4.0, -1.0), (0.0, 0.0)]:
        scale, zero = activation_uint8(lowest, highest)
        assert scale > 0 and 0 <= int(zero) <= 255
        ends_ = np.array([min(lowest, 0), 0, max(highest, 0)], np.float32)
        np.testing.assert_allclose(round_activations(ends_, lowest, highest), ends_, atol=float(scale))


def test_ends_leave_out_the_share_that_was_asked_for():
    values = np.arange(1000, dtype=np.float32)
    assert ends(values, 1) == (10.0, 989.0)


def test_best_class_answers_what_the_map_says():
    model, sample = small_network(), samples(1)[0]
    classes = run(model, sample)[0]
    index, probability, space = run(best_class(prepare(small_network())), sample)
    assert index.dtype == np.int32 and probability.dtype == np.float32
    assert (index == classes.argmax(axis=2)).all()
    np.testing.assert_allclose(probability, classes.max(axis=2), atol=1e-6)
    np.testing.assert_allclose(space, classes[..., -1], atol=1e-6)


def test_convolutions_run_in_int8_but_for_stem_depthwise_gate_and_those_left_out():
    ready = prepare(small_network())
    inner = inner_convolutions(ready)
    assert [Graph(ready).value(node.input[1]).shape for node in ready.graph.node if node.name in inner] == [
        (2 * CHANNELS, CHANNELS, 1, 1),
        (CHANNELS, 2 * CHANNELS, 1, 1),
    ]
    model = conv_qdq(ready, samples(), left_out=inner[:1])
    graph = Graph(model)
    rounded = {node.name for node in graph.nodes if node.op_type == 'Conv' and graph.makers.get(node.input[1]) is not None}
    assert rounded == set(inner[1:])
    for sample in samples():
        np.testing.assert_allclose(run(model, sample)[0], run(small_network(), sample)[0], atol=0.05)


def test_ranges_leave_out_what_gelu_throws_away():
    ready = prepare(small_network())
    loud = [50 * sample for sample in samples()]
    wide = next(node for node in ready.graph.node if node.name == inner_convolutions(ready)[0])
    found = ranges(ready, [wide.name], loud)
    assert set(found) == {wide.input[0], wide.output[0]}
    assert found[wide.output[0]][0] == LOWEST_FOR_GELU and found[wide.input[0]][0] < 0


def pooled_network(pads):
    """AveragePool of x + Conv1x1(x), opset 17."""
    random = np.random.default_rng(7)
    weight = numpy_helper.from_array(random.standard_normal((3, 3, 1, 1)).astype(np.float32), 'w')
    bias = numpy_helper.from_array(random.standard_normal(3).astype(np.float32), 'b')
    nodes = [
        helper.make_node('Conv', ['x', 'w', 'b'], ['conv'], name='conv'),
        helper.make_node('Add', ['conv', 'x'], ['sum'], name='sum'),
        helper.make_node('AveragePool', ['sum'], ['y'], name='pool', kernel_shape=[4, 2], strides=[4, 2], pads=pads),
    ]
    graph = helper.make_graph(
        nodes,
        'pooled',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, ['batch', 3, 16, 'width'])],
        [helper.make_empty_tensor_value_info('y')],
        [weight, bias],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)


def test_the_pool_goes_before_the_convolution_and_keeps_the_answers():
    model = pooled_network([0, 0, 0, 0])
    turned = pool_first(model)
    assert operators(turned) == ['AveragePool', 'AveragePool', 'Conv', 'Add']
    np.testing.assert_allclose(run(turned, samples(1)[0])[0], run(model, samples(1)[0])[0], atol=1e-5)


def test_a_pool_with_padding_stays_where_it_is():
    assert operators(pool_first(pooled_network([1, 0, 1, 0]))) == ['Conv', 'Add', 'AveragePool']


def test_a_product_without_a_fit_stays_f32():
    rewritten = channels_last(prepare(small_network()))
    model = matmul_int8(rewritten, {})
    assert operators(model) == operators(rewritten)


def uneven():
    """Activations of one wide and 63 narrow channels away from zero, and a weight."""
    random = np.random.default_rng(8)
    rows = (1 + random.uniform(-1, 1, (500, 64)) * np.where(np.arange(64) == 5, 20, 0.5)).astype(np.float32)
    return Activations(float(rows.min()), float(rows.max()), rows, len(rows)), random.standard_normal((64, 32)).astype(np.float32)


@pytest.mark.parametrize('fitted', [fit, evened_fit])
def test_the_error_is_that_of_the_int8_product_as_it_runs(fitted):
    seen, weight = uneven()
    graph = helper.make_graph(
        [helper.make_node('MatMul', ['x', 'w'], ['y'], name='product')],
        'product',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, ['rows', 64])],
        [helper.make_tensor_value_info('y', TensorProto.FLOAT, ['rows', 32])],
        [numpy_helper.from_array(weight, 'w')],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)
    found = fitted(seen, weight)
    answer, wanted = run(matmul_int8(model, {'y': found}), seen.rows)[0], seen.rows @ weight
    error = np.sqrt(np.square(answer - wanted).sum() / np.square(wanted - wanted.mean(axis=0)).sum())
    assert error == pytest.approx(found.error, rel=0.05)


def test_evening_out_uneven_channels_leaves_less_error():
    seen, weight = uneven()
    assert evened_fit(seen, weight).error < 0.7 * fit(seen, weight).error


@pytest.mark.parametrize('make', [quantized, lambda model: conv_qdq(prepare(model), samples())])
def test_the_same_run_gives_the_same_bytes(make):
    assert make(small_network()).SerializeToString() == make(small_network()).SerializeToString()


def test_the_models_are_valid_but_for_the_domain_of_the_runtime():
    checker.check_model(channels_last(prepare(small_network())))
    checker.check_model(conv_qdq(prepare(small_network()), samples()))
