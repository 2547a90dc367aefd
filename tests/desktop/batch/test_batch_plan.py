"""Names and places of what a batch writes."""

from pathlib import Path

import pytest

from howifeel.desktop.batch.plan import Outputs, jobs_for, table_of
from howifeel.errors import SettingsError
from howifeel.jobs import Found


def found(*paths):
    return [Found(str(path), Path(path).stem) for path in paths]


def names(jobs):
    return [sorted(path.name for path in job.targets) if job else None for job in jobs]


def test_results_lie_beside_each_file(tmp_path):
    a, b = tmp_path / "x" / "a.mp4", tmp_path / "y" / "a.mp4"
    jobs = jobs_for(found(a, b), Outputs())
    assert [job.annotated for job in jobs] == [
        a.with_name("a-annotated.mp4"), b.with_name("a-annotated.mp4"),
    ]  # fmt: skip
    assert [job.timeline for job in jobs] == [a.with_suffix(".csv"), b.with_suffix(".csv")]


def test_same_names_stay_apart_in_one_folder(tmp_path):
    jobs = jobs_for(found("x/a.mp4", "y/a.mov"), Outputs(annotated=False, folder=tmp_path))
    assert names(jobs) == [["a-mp4.csv", "a-mp4.csv.json"], ["a-mov.csv", "a-mov.csv.json"]]


def test_order_is_that_of_the_files_whatever_their_folders(tmp_path):
    files = found("x/a.mp4", "y/b.mp4", "x/c.mp4")
    assert [job.source for job in jobs_for(files, Outputs())] == [f.spec for f in files]


@pytest.mark.parametrize(
    ("when", "expected", "force"),
    [
        ("both", ["a-2.csv", "a-2.csv.json"], False),
        ("replace", ["a.csv", "a.csv.json"], True),
        (None, ["a.csv", "a.csv.json"], False),
    ],
)
def test_what_exists(tmp_path, when, expected, force):
    (tmp_path / "a.csv").touch()
    jobs = jobs_for(found("a.mp4"), Outputs(annotated=False, folder=tmp_path), when)
    assert names(jobs) == [expected]
    assert jobs[0].force is force


def test_what_exists_can_be_left_out(tmp_path):
    (tmp_path / "a.csv").touch()
    jobs = jobs_for(found("a.mp4", "b.mp4"), Outputs(folder=tmp_path), "skip")
    assert jobs[0] is None and jobs[1] is not None


@pytest.mark.parametrize("when", ["both", "replace", "skip"])
def test_a_later_file_never_takes_the_name_of_an_earlier_result(tmp_path, when):
    outputs = Outputs(folder=tmp_path)
    (first,) = jobs_for(found("x/a.mp4"), outputs, when)
    for target in first.targets:
        target.touch()
    (later,) = jobs_for(found("y/a.mp4"), outputs, when, first.targets)
    assert not set(first.targets) & set(later.targets)


def test_a_report_lies_beside_the_table(tmp_path):
    (job,) = jobs_for(found("a.mp4"), Outputs(annotated=False, table="", report=True), "both")
    assert [path.name for path in job.targets] == ["a.html"]


def test_nothing_to_write_is_refused():
    with pytest.raises(SettingsError, match="Nothing to write"):
        jobs_for(found("a.mp4"), Outputs(annotated=False, table=""))


def test_a_picture_beside_itself_is_not_overwritten(tmp_path):
    with pytest.raises(SettingsError, match="read and written"):
        jobs_for(found(tmp_path / "a.mp4", tmp_path / "a-annotated.mp4"), Outputs())


def test_outputs_are_remembered():
    outputs = Outputs(False, "parquet", True, ("blur",), Path("/films"))
    assert Outputs.from_dict(outputs.as_dict()) == outputs
    assert Outputs.from_dict({}) == Outputs()
    assert Outputs.from_dict({"table": "doc", "overlays": ["gone"], "folder": 3}) == Outputs(
        overlays=()
    )


def test_subtitles_cannot_be_reviewed():
    assert table_of([Path("a.mp4"), Path("a.srt")]) is None
    assert table_of([Path("a.mp4"), Path("a.csv"), Path("a.csv.json")]) == Path("a.csv")
