"""The recogniser's end: which class each step takes, and how sure it is."""
import numpy as np
from onnx import TensorProto, helper

from graph.edit import Graph, copy_of

# More groups than this leave TopK as much to look through as fewer.
MOST_GROUPS = 64


def best_class(model):
    """
    A new model with three outputs in the place of the map [batch, steps, classes]: `index` int32 and `probability` f32 of
    the best class, and `space` f32, the probability of the last class, all [batch, steps] (the last class is the space,
    which is read where it is not the best one too: src/runtime/ocr/recognize/ctc.ts). The reader then gets 12 bytes a step instead of 75 kB. int32, since JavaScript has int64 only
    as BigInt, which is slow. TopK of one finds both in a single pass and takes less time than ArgMax and ReduceMax
    (README.md), but much more than ReduceMax alone: that one first finds the group of classes in which the best is.
    Of equal classes the first is taken.
    """
    graph = Graph(copy_of(model))
    output = graph.model.graph.output[0]
    groups = groups_of(output.type.tensor_type.shape.dim[2].dim_value)
    graph.add_constant('one', np.array([1], np.int64))
    last = graph.add_constant('last_axis', np.array([2], np.int64))
    graph.add_constant('last_class', np.array(-1, np.int64))
    graph.nodes.extend([
        *(best_of_all(output.name) if groups == 1 else best_of_groups(graph, output, groups)),
        helper.make_node('Squeeze', ['best', last], ['probability'], name='probability'),
        helper.make_node('Squeeze', ['index_int64', last], ['index_squeezed'], name='index_squeezed'),
        helper.make_node('Cast', ['index_squeezed'], ['index'], to=TensorProto.INT32, name='index'),
        helper.make_node('Gather', [output.name, 'last_class'], ['space'], axis=2, name='space'),
    ])
    del graph.model.graph.output[:]
    graph.model.graph.output.extend([
        helper.make_tensor_value_info('index', TensorProto.INT32, ['batch', 'steps']),
        helper.make_tensor_value_info('probability', TensorProto.FLOAT, ['batch', 'steps']),
        helper.make_tensor_value_info('space', TensorProto.FLOAT, ['batch', 'steps']),
    ])
    graph.refresh()
    return graph.model


def groups_of(classes):
    """Into how many equal groups the classes go; 1 when they do not, or when the file does not say how many they are."""
    return max((groups for groups in range(2, MOST_GROUPS + 1) if classes > 0 and classes % groups == 0), default=1)


def best_of_all(classes):
    return [helper.make_node('TopK', [classes, 'one'], ['best', 'index_int64'], axis=2, name='best')]


def best_of_groups(graph, output, groups):
    size = output.type.tensor_type.shape.dim[2].dim_value // groups
    graph.add_constant('groups', np.array([0, 0, groups, size], np.int64))
    graph.add_constant('group_size', np.array([size], np.int64))
    return [
        helper.make_node('Reshape', [output.name, 'groups'], ['grouped'], name='grouped'),
        helper.make_node('ReduceMax', ['grouped'], ['best_of_each'], axes=[3], keepdims=0, name='best_of_each'),
        helper.make_node('TopK', ['best_of_each', 'one'], ['best_in_group', 'group'], axis=2, name='group'),
        helper.make_node('GatherND', ['grouped', 'group'], ['members'], batch_dims=2, name='members'),
        helper.make_node('TopK', ['members', 'one'], ['best', 'member'], axis=2, name='best'),
        helper.make_node('Mul', ['group', 'group_size'], ['group_start'], name='group_start'),
        helper.make_node('Add', ['group_start', 'member'], ['index_int64'], name='index_int64'),
    ]
