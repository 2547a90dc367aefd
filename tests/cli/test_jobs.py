from pathlib import Path

import pytest

from howifeel.cli.jobs import jobs, sources
from howifeel.errors import SettingsError
from howifeel.jobs import Found


def plan(found, out=None, table=None, report=None):
    return jobs(found, out, table, report)


def test_nothing_is_written_twice():
    with pytest.raises(SettingsError, match="written twice"):
        plan([Found("a.mp4", "same"), Found("b.mp4", "same")], "{name}.mp4")


def test_camera_needs_live():
    with pytest.raises(SettingsError, match="--live"):
        sources(["0"], live=False)
    assert [each.spec for each in sources(["0"], live=True)] == ["0"]


def test_one_file_to_one_file():
    (job,) = plan(sources(["talk.mp4"], live=False), "out.mp4", "out.csv")
    assert (job.annotated, job.timeline) == (Path("out.mp4"), Path("out.csv"))


def test_into_a_folder(tmp_path):
    found = sources(["a.mp4", "b.wmv", "c.png"], live=False)
    made = plan(found, str(tmp_path), str(tmp_path / "{name}.csv"))
    assert [job.annotated.name for job in made] == [
        "a-annotated.mp4", "b-annotated.mp4", "c-annotated.png",
    ]  # fmt: skip
    assert [job.timeline.name for job in made] == ["a.csv", "b.csv", "c.csv"]


def test_each_source_gets_its_report():
    made = plan(sources(["a.mp4", "b.mp4"], live=False), None, None, "{name}.html")
    assert [job.targets for job in made] == [(Path("a.html"),), (Path("b.html"),)]


@pytest.mark.parametrize(
    ("out", "table", "message"),
    [
        (None, None, "Nothing to write"),
        ("one.mp4", None, "Several sources need --out"),
        (None, "one.csv", "Several sources need --timeline"),
        (None, "{name}.doc", "csv"),
    ],
)
def test_impossible_plans(out, table, message):
    with pytest.raises(SettingsError, match=message):
        plan(sources(["a.mp4", "b.mp4"], live=False), out, table)


@pytest.mark.parametrize(
    ("source", "out"),
    [("a.mp4", "a.txt"), ("a.jpg", "b.mp4"), ("a.mp4", "b.png"), ("a.mp4", "b")],
)
def test_unsuitable_suffix(source, out):
    with pytest.raises(SettingsError, match="--out"):
        plan(sources([source], live=False), out)
