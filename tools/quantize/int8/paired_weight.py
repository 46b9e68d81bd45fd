"""
int8 weights that processors without VNNI multiply exactly.

Those add two products of an unsigned byte and a weight, of two rows that follow each other, in 16 bits, and cut off what
does not fit (vpmaddubsw of x86). Weights of 7 bits would always fit. But two large ones of the same sign in one pair are
rare: it is enough to bound their sum.
"""
import numpy as np

LARGEST = 127
# Of two weights with the same sign: 255 * 128 is below 2 ** 15.
LARGEST_SUM = 128

# How many times as coarse a column's scale may be, so that fewer of its pairs are cut off.
COARSER = (1, 1.1, 1.2, 1.35, 1.5, 1.7, 2)


def paired(steps):
    """
    Weights [in, out], in steps of their column's scale, as the nearest int8 whose pairs fit. What is too much is taken
    from both sides of a pair alike.
    """
    steps = np.clip(steps, -LARGEST, LARGEST)
    answer = np.rint(steps).astype(np.int8)
    first, second = steps[0:-1:2], steps[1::2]
    excess = np.where(first * second > 0, np.maximum(np.abs(first + second) - LARGEST_SUM, 0), 0)
    answer[0:-1:2] = np.rint(first - np.sign(first) * excess / 2)
    answer[1::2] = beside(answer[0:-1:2], second - np.sign(second) * excess / 2)
    return answer


def beside(first, second):
    """The second rows of pairs, in steps, as the nearest int8 that fits beside the first ones."""
    most = np.where(first * second > 0, LARGEST_SUM - np.abs(first.astype(int)), LARGEST)
    return np.rint(np.clip(second, -most, most)).clip(-LARGEST, LARGEST).astype(np.int8)


def paired_scale(weight, importance=None):
    """
    The scale of each column of a weight [in, out], [out] f32, with which `paired` loses least. `importance`: how much
    the error of each row counts, [in]; all alike when None.
    """
    importance = np.ones(len(weight)) if importance is None else importance
    finest = np.maximum(np.abs(weight).max(axis=0) / LARGEST, 1e-10).astype(np.float32)
    scales = [np.float32(factor) * finest for factor in COARSER]
    errors = [importance @ np.square(weight - paired(weight / scale) * scale) for scale in scales]
    return np.choose(np.argmin(errors, axis=0), scales)
