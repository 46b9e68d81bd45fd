"""Bytes instead of floats are enlarged and put together. The graph's answers stay the same."""
from graph import Graph, copy_of


def quantize_first(model):
    """
    A new model where QuantizeLinear(Concat(Resize(a), b)) is Concat(Resize(QuantizeLinear(a)), QuantizeLinear(b)), for
    a Resize to the nearest pixel: it moves values and changes none, and bytes are a quarter of floats.
    """
    graph = Graph(copy_of(model))
    moved = {node.name: concat_before(graph, node) for node in graph.nodes}
    gone = {concat.name for concat in filter(None, moved.values())}
    nodes = []
    for node in graph.nodes:
        concat = moved[node.name]
        if concat is not None:
            nodes += quantized_parts(graph, node, concat)
        elif node.name not in gone:
            nodes.append(node)
    graph.replace_nodes(nodes)
    graph.drop_unused()
    return graph.model


def concat_before(graph, node):
    """The Concat that `node` rounds and nothing else reads; else None."""
    if node.op_type != 'QuantizeLinear':
        return None
    concat = graph.makers.get(node.input[0])
    alone = concat is not None and concat.op_type == 'Concat' and graph.only_reader(concat.output[0]) is not None
    return concat if alone else None


def quantized_parts(graph, quantize, concat):
    nodes, bytes_of_parts = [], []
    for part in concat.input:
        resize = graph.makers.get(part)
        target = f'{part}_bytes'
        bytes_of_parts.append(target)
        if resize is None or not is_nearest(resize) or graph.only_reader(part) is None:
            nodes.append(copied(quantize, part, target))
            continue
        nodes.append(copied(quantize, resize.input[0], f'{target}_small'))
        nodes.append(copied(resize, f'{target}_small', target))
    together = copied(concat, bytes_of_parts[0], quantize.output[0])
    del together.input[:]
    together.input.extend(bytes_of_parts)
    return [*nodes, together]


def is_nearest(node):
    modes = [item.s for item in node.attribute if item.name == 'mode']
    return node.op_type == 'Resize' and modes in ([], [b'nearest'])


def copied(node, source, target):
    """The node with another first input and another output."""
    copy = type(node)()
    copy.CopyFrom(node)
    copy.name, copy.input[0], copy.output[0] = target, source, target
    return copy
