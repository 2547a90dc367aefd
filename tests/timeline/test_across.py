"""Several timelines counted together, and several people on average."""

import numpy as np
import pytest

from builders import face, moment, reading
from howifeel import emotions
from howifeel.timeline import Table
from howifeel.timeline.across import LEAST_PEOPLE, across
from howifeel.timeline.statistics import statistics, together


def shown(share, frames=2500):
    """A face that looks happy for a share of the time, in turns of a second, and else sad."""
    draw = np.random.default_rng(int(1000 * share))
    happy = np.repeat(draw.random(frames // 25) < share, 25)
    return Table.of(moment(n, reading("happy" if h else "sad")) for n, h in enumerate(happy))


def test_one_face_together_is_the_face_by_itself():
    table = shown(0.4)
    (face_alone,) = statistics(table).faces
    looks = together([table])
    assert looks.shares == face_alone.shares
    assert looks.unsure == face_alone.unsure
    assert looks.read_s == face_alone.read_s


def test_films_count_by_how_long_they_were_read():
    long, short = ([moment(n, reading(top)) for n in range(size)] for top, size in
                   (("happy", 3000), ("sad", 1000)))  # fmt: skip
    looks = together([Table.of(long), Table.of(short)])
    assert looks.shares["happy"].value == pytest.approx(0.75)
    assert looks.read_s == pytest.approx(160)
    assert looks.shares["happy"].low < 0.75 < looks.shares["happy"].high


def test_two_faces_at_once_count_both():
    both = [reading("happy", of=face(track=1)), reading("sad", of=face(99, track=2))]
    looks = together([Table.of(moment(n, *both) for n in range(100))])
    assert looks.shares["happy"].value == pytest.approx(0.5)
    assert looks.read_s == pytest.approx(8)


def test_where_nothing_was_read_there_is_nothing_to_tell():
    assert together([]) is None
    assert together([Table.of(moment(n) for n in range(9)), Table.of([])]) is None


def test_each_person_counts_the_same():
    people = [together([shown(0.0, 250)]), together([shown(1.0, 25_000)])]
    mean = across(people)
    assert mean.shares["happy"].value == pytest.approx(0.5)
    assert sum(e.value for e in mean.shares.values()) + mean.unsure.value == pytest.approx(1)
    assert list(mean.shares) == list(emotions.NAMES)


def test_few_people_get_no_interval():
    people = [together([shown(n / 20)]) for n in range(LEAST_PEOPLE)]
    assert across(people[:-1]).shares["happy"].low is None
    estimate = across(people).shares["happy"]
    assert 0 <= estimate.low < estimate.value < estimate.high <= 1
    with pytest.raises(ValueError, match="at least one"):
        across([])


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """Shares of 12 people around 0.4, drawn 200 times."""
    draw, hits = np.random.default_rng(0), 0
    template = together([shown(0.5, 250)])
    for _ in range(200):
        people = [with_happy(template, share) for share in draw.beta(4, 6, 12)]
        estimate = across(people).shares["happy"]
        hits += estimate.low <= 0.4 <= estimate.high
    assert 0.88 <= hits / 200 <= 0.99


def with_happy(looks, share):
    from dataclasses import replace

    from howifeel.timeline.statistics import Estimate

    return replace(looks, shares={**looks.shares, "happy": Estimate(float(share))})
