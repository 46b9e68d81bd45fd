"""
CPU time of models relative to the first of them. All run in turn on one input of noise, in one thread. Noise has no blanks,
so what int8/blank_steps.py saves shows only in quality.py.

    python tools/quantize/cost.py HEIGHT WIDTH MODEL...
"""
import sys
import time

import numpy as np

from reading.reader import session

RUNS = 15


def main():
    height, width = map(int, sys.argv[1:3])
    files = sys.argv[3:]
    sample = np.random.default_rng(0).uniform(-1, 1, (1, 3, height, width)).astype(np.float32)
    sessions = [session(file) for file in files]
    answers = [run(it, sample) for it in sessions]
    seconds = [[timed(it, sample) for it in sessions] for _ in range(RUNS)]
    medians = np.median(seconds, axis=0)
    for file, answer, median in zip(files, answers, medians):
        apart = f'{np.abs(answer - answers[0]).max():.0e}' if answer.shape == answers[0].shape else 'another output'
        print(f'{file}  {median:.4f} CPU-s, to the first {median / medians[0]:.3f}, largest difference {apart}')


def run(it, sample):
    return it.run(None, {it.get_inputs()[0].name: sample})[0]


def timed(it, sample):
    start = time.process_time()
    run(it, sample)
    return time.process_time() - start


if __name__ == '__main__':
    main()
