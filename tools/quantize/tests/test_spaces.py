"""What a line's steps say of its spaces."""
import numpy as np
import pytest

from spaces import gaps_of


class Steps:
    """A reader that has read a, b and the space at the given steps, with the given probabilities of the space."""

    characters = ['', 'a', 'b', ' ']

    def __init__(self, classes, space):
        self.answer = np.array(classes), np.array(space, np.float32)

    def steps(self, picture):
        return self.answer


def test_the_blanks_between_two_letters_together_may_be_a_space():
    reader = Steps([1, 0, 0, 2, 0, 1], [0.9, 0.5, 0.5, 0.9, 0.1, 0])
    found = list(gaps_of(reader, 'A ba', None))
    assert [spaced for spaced, _ in found] == [True, False]
    assert [odds for _, odds in found] == pytest.approx([0.75, 0.1])


def test_a_space_that_is_the_best_class_is_certain():
    assert list(gaps_of(Steps([1, 3, 0, 2], [0, 0.6, 0.1, 0]), 'a b', None)) == [(True, 1.0)]


def test_a_line_with_wrong_letters_says_nothing():
    assert list(gaps_of(Steps([1, 0, 2], [0, 0.5, 0]), 'a a', None)) == []
