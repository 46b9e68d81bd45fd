"""Steps that hold CTC's blank are told before the classes are asked; the answers stay those of all steps."""
import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from graph.edit import Graph
from int8.blank_steps import blank_steps, last_features
from int8.calibrate import Activations
from int8.fit import fit
from int8.half_weights import half_weights
from int8.matmul_int8 import matmul_int8
from reading.reader import session
from rewrites.best_class import best_class

FEATURES, CLASSES = 16, 130  # 26 groups of 5 (best_class.py)


def recogniser(between=()):
    """The end of one: features [batch, steps, features], a product with all classes, Softmax."""
    random = np.random.default_rng(3)
    weight = random.standard_normal((FEATURES, CLASSES)).astype(np.float32)
    weight[0], weight[0, 0] = 0, 4  # the first feature is what the blank asks for
    nodes = [
        helper.make_node('Identity', ['x'], ['features'], name='features'),
        helper.make_node('MatMul', ['features', 'weight'], ['product'], name='product'),
        helper.make_node('Add', ['product', 'bias'], ['sum'], name='sum'),
        *between,
        helper.make_node('Softmax', ['sum' if between == () else 'between'], ['y'], axis=2, name='softmax'),
    ]
    graph = helper.make_graph(
        nodes,
        'recogniser',
        [helper.make_tensor_value_info('x', TensorProto.FLOAT, ['batch', 'steps', FEATURES])],
        [helper.make_tensor_value_info('y', TensorProto.FLOAT, ['batch', 'steps', CLASSES])],
        [numpy_helper.from_array(weight, 'weight'), numpy_helper.from_array(np.zeros(CLASSES, np.float32), 'bias')],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)


def lines(seed, count=100, batch=1, blanks=0.6):
    """Inputs, of whose steps a share is blank, by a first feature of 5 to 30: some of them beyond doubt."""
    random = np.random.default_rng(seed)
    answer = []
    for _ in range(count):
        steps = random.standard_normal((batch, 20, FEATURES)).astype(np.float32)
        steps[..., 0] = np.where(random.random((batch, 20)) < blanks, 1, -1) * random.uniform(5, 30, (batch, 20))
        answer.append(steps)
    return answer


def run(model, sample, outputs=None):
    return session(model.SerializeToString()).run(outputs, {'x': sample})


def in_bytes(model):
    rows = np.concatenate([sample.reshape(-1, FEATURES) for sample in lines(5)])
    weight = numpy_helper.to_array(model.graph.initializer[0])
    return matmul_int8(model, {'product': fit(Activations(float(rows.min()), float(rows.max()), rows, len(rows)), weight)})


@pytest.mark.parametrize('form', [lambda model: model, in_bytes, half_weights])
@pytest.mark.parametrize('batch', [1, 3])
def test_what_is_no_blank_is_read_as_before(form, batch):
    whole = best_class(form(recogniser()))
    quick = blank_steps(whole, lines(1))
    assert 'NonZero' in [node.op_type for node in quick.graph.node]
    for sample in lines(2, batch=batch):
        index, probability, space = run(whole, sample)
        found, sure, faint = run(quick, sample)
        assert found.dtype == np.int32 and np.array_equal(found, index)
        assert np.allclose(sure[index != 0], probability[index != 0], atol=1e-6)
        # What is left out was blank beyond doubt, so that no space is lost.
        assert np.allclose(faint, np.where(faint == 0, 0, space), atol=1e-6) and space[faint == 0].max() < 0.01
        assert faint.any()


def test_blanks_are_not_multiplied():
    quick = blank_steps(best_class(recogniser()), lines(1))
    quick.graph.output.append(helper.make_empty_tensor_value_info('kept'))
    samples = lines(2)
    letters = sum(int((sample[..., 0] < 0).sum()) for sample in samples)
    kept = sum(run(quick, sample, ['kept'])[0].shape[1] for sample in samples)
    steps = sum(sample.shape[1] for sample in samples)
    # A third of the blanks at least: those with the largest first features.
    assert letters <= kept < letters + 0.67 * (steps - letters)


def test_a_line_of_blanks_alone_has_an_answer():
    quick = blank_steps(best_class(recogniser()), lines(1))
    quick.graph.output.append(helper.make_empty_tensor_value_info('kept'))
    sample = lines(2)[0]
    sample[..., 0] = 30
    index, probability, space, kept = run(quick, sample)
    assert not index.any() and probability.shape == (1, 20) and probability.min() > 0.9 and space.max() < 0.01
    assert kept.shape[1] == 1


def test_classes_that_are_not_the_last_axis_stay():
    model = recogniser()
    model.graph.node[-1].attribute[0].i = 1
    assert last_features(Graph(best_class(model))) is None


def test_an_end_that_mixes_steps_stays_as_it_is():
    mixed = best_class(recogniser([helper.make_node('CumSum', ['sum', 'axis'], ['between'], name='between')]))
    mixed.graph.initializer.append(numpy_helper.from_array(np.int64(1), 'axis'))
    assert blank_steps(mixed, lines(1)).SerializeToString() == mixed.SerializeToString()
