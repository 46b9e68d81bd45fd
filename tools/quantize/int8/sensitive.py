"""Which convolutions of a detector int8 harms most."""
import numpy as np

from int8.conv_qdq import conv_qdq, inner_convolutions
from reading.reader import answers

# Mean absolute difference of the map, which is 0 to 1, that one convolution alone may make. When the 1x1
# convolutions were judged here too, the worst of PP-OCRv6 small made 0.0006; in PP-OCRv4 mobile one made 0.0090 and one
# 0.0012, in PP-OCRv5 mobile five made 0.0011 to 0.0028.
MOST_DIFFERENCE = 0.001


def sensitive(model, samples):
    """Names of the convolutions that `conv_qdq` should leave in f32. `samples`: a list of inputs of the model, f32."""
    names = inner_convolutions(model)
    wanted = answers(model, samples)
    found = []
    for name in names:
        alone = conv_qdq(model, samples, [other for other in names if other != name])
        differences = [np.abs(after - before).mean() for after, before in zip(answers(alone, samples), wanted)]
        if np.mean(differences) > MOST_DIFFERENCE:
            found.append(name)
    return found
