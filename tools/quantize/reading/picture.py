"""Pictures (height x width x 3, uint8, RGB) as the networks take them; the same sums as src/runtime/image/tensor.ts."""
import numpy as np

LINE_HEIGHT = 48
# params.ts: rec_min_width, det_limit_side_len. Widths are rounded up to 32 as they were when the models were judged first; the
# service rounds to 8, with a margin (rec_width_multiple, rec_margin).
LEAST_WIDTH = 96
WIDTH_MULTIPLE = 32
LONGEST_SIDE = 960

# ImageNet's, applied to B, G, R in this order, as PaddleOCR does.
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


def line_input(picture):
    """A text line as [1, 3, 48, width] f32 from -1 to 1; mid grey to the right of it."""
    height, width = picture.shape[:2]
    own = -(-LINE_HEIGHT * width // height)
    least = max(int(LINE_HEIGHT * width / height), LEAST_WIDTH)
    full = -(-least // WIDTH_MULTIPLE) * WIDTH_MULTIPLE
    own = min(own, full)
    data = np.zeros((1, 3, LINE_HEIGHT, full), np.float32)
    small = resize(picture, own, LINE_HEIGHT)[:, :, ::-1].astype(np.float32)
    data[0, :, :, :own] = (small / 127.5 - 1).transpose(2, 0, 1)
    return data


def page_input(picture, longest=LONGEST_SIDE):
    """A page as [1, 3, height, width] f32, its longer side at most `longest`, both sides multiples of 32."""
    height, width = picture.shape[:2]
    ratio = min(1, longest / max(height, width))
    height, width = (max(32, round(side * ratio / 32) * 32) for side in (height, width))
    small = resize(picture, width, height)[:, :, ::-1].astype(np.float32)
    return np.ascontiguousarray(((small / 255 - MEAN) / DEVIATION).transpose(2, 0, 1)[None], np.float32)


def resize(picture, width, height):
    """Bilinear between the four nearest pixels, without smoothing first: OpenCV's INTER_LINEAR."""
    rows, row_share = positions(picture.shape[0], height)
    columns, column_share = positions(picture.shape[1], width)
    below = np.minimum(rows + 1, picture.shape[0] - 1)
    right = np.minimum(columns + 1, picture.shape[1] - 1)
    values = picture.astype(np.float32)
    tall = values[rows] * (1 - row_share)[:, None, None] + values[below] * row_share[:, None, None]
    wide = tall[:, columns] * (1 - column_share)[None, :, None] + tall[:, right] * column_share[None, :, None]
    return np.clip(np.rint(wide), 0, 255).astype(np.uint8)


def positions(size, wanted):
    """For each of `wanted` pixels: the source pixel before it, and the share of the one behind."""
    at = np.clip((np.arange(wanted) + 0.5) * size / wanted - 0.5, 0, size - 1)
    before = np.floor(at).astype(int)
    return before, (at - before).astype(np.float32)
