"""The recogniser's end for those steps alone that may hold a letter: two of three hold CTC's blank."""
import numpy as np
from onnx import helper, numpy_helper

from graph.edit import Graph, attribute, copied, copy_of
from reading.reader import session

# Log-odds from which a step is taken to be blank without asking the classes: README, "Blank steps", has what others cost.
SURE = 8.0

# What may lie between the features and the classes, where it treats each step alone.
STEPWISE = ('Add', 'MatMul', 'MatMulIntegerToFloat', 'QuantizeLinear', 'Softmax')

# Pulls the weights of the logistic regression towards 0, so that what one line parts has finite ones. Newton's method
# stands still after 15 rounds.
RIDGE, ROUNDS = 0.5, 30

BLANK = 0

# What each output of best_class.py is for a step that is blank beyond doubt.
OF_A_BLANK = {'index': np.int32([BLANK]), 'probability': np.float32([1]), 'space': np.float32([0])}


def blank_steps(model, samples):
    """
    A new model with the outputs of best_class.py, which multiplies the features of a step with all classes only where one
    product of them, fitted to `samples` (inputs of the model, f32), does not tell that the answer is the blank. Such a step
    has the index 0, the probability 1 and no space. A model whose end is built otherwise stays as it is.
    """
    graph = Graph(copy_of(model))
    last = last_features(graph)
    if last is None:
        return graph.model
    weight, shift = fitted(*seen(model, last, samples))
    for name, value in constants(weight, shift).items():
        graph.add_constant(name, value)
    renamed = {last: 'kept'} | {name: f'{name}_kept' for name in OF_A_BLANK}
    nodes, behind = [], {last}
    for node in graph.nodes:
        if behind.isdisjoint(node.input):
            nodes.append(node)
        else:
            behind.update(node.output)
            nodes.append(renamed_in(node, renamed))
        if last in node.output:
            nodes += kept(last)
    graph.replace_nodes(nodes + put_back(last))
    # Of what comes behind, the file said how it is for all steps.
    graph.forget_shapes(behind)
    return graph.model


def constants(weight, shift):
    """Name -> array of what the new nodes read."""
    return {
        'blank_weight': weight.astype(np.float32)[:, None],
        'blank_bound': np.float32([SURE - shift]),
        'batch_axis': np.array([0], np.int64),
        'score_axis': np.array([2], np.int64),
        'first_place': np.array([[0, 0]], np.int64),
        'shape_start': np.array([0], np.int64),
        'shape_end': np.array([2], np.int64),
    }


def kept(features):
    """The nodes that make `kept`, [1, kept steps, features], and `places`, [kept steps, 2]."""
    return [
        helper.make_node('MatMul', [features, 'blank_weight'], ['blank_score'], name='blank_score'),
        helper.make_node('Less', ['blank_score', 'blank_bound'], ['may_be_letter'], name='may_be_letter'),
        helper.make_node('Squeeze', ['may_be_letter', 'score_axis'], ['letters'], name='letters'),
        helper.make_node('NonZero', ['letters'], ['places_first'], name='places_first'),
        helper.make_node('Transpose', ['places_first'], ['places_found'], perm=[1, 0], name='places_found'),
        # The runtime divides by the number of rows: the first step is always among them. Found as well, it is there twice,
        # with the same answer.
        helper.make_node('Concat', ['first_place', 'places_found'], ['places'], axis=0, name='places'),
        helper.make_node('GatherND', [features, 'places'], ['kept_rows'], name='kept_rows'),
        helper.make_node('Unsqueeze', ['kept_rows', 'batch_axis'], ['kept'], name='kept'),
    ]


def put_back(features):
    """The nodes that make the outputs of what was found for the kept steps."""
    nodes = [
        helper.make_node('Shape', [features], ['features_shape'], name='features_shape'),
        helper.make_node('Slice', ['features_shape', 'shape_start', 'shape_end'], ['steps_shape'], name='steps_shape'),
    ]
    for name, fill in OF_A_BLANK.items():
        nodes += [
            helper.make_node('ConstantOfShape', ['steps_shape'], [f'{name}_blank'], name=f'{name}_blank',
                             value=numpy_helper.from_array(fill)),
            helper.make_node('Squeeze', [f'{name}_kept', 'batch_axis'], [f'{name}_rows'], name=f'{name}_rows'),
            helper.make_node('ScatterND', [f'{name}_blank', 'places', f'{name}_rows'], [name], name=f'{name}_all'),
        ]
    return nodes


def last_features(graph):
    """The name of what the product with all classes multiplies, [batch, steps, features]; None where it is not found."""
    node = next((node for node in reversed(graph.nodes) if node.op_type == 'Softmax'), None)
    multiplied = False
    while node is not None and treats_steps_alone(graph, node) and not (multiplied and node.op_type != 'QuantizeLinear'):
        multiplied = multiplied or node.op_type.startswith('MatMul')
        source = node.input[0]
        node = graph.makers.get(source)
    return source if multiplied and node is not None and graph.only_reader(source) is not None else None


def treats_steps_alone(graph, node):
    """Whether a node makes each step of its first input into one of its output, with constants alone."""
    if node.op_type not in STEPWISE or any(not is_constant(graph, name) for name in node.input[1:] if name != ''):
        return False
    if node.op_type == 'Softmax':
        return attribute(node, 'axis', -1) in (-1, 2)
    dims = graph.dims(node.input[1])
    return dims is None or len(dims) <= (2 if node.op_type.startswith('MatMul') else 1)


def is_constant(graph, name):
    """Whether a tensor is a constant, or one that the file stores in another type (half_weights.py)."""
    maker = graph.makers.get(name)
    return graph.dims(name) is not None or (maker is not None and maker.op_type == 'Cast' and graph.dims(maker.input[0]) is not None)


def renamed_in(node, names):
    """The node with other names for some of its tensors."""
    copy = copied(node, [names.get(name, name) for name in node.input], names.get(node.output[0], node.output[0]))
    copy.name = node.name
    return copy


def seen(model, features, samples):
    """Features of all steps of the samples, [steps, features], and whether the answer was the blank."""
    probe = copy_of(model)
    probe.graph.output.append(helper.make_empty_tensor_value_info(features))
    run = session(probe.SerializeToString())
    feed = run.get_inputs()[0].name
    answers = [run.run(['index', features], {feed: sample}) for sample in samples]
    rows = [found.reshape(-1, found.shape[-1]) for _, found in answers]
    return np.concatenate(rows).astype(np.float64), np.concatenate([index.ravel() for index, _ in answers]) == BLANK


def fitted(rows, blank):
    """Weights and shift of the log-odds that a row is blank: logistic regression, by Newton's method, of centred rows."""
    mean, deviation = rows.mean(0), rows.std(0) + 1e-6
    known = np.column_stack([(rows - mean) / deviation, np.ones(len(rows))])
    weight = np.zeros(known.shape[1])
    for _ in range(ROUNDS):
        odds = 1 / (1 + np.exp(-np.clip(known @ weight, -30, 30)))
        slope = odds * (1 - odds) + 1e-9
        curve = (known * slope[:, None]).T @ known + RIDGE * np.eye(len(weight))
        weight += np.linalg.solve(curve, known.T @ (blank - odds) - RIDGE * weight)
    scaled = weight[:-1] / deviation
    return scaled, weight[-1] - mean @ scaled
