"""Maps that are enlarged by repeating pixels: found where they have channels first, written with channels last."""
from onnx import helper

from graph.edit import attribute, constant


def enlarged(graph, source, times, target):
    """The nodes that write a map with the channels last `times` as wide and high."""
    pixels, shape, copies = (f'{target}_{part}' for part in ('pixels', 'shape', 'copies'))
    return [
        *apart(graph, source, pixels),
        *times_shape(graph, pixels, [1, 1, times, 1, times, 1], f'{shape}_of_copies'),
        helper.make_node('Expand', [pixels, f'{shape}_of_copies'], [copies], name=copies),
        *times_shape(graph, source, [1, times, times, 1], shape),
        helper.make_node('Reshape', [copies, shape], [target], name=target),
    ]


def turned(graph, name, order):
    """What a Transpose of this order turns into `name`; None when something else makes it."""
    maker = graph.makers.get(name)
    fits = maker is not None and maker.op_type == 'Transpose' and list(attribute(maker, 'perm')) == order
    return maker.input[0] if fits else None


def source_and_times(graph, name):
    """What is enlarged to become `name`, and how many times, both ways alike, by repeating pixels; else None."""
    resize = graph.makers.get(name)
    if resize is None or resize.op_type != 'Resize' or not repeats(resize):
        return None
    scales = graph.value(resize.input[2]) if len(resize.input) > 2 else None
    if scales is None or len(scales) != 4 or scales[2] != scales[3] or scales[2] % 1 or any(scales[:2] != 1):
        return None
    return resize.input[0], int(scales[2])


def repeats(resize):
    """Whether whole times as large means each pixel as often; other ways of rounding move pixels by a part of that."""
    if attribute(resize, 'mode', b'nearest') != b'nearest':
        return False
    way = attribute(resize, 'coordinate_transformation_mode', b'half_pixel')
    rounding = attribute(resize, 'nearest_mode', b'round_prefer_floor')
    return (way, rounding) in ((b'asymmetric', b'floor'), (b'half_pixel', b'round_prefer_floor'))


def apart(graph, source, target):
    """[batch, height, width, channels] as [batch, height, 1, width, 1, channels]."""
    axes = constant(graph, 'between_pixels', [2, 4])
    return [helper.make_node('Unsqueeze', [source, axes], [target], name=target)]


def times_shape(graph, source, factors, target):
    """The shape of a tensor, each side times its factor."""
    own = f'{target}_before'
    factors = constant(graph, 'times_' + '_'.join(map(str, factors)), factors)
    return [
        helper.make_node('Shape', [source], [own], name=own),
        helper.make_node('Mul', [own, factors], [target], name=target),
    ]
