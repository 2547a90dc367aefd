import argparse
import json

import pytest

from howifeel.errors import OutputError, SettingsError
from howifeel.train.detector import command


def run(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([str(word) for word in words]))


def test_train_evaluate_export(face_folder, tiny_recipe_file, tmp_path, capsys):
    out, again = tmp_path / "run", tmp_path / "again"
    flags = ("--recipe", tiny_recipe_file, "--steps", 10, "--threads", 1, "--workers", 0)
    assert run("--data", face_folder, "--out", out, "--device", "cpu", *flags) == 0
    told = capsys.readouterr()
    assert "20 px" in told.out
    assert "step 10 (100%)" in told.err

    assert run("export", out / "best.pt", "--out", again) == 0
    for name in ("architecture.txt", "weights.caffemodel"):
        assert (again / name).read_bytes() == (out / name).read_bytes()
    capsys.readouterr()

    pair = ("--detector-files", again / "architecture.txt", again / "weights.caffemodel")
    assert run("evaluate", "--data", face_folder, *pair, "--json") == 0
    results = json.loads(capsys.readouterr().out)
    assert [result["min_px"] for result in results] == [20, 32, 64]
    assert results[0]["faces"] == 12
    assert 0 <= results[0]["average_precision"] <= 1

    with pytest.raises(OutputError, match="--resume"):
        run("--data", face_folder, "--out", out)


def test_training_needs_pictures_and_a_folder():
    with pytest.raises(SettingsError, match="--data and --out"):
        run()


@pytest.mark.parametrize("flags", [("--steps", "0"), ("--minutes", "-1"), ("--threads", "x")])
def test_numbers_out_of_range_are_wrong_usage(flags, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(*flags)
    assert stopped.value.code == 2
    assert flags[0] in capsys.readouterr().err
