"""Factors, offsets and norms go into the convolutions around them; the answers stay, and so does what cannot go."""
import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from graph.prepare import prepare
from int8.conv_qdq import ranges
from quantize import lighter_detector, lighter_recognizer
from reading.reader import session
from rewrites.fold_affine import fold_affine
from rewrites.fold_batch_norm import fold_batch_norm

SAMPLE = (3 * np.random.default_rng(1).standard_normal((1, 3, 16, 24))).astype(np.float32)


def model_of(nodes, constants, opset=17, output=None):
    for number, node in enumerate(nodes):
        node.name = f'node_{number}'
    graph = helper.make_graph(
        nodes,
        'part',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, [1, 3, 16, 'width'])],
        [output or helper.make_empty_tensor_value_info('y')],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid('', opset)], ir_version=8)


def weight(*shape):
    values = np.random.default_rng(sum(shape)).standard_normal(shape) / np.sqrt(np.prod(shape[1:]))
    return values.astype(np.float32)


def number(value):
    """As the exports have it: one value, one dimension."""
    return np.array([value], np.float32)


def answer(model):
    return session(model.SerializeToString()).run(None, {'x': SAMPLE})[0]


def operators(model):
    return [node.op_type for node in model.graph.node]


def assert_same(after, before):
    np.testing.assert_allclose(answer(after), answer(before), atol=2e-5)


def scaled_conv(bias):
    nodes = [
        helper.make_node('Conv', ['x', 'w', *(['b'] if bias else [])], ['conv'], pads=[1, 1, 1, 1]),
        helper.make_node('Mul', ['factor', 'conv'], ['scaled']),
        helper.make_node('Add', ['scaled', 'offset'], ['y']),
    ]
    return model_of(nodes, {'w': weight(5, 3, 3, 3), 'b': weight(5), 'factor': number(-1.7), 'offset': number(0.4)})


@pytest.mark.parametrize('bias', [True, False])
def test_factor_and_offset_go_into_the_convolution_before(bias):
    folded = fold_affine(scaled_conv(bias))
    assert operators(folded) == ['Conv']
    assert_same(folded, scaled_conv(bias))


def activation(factor, offset, pads=(0, 0, 0, 0), gate='HardSigmoid', also=()):
    """A convolution, x * HardSigmoid(x), factor, offset, and a convolution behind."""
    alpha = {'alpha': 1 / 6, 'beta': 0.5} if gate == 'HardSigmoid' else {}
    nodes = [
        helper.make_node('Conv', ['x', 'w'], ['conv']),
        helper.make_node(gate, ['conv'], ['gate'], **alpha),
        helper.make_node('Mul', ['conv', 'gate'], ['swish']),
        helper.make_node('Mul', ['swish', 'factor'], ['scaled']),
        helper.make_node('Add', ['scaled', 'offset'], ['moved']),
        helper.make_node('Conv', ['moved', 'v'], ['last'], pads=list(pads)),
        *also,
        helper.make_node('Identity', ['last'], ['y']),
    ]
    constants = {'w': weight(5, 3, 1, 1), 'v': weight(4, 5, 3, 3), 'factor': number(factor), 'offset': number(offset)}
    return model_of(nodes, constants)


@pytest.mark.parametrize('factor', [0.2, 3.0, -1.5])
def test_factor_and_offset_of_an_activation_go_into_the_convolutions_around(factor):
    model = activation(factor, 0.7)
    folded = fold_affine(model)
    assert operators(folded) == ['Conv', 'HardSigmoid', 'Mul', 'Conv', 'Identity']
    assert_same(folded, model)


def test_an_offset_before_padding_stays():
    model = activation(0.2, 0.7, pads=(1, 1, 1, 1))
    folded = fold_affine(model)
    assert operators(folded) == ['Conv', 'HardSigmoid', 'Mul', 'Add', 'Conv', 'Identity']
    assert_same(folded, model)


def test_an_offset_that_others_read_stays():
    model = activation(0.2, 0.7, also=[helper.make_node('GlobalAveragePool', ['moved'], ['pooled'])])
    model.graph.output.append(helper.make_empty_tensor_value_info('pooled'))
    folded = fold_affine(model)
    assert operators(folded).count('Add') == 1
    assert_same(folded, model)


@pytest.mark.parametrize('unlike', [{'factor': 0.0}, {'gate': 'Sigmoid'}, {'gate': 'Tanh'}])
def test_a_factor_that_the_activation_cannot_take_stays(unlike):
    model = activation(**{'factor': 0.2, 'offset': 0.7, **unlike})
    folded = fold_affine(model)
    assert operators(folded).count('Mul') == 2
    assert_same(folded, model)


def test_a_convolution_whose_result_others_read_stays():
    model = scaled_conv(bias=True)
    model.graph.output.append(helper.make_empty_tensor_value_info('conv'))
    assert operators(fold_affine(model)) == ['Conv', 'Mul', 'Add']


def test_weights_that_two_convolutions_share_stay_those_of_the_other():
    nodes = [
        helper.make_node('Conv', ['x', 'w'], ['one']),
        helper.make_node('Conv', ['x', 'w'], ['two']),
        helper.make_node('Mul', ['one', 'factor'], ['scaled']),
        helper.make_node('Sub', ['scaled', 'two'], ['y']),
    ]
    model = model_of(nodes, {'w': weight(5, 3, 1, 1), 'factor': number(2)})
    folded = fold_affine(model)
    assert operators(folded) == ['Conv', 'Conv', 'Sub']
    assert_same(folded, model)


def head(second='Add'):
    """The end of an older detector: between the two transposed convolutions is a norm that the runtime leaves alone."""
    norm = {'scale': weight(5) + 1, 'shift': weight(5), 'mean': weight(5) / 2, 'variance': np.abs(weight(5)) + np.float32(0.5)}
    constants = {'a': weight(3, 5, 2, 2), 'ab': weight(1, 5, 1, 1), 'b': weight(5, 1, 2, 2), 'bb': weight(1, 1, 1, 1), **norm}
    nodes = [
        helper.make_node('ConvTranspose', ['x', 'a'], ['first'], strides=[2, 2]),
        helper.make_node(second, ['first', 'ab'], ['second']),
        helper.make_node('BatchNormalization', ['second', *norm], ['normed']),
        helper.make_node('Relu', ['normed'], ['third']),
        helper.make_node('ConvTranspose', ['third', 'b'], ['fourth'], strides=[2, 2]),
        helper.make_node('Add', ['fourth', 'bb'], ['fifth']),
        helper.make_node('Sigmoid', ['fifth'], ['y']),
    ]
    return model_of(nodes, constants)


def test_a_norm_behind_a_transposed_convolution_goes_into_it():
    folded = fold_batch_norm(head())
    assert operators(folded) == ['ConvTranspose', 'Add', 'Relu', 'ConvTranspose', 'Add', 'Sigmoid']
    assert_same(folded, head())


def test_a_norm_of_something_else_stays():
    assert operators(fold_batch_norm(head('Mul'))) == operators(head('Mul'))


def test_a_lighter_detector_has_the_answers_and_no_transposed_convolution():
    lighter = lighter_detector(head())
    assert not {'ConvTranspose', 'BatchNormalization'} & set(operators(lighter))
    assert_same(lighter, head())


def recognizer():
    """As PP-OCRv4 was exported: learned factors and offsets, HardSwish as a chain of four nodes, a head over 20 classes."""
    constants = {
        'w': weight(8, 3, 3, 3), 'v': weight(6, 8, 1, 1), 'head': weight(6, 20), 'three': number(3), 'zero': np.float32(0),
        'six': np.float32(6), **{name: number(value) for name, value in zip('abcd', (1.4, 0.6, 0.2, -0.1))},
    }
    nodes = [
        helper.make_node('Conv', ['x', 'w'], ['conv'], pads=[1, 1, 1, 1]),
        helper.make_node('Mul', ['a', 'conv'], ['scaled']),
        helper.make_node('Add', ['scaled', 'b'], ['moved']),
        helper.make_node('Add', ['moved', 'three'], ['h1']),
        helper.make_node('Clip', ['h1', 'zero', 'six'], ['h2']),
        helper.make_node('Mul', ['moved', 'h2'], ['h3']),
        helper.make_node('Div', ['h3', 'six'], ['swish']),
        helper.make_node('Mul', ['c', 'swish'], ['swish_scaled']),
        helper.make_node('Add', ['swish_scaled', 'd'], ['swish_moved']),
        helper.make_node('Conv', ['swish_moved', 'v'], ['last']),
        helper.make_node('ReduceMean', ['last'], ['columns'], axes=[2], keepdims=0),
        helper.make_node('Transpose', ['columns'], ['steps'], perm=[0, 2, 1]),
        helper.make_node('MatMul', ['steps', 'head'], ['scores']),
        helper.make_node('Softmax', ['scores'], ['y'], axis=2),
    ]
    output = helper.make_tensor_value_info('y', TensorProto.FLOAT, ['batch', 'steps', 20])
    return model_of(nodes, constants, opset=11, output=output)


def test_a_lighter_recognizer_answers_the_best_classes_with_what_is_left_of_its_activation():
    lighter = lighter_recognizer(recognizer())
    kinds = operators(lighter)
    assert kinds[: kinds.index('ReduceMean')] == ['Conv', 'HardSigmoid', 'Mul', 'Conv']
    map_of_classes = answer(recognizer())
    index, probability, space = session(lighter.SerializeToString()).run(None, {'x': SAMPLE})
    assert (index == map_of_classes.argmax(axis=2)).all()
    np.testing.assert_allclose(probability, map_of_classes.max(axis=2), atol=1e-6)
    np.testing.assert_allclose(space, map_of_classes[..., -1], atol=1e-6)


@pytest.mark.parametrize('factor', [0.2, -1.5])
def test_int8_has_no_steps_for_what_the_activation_throws_away(factor):
    """x below -3, times the factor: with a negative one that is the upper end."""
    model = fold_affine(activation(factor, 0.7))
    conv = model.graph.node[0]
    seen = answer_of(model, conv.output[0])
    assert seen.min() < -3 * abs(factor) and seen.max() > 3 * abs(factor)
    wanted = (-3 * factor, seen.max()) if factor > 0 else (seen.min(), -3 * factor)
    assert ranges(model, [conv.name], [SAMPLE])[conv.output[0]] == pytest.approx(wanted)


def answer_of(model, name):
    copy = type(model)()
    copy.CopyFrom(model)
    copy.graph.output.append(helper.make_empty_tensor_value_info(name))
    return session(copy.SerializeToString()).run([name], {'x': SAMPLE})[0]


def test_preparing_leaves_factors_and_offsets_that_folding_takes():
    assert operators(prepare(recognizer())).count('Mul') > operators(fold_affine(prepare(recognizer()))).count('Mul')
