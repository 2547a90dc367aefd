"""A timeline as columns of numbers says the same as its moments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import face, moment, reading
from howifeel import emotions, timeline
from howifeel.timeline import Table, TableBuilder
from howifeel.timeline.rows import to_rows
from howifeel.types import Moment

faces = st.lists(
    st.builds(
        lambda top, p, unsure: (top, p, unsure),
        st.sampled_from(emotions.NAMES), st.floats(0.3, 1), st.booleans(),
    ),
    max_size=3,
)  # fmt: skip
streams = st.lists(st.tuples(st.floats(0.001, 9), faces), max_size=12).map(
    lambda parts: [
        Moment(
            n,
            float(np.cumsum([step for step, _ in parts])[n]),
            tuple(
                reading(top, p, of=face(10 * t, track=t), unsure=unsure)
                for t, (top, p, unsure) in enumerate(found)
            ),
            None if found else "no face",
        )
        for n, (_, found) in enumerate(parts)
    ]
)


def rows(moments):
    return [row for each in moments for row in to_rows(each)]


@settings(deadline=None)
@given(streams)
def test_moments_survive(stream):
    table = Table.of(stream)
    assert rows(table.moments()) == rows(stream)
    assert rows(Table.from_arrow(table.to_arrow()).moments()) == rows(stream)
    assert (table.frames, len(table)) == (len(stream), len(rows(stream)))


@settings(deadline=None)
@given(streams)
def test_a_deleted_face_is_nowhere_and_no_frame_is_lost(stream):
    table = Table.of(stream)
    without = table.without_track(0)
    expected = [
        Moment(
            each.index,
            each.time_s,
            left := tuple(r for r in each.readings if r.face.track != 0),
            None if left else each.gap or "deleted",
        )
        for each in stream
    ]
    assert rows(without.moments()) == rows(expected)


def test_moments_are_collected_in_parts():
    builder = TableBuilder()
    stream = [moment(n, reading("happy" if n % 2 else "sad")) for n in range(2500)]
    for n, each in enumerate(stream):
        builder.add(each)
        if n == 1200:
            assert builder.table().frames == 1201
    assert rows(builder.table().moments()) == rows(stream)


def test_columns():
    happy, unsure = reading("happy", of=face(track=4)), reading("sad", 0.35, unsure=True)
    table = Table.of([moment(0, happy, unsure), moment(1, gap="blurred")])
    assert table.track.tolist() == [4, 1, -1]
    assert table.tracks == (1, 4)
    assert [emotions.NAMES[top] for top in table.top[:2]] == ["happy", "sad"]
    assert table.unsure.tolist() == [False, True, False]
    assert [timeline.table.GAPS[gap] if gap >= 0 else None for gap in table.gap] == [
        None, None, "blurred",
    ]  # fmt: skip
    assert table.probs[0] == pytest.approx(happy.probs, abs=1e-5)
    assert np.isnan(table.probs[2]).all()
    assert table.box[0].tolist() == [10, 10, 50, 50]


def test_a_frame_lasts_until_the_next_but_not_over_a_pause():
    stream = [Moment(n, t, gap="no face") for n, t in enumerate([0, 1, 2, 3, 60, 61])]
    table = Table.of(stream)
    assert table.lasts_s.tolist() == [1, 1, 1, 5, 1, 1]
    assert (table.start_s, table.end_s) == (0, 62)


def test_a_part_is_cut_out_by_time():
    table = Table.of([moment(n, reading()) for n in range(100)])
    part = table.between(1.0, 2.0)
    assert (part.start_s, part.frames) == (1.0, 25)
    assert part.end_s == pytest.approx(2.0)
    assert table.between(90, 99).frames == 0


def test_no_frame_is_no_problem():
    table = Table.of([])
    assert (len(table), table.frames, table.tracks, table.end_s) == (0, 0, (), 0)
    assert list(table.moments()) == []


def test_time_that_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="backwards"):
        Table.of([moment(1), moment(0)])


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_every_format_is_read_as_a_table(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    stream = [moment(0, reading()), moment(1), moment(2, reading("sad"), reading(of=face(track=2)))]
    with timeline.writer_for(path) as writer:
        for each in stream:
            writer.add(each)
    assert rows(timeline.read_table(path).moments()) == rows(stream)
