"""Rewriting keeps the answers; int8 stays within its error; the same run gives the same bytes."""
import numpy as np
import pytest
from onnx import TensorProto, checker, helper, numpy_helper

from best_class import best_class
from calibrate import activations
from channels_last import channels_last
from conv_qdq import conv_qdq, dense_convolutions
from fit import activation_uint8, ends, fit, nearest_weight, round_activations, rounded_weight
from graph import Graph
from matmul_int8 import matmul_int8, products
from prepare import prepare
from reader import session

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
    seen = activations(rewritten, sorted({source for source, _ in wanted.values()}), samples())
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
    assert operators(rewritten).count('Transpose') == operators(ready).count('Transpose') + 2
    for sample in samples():
        np.testing.assert_allclose(run(rewritten, sample)[0], run(ready, sample)[0], atol=1e-6)


def test_channels_last_leaves_narrow_convolutions_and_gates_alone():
    ready = prepare(small_network())
    assert operators(channels_last(ready, least_channels=CHANNELS + 1)) == operators(ready)
    assert 'gate' in {output for node in channels_last(ready).graph.node for output in node.output}


def test_int8_takes_every_constant_product_with_its_bias_and_stays_close():
    model = quantized(small_network())
    assert operators(model).count('MatMulIntegerToFloat') == 3
    assert 'MatMul' not in operators(model) and operators(model).count('Add') == 1  # the residual
    assert all(node.input[6] for node in model.graph.node if node.op_type == 'MatMulIntegerToFloat')
    for sample in samples():
        np.testing.assert_allclose(run(model, sample)[0], run(small_network(), sample)[0], atol=0.05)


def test_dynamic_ranges_need_no_fit_and_stay_close():
    model = matmul_int8(channels_last(prepare(small_network())))
    assert operators(model).count('DynamicQuantizeMatMul') == 3
    for sample in samples():
        np.testing.assert_allclose(run(model, sample)[0], run(small_network(), sample)[0], atol=0.05)


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
    index, probability = run(best_class(prepare(small_network())), sample)
    assert index.dtype == np.int32 and probability.dtype == np.float32
    assert (index == classes.argmax(axis=2)).all()
    np.testing.assert_allclose(probability, classes.max(axis=2), atol=1e-6)


def test_convolutions_run_in_int8_but_for_depthwise_ones_and_those_left_out():
    ready = prepare(small_network())
    dense = dense_convolutions(ready)
    assert len(dense) == 4
    model = conv_qdq(ready, samples(), left_out=dense[:1])
    graph = Graph(model)
    rounded = {node.name for node in graph.nodes if node.op_type == 'Conv' and graph.makers.get(node.input[1]) is not None}
    assert rounded == set(dense[1:])
    for sample in samples():
        np.testing.assert_allclose(run(model, sample)[0], run(small_network(), sample)[0], atol=0.05)


@pytest.mark.parametrize('make', [quantized, lambda model: conv_qdq(prepare(model), samples())])
def test_the_same_run_gives_the_same_bytes(make):
    assert make(small_network()).SerializeToString() == make(small_network()).SerializeToString()


def test_the_models_are_valid_but_for_the_domain_of_the_runtime():
    checker.check_model(channels_last(prepare(small_network())))
    checker.check_model(conv_qdq(prepare(small_network()), samples()))
