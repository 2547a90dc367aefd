import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import fer_sets

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

from howifeel.cli import train as command  # noqa: E402
from howifeel.train import checkpoint, nets, recipe  # noqa: E402

RECIPE = """
epochs = 2
net = {name = "resnet", width = 4}
batch = 16
precision = "fp32"
warmup_epochs = 0.5
resolutions = [[0.0, 24], [0.5, 48]]
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A whole run through the real command in a process of its own."""
    folder = tmp_path_factory.mktemp("training")
    fer_sets.write_csv(folder / "data", fer_sets.faces(per_class=3))
    (folder / "tiny.toml").write_text(RECIPE)
    done = run_command(folder, "tiny.toml", "--data", "data", "--out", "out", "--threads", "1")
    return folder, done


def run_command(folder, *words):
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "howifeel.train", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_ctrl_c_tells_how_to_go_on(finished, tmp_path):
    folder, _ = finished
    (tmp_path / "long.toml").write_text(RECIPE.replace("epochs = 2", "epochs = 2000"))
    words = ["long.toml", "--data", folder / "data", "--out", "out", "--threads", "1"]
    with subprocess.Popen(
        [sys.executable, "-m", "howifeel.train", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        for line in run.stderr:
            if line.startswith("epoch "):
                run.send_signal(signal.SIGINT)
                break
        said = run.communicate(timeout=60)[1]
    assert run.returncode == 130
    assert said.endswith("stopped; out keeps the last epoch; --resume continues the run.\n")
    assert (tmp_path / "out" / "checkpoint.pt").exists()


def test_a_run_leaves_model_figures_and_pictures(finished):
    folder, done = finished
    assert done.returncode == 0, done.stderr
    assert "PublicTest" in done.stdout
    assert len([line for line in done.stderr.splitlines() if line.startswith("epoch ")]) == 2
    assert "\r" not in done.stderr
    out = folder / "out"
    assert sorted(path.name for path in out.iterdir()) == [
        "calibration.png",
        "checkpoint.pt",
        "confusion.png",
        "curves.png",
        "log.jsonl",
        "model.onnx",
        "scores.json",
    ]
    report = json.loads((out / "scores.json").read_text())
    assert report["scores"]["count"] == 21
    assert report["cleaning"]["after"] == 21
    for name in ("curves", "confusion", "calibration"):
        with Image.open(out / f"{name}.png") as image:
            assert min(image.size) > 400


def test_evaluate_prints_each_protocol_and_the_same_figures_as_json(finished, capsys):
    folder, _ = finished
    words = ["evaluate", "--data", str(folder / "data"), "--model", str(folder / "out/model.onnx")]
    assert command.main(words) == 0
    text = capsys.readouterr().out
    assert "PublicTest, single view, all pictures (n = 21)" in text
    assert "PrivateTest, flip, all pictures" in text
    assert command.main([*words, "--json", "--part", "PrivateTest"]) == 0
    views = json.loads(capsys.readouterr().out)
    names = [f"PrivateTest, {v}, all pictures" for v in ("single view", "flip", "ten-crop")]
    assert [scores["protocol"] for scores in views] == names
    assert all(f"{scores['accuracy']:.2%}" in text for scores in views)
    assert command.main([*words, "--json", "--part", "PrivateTest", "--view", "flip"]) == 0
    assert json.loads(capsys.readouterr().out) == views[1:2]


def test_data_without_training_pictures_tell_nothing_of_copies(finished, tmp_path, capsys):
    folder, _ = finished
    fer_sets.write_csv(tmp_path / "tests", fer_sets.faces(per_class=1, usages=("PublicTest",)))
    model = ["--model", str(folder / "out/model.onnx"), "--view", "single view"]
    for data, told in ((tmp_path / "tests", 1), (folder / "data", 0)):
        for words in ([], ["--json"]):
            assert command.main(["evaluate", "--data", str(data), *model, *words]) == 0
            printed = capsys.readouterr()
            said, silent = printed if not words else printed[::-1]
            assert said.count("the data has no Training part") == told
            assert "Training part" not in silent


def test_an_export_that_cannot_name_the_share_asked_for_says_so(finished, tmp_path, capsys):
    folder, _ = finished
    known = checkpoint.load(folder / "out/checkpoint.pt")
    alike = {
        name: torch.zeros_like(value) if name.startswith("head.") else value
        for name, value in known.best.items()
    }
    dataclasses.replace(known, best=alike).save(tmp_path / "alike.pt")
    words = ["export", str(tmp_path / "alike.pt"), "--precision", "fp32"]
    assert command.main([*words, "--out", str(tmp_path / "a.onnx"), "--coverage", "0.7"]) == 0
    told = capsys.readouterr()
    assert "named     100.0%" in told.out
    assert told.err.startswith("100.0% of the pictures are named, not 70%: ")
    assert command.main([*words, "--out", str(tmp_path / "b.onnx"), "--coverage", "1"]) == 0
    assert "are named, not" not in capsys.readouterr().err


def test_export_writes_the_same_model_again(finished, tmp_path, capsys):
    folder, _ = finished
    target = tmp_path / "again.onnx"
    precision = onnx_precision(folder / "out/model.onnx")
    words = ["export", str(folder / "out/checkpoint.pt"), "--out", str(target)]
    words += ["--precision", precision]
    assert command.main(words) == 0
    assert f"({precision})" in capsys.readouterr().out
    assert weights(target) == weights(folder / "out/model.onnx")
    assert command.main(words) == 1
    assert "--force" in capsys.readouterr().err
    assert command.main([*words, "--force"]) == 0


def onnx_precision(path):
    properties = onnx.load(path).metadata_props
    return next(p.value for p in properties if p.key == "howifeel.precision")


def weights(path):
    """All that the file holds but its metadata, where the measured milliseconds are."""
    model = onnx.load(path)
    del model.metadata_props[:]
    return model.SerializeToString(deterministic=True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--coverage", "0"], "coverage must be above 0"),
        (["--neutral", "1"], "share of neutral faces must lie between 0 and 1"),
    ],
)
def test_wrong_choices_of_an_export_are_one_sentence(finished, words, sentence, tmp_path, capsys):
    folder, _ = finished
    target = tmp_path / "new.onnx"
    words = ["export", str(folder / "out/checkpoint.pt"), "--out", str(target), *words]
    assert command.main(words) == 2
    assert sentence in capsys.readouterr().err
    assert not target.exists()


def test_an_existing_run_is_kept_unless_told(finished, capsys):
    folder, _ = finished
    words = [
        str(folder / "tiny.toml"),
        "--data",
        str(folder / "data"),
        "--out",
        str(folder / "out"),
    ]
    before = (folder / "out/checkpoint.pt").read_bytes()
    assert command.main(words) == 1
    assert "--resume" in capsys.readouterr().err
    assert command.main([*words, "--resume", "--epochs", "3"]) == 2
    assert "another recipe (not the same: epochs)" in capsys.readouterr().err
    assert command.main([*words, "--resume", "--epochs", "1", "--weights-only"]) == 2
    assert "--force in place of --resume" in capsys.readouterr().err
    assert command.main([*words, "--resume", "--weights-only"]) == 0
    assert command.main([*words, "--resume", "--force"]) == 2
    assert "give one of them" in capsys.readouterr().err
    assert (folder / "out/checkpoint.pt").read_bytes() == before


def test_a_model_that_is_no_run_of_ours_is_kept_unless_told(finished, tmp_path, capsys):
    folder, _ = finished
    (tmp_path / "model.onnx").write_bytes(b"mine")
    words = [str(folder / "tiny.toml"), "--data", str(folder / "data"), "--out", str(tmp_path)]
    for more in ([], ["--resume"]):
        assert command.main([*words, *more]) == 1
        assert "holds model.onnx without a run to continue" in capsys.readouterr().err
    assert (tmp_path / "model.onnx").read_bytes() == b"mine"


def test_force_leaves_nothing_of_the_old_run_that_resume_could_continue(finished, tmp_path):
    folder, _ = finished
    out = tmp_path / "out"
    shutil.copytree(folder / "out", out)
    (out / "notes.txt").write_text("mine")
    words = [str(folder / "tiny.toml"), "--data", str(folder / "data"), "--out", str(out)]
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('start = "nowhere.pt"\n' + RECIPE)
    assert command.main([str(wrong), *words[1:], "--force"]) == 1
    assert len(list(out.iterdir())) == 8, "what cannot begin must not cost the old run"
    assert command.main([*words, "--force", "--minutes", "0"]) == 0
    assert [path.name for path in out.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--data", "nowhere"], 1, "There is no data set at nowhere"),
        (["nowhere.toml"], 2, "There is no recipe"),
        (["--epochs", "0"], 2, "epochs must be above 0"),
        (["evaluate", "--model", "nowhere.onnx"], 1, "nowhere.onnx is missing"),
        (["export", "nowhere.pt", "--out", "x.onnx"], 1, "no checkpoint nowhere.pt"),
    ],
)
def test_mistakes_are_one_sentence(words, code, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert command.main(words) == code
    error = capsys.readouterr().err
    assert error.startswith("howifeel-train: ")
    assert sentence in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_recipes_are_listed_and_printed_in_full(tmp_path, capsys):
    assert command.main(["recipe"]) == 0
    listed = capsys.readouterr().out
    names = [line.split()[0] for line in listed.splitlines() if line.startswith("  ")]
    assert names == [*sorted(p.stem for p in recipe.RECIPES.glob("*.toml")), *nets.names()]
    assert command.main(["recipe", "cpu"]) == 0
    text = capsys.readouterr().out
    assert recipe.from_toml(text) == recipe.load("cpu")
    (tmp_path / "mine.toml").write_text(text.replace("epochs = 72", "epochs = 7"))
    assert command.main(["recipe", str(tmp_path / "mine.toml")]) == 0
    assert capsys.readouterr().out == (tmp_path / "mine.toml").read_text()
    assert command.main(["recipe", "nowhere"]) == 2
    assert "There is no recipe 'nowhere'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--threads", "0"], ["--device", "tpu"], ["export", "x.pt"]])
def test_wrong_usage_is_code_2(words, capsys):
    with pytest.raises(SystemExit) as stop:
        command.main(words)
    assert stop.value.code == 2
    assert "usage: howifeel-train" in capsys.readouterr().err


@pytest.mark.parametrize("name", [[], ["evaluate"], ["export"], ["recipe"], ["detector"]])
def test_help_has_examples(name, capsys):
    with pytest.raises(SystemExit) as stop:
        command.main([*name, "--help"])
    assert stop.value.code == 0
    assert "examples:" in capsys.readouterr().out


def test_the_trainer_needs_no_opencv_and_no_video(finished):
    folder, _ = finished
    code = (
        "import sys; sys.modules.update({'cv2': None, 'av': None, 'PySide6': None});"
        "from howifeel.cli.train import main;"
        "sys.exit(main(['evaluate', '--data', 'data', '--model', 'out/model.onnx', '--json']))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["count"] == 21


@pytest.mark.parametrize("words", [["--epochs", "1"], ["detector", "--help"]])
def test_without_torch_one_sentence_says_what_to_install(words):
    code = (
        "import sys; sys.modules['torch'] = None;"
        f"from howifeel.cli.train import main; sys.exit(main({words}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "howifeel[train]" in done.stderr
