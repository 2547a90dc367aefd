import dataclasses

import numpy as np
import pytest

import fer_sets
from howifeel import emotions
from howifeel.train.data import PRIVATE, PUBLIC, TEST, TRAINING, VOTES, DataError, FaceSet
from howifeel.train.duplicates import RULES, clean_training, near_copies
from howifeel.train.ferplus import agreement, check_votes, distribution
from howifeel.train.protocol import soft_targets, split
from howifeel.train.recipe import Recipe


def joined(*parts):
    return FaceSet(
        np.concatenate([p.images for p in parts]),
        np.concatenate([p.labels for p in parts]),
        np.concatenate([p.usage for p in parts]),
    )


def relabelled(data, label=None, usage=None):
    labels = data.labels if label is None else np.full(len(data), label)
    usages = data.usage if usage is None else np.full(len(data), usage)
    return FaceSet(data.images, labels, usages)


def test_copies_of_test_pictures_leave_training():
    data = fer_sets.faces()
    public, private = data.part(PUBLIC), data.part(PRIVATE)
    brighter = FaceSet(
        np.clip(public.images[:3].astype(int) + 4, 0, 255).astype(np.uint8),
        public.labels[:3],
        public.usage[:3],
    )
    leaked = joined(
        data,
        relabelled(public.where(np.arange(3, 5)), usage=TRAINING),
        relabelled(private.where(np.arange(2)), usage=TRAINING),
        relabelled(brighter, usage=TRAINING),
    )
    cleaned, counts = clean_training(leaked)
    assert fer_sets.same(cleaned, data.part(TRAINING))
    assert (counts.test_exact, counts.test_near, counts.repeated) == (4, 3, 0)
    assert counts.before - counts.after == 7


def photograph(seed):
    """Smooth shades as faces have them, 60x60, so that cuts a pixel aside look alike."""
    generator = np.random.default_rng(seed)
    rough = generator.normal(0, 1, (60, 60))
    waves = np.fft.fftfreq(60)
    falloff = 1 / (3e-3 + waves[:, None] ** 2 + waves**2)
    smooth = np.fft.ifft2(np.fft.fft2(rough) * falloff).real
    return (128 + 45 * smooth / smooth.std()).clip(0, 255).astype(np.uint8)


def test_other_cuts_of_a_photograph_are_copies_by_the_wide_rule_only():
    photographs = [photograph(seed) for seed in range(12)]
    cuts = np.stack([each[5:53, 5:53] for each in photographs])
    aside = np.stack([each[6:54, 5:53] for each in photographs])
    others = np.stack([photograph(seed)[5:53, 5:53] for seed in range(50, 62)])
    found = {name: near_copies(aside, cuts, rule)[1].sum() for name, rule in RULES.items()}
    assert found["wide"] >= 10
    assert found["narrow"] < found["wide"]
    assert not near_copies(others, cuts, RULES["wide"])[1].any()


def test_a_recipe_says_what_a_copy_is():
    data = fer_sets.faces()
    public = np.stack([photograph(seed)[5:53, 5:53] for seed in range(7)])
    aside = np.stack([photograph(seed)[6:54, 5:53] for seed in range(7)])
    labels = np.arange(7)
    leaked = joined(
        data,
        FaceSet(public, labels, np.full(7, PUBLIC)),
        FaceSet(aside, labels, np.full(7, TRAINING)),
    )
    kept = {name: len(split(leaked, Recipe(copies=name)).fit) for name in RULES}
    assert kept["wide"] < kept["narrow"] <= 35


def test_different_faces_of_one_expression_are_no_copies():
    exact, near = near_copies(fer_sets.faces(seed=1).images, fer_sets.faces(seed=2).images)
    assert not exact.any()
    assert not near.any()


def test_copies_inside_training_keep_one_with_the_majority_label():
    data = fer_sets.faces(usages=(TRAINING,))
    twin = data.where(np.array([0]))  # label 0
    majority = joined(data, relabelled(twin, label=3), relabelled(twin, label=3))
    cleaned, counts = clean_training(majority)
    assert counts.repeated == 2
    assert len(cleaned) == len(data)
    assert cleaned.labels[0] == 3

    tie = joined(data, relabelled(twin, label=3))
    cleaned, counts = clean_training(tie)
    assert (counts.repeated, counts.contradicting) == (0, 2)
    assert fer_sets.same(cleaned, data.where(np.arange(1, len(data))))


def test_labels_of_private_test_change_nothing():
    data = fer_sets.faces()
    garbage = FaceSet(
        data.images, np.where(data.usage == PRIVATE, 6 - data.labels, data.labels), data.usage
    )
    assert not np.array_equal(garbage.labels, data.labels)
    honest, fooled = split(data, Recipe()), split(garbage, Recipe())
    assert honest.fingerprint() == fooled.fingerprint()
    assert honest.choose_name == PUBLIC
    assert set(honest.fit.usage) == {TRAINING}
    assert set(honest.choose.usage) == {PUBLIC}


def test_keep_duplicates_keeps_all_of_training():
    data = fer_sets.faces()
    leaked = joined(data, relabelled(data.part(PUBLIC), usage=TRAINING))
    kept = split(leaked, Recipe(keep_duplicates=True))
    assert (len(kept.fit), kept.cleaning) == (56, None)
    assert len(split(leaked, Recipe()).fit) == 28


def test_without_public_test_a_part_of_training_is_held_out():
    data = fer_sets.faces(per_class=10, usages=(TRAINING, TEST))
    parts = split(data, Recipe(held_out=0.2))
    assert "held out" in parts.choose_name
    assert (len(parts.fit), len(parts.choose)) == (56, 14)
    assert set(parts.choose.usage) == {TRAINING}
    assert np.bincount(parts.choose.labels).tolist() == [2] * 7
    assert not near_copies(parts.choose.images, parts.fit.images)[0].any()


def test_what_is_held_out_is_the_same_for_every_seed():
    data = fer_sets.faces(per_class=10, usages=(TRAINING, TEST))
    first, second = (split(data, Recipe(seed=seed)) for seed in (1, 2))
    assert first.fingerprint() == second.fingerprint()


def test_copies_of_what_is_held_out_leave_training():
    photographs = [photograph(seed) for seed in range(70)]
    labels, usage = np.arange(70) % 7, np.full(70, TRAINING)
    cuts, aside = (
        FaceSet(np.stack([p[top : top + 48, 5:53] for p in photographs]), labels, usage)
        for top in (5, 6)
    )
    data = joined(cuts, aside)
    parts = split(data, Recipe(held_out=0.2, copies="wide"))
    assert not near_copies(parts.fit.images, parts.choose.images)[1].any()
    counts = parts.cleaning
    assert counts.held_out == len(parts.choose) == 28
    assert counts.held_out_near > 5
    assert counts.before == 140
    removed = counts.test_exact + counts.test_near + counts.repeated + counts.contradicting
    assert counts.before - removed - counts.held_out - counts.held_out_near == len(parts.fit)
    assert counts.after == len(parts.fit)
    kept = split(data, Recipe(held_out=0.2, keep_duplicates=True))
    assert near_copies(kept.fit.images, kept.choose.images)[1].any()


def test_data_without_training_is_refused():
    with pytest.raises(DataError, match="no Training"):
        split(fer_sets.faces(usages=(PUBLIC,)), Recipe())


def test_votes_become_distributions_in_our_order():
    votes = np.zeros((3, len(VOTES)), np.uint8)
    votes[0, [VOTES.index("happiness"), VOTES.index("sadness")]] = 6, 2
    votes[1, VOTES.index("contempt")] = 10
    votes[2, [VOTES.index("anger"), VOTES.index("unknown")]] = 1, 9
    by_votes = distribution(votes)
    assert by_votes[0, emotions.NAMES.index("happy")] == 0.75
    assert by_votes[0, emotions.NAMES.index("sad")] == 0.25
    assert by_votes[1].sum() == 0
    assert by_votes[2, emotions.NAMES.index("angry")] == 1


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_targets_are_distributions_that_hold_the_label_or_the_votes(share):
    data = fer_sets.faces(votes=True)
    targets = soft_targets(data, Recipe(votes=share, label_smoothing=0.1))
    assert np.allclose(targets.sum(1), 1)
    hard = (1 - 0.1) + 0.1 / 7
    angry = 0
    assert targets[angry, 0] == pytest.approx((1 - share) * hard + share * 0.8)
    assert targets[angry, 6] == pytest.approx((1 - share) * 0.1 / 7 + share * 0.2)


def test_votes_of_other_pictures_are_refused():
    data = fer_sets.faces(votes=True)
    check_votes(data)
    assert agreement(data) == 1
    shifted = dataclasses.replace(data, votes=np.roll(data.votes, 9, axis=0))
    with pytest.raises(DataError, match="belong to other pictures"):
        split(shifted, Recipe(votes=0.3))
    with pytest.raises(DataError, match="no FER"):
        split(fer_sets.faces(), Recipe(votes=0.3))
    assert len(split(shifted, Recipe()).fit) == 28
