import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from howifeel.annotate import Job
from howifeel.batch import plan
from howifeel.batch.plan import Basis
from howifeel.jobs import Found, find
from howifeel.types import Provenance

BASIS = Basis("settings", "model", "detector", "1")
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
ORIGIN = Provenance(
    source="", model="m.onnx", model_sha256="m", detector="d", detector_sha256=None, device="cpu",
    settings={"model": "m", "device": "cpu", "threads": 1, "hold": 0.1}, version="1",
)  # fmt: skip


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "films" / "a.mp4"
    path.parent.mkdir()
    path.write_text("film")
    return path


@pytest.fixture
def compare(film, tmp_path):
    """Plans the film, of which the manifest has this row, and gives back the piece."""

    def compare(known=(), *, tries=3, force=False):
        job = Job(str(film), tmp_path / "out" / "a.mp4", tmp_path / "out" / "a.csv")
        found = find([str(film.parent)])
        (piece,) = plan.plan(found, [job], known, tmp_path / "out", BASIS, tries=tries, force=force)
        return piece

    return compare


def write_outputs(tmp_path, *names):
    (tmp_path / "out").mkdir(exist_ok=True)
    for name in names:
        (tmp_path / "out" / name).write_text("output")


EVERY = ("a.mp4", "a.csv", "a.csv.json")
DONE = {"state": "done", "started": BEGUN, "wrote": EVERY}


def test_a_new_source_waits(compare, film):
    piece = compare()
    assert piece.job is not None
    assert not piece.job.force
    assert piece.entry.wrote == ()
    assert piece.entry.state == "waiting"
    assert piece.entry.outputs == EVERY
    assert piece.entry.size == 4
    assert piece.entry.modified.timestamp() == pytest.approx(film.stat().st_mtime, abs=1e-5)


def test_what_is_done_stays_done(compare, tmp_path):
    done = replace(compare().entry, **DONE, tries=2)
    write_outputs(tmp_path, *EVERY)
    assert compare([done]) == plan.Piece(done)


@pytest.mark.parametrize(
    "change",
    [
        {"size": 5},
        {"modified": datetime(2020, 1, 1, tzinfo=UTC)},
        {"settings_sha256": "other"},
        {"model_sha256": "other"},
        {"detector_sha256": "other"},
        {"outputs": (*EVERY, "a.html")},
        {"state": "failed"},
    ],
)
def test_what_is_obsolete_is_done_anew_over_its_old_outputs(compare, tmp_path, change):
    done = replace(compare().entry, **DONE, tries=2)
    write_outputs(tmp_path, *EVERY)
    piece = compare([replace(done, **change)])
    assert piece.job
    assert (piece.entry.state, piece.entry.tries, piece.entry.wrote) == ("waiting", 0, EVERY)


def test_a_new_version_is_no_reason(compare, tmp_path):
    done = replace(compare().entry, **DONE, version="0")
    write_outputs(tmp_path, *EVERY)
    assert compare([done]).job is None


def test_a_missing_output_is_made_again(compare, tmp_path):
    done = replace(compare().entry, **DONE)
    write_outputs(tmp_path, "a.mp4", "a.csv")
    piece = compare([done])
    assert piece.job
    assert piece.entry.wrote == ("a.mp4", "a.csv")


@pytest.mark.parametrize("state", ["waiting", "running", "failed", "quarantined"])
def test_a_row_that_wrote_nothing_owns_no_outputs(compare, tmp_path, state):
    row = replace(compare().entry, state=state, started=BEGUN)
    write_outputs(tmp_path, "a.csv")
    piece = compare([row])
    assert piece.job is None
    assert piece.entry.state == "failed"
    assert "a.csv exists and was kept; use --force" in piece.entry.error


def test_outputs_of_others_are_skipped_or_refused_but_not_replaced(compare, tmp_path):
    write_outputs(tmp_path, *EVERY)
    assert (compare().job, compare().entry.state) == (None, "skipped")
    (tmp_path / "out" / "a.mp4").unlink()
    assert (compare().job, compare().entry.state) == (None, "failed")
    assert compare(force=True).job.force


def test_a_new_kind_of_output_does_not_replace_a_file_of_others(compare, tmp_path):
    done = replace(compare().entry, **DONE, frames=250, faces=3, outputs=("a.mp4",))
    done = replace(done, wrote=("a.mp4",))
    write_outputs(tmp_path, *EVERY)
    refused = compare([done])
    assert refused.job is None
    assert refused.entry == replace(done, state="failed", error=refused.entry.error)
    assert "a.csv exists and was kept; use --force" in refused.entry.error


def test_what_was_refused_once_is_still_done(compare, tmp_path):
    done = replace(compare().entry, **DONE, frames=250, error="")
    write_outputs(tmp_path, *EVERY)
    refused = replace(done, state="failed", error="b.html exists and was kept.")
    assert compare([refused]) == plan.Piece(done)


def test_files_of_earlier_plans_are_still_known(compare, tmp_path):
    earlier = (*EVERY, "a.html", "gone.html")
    row = replace(compare().entry, **DONE, outputs=("a.html",))
    write_outputs(tmp_path, *EVERY, "a.html")
    for force in (False, True):
        piece = compare([replace(row, wrote=earlier)], force=force)
        assert piece.job
        assert piece.entry.wrote == (*EVERY, "a.html")


def test_quarantine_ends_with_more_tries_or_another_file(compare, film):
    caught = replace(compare().entry, state="quarantined", started=BEGUN, tries=3, error="Died.")
    assert compare([caught]) == plan.Piece(caught)
    assert compare([caught], tries=4).entry.tries == 3
    assert compare([caught], force=True).entry.tries == 0
    os.utime(film, (1, 1))
    assert compare([caught]).entry.tries == 0


def test_only_lost_workers_count_as_tries(compare):
    running = replace(compare().entry, state="running", started=BEGUN, tries=2)
    assert compare([running]).entry.tries == 1
    assert compare([replace(running, state="waiting")]).entry.tries == 2


def test_what_a_dead_run_had_begun_comes_last(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.mp4").write_text(name)
    found = find([str(tmp_path)])
    jobs = [Job(each.spec, tmp_path / "out" / f"{each.name}.mp4") for each in found]
    pieces = plan.plan(found, jobs, [], tmp_path / "out", BASIS, tries=3)
    begun = replace(pieces[0].entry, state="running", started=BEGUN)
    again = plan.plan(found, jobs, [begun], tmp_path / "out", BASIS, tries=3)
    assert [piece.entry.source for piece in again] == ["b.mp4", "c.mp4", "a.mp4"]


def test_speed_is_no_part_of_the_fingerprint_and_results_are():
    basis = plan.fingerprint(ORIGIN, ["boxes"], None)
    faster = replace(ORIGIN, settings=ORIGIN.settings | {"threads": 8, "device": "cuda"})
    calmer = replace(ORIGIN, settings=ORIGIN.settings | {"hold": 0.2})
    assert plan.fingerprint(faster, ["boxes"], None) == basis
    others = [(calmer, ["boxes"], None), (ORIGIN, [], None), (ORIGIN, ["boxes"], 5.0)]
    hashes = {plan.fingerprint(*each).settings_sha256 for each in others}
    assert len(hashes | {basis.settings_sha256}) == 4


def test_keys_tell_sources_apart_and_keep_no_password(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x" / "y").mkdir(parents=True)
    (tmp_path / "x" / "y" / "a.mp4").touch()
    (tmp_path / "w").mkdir()
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / "w" / name).touch()
    (tmp_path / "link.mp4").symlink_to(tmp_path / "w" / "b.mp4")
    spelled = ["x", "w/a.mp4", "link.mp4", "rtsp://me:secret@host/1?t=1", "rtsp://host/1?t=2"]
    here = str(tmp_path.resolve())
    assert plan.keys(find(spelled)) == [
        (f"{here}/x", "y/a.mp4"),
        (f"{here}/w", "a.mp4"),
        (here, "link.mp4"),
        ("", "rtsp://host/1"),
        ("", "rtsp://host/1 (2)"),
    ]


def test_known_sources_keep_their_names(film, compare):
    known = replace(compare().entry, name="a-7")
    other = Found(str(film.with_name("b.mp4")), "a-7", film.parent)
    assert [each.name for each in plan.named([*find([str(film.parent)]), other], [known])] == [
        "a-7", "a-7-2",
    ]  # fmt: skip


def test_a_copied_folder_is_another_one_while_both_are_asked_for(film, compare, tmp_path):
    row = replace(compare().entry, state="done", started=BEGUN)
    twin = tmp_path / "twin" / "a.mp4"
    twin.parent.mkdir()
    twin.write_text("film")
    os.utime(twin, ns=(film.stat().st_mtime_ns,) * 2)
    both = find([str(film.parent), str(twin.parent)])
    assert plan.followed(both, [row]) == [row]
    assert plan.followed(find([str(twin.parent)]), [row]) == [replace(row, folder=str(twin.parent))]
    twin.write_text("another film")
    assert plan.followed(find([str(twin.parent)]), [row]) == [row]
