"""howifeel-video with several inputs, in one process: what is done, told and taken up again."""

import gc
import json
import os
from contextlib import contextmanager
from pathlib import Path

import cv2
import pytest

import clips
import media
from batches import names, rows
from howifeel.batch import cluster, manifest
from howifeel.cli.video import main
from howifeel.engine import Engine
from howifeel.errors import ClusterError


def test_a_folder_becomes_a_folder(run, films, tmp_path):
    out = tmp_path / "new" / "out"
    code, lines, err = run(films, "--out", out)
    assert code == 0
    assert len(lines.splitlines()) == 3
    assert "3 done (3 with notes); 0.0 min of film" in err
    copies = ["a-annotated.mp4", "b-annotated.mp4", "day 2-a-annotated.mp4"]
    assert names(out) == [*copies, "manifest.parquet"]
    for copy in copies:
        assert len(media.probe(out / copy).times) == 5


def test_a_film_has_one_name_in_all_that_is_told(run, films, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (films / "b.mp4").write_bytes(b"")
    (films / "day 2" / "c.mp4").write_text("x")
    code, lines, err = run("films", "--timeline", tmp_path / "out" / "{name}.csv")
    assert code == 1
    assert [line.split(":")[0] for line in lines.splitlines()] == ["a.mp4", "day 2/a.mp4"]
    told = [line.removeprefix("howifeel-video: ") for line in err.splitlines()]
    assert "day 2/a.mp4: No readable face appears in a.mp4; every frame is a gap." in told
    assert "b.mp4 is empty (0 bytes); copy or record it again." in told
    assert any(line.startswith("day 2/c.mp4 is not a video") for line in told)
    assert told[-1].startswith("2 done (2 with notes), 2 failed; ")
    assert not any(str(films) in line for line in told)


def test_films_of_two_folders_with_one_name_are_told_apart(run, films, tmp_path):
    _, lines, _ = run(films / "a.mp4", films / "day 2", "--timeline", tmp_path / "{name}.csv")
    assert [line.split(": ")[0] for line in lines.splitlines()] == [
        str(films / "a.mp4"), str(films / "day 2" / "a.mp4"),
    ]  # fmt: skip


def test_the_manifest_tells_what_came_of_each_source(run, film, tmp_path):
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    (given / "film.mp4").write_bytes(film.read_bytes())
    assert run(given, "--timeline", out / "{name}.csv")[0] == 0
    (told,) = manifest.read(out / manifest.NAME)
    sidecar = json.loads((out / "film.csv.json").read_text())
    assert (told.source, told.folder, told.name) == ("film.mp4", str(given), "film")
    assert (told.state, told.tries, told.error) == ("done", 1, "")
    assert told.outputs == ("film.csv", "film.csv.json")
    assert told.size == film.stat().st_size
    assert told.modified.timestamp() == pytest.approx((given / "film.mp4").stat().st_mtime)
    assert (told.frames, told.faces) == (80, sidecar["summary"]["tracks"])
    assert told.film_s == pytest.approx(8.0)
    assert told.model_sha256 == sidecar["model_sha256"]
    assert told.detector_sha256 == sidecar["detector_sha256"]
    assert told.version == sidecar["version"]
    assert told.started < told.ended
    assert 0 < told.work_s <= (told.ended - told.started).total_seconds()


def test_a_second_run_does_only_what_is_new(run, films, tmp_path):
    out = tmp_path / "out"
    assert run(films, "--out", out)[0] == 0
    before = {name: (out / name).stat().st_mtime_ns for name in names(out)}
    clips.write_clip(films / "c.mp4", frames=5)
    code, lines, err = run(films, "--out", out)
    assert code == 0
    assert "1 done (1 with notes), 3 done before" in err
    assert lines.count("->") == 1
    changed = [name for name in names(out) if (out / name).stat().st_mtime_ns != before.get(name)]
    assert changed == ["c-annotated.mp4", "manifest.parquet"]


def test_what_changed_or_is_missing_is_done_again(run, films, tmp_path):
    out = tmp_path / "out"
    assert run(films, "--timeline", out / "{name}.csv")[0] == 0
    clips.write_clip(films / "a.mp4", frames=7)
    (out / "b.csv").unlink()
    code, lines, _ = run(films, "--timeline", out / "{name}.csv")
    assert code == 0
    assert [Path(line.split(":")[0]).name for line in lines.splitlines()] == ["a.mp4", "b.mp4"]
    assert rows(out)["a.mp4"].frames == 7
    assert (out / "a.csv").read_text().count("\n") == 8


@pytest.mark.parametrize("flags", [["--face-score", "0.6"], ["--seconds", "0.1"]])
def test_other_settings_are_other_results(run, films, tmp_path, flags):
    target = tmp_path / "out" / "{name}.csv"
    assert run(films, "--timeline", target)[0] == 0
    assert "3 done (3 with notes);" in run(films, "--timeline", target, *flags)[2]
    assert "3 done before" in run(films, "--timeline", target, *flags, "--device", "cpu")[2]


def test_another_output_of_done_sources_is_made(run, films, tmp_path):
    out = tmp_path / "out"
    assert run(films, "--timeline", out / "{name}.csv")[0] == 0
    assert run(films, "--timeline", out / "{name}.csv", "--report", out / "{name}.html")[0] == 0
    assert (out / "a.html").exists()
    assert "3 done before" in run(films, "--timeline", out / "{name}.csv", "--report",
                                  out / "{name}.html")[2]  # fmt: skip


def test_force_does_everything_anew(run, films, tmp_path):
    out = tmp_path / "out"
    assert run(films, "--out", out)[0] == 0
    assert "3 done (3 with notes);" in run(films, "--out", out, "--force")[2]


def test_sources_keep_their_names_when_others_come(run, films, tmp_path):
    out = tmp_path / "out"
    assert run(films, "--out", out)[0] == 0
    clips.write_clip(films / "a.mov", frames=5)
    code, _lines, err = run(films, "--out", out)
    assert code == 0
    assert "1 done (1 with notes), 3 done before" in err
    assert rows(out)["a.mp4"].name == "a"
    assert rows(out)["a.mov"].name == "a-mov"


def test_a_folder_that_moved_is_known_again(run, films, tmp_path):
    out = tmp_path / "out"
    assert run(films, "--out", out)[0] == 0
    films.rename(tmp_path / "elsewhere")
    code, lines, err = run(tmp_path / "elsewhere", "--out", out)
    assert code == 0
    assert lines == ""
    assert "3 done before" in err
    assert {r.folder for r in manifest.read(out / manifest.NAME)} == {str(tmp_path / "elsewhere")}


def test_two_folders_share_an_output_folder(run, films, tmp_path):
    out, more = tmp_path / "out", tmp_path / "more"
    more.mkdir()
    clips.write_clip(more / "a.mp4", frames=6)
    assert run(films, "--out", out)[0] == 0
    assert run(more, "--out", out)[0] == 0
    assert len(media.probe(out / "a-annotated.mp4").times) == 5
    assert len(media.probe(out / "a-2-annotated.mp4").times) == 6
    assert len(manifest.read(out / manifest.NAME)) == 4


def test_one_bad_input_does_not_stop_the_others(run, film, tmp_path):
    (tmp_path / "bad.mp4").write_text("x")
    out = tmp_path / "out"
    code, lines, err = run(tmp_path / "bad.mp4", film, "--out", out, "--json", "--seconds", "1")
    assert code == 1
    assert "1 done (1 with notes), 1 failed" in err
    bad, good = map(json.loads, lines.splitlines())
    assert bad == {"source": str(tmp_path / "bad.mp4"), "error": rows(out)["bad.mp4"].error}
    assert "not a video" in bad["error"]
    assert (good["source"], good["frames"]) == (str(film), 10)
    assert names(out) == ["film-annotated.mp4", "manifest.parquet"]


def test_what_failed_is_tried_again_by_the_next_run(run, films, tmp_path):
    out, whole = tmp_path / "out", (films / "a.mp4").read_bytes()
    (films / "a.mp4").write_bytes(b"x")
    assert run(films, "--out", out)[0] == 1
    (films / "a.mp4").write_bytes(whole)
    code, _, err = run(films, "--out", out)
    assert code == 0
    assert "1 done (1 with notes), 2 done before" in err
    assert rows(out)["a.mp4"].error == ""


def test_folder_of_videos_and_pictures(run, film, astronaut, tmp_path):
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    (given / "Füße und mehr.mp4").write_bytes(film.read_bytes())
    cv2.imwrite(str(given / "portrait.png"), astronaut)
    code, _, _ = run(given, "--out", out, "--timeline", out / "{name}.jsonl", "--seconds", "0.5")
    assert code == 0
    assert names(out) == [
        "Füße und mehr-annotated.mp4", "Füße und mehr.jsonl", "Füße und mehr.jsonl.json",
        "manifest.parquet",
        "portrait-annotated.png", "portrait.jsonl", "portrait.jsonl.json",
    ]  # fmt: skip
    drawn = cv2.imread(str(out / "portrait-annotated.png"))
    assert drawn.shape == astronaut.shape
    assert (drawn != astronaut).any(axis=2).mean() > 0.005


def test_reports_of_films_of_one_name_tell_them_apart(run, films, tmp_path):
    out = tmp_path / "out"
    assert run(films, "--report", out / "{name}.html")[0] == 0
    texts = [path.read_text() for path in out.glob("*.html")]
    assert sum("<h1>day 2/a.mp4</h1>" in text for text in texts) == 1
    assert sum("<h1>a.mp4</h1>" in text for text in texts) == 1
    assert not [text for text in texts if str(tmp_path) in text]


def test_names_that_are_no_text(run, films, tmp_path):
    odd = Path(os.fsdecode(os.fsencode(films) + b"/\xff\xfe.mp4"))
    (films / "a.mp4").rename(odd)
    out = tmp_path / "out"
    assert run(films, "--out", out)[0] == 0
    assert "3 done before" in run(films, "--out", out)[2]


def test_workers_begin_when_this_process_keeps_no_nets(films, tmp_path, monkeypatch, capsys):
    kept = []

    @contextmanager
    def counted(workers, scratch):
        gc.collect()
        kept.extend(each for each in gc.get_objects() if type(each) is Engine)
        raise ClusterError("No worker could be started.")
        yield

    before = [each for each in gc.get_objects() if type(each) is Engine]
    monkeypatch.setattr(cluster, "local", counted)
    assert main([str(films), "--out", str(tmp_path / "out"), "--workers", "2"]) == 1
    assert "No worker could be started" in capsys.readouterr().err
    assert [each for each in kept if all(each is not other for other in before)] == []


def test_a_file_that_is_named_twice_is_done_once(run, films, tmp_path):
    out = tmp_path / "out"
    code, lines, err = run(films, films, films / "b.mp4", "--timeline", out / "{name}.csv")
    assert code == 0
    assert lines.count("->") == 3
    assert "howifeel-video: 4 files were named twice; each is done once." in err.splitlines()
    assert len(manifest.read(out / manifest.NAME)) == 3


def test_a_mistyped_folder_is_told_before_a_missing_output_folder(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("Interveiws/", "--out", "new/", "--timeline", "new/{name}.csv")
    assert code == 1
    assert err == "howifeel-video: There is no file Interveiws; check the name.\n"
    code, _, err = run("Interveiws", "Talks", "--out", "new/")
    assert err == "howifeel-video: There is no file Interveiws; check the name.\n"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.0.0.1:8786", "nonsense", "tcp://host", "tcp://host:x", "tcp://:1"]
)
def test_an_address_that_is_none_is_refused_at_once(films, tmp_path, capsys, address):
    assert main([str(films), "--out", str(tmp_path / "out"), "--scheduler", address]) == 2
    assert capsys.readouterr().err == (
        f"howifeel-video: {address} names no scheduler; write tcp://HOST:PORT.\n"
    )
    assert not (tmp_path / "out").exists()


def test_usage(run, films, tmp_path):
    code, _, err = run(films, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:1")
    assert code == 2
    assert "leave out --workers" in err
    for flag in ("--workers", "--tries"):
        with pytest.raises(SystemExit) as stop:
            main([str(films), "--out", "out", flag, "0"])
        assert stop.value.code == 2
    assert not (tmp_path / "out").exists()
