"""howifeel-video with several inputs: which files are its own, and what of others is kept."""

import clips
from batches import rows, states
from howifeel.batch import manifest


def test_outputs_in_the_folder_itself_are_no_sources(run, films):
    assert run(films, "--out", films, "--report", films / "{name}.html")[0] == 0
    code, lines, err = run(films, "--out", films, "--report", films / "{name}.html")
    assert code == 0
    assert lines == ""
    assert "3 annotated copies were left out" in err
    assert "3 done before" in err


def test_renamed_outputs_in_the_folder_are_no_sources_either(run, films):
    target = films / "done" / "{name}-seen.mp4"
    assert run(films, "--out", target)[0] == 0
    assert "3 done before" in run(films, "--out", target)[2]
    assert len(states(films / "done")) == 3


def test_files_of_others_are_kept(run, films, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "a-annotated.mp4").write_text("precious")
    code, _lines, err = run(films, "--out", out, "--timeline", out / "{name}.csv")
    assert code == 1
    assert "a-annotated.mp4 exists and was kept; use --force" in err
    assert states(out) == {"a.mp4": "failed", "b.mp4": "done", "day 2/a.mp4": "done"}
    for _ in range(2):
        assert run(films, "--out", out)[0] == 0
        assert (out / "a-annotated.mp4").read_text() == "precious"
        assert states(out)["a.mp4"] == "skipped"


def test_other_outputs_for_a_while_make_none_foreign(run, films, tmp_path):
    out = tmp_path / "out"
    table = ("--timeline", out / "{name}.csv")
    assert run(films, "--out", out, *table)[0] == 0
    for flags in ((), table):
        code, _, err = run(films, "--out", out, *flags)
        assert (code, "3 done (3 with notes);" in err) == (0, True), err
    assert "3 done before" in run(films, "--out", out, *table)[2]


def test_a_file_of_others_costs_no_knowledge(run, films, tmp_path):
    out = tmp_path / "out"
    assert run(films, "--out", out)[0] == 0
    before = manifest.read(out / manifest.NAME)
    (out / "a.html").write_text("precious")
    code, _, err = run(films, "--out", out, "--report", out / "{name}.html")
    assert code == 1
    assert "a.html exists and was kept; use --force" in err
    refused = rows(out)["a.mp4"]
    assert (refused.state, refused.frames, refused.wrote) == ("failed", 5, ("a-annotated.mp4",))
    (out / "a.html").unlink()
    code, _, err = run(films, "--out", out, "--report", out / "{name}.html")
    assert (code, "1 done (1 with notes), 2 done before" in err) == (0, True), err
    assert [each.frames for each in manifest.read(out / manifest.NAME)] == [
        each.frames for each in before
    ]


def test_a_refused_film_is_still_done_for_the_original_command(run, films, tmp_path):
    out = tmp_path / "out"
    assert run(films, "--out", out)[0] == 0
    before = rows(out)["a.mp4"]
    (out / "a.html").write_text("precious")
    assert run(films, "--out", out, "--report", out / "{name}.html")[0] == 1
    code, lines, err = run(films, "--out", out)
    assert code == 0
    assert "2 done (2 with notes), 1 done before" in err
    assert not any(line.startswith("a.mp4:") for line in lines.splitlines())
    assert rows(out)["a.mp4"] == before


def test_a_film_that_could_not_be_read_owns_no_file(run, films, tmp_path):
    out, whole = tmp_path / "out", (films / "a.mp4").read_bytes()
    (films / "a.mp4").write_bytes(b"x")
    assert run(films, "--out", out)[0] == 1
    (films / "a.mp4").write_bytes(whole)
    (out / "a-annotated.mp4").write_text("precious")
    assert run(films, "--out", out)[0] == 0
    assert (out / "a-annotated.mp4").read_text() == "precious"
    assert states(out)["a.mp4"] == "skipped"


def test_a_film_at_the_target_of_another_that_failed_is_a_source(run, films):
    target = films / "{name}-seen.mp4"
    (films / "b.mp4").write_bytes(b"x")
    assert run(films, "--out", target)[0] == 1
    clips.write_clip(films / "b.mp4", frames=5)
    clips.write_clip(films / "b-seen.mp4", frames=6)
    code, _, err = run(films, "--out", target)
    assert (code, "b-seen.mp4 would be read and written" in err) == (2, True)
    assert run(films, "--timeline", films / "{name}.csv")[0] == 0
    assert rows(films)["b-seen.mp4"].frames == 6


def test_a_lost_manifest_costs_no_work(run, films, tmp_path):
    out = tmp_path / "out"
    assert run(films, "--out", out)[0] == 0
    (out / manifest.NAME).unlink()
    code, lines, err = run(films, "--out", out)
    assert (code, lines) == (0, "")
    assert "3 skipped" in err


def test_a_damaged_manifest_is_not_overwritten(run, films, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / manifest.NAME).write_text("mine")
    code, _, err = run(films, "--out", out)
    assert code == 1
    assert "move it away" in err
    assert (out / manifest.NAME).read_text() == "mine"


def test_a_source_named_like_the_manifest_does_not_replace_it(run, films, tmp_path):
    (films / "a.mp4").rename(films / "manifest.mp4")
    code, _, err = run(films, "--timeline", tmp_path / "out" / "{name}.parquet")
    assert code == 2
    assert "manifest.parquet would be written twice" in err
    assert not (tmp_path / "out").exists()
