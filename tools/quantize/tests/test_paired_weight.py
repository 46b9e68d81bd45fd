"""Weights that no x64 processor cuts off, and that lose little by it."""
import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from int8.conv_qdq import conv_qdq
from int8.fit import rounded_weight
from int8.matmul_int8 import MICROSOFT
from int8.paired_weight import LARGEST_SUM, beside, paired, paired_scale
from reading.reader import session


def weight(rows=48, columns=64):
    return np.random.default_rng(rows).standard_normal((rows, columns)).astype(np.float32)


def sums_of_pairs(steps):
    """Of each pair the sum of the positive and that of the negative weights, without sign."""
    pairs = steps[: len(steps) // 2 * 2].astype(int).reshape(-1, 2, steps.shape[1])
    return np.maximum(np.maximum(pairs, 0).sum(axis=1), np.maximum(-pairs, 0).sum(axis=1))


@pytest.mark.parametrize('rows', [1, 2, 3, 48])
def test_no_pair_leaves_16_bits(rows):
    steps = 200 * weight(rows)
    answer = paired(steps)
    assert (sums_of_pairs(answer) <= LARGEST_SUM).all()
    if rows > 1:
        assert (sums_of_pairs(np.rint(np.clip(steps, -127, 127))) > LARGEST_SUM).any()


def test_what_fits_is_rounded_to_the_nearest():
    steps = np.float32([[100.4, -100.4, 127.9, 60.0], [27.4, 100.0, -127.0, 67.6]])
    assert paired(steps).tolist() == [[100, -100, 127, 60], [27, 100, -127, 68]]


def test_what_does_not_fit_is_taken_from_both_alike():
    assert paired(np.float32([[100.0], [80.0]])).tolist() == [[74], [54]]
    assert beside(np.int8([100, -100, 100]), np.float32([60, -60, -60])).tolist() == [28, -28, -60]


def test_a_column_whose_large_weights_meet_gets_coarser_steps():
    apart, meeting = np.zeros((8, 1), np.float32), np.zeros((8, 1), np.float32)
    apart[[0, 2]], meeting[[0, 1]] = 1, 1
    finest = np.float32(1 / 127)
    assert paired_scale(apart) == finest and paired_scale(meeting) > 1.9 * finest
    assert np.abs(paired(meeting / paired_scale(meeting)) * paired_scale(meeting) - meeting).max() < 0.01


def test_rounding_with_the_activations_keeps_pairs_within_16_bits():
    rows = np.random.default_rng(1).uniform(0, 1, (400, 48)).astype(np.float32)
    steps, _ = rounded_weight(weight(), rows)
    assert (sums_of_pairs(steps) <= LARGEST_SUM).all()


def test_the_processor_answers_what_whole_numbers_say():
    # The largest activations on the weights that are rounded most: without pairing AVX2 without VNNI answers less.
    large = np.abs(weight())
    steps = paired(large / paired_scale(large))
    bytes_of_x = np.full((3, 48), 255, np.uint8)
    graph = helper.make_graph(
        [helper.make_node('MatMulIntegerToFloat', ['x', 'w', 'one', 'ones', 'origin', 'zero'], ['y'], domain=MICROSOFT)],
        'product',
        [helper.make_tensor_value_info('x', TensorProto.UINT8, [3, 48])],
        [helper.make_tensor_value_info('y', TensorProto.FLOAT, [3, 64])],
        [
            numpy_helper.from_array(value, name)
            for name, value in {
                'w': steps, 'one': np.float32(1), 'ones': np.ones(64, np.float32), 'origin': np.uint8(0),
                'zero': np.zeros(64, np.int8),
            }.items()
        ],
    )
    domains = [helper.make_opsetid('', 17), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(graph, opset_imports=domains, ir_version=8)
    answer = session(model.SerializeToString()).run(None, {'x': bytes_of_x})[0]
    assert np.array_equal(answer, bytes_of_x.astype(int) @ steps.astype(int))


def test_the_weights_and_bias_of_convolutions_are_rounded_again():
    random = np.random.default_rng(2)
    constants = {
        'deep': random.standard_normal((8, 1, 3, 3)), 'w': np.abs(random.standard_normal((4, 8, 3, 3))) / 9,
        'b': random.standard_normal(4),
    }
    constants['w'][1] = 0  # PP-OCRv5 has such channels: nothing but a bias
    graph = helper.make_graph(
        [
            helper.make_node('Conv', ['x', 'deep'], ['middle'], group=8, name='depthwise'),
            helper.make_node('Conv', ['middle', 'w', 'b'], ['y'], name='dense'),
        ],
        'convolutions',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, [1, 8, 12, 12])],
        [helper.make_tensor_value_info('y', TensorProto.FLOAT, [1, 4, 8, 8])],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)
    sample = random.standard_normal((1, 8, 12, 12)).astype(np.float32)
    int8 = conv_qdq(model, [sample])
    steps = next(numpy_helper.to_array(it) for it in int8.graph.initializer if it.dims == [4, 8, 3, 3])
    rows = steps.transpose(2, 3, 1, 0).reshape(-1, 4)
    assert steps.dtype == np.int8 and (sums_of_pairs(rows) <= LARGEST_SUM).all()
    before, after = (session(it.SerializeToString()).run(None, {'x': sample})[0] for it in (model, int8))
    assert 0 < np.abs(after - before).max() < 0.03 * np.abs(before).max()
    np.testing.assert_allclose(after[:, 1], before[:, 1], atol=0.03)  # half a step of the output
