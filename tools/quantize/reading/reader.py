"""Reads text lines with a recogniser, f32 or int8."""
import time

import numpy as np
import onnxruntime

from reading.picture import line_input


class Reader:
    """`seconds` sums the CPU time of the network alone."""

    def __init__(self, file, dictionary):
        """`file`: an ONNX file, or a model in memory. `dictionary`: a text file, one character a line."""
        self.session = session(file)
        self.feed = self.session.get_inputs()[0].name
        # Some of the characters are white space themselves: split on line feeds only.
        characters = dictionary.read_text('utf8').removesuffix('\n').split('\n')
        # Some files list all classes: the blank, by this word, and the space at the end too.
        if characters[0] == 'blank':
            characters = characters[1 : -1 if characters[-1] == ' ' else None]
        self.characters = ['', *characters, ' ']
        self.seconds = 0.0

    def read(self, picture):
        """The text of a line (height x width x 3, uint8): the best class of each step, repetitions and blanks dropped."""
        classes, _ = self.steps(picture)
        return ''.join(self.characters[classes[at]] for at in letters(classes))

    def steps(self, picture):
        """The best class and the probability of the space, [steps] each; the last class is the space."""
        data = line_input(picture)
        start = time.process_time()
        first, *others = self.session.run(None, {self.feed: data})
        self.seconds += time.process_time() - start
        if first.ndim == 3:
            return first[0].argmax(axis=1), first[0][:, -1]
        return first[0], others[-1][0]


def letters(classes):
    """The steps at which a letter begins."""
    before = np.concatenate([[0], classes[:-1]])
    return np.flatnonzero((classes != 0) & (classes != before))


def answers(model, samples):
    """The first output of a model in memory for each sample, f32."""
    run = session(model.SerializeToString())
    feed = run.get_inputs()[0].name
    return [run.run(None, {feed: sample})[0] for sample in samples]


def session(file):
    """One thread, as the server has it in each of its processes."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    source = file if isinstance(file, bytes) else str(file)
    return onnxruntime.InferenceSession(source, options, providers=['CPUExecutionProvider'])
