"""How one product x W becomes int8 with the least error on the rows that calibration saw."""
from typing import NamedTuple

import numpy as np

from int8.paired_weight import beside, paired, paired_scale

# Shares of the values, in percent, that may lie outside the range at each end. 0 is the range of all that was seen.
# A few outliers would make every step coarser; how many to give up differs from layer to layer.
CLIPPED = (0, 0.0005, 0.002, 0.005, 0.02, 0.05)

# Added to the diagonal of the second moments, as a share of its mean: GPTQ's own value.
DAMPING = 0.01


# How far the channels of x are evened out: 1 gives all the same largest value, and leaves the weights uneven instead.
EVENNESS = (0.5, 0.75, 1)

# Of the channels' values, in percent, that count as their largest: a single one may be an outlier.
LARGEST_AT = 99.9


class Fit(NamedTuple):
    """
    Range of x; W as int8 [in, out] with a scale a column, [out]; what to add to the result, [out]; the error that is left,
    as a share of how much the result varies (root mean square); and the factors of the channels of x, [in], by which x is
    multiplied before it is rounded, or None.
    """

    lowest: float
    highest: float
    weight: np.ndarray
    scale: np.ndarray
    shift: np.ndarray
    error: float
    factors: np.ndarray | None = None


def evened_fit(seen, weight):
    """
    The Fit with the least error of those that even out the channels of x, which cost a pass over x: the factors of the
    channels are inverse in the weight's rows (SmoothQuant, Xiao et al., 2023).
    """
    largest = np.percentile(np.abs(seen.rows), LARGEST_AT, axis=0)
    largest = np.maximum(largest, largest.max() * 1e-3)
    fits = []
    for evenness in EVENNESS:
        factors = (largest**-evenness).astype(np.float32)
        factors /= factors.max()
        rows = seen.rows * factors
        evened = seen._replace(lowest=float(rows.min()), highest=float(rows.max()), rows=rows)
        fits.append(fit(evened, weight / factors[:, None])._replace(factors=factors))
    return min(fits, key=lambda it: it.error)


def fit(seen, weight):
    """The Fit of a product of `seen` (calibrate.Activations) with `weight`, [in, out] f32."""
    wanted = seen.rows @ weight
    lowest, highest = best_range(seen, weight, wanted)
    rounded = round_activations(seen.rows, lowest, highest)
    int8, scale = rounded_weight(weight, rounded)
    left = wanted - rounded @ (int8 * scale)
    shift = left.mean(axis=0).astype(np.float32)
    error = float(np.sqrt(np.square(left - shift).sum() / np.square(wanted - wanted.mean(axis=0)).sum()))
    return Fit(lowest, highest, int8, scale, shift, error)


def best_range(seen, weight, wanted):
    """The range that brings the product closest to `wanted`."""
    errors = []
    for clipped in CLIPPED:
        lowest, highest = (seen.lowest, seen.highest) if clipped == 0 else ends(seen.rows, clipped)
        error = np.square(round_activations(seen.rows, lowest, highest) @ weight - wanted).sum(dtype=np.float64)
        errors.append((error, lowest, highest))
    return min(errors)[1:]


def ends(values, clipped):
    """The smallest and the largest value when `clipped` percent are left out at each end."""
    flat = values.ravel()
    out = int(flat.size * clipped / 100)
    parts = np.partition(flat, (out, flat.size - 1 - out))
    return float(parts[out]), float(parts[flat.size - 1 - out])


def round_activations(values, lowest, highest):
    """The values as int8 arithmetic sees them, f32."""
    scale, zero = activation_uint8(lowest, highest)
    zero = np.float32(zero)
    return (np.clip(np.rint(values / scale) + zero, 0, 255) - zero) * scale


def activation_uint8(lowest, highest):
    """Scale (f32) and zero point (uint8), both scalars, that spread a range (widened to hold 0) over 0 to 255."""
    lowest, highest = min(0.0, float(lowest)), max(0.0, float(highest))
    scale = np.float32(max((highest - lowest) / 255, 1e-10))
    return np.array(scale, np.float32), np.array(np.clip(round(-lowest / float(scale)), 0, 255), np.uint8)


def rounded_weight(weight, rows):
    """
    [in, out] f32 as int8 whose pairs fit (paired_weight.py), and the scale of each column, [out] f32. Each row's rounding
    error is made good by the rows that follow it, as far as the activations go together: GPTQ (Frantar et al., 2022,
    algorithm 1, without blocks). `rows`: what the weight is multiplied with, [rows, in].
    """
    moments = rows.astype(np.float64).T @ rows.astype(np.float64)
    scale = paired_scale(weight, np.diag(moments))
    moments[np.diag_indices_from(moments)] += DAMPING * np.trace(moments) / len(moments) + 1e-9
    upper = np.linalg.cholesky(np.linalg.inv(moments)).T
    left = weight.astype(np.float64)
    answer = np.empty(weight.shape, np.int8)
    for row in range(len(left)):
        # A row's partner: the one behind it has yet to be rounded, the one before it has been.
        answer[row] = paired(left[row : row + 2] / scale)[0] if row % 2 == 0 else beside(answer[row - 1], left[row] / scale)
        error = (left[row] - answer[row] * scale.astype(np.float64)) / upper[row, row]
        left[row + 1 :] -= np.outer(upper[row, row + 1 :], error)
    return answer, scale
