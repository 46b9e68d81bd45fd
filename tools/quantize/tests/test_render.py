"""The pictures: reproducible, different from seed to seed, and readable shapes."""
from itertools import islice
from random import Random

import numpy as np
import pytest

from reading.picture import line_input, page_input, resize
from render import draw, texts


@pytest.mark.parametrize('kind', draw.KINDS)
def test_a_seed_draws_the_same_pixels_and_another_one_others(kind):
    first, again, other = (list(draw.lines(kind, 4, seed)) for seed in (1, 1, 2))
    assert [text for text, _ in first] == [text for text, _ in again] != [text for text, _ in other]
    assert all((a == b).all() for (_, a), (_, b) in zip(first, again))


@pytest.mark.parametrize('kind', draw.KINDS)
def test_lines_hold_ink_on_paper(kind):
    for text, picture in draw.lines(kind, 20, 3):
        assert text.strip() != ''
        assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3
        assert picture.astype(int).max() - picture.min() > 40


def test_every_glyph_is_in_its_fonts():
    """A font without a glyph draws an empty box, or the same one for all."""
    random = Random(5)
    for kind, (say, faces) in draw.KINDS.items():
        for face in faces:
            missing = bytes(draw.fonts.font(face, 32).getmask('\U0010fffd'))
            for letter in {letter for _ in range(60) for letter in say(random) if letter.strip()}:
                drawn = bytes(draw.fonts.font(face, 32).getmask(letter))
                assert drawn and drawn != missing, f'{kind}: {face[0]} has no {letter}'


def test_pages_come_in_all_kinds_and_again():
    first, again = (list(islice(draw.pages(4, 1), 4)) for _ in range(2))
    assert all((a == b).all() for a, b in zip(first, again))
    assert len({page.shape for page in first}) > 1


def test_the_common_characters_are_those_of_the_standards():
    assert (len(texts.HAN), texts.HAN[0], texts.HAN[-1]) == (3755, '啊', '座')
    assert (len(texts.KANJI), texts.KANJI[0], texts.KANJI[-1]) == (2965, '亜', '腕')


def test_a_line_becomes_48_high_in_bgr_with_grey_to_its_right():
    picture = np.zeros((24, 50, 3), np.uint8)
    picture[:, :, 0] = 255
    data = line_input(picture)
    assert data.shape == (1, 3, 48, 128)
    assert (data[0, 2, :, :100] == 1).all() and (data[0, 0, :, :100] == -1).all() and (data[0, :, :, 100:] == 0).all()


def test_a_page_is_at_most_960_long_in_multiples_of_32():
    assert page_input(np.zeros((2000, 1000, 3), np.uint8)).shape == (1, 3, 960, 480)
    assert page_input(np.zeros((100, 70, 3), np.uint8)).shape == (1, 3, 96, 64)


def test_resizing_is_linear_between_pixels():
    ramp = np.tile(np.array([0, 100], np.uint8)[None, :, None], (1, 1, 3))
    assert resize(ramp, 4, 1)[0, :, 0].tolist() == [0, 25, 75, 100]
