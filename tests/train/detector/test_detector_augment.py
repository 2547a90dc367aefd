import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from howifeel.train.detector.augment import SampleMaker
from howifeel.train.detector.picture import Picture
from howifeel.train.detector.strengths import Augment

PORTRAIT = Picture(
    np.random.default_rng(0).integers(0, 256, (150, 200, 3)).astype(np.uint8),
    np.array([[67, 45, 133, 105]], np.float32),
)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_samples_have_the_right_size_and_boxes_inside(seed):
    picture = PORTRAIT
    how = Augment(mosaic=0.5, degrade=0.5)
    rng = np.random.default_rng(seed)
    sample = SampleMaker(lambda *_: picture, 128, 64, how).make(rng)
    assert sample.image.shape == (64, 128, 3)
    assert sample.image.dtype == np.uint8
    for boxes in (sample.faces, sample.ignored):
        assert (boxes >= 0).all()
        assert (boxes <= [128, 64, 128, 64]).all()
        assert (boxes[:, 2:] > boxes[:, :2]).all()


def test_the_same_seed_gives_the_same_sample():
    picture = PORTRAIT
    maker = SampleMaker(lambda *_: picture, 128, 128, Augment())
    one, two = (maker.make(np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one.image, two.image)
    np.testing.assert_array_equal(one.faces, two.faces)


def test_areas_that_show_a_picture_without_a_face_are_known_in_a_mosaic():
    blue, black = np.full((60, 80, 3), (255, 0, 0), np.uint8), np.zeros((60, 80, 3), np.uint8)
    face = np.array([[20, 10, 60, 50]], np.float32)

    def draw(rng, negatives):
        return Picture(blue, face[:0]) if rng.random() < 0.5 else Picture(black, face)

    plain = Augment(mosaic=1, grey=0, hue_saturation=0, tone=0, degrade=0, rotate=0)
    partly = 0
    for seed in range(20):
        sample = SampleMaker(draw, 160, 128, plain).make(np.random.default_rng(seed))
        known = np.zeros((128, 160), bool)
        for x0, y0, x1, y1 in sample.empty.astype(int):
            known[y0:y1, x0:x1] = True
        seen = (sample.image[..., 0] == 255) & (sample.image[..., 1] == 0)
        assert not (seen & ~known).any()
        partly += len(sample.empty) > 0 and len(sample.faces) > 0
    assert partly


def test_a_bare_sample_shows_a_part_of_a_photo_without_its_face():
    how = Augment(bare=1, rotate=0)
    maker = SampleMaker(lambda *_: PORTRAIT, 128, 128, how)
    samples = [maker.make(np.random.default_rng(seed)) for seed in range(30)]
    bare = [sample for sample in samples if not len(sample.faces) and not len(sample.ignored)]
    assert len(bare) > 10
    assert all(np.ptp(sample.image) > 0 for sample in bare)
    hidden = Picture(PORTRAIT.image, np.array([[0, 0, 200, 150]], np.float32))
    maker = SampleMaker(lambda *_: hidden, 128, 128, how)
    everywhere = maker.make(np.random.default_rng(0))
    assert len(everywhere.faces) + len(everywhere.ignored)
