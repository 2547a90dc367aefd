import csv
import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import face, moment, reading
from howifeel import emotions, plugins
from howifeel.errors import SettingsError, SourceError
from howifeel.timeline import check_suffix, read, writer_for
from howifeel.timeline.rows import COLUMNS, to_rows
from howifeel.types import Box, Face, Heat, Moment, Reading

TABLES = ("csv", "jsonl", "parquet")
PROMISED = (
    "frame,time_s,track,x0,y0,x1,y1,score,"
    "angry,disgust,fear,happy,sad,surprise,neutral,top,unsure,gap"
)


@st.composite
def readings(draw):
    x, y = draw(st.integers(0, 4000)), draw(st.integers(0, 3000))
    box = Box(x, y, x + draw(st.integers(1, 900)), y + draw(st.integers(1, 900)))
    found = Face(box, draw(st.floats(0, 1)), draw(st.none() | st.integers(1, 2**31 - 1)))
    weights = draw(st.lists(st.floats(1e-6, 1), min_size=7, max_size=7))
    probs = tuple(w / sum(weights) for w in weights)
    return Reading(found, probs, draw(st.sampled_from(emotions.NAMES)), draw(st.booleans()))


@st.composite
def moments(draw, most=6):
    times = draw(st.lists(st.floats(-10, 1e6), max_size=most))
    found = [tuple(draw(st.lists(readings(), max_size=3))) for _ in times]
    reasons = st.sampled_from(("no face", "too small", "blurred"))
    return [
        Moment(index, time_s, of_frame, None if of_frame else draw(reasons))
        for index, (time_s, of_frame) in enumerate(zip(times, found, strict=True))
    ]


def write(path, stream):
    with writer_for(path) as writer:
        for each in stream:
            writer.add(each)
    return path


def same(one, other):
    assert (one.index, one.gap) == (other.index, other.gap)
    assert other.time_s == pytest.approx(one.time_s, abs=1e-6)
    for a, b in zip(one.readings, other.readings, strict=True):
        assert (a.face.box, a.face.track) == (b.face.box, b.face.track)
        assert b.face.score == pytest.approx(a.face.score, abs=1e-4)
        assert b.probs == pytest.approx(a.probs, abs=1e-5)
        assert (a.top, a.unsure) == (b.top, b.unsure)


@pytest.mark.parametrize("suffix", TABLES)
@given(stream=moments())
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_written_is_read_back(tmp_path, suffix, stream):
    again = read(write(tmp_path / f"timeline.{suffix}", stream)).moments
    for one, other in zip(stream, again, strict=True):
        same(one, other)


@given(moments())
def test_each_face_and_each_gap_has_one_row(stream):
    rows = [row for each in stream for row in to_rows(each)]
    assert all(list(row) == list(COLUMNS) for row in rows)
    faces = [row for row in rows if row["gap"] is None]
    gaps = [row for row in rows if row["gap"] is not None]
    assert len(faces) == sum(len(each.readings) for each in stream)
    assert {row["frame"] for row in faces} | {row["frame"] for row in gaps} == set(
        range(len(stream))
    )
    assert len({row["frame"] for row in faces}) + len(gaps) == len(stream)
    for row in gaps:
        assert {name for name, value in row.items() if value is not None} == {
            "frame",
            "time_s",
            "gap",
        }


def test_csv_is_what_the_documentation_says(tmp_path):
    path = write(tmp_path / "a.csv", [moment(0), moment(1, reading("sad", 0.7, unsure=True))])
    assert path.read_bytes().decode("utf-8").split("\r\n") == [
        PROMISED,
        "0,0.000000" + "," * 16 + "no face",
        "1,0.040000,1,10,10,50,50,0.9000,"
        "0.05000,0.05000,0.05000,0.05000,0.70000,0.05000,0.05000,sad,true,",
        "",
    ]


def test_jsonl_has_one_object_per_row_with_null_for_nothing(tmp_path):
    path = write(tmp_path / "a.jsonl", [moment(0, gap="blurred"), moment(1, reading("sad"))])
    gap, row = map(json.loads, path.read_text("utf-8").splitlines())
    assert ",".join(gap) == ",".join(row) == PROMISED
    assert (gap["gap"], gap["top"], gap["unsure"], gap["x0"]) == ("blurred", None, None, None)
    assert (row["gap"], row["top"], row["unsure"], row["x0"]) == (None, "sad", False, 10)


def test_parquet_has_typed_columns_and_row_groups(tmp_path):
    crowd = [reading(of=face(x, track=x + 1)) for x in range(200)]
    path = write(tmp_path / "a.parquet", (moment(n, *crowd) for n in range(250)))
    with pyarrow.parquet.ParquetFile(path) as file:
        assert ",".join(file.schema_arrow.names) == PROMISED
        assert file.schema_arrow.field("unsure").type == "bool"
        assert file.metadata.num_rows == 50_000
        assert file.metadata.num_row_groups == 5


@pytest.mark.parametrize("suffix", TABLES)
def test_an_empty_stream_makes_an_empty_table(tmp_path, suffix):
    assert read(write(tmp_path / f"a.{suffix}", [])).moments == ()


@pytest.mark.parametrize("suffix", TABLES)
@pytest.mark.parametrize(
    "content",
    [
        b"nonsense\n1,2\n",
        b'{"frame": 1}\n',
        b"\xff\xfe\x00",
        b'"frame,time_s\n1,2\n',
        b"f" * 131_073,
    ],
)
def test_other_files_are_refused_in_one_sentence(tmp_path, suffix, content):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="not a complete timeline"):
        read(path)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_an_empty_file_is_not_a_table(tmp_path, suffix):
    (tmp_path / f"a.{suffix}").touch()
    with pytest.raises(SourceError, match="not a complete timeline"):
        read(tmp_path / f"a.{suffix}")


def test_a_table_that_breaks_off_within_a_row_is_refused(tmp_path):
    path = write(tmp_path / "a.csv", [moment(n, reading()) for n in range(3)])
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(SourceError, match="not a complete timeline"):
        read(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"Cannot read the timeline .*nowhere\.csv"):
        read(tmp_path / "nowhere.csv")


def test_subtitles_cannot_be_read_back(tmp_path):
    with pytest.raises(SettingsError, match=r"read a \.csv"):
        read(tmp_path / "a.srt")


@pytest.mark.parametrize("name", ["a.txt", "a", ".csv", "a.csv.gz"])
def test_an_unknown_suffix_is_refused_with_the_choices(tmp_path, name):
    for use in (writer_for, check_suffix, read):
        with pytest.raises(SettingsError, match=r"use \.csv, \.jsonl, \.parquet, \.srt"):
            use(tmp_path / name)


@pytest.mark.parametrize("name", plugins.names("howifeel.timeline.formats"))
def test_each_format_writes_in_any_case_and_leaves_other_files_alone(tmp_path, name):
    path = write(tmp_path / f".howifeel-ab12.part.{name.upper()}", [moment(0, reading())])
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_in_the_middle_comes_through(tmp_path):
    for name in plugins.names("howifeel.timeline.formats"):
        with pytest.raises(ZeroDivisionError), writer_for(tmp_path / f"a.{name}") as writer:
            writer.add(moment(0, reading()))
            1 / 0  # noqa: B018


def test_any_reader_of_csv_sees_the_cells(tmp_path):
    path = write(tmp_path / "a.csv", [moment(0, reading("happy", 0.8), reading("sad", 0.6))])
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(r["frame"], r["top"], float(r["happy"]), r["gap"]) for r in rows] == [
        ("0", "happy", 0.8, ""),
        ("0", "sad", pytest.approx(0.4 / 6, abs=1e-5), ""),
    ]


def test_what_only_pictures_need_is_not_in_a_timeline():
    plain = reading("happy")
    heat = Heat(np.ones((6, 6), np.float32), 0, 0, 48)
    rich = replace(plain, heat=heat, unadjusted=reading("sad"))
    others = (face(100, track=2),), (face(200, track=3),)
    full = Moment(4, 0.16, (rich,), None, *others)
    assert list(to_rows(full)) == list(to_rows(moment(4, plain)))
    gap = Moment(4, 0.16, (), "too small", *others)
    assert list(to_rows(gap)) == list(to_rows(moment(4, gap="too small")))
