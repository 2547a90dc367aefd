"""`howifeel-lab` as it is typed."""

import json
import re
import shutil

import pytest

torch = pytest.importorskip("torch")

from howifeel import lab  # noqa: E402
from howifeel.cli.lab import main  # noqa: E402
from howifeel.lab.kit import options as lab_options  # noqa: E402


def test_list_names_all_experiments(capsys):
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(lab.names())


def test_listing_loads_nothing_heavy():
    import subprocess
    import sys

    script = "import sys; from howifeel.cli.lab import main; main(['list']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not {"torch", "matplotlib", "sklearn", "numpy"} & set(done.stdout.split())


@pytest.mark.parametrize("name", lab.names())
def test_help_tells_every_option(name, capsys):
    pytest.importorskip("optuna" if name == "search" else "torch")
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    for option in lab_options.as_dict(lab.load(name).Options()):
        assert f"--{option.replace('_', '-')}" in text


def test_result_is_printed_and_kept(tmp_path, capsys):
    out = tmp_path / "data"
    assert main(["data", "--quick", "--out", str(out), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((out / "result.json").read_text("utf-8"))
    before = sorted(path.name for path in out.iterdir())
    assert main(["data", "--quick", "--out", str(out)]) == 1
    assert "exists and was kept; use --force" in capsys.readouterr().err
    assert sorted(path.name for path in out.iterdir()) == before
    assert main(["data", "--quick", "--out", str(out), "--force"]) == 0


def test_one_report_of_several(tmp_path, capsys):
    assert main(["all", "--quick", "--only", "data", "split", "--out", str(tmp_path / "lab")]) == 0
    html = (tmp_path / "lab" / "report.html").read_text("utf-8")
    assert 'id="data"' in html and 'id="split"' in html
    capsys.readouterr()
    again = [
        "all",
        "--quick",
        "--only",
        "data",
        "split",
        "--out",
        str(tmp_path / "lab"),
        "--resume",
    ]
    assert main([*again, "--json"]) == 0
    said = capsys.readouterr()
    assert "data:" not in said.err
    assert json.loads(said.out) == [
        json.loads((tmp_path / "lab" / name / "result.json").read_text("utf-8"))
        for name in ("data", "split")
    ]
    page = tmp_path / "both.html"
    folders = [str(tmp_path / "lab" / name) for name in ("data", "split")]
    assert main(["report", *folders, "--out", str(page)]) == 0
    assert page.stat().st_size > 10_000
    assert main(["markdown", *folders, "--out", str(tmp_path)]) == 0
    text = (tmp_path / "split.md").read_text("utf-8")
    assert "howifeel-lab split" in text and "--validation 0.5" in text
    for figure in re.findall(r"\]\((.+?\.svg)\)", text):
        assert "<svg" in (tmp_path / figure).read_text("utf-8")


def test_all_takes_settings_of_single_experiments_and_writes_pages(tmp_path, capsys):
    settings, pages, out = tmp_path / "pages.toml", tmp_path / "docs", tmp_path / "lab"
    settings.write_text("[split]\nvalidation = 0.3\nseed = 5\n", "utf-8")
    words = ["all", "--quick", "--only", "data", "split", "--out", str(out)]
    words += ["--settings", str(settings), "--set", "data.copies=narrow", "--pages", str(pages)]
    assert main(words) == 1
    assert "docs does not exist" in capsys.readouterr().err
    pages.mkdir()
    assert main(words) == 0
    assert "--validation 0.3" in (pages / "split.md").read_text("utf-8")
    assert "--seed 5" in (pages / "split.md").read_text("utf-8")
    assert "--seed 1" in (pages / "data.md").read_text("utf-8")
    assert "--copies narrow" in (pages / "data.md").read_text("utf-8")
    capsys.readouterr()
    assert main([*words, "--resume"]) == 1
    assert "data.md exists and was kept; use --force" in capsys.readouterr().err
    assert main([*words, "--resume", "--force", "--seed", "2"]) == 0
    assert "--seed 2" in (pages / "split.md").read_text("utf-8")
    assert main([*words, "--force", "--set", "split.vallidation=1"]) == 2


class TestExperimentFolder:
    def test_a_folder_is_written_copied_edited_and_run(self, tmp_path, capsys):
        first, second = tmp_path / "first", tmp_path / "second"
        assert main(["experiment", "new", str(first), "--like", "split"]) == 0
        assert "Edit" in capsys.readouterr().out
        config = first / "experiment.toml"
        text = config.read_text("utf-8").replace("# quick = true", "quick = true")
        config.write_text(text.replace("# validation = 0.5", "validation = 0.4"), "utf-8")
        shutil.copytree(first, second)
        assert main(["experiment", str(first), "--json"]) == 0
        record = json.loads(capsys.readouterr().out)
        assert record["config"]["validation"] == 0.4
        assert record["quick"]
        assert sorted(path.name for path in first.iterdir()) == ["experiment.toml", "result"]
        assert record == json.loads((first / "result" / "result.json").read_text("utf-8"))
        assert main(["experiment", str(first)]) == 1
        assert "exists and was kept; use --force" in capsys.readouterr().err
        assert main(["experiment", str(first), "--force"]) == 0
        assert not (second / "result").exists()

    def test_a_training_lands_in_its_folder(self, tmp_path, capsys):
        from howifeel.lab.split import SPLIT_FILE

        assert main(["split", "--quick", "--out", str(tmp_path / "data")]) == 0
        folder = tmp_path / "mine"
        assert main(["experiment", "new", str(folder), "--like", "cpu"]) == 0
        (folder / "recipe.toml").write_text(
            'epochs = 1\nbatch = 16\nprecision = "fp32"\nresolutions = [[0.0, 48]]\n'
            '[net]\nname = "cnn"\nwidth = 4\ndense = [8]\n', "utf-8"
        )  # fmt: skip
        config = folder / "experiment.toml"
        config.write_text(config.read_text("utf-8").replace('"fer2013"', f'"../data/{SPLIT_FILE}"'))
        capsys.readouterr()
        assert main(["experiment", str(folder)]) == 0
        assert (folder / "result" / "model.onnx").exists()
        assert "The model is" in capsys.readouterr().out
        assert main(["experiment", str(folder)]) == 1
        assert "use --resume to continue or --force to replace it" in capsys.readouterr().err
        assert main(["experiment", str(folder), "--quick"]) == 2

    def test_what_is_missing_is_said(self, tmp_path, capsys):
        assert main(["experiment", str(tmp_path / "none")]) == 2
        assert "There is no experiment.toml in" in capsys.readouterr().err
        assert main(["experiment", "new", str(tmp_path / "new"), "--like", "nothing"]) == 2
        assert "There is no experiment or recipe 'nothing'" in capsys.readouterr().err
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nothing"], 2, "There is no experiment 'nothing'"),
        (["data", "--data", "no/such/place"], 1, "There is no data set at no/such/place"),
        (["noise", "--model", "no.onnx"], 1, "no.onnx is missing"),
        (["saliency", "--model", "some.onnx"], 2, "gives no gradients; name a checkpoint.pt"),
        (["noise", "--runs", "0"], 2, "--runs cannot be 0; it must be at least 2"),
        (["split", "--validation", "1"], 2, "--validation must lie between 0 and 1"),
        (["transfer-emotion", "--start", "no.pt"], 1, "no.pt is missing"),
        (["crops", "--min-score", "2"], 2, "--min-score must be at most 1"),
        (["data", "--threads", "0"], 2, "--threads must be at least 1"),
    ],
)
def test_bad_input_gets_one_sentence_and_leaves_nothing(words, code, said, tmp_path, capsys):
    out = tmp_path / "out"
    if len(words) > 1:
        words = [*words, "--out", str(out), "--quick"]
    assert main(words) == code
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1
    assert said in errors[0]
    assert not list(tmp_path.iterdir())


def test_interrupted_training_is_continued(tmp_path, monkeypatch, capsys):
    from howifeel.train import loop

    words = ["data-size", "--quick", "--pictures", "112", "--shares", "0.5", "1", "--epochs", "2"]
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    torch.set_num_threads(1)
    assert main([*words, "--out", str(whole)]) == 0
    calls = []
    original = loop.Run.epoch

    def stop(self, on_step):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return original(self, on_step)

    monkeypatch.setattr(loop.Run, "epoch", stop)
    assert main([*words, "--out", str(parted)]) == 130
    assert not parted.exists()
    capsys.readouterr()
    assert main([*words, "--out", str(parted)]) == 1
    assert "holds an interrupted run; use --resume" in capsys.readouterr().err
    monkeypatch.setattr(loop.Run, "epoch", original)
    assert main([*words, "--out", str(parted), "--resume"]) == 0
    capsys.readouterr()
    first, second = (
        json.loads((folder / "result.json").read_text("utf-8"))["result"]["numbers"]
        for folder in (whole, parted)
    )
    assert first == second
    assert sorted(p.name for p in tmp_path.iterdir()) == ["parted", "whole"]
