import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

import fer_sets

torch = pytest.importorskip("torch")

from howifeel.train import augment, blend, camera  # noqa: E402
from howifeel.train.chance import Chance  # noqa: E402
from howifeel.train.recipe import Recipe  # noqa: E402

STRONG = Recipe(
    erase=1.0, blur=1.0, shrink=1.0, noise=1.0, jpeg=1.0, crop=1.0, tone=0.5, light=0.5,
    rotation=20.0,
)  # fmt: skip
STILL = Recipe(
    flip=0.0, rotation=0.0, shift=0.0, scale=0.0, squeeze=0.0, erase=0.0, tone=0.0, blur=0.0,
    shrink=0.0, noise=0.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def pictures():
    return torch.from_numpy(fer_sets.faces(per_class=1).images[:, None].astype(np.float32)) / 255


def chance(seed=0):
    return Chance(seed, torch.device("cpu"))


@pytest.mark.parametrize("side", [24, 32, 44, 48, 64])
def test_faces_keep_their_range_and_get_the_side(pictures, side):
    before = pictures.clone()
    changed = augment.augment(pictures, STRONG, chance(), side)
    assert changed.shape == (len(pictures), 1, side, side)
    assert changed.dtype == torch.float32
    assert 0 <= changed.min() < changed.max() <= 1
    assert torch.equal(pictures, before)


def test_the_same_seed_gives_the_same_faces_and_another_one_others(pictures):
    first, again, other = (
        augment.augment(pictures, STRONG, chance(seed), 48) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_no_amount_changes_nothing(pictures):
    assert torch.allclose(augment.augment(pictures, STILL, chance(), 48), pictures, atol=1e-3)


def test_a_certain_flip_mirrors(pictures):
    flipped = augment.move(pictures, dataclasses.replace(STILL, flip=1.0), chance(), 48)
    assert torch.allclose(flipped, pictures.flip(3), atol=1e-4)


def test_each_change_touches_about_the_chosen_share(pictures):
    many = pictures.repeat(20, 1, 1, 1)
    for change in (
        camera.blur, camera.add_noise, augment.erase, camera.shrink, camera.compress
    ):  # fmt: skip
        touched = (change(many, 0.5, chance(3)) != many).flatten(1).any(1).float().mean()
        assert 0.4 < touched < 0.6, change.__name__


def test_blur_and_shrink_lose_detail_and_noise_adds_some(pictures):
    def detail(faces):
        return (faces[..., 1:] - faces[..., :-1]).abs().mean()

    assert detail(camera.blur(pictures, 1.0, chance())) < 0.8 * detail(pictures)
    assert detail(camera.shrink(pictures, 1.0, chance())) < 0.9 * detail(pictures)
    flat = torch.full_like(pictures, 0.5)
    noisy = camera.add_noise(flat, 1.0, chance())
    assert 0.005 < noisy.std() < 0.06


def test_erase_blanks_one_rectangle_of_the_stated_extent(pictures):
    changed = augment.erase(pictures, 1.0, chance()) != pictures
    for mask in changed[:, 0]:
        rows, columns = mask.any(1), mask.any(0)
        assert 6 <= rows.sum() <= 23
        assert 6 <= columns.sum() <= 23
        assert mask.sum() > 0.9 * rows.sum() * columns.sum()


def test_mixup_blends_faces_and_targets_alike(pictures):
    targets = torch.eye(7).repeat(3, 1)
    codes = torch.arange(7.0).view(7, 1, 1, 1).expand(7, 1, 2, 2).repeat(3, 1, 1, 1)
    blended, soft = blend.mixup(codes, targets, 0.7, chance())
    assert torch.allclose(soft.sum(1), torch.ones(21))
    assert torch.allclose(blended[:, 0, 0, 0], soft @ torch.arange(7.0))
    assert (soft.max(1).values >= 0.7 - 1e-6).all()


def test_light_brightens_one_side_and_darkens_the_other():
    flat = torch.full((200, 1, 48, 48), 0.5)
    lit = camera.light(flat, 0.5, chance())
    assert torch.allclose(lit.mean((1, 2, 3)), torch.tensor(0.5), atol=1e-3)
    slopes = torch.stack((lit[:, 0, :, -1] - lit[:, 0, :, 0], lit[:, 0, -1] - lit[:, 0, 0]))
    assert (slopes.mean(2).abs() > 0.05).any(0).float().mean() > 0.7
    assert slopes.mean(2).min() < -0.2
    assert slopes.mean(2).max() > 0.2


def test_compression_makes_what_a_jpeg_of_the_same_quality_makes(pictures, monkeypatch):
    quality = 30
    monkeypatch.setattr(camera, "_WORST_QUALITY", quality)
    monkeypatch.setattr(camera, "_BEST_QUALITY", quality)
    certain = chance()
    certain.host = Aligned()
    ours = camera.compress(pictures, 1.0, certain)
    for face, compressed in zip(pictures, ours, strict=True):
        buffer = io.BytesIO()
        Image.fromarray((face[0].numpy() * 255).round().astype(np.uint8)).save(
            buffer, "JPEG", quality=quality
        )
        theirs = np.asarray(Image.open(buffer), np.float32) / 255
        assert np.abs(compressed[0].numpy() - theirs).mean() < 0.012
        assert np.abs(face[0].numpy() - theirs).mean() > 0.02


class Aligned:
    """A grid of blocks that begins at the face's corner."""

    def integers(self, low, high, size):
        return np.zeros(size, int)


def test_a_crop_shows_a_part_of_the_face_and_stays_inside_it():
    ramp = torch.linspace(0, 1, 48).view(1, 1, 1, 48).expand(300, 1, 48, 48)
    cropped = augment.move(ramp, dataclasses.replace(STILL, crop=1.0), chance(), 48)
    shown = cropped[:, 0, 24, -1] - cropped[:, 0, 24, 0]
    assert 0.8 < shown.min() < 0.87
    assert 0.97 < shown.max() <= 1
    assert (cropped[:, 0, 24, 0] > 0.02).float().mean() > 0.4


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_cutmix_pastes_as_much_as_the_targets_say(share):
    targets = torch.eye(7).repeat(3, 1)
    codes = torch.arange(7.0).view(7, 1, 1, 1).expand(7, 1, 24, 24).repeat(3, 1, 1, 1)
    pasted, soft = blend.cutmix(codes, targets, share, chance(2))
    assert torch.allclose(soft.sum(1), torch.ones(21))
    assert torch.allclose(pasted.mean((1, 2, 3)), soft @ torch.arange(7.0), atol=1e-4)
    if share == 1.0:
        assert torch.equal(pasted, codes)
