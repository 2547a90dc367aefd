import dataclasses

import numpy as np
import pytest

import fer_sets

torch = pytest.importorskip("torch")

from howifeel.train import augment  # noqa: E402
from howifeel.train.recipe import Recipe  # noqa: E402

STRONG = Recipe(erase=1.0, blur=1.0, shrink=1.0, noise=1.0, tone=0.5, rotation=20.0)
STILL = Recipe(
    flip=0.0, rotation=0.0, shift=0.0, scale=0.0, squeeze=0.0, erase=0.0, tone=0.0, blur=0.0,
    shrink=0.0, noise=0.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def pictures():
    return torch.from_numpy(fer_sets.faces(per_class=1).images[:, None].astype(np.float32)) / 255


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("side", [24, 32, 48, 64])
def test_faces_keep_their_range_and_get_the_side(pictures, side):
    before = pictures.clone()
    changed = augment.augment(pictures, STRONG, generator(), side)
    assert changed.shape == (len(pictures), 1, side, side)
    assert changed.dtype == torch.float32
    assert 0 <= changed.min() < changed.max() <= 1
    assert torch.equal(pictures, before)


def test_the_same_seed_gives_the_same_faces_and_another_one_others(pictures):
    first, again, other = (
        augment.augment(pictures, STRONG, generator(seed), 48) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_no_amount_changes_nothing(pictures):
    assert torch.allclose(augment.augment(pictures, STILL, generator(), 48), pictures, atol=1e-3)


def test_a_certain_flip_mirrors(pictures):
    flipped = augment.move(pictures, dataclasses.replace(STILL, flip=1.0), generator(), 48)
    assert torch.allclose(flipped, pictures.flip(3), atol=1e-4)


def test_each_change_touches_about_the_chosen_share(pictures):
    many = pictures.repeat(20, 1, 1, 1)
    for change in (augment.blur, augment.add_noise, augment.erase, augment.shrink):
        touched = (change(many, 0.5, generator(3)) != many).flatten(1).any(1).float().mean()
        assert 0.4 < touched < 0.6, change.__name__


def test_blur_and_shrink_lose_detail_and_noise_adds_some(pictures):
    def detail(faces):
        return (faces[..., 1:] - faces[..., :-1]).abs().mean()

    assert detail(augment.blur(pictures, 1.0, generator())) < 0.8 * detail(pictures)
    assert detail(augment.shrink(pictures, 1.0, generator())) < 0.9 * detail(pictures)
    flat = torch.full_like(pictures, 0.5)
    noisy = augment.add_noise(flat, 1.0, generator())
    assert 0.005 < noisy.std() < 0.06


def test_erase_blanks_one_rectangle_of_the_stated_extent(pictures):
    changed = augment.erase(pictures, 1.0, generator()) != pictures
    for mask in changed[:, 0]:
        rows, columns = mask.any(1), mask.any(0)
        assert 6 <= rows.sum() <= 23
        assert 6 <= columns.sum() <= 23
        assert mask.sum() > 0.9 * rows.sum() * columns.sum()


def test_mixup_blends_faces_and_targets_alike(pictures):
    targets = torch.eye(7).repeat(3, 1)
    codes = torch.arange(7.0).view(7, 1, 1, 1).expand(7, 1, 2, 2).repeat(3, 1, 1, 1)
    blended, soft = augment.mixup(codes, targets, 0.7, generator())
    assert torch.allclose(soft.sum(1), torch.ones(21))
    assert torch.allclose(blended[:, 0, 0, 0], soft @ torch.arange(7.0))
    assert (soft.max(1).values >= 0.7 - 1e-6).all()
