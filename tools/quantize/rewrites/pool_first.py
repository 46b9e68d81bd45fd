"""An average pool before a 1x1 convolution instead of behind it. The graph's answers stay the same."""
from onnx import helper

from graph.edit import Graph, attribute, copied, copy_of


def pool_first(model):
    """
    A new model where AveragePool(a + Conv1x1(b)) is AveragePool(a) + Conv1x1(AveragePool(b)): both are linear, and the
    convolution then runs on the few pixels that are left. In the recogniser the last block has such an end, with six
    pixels to one.
    """
    graph = Graph(copy_of(model))
    sums = {node.name: sum_behind(graph, node) for node in graph.nodes}
    gone = {name for add in sums.values() if add is not None for name in (add.output[0], operands(graph, add)[1].output[0])}
    nodes = []
    for node in graph.nodes:
        add = sums[node.name]
        if add is not None:
            nodes += turned(graph, node, add)
        elif node.output[0] not in gone:
            nodes.append(node)
    graph.replace_nodes(nodes)
    graph.forget_shapes(gone)  # they are smaller now
    graph.drop_unused()
    return graph.model


def sum_behind(graph, pool):
    """The Add that `pool` takes the average of, when one of its operands is a 1x1 convolution; else None."""
    if pool.op_type != 'AveragePool' or any(attribute(pool, 'pads', [0])):
        return None
    add = graph.makers.get(pool.input[0])
    if add is None or add.op_type != 'Add' or graph.only_reader(add.output[0]) is None:
        return None
    return add if operands(graph, add) is not None else None


def operands(graph, add):
    """The plain operand's name and the node of the 1x1 convolution that makes the other; None when there is none."""
    for plain, made in (tuple(add.input), tuple(add.input)[::-1]):
        conv = graph.makers.get(made)
        if conv is not None and is_pointwise(graph, conv) and graph.only_reader(made) is not None and graph.dims(plain) is None:
            return plain, conv
    return None


def is_pointwise(graph, node):
    if node.op_type != 'Conv' or attribute(node, 'group', 1) != 1 or any(attribute(node, 'pads', [0])):
        return False
    dims = graph.dims(node.input[1])
    return dims is not None and dims[2:] == (1, 1) and list(attribute(node, 'strides', [1, 1])) == [1, 1]


def turned(graph, pool, add):
    """The nodes that take the place of a convolution, a sum and a pool."""
    plain, conv = operands(graph, add)
    first, second = (f'{pool.output[0]}_{part}' for part in ('plain', 'source'))
    return [
        copied(pool, [plain], first),
        copied(pool, [conv.input[0]], second),
        helper.make_node('Conv', [second, *conv.input[1:]], [conv.output[0]], name=conv.name, kernel_shape=[1, 1]),
        helper.make_node('Add', [first, conv.output[0]], [pool.output[0]], name=add.name),
    ]
