"""`howifeel-lab` as it is typed."""

import json
import re
import shlex
import shutil
import subprocess
import sys

import pytest

torch = pytest.importorskip("torch")

from howifeel import lab  # noqa: E402
from howifeel.cli.lab import main  # noqa: E402
from howifeel.lab.kit import options as lab_options  # noqa: E402


def test_list_names_all_experiments(capsys):
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(lab.names())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["list"], 0),
        (["noise", "--help"], 0),
        (["noise", "--no-such-flag"], 2),
        (["tsne", "--data", "no/such/place", "--threads", "1"], 1),
        (["bias", "--table", "no.parquet"], 1),
        (["svm", "--out", "."], 1),
        (["all", "--data", "no/such/place"], 1),
        (["experiment", "new", "dark", "--like", "noise"], 0),
    ],
)
def test_what_runs_nothing_loads_nothing_heavy(words, code, tmp_path):
    script = (
        "import sys; from howifeel.cli.lab import main\n"
        "try: code = main(sys.argv[1:])\n"
        "except SystemExit as stopped: code = stopped.code\n"
        "print(code, *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    told, *modules = done.stdout.splitlines()[-1].split()
    assert told == str(code)
    assert not {"torch", "matplotlib", "sklearn", "onnxruntime"} & set(modules)


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
        (["data", "--data", "no/such/place"], 1, "nothing at no/such/place; give --data"),
        (["noise", "--model", "no.onnx"], 1, "no.onnx is missing"),
        (
            ["noise", "--model", "no.txt"],
            1,
            "name an .onnx file, a checkpoint.pt of howifeel-train",
        ),
        (["saliency", "--model", "some.onnx"], 1, "some.onnx is missing"),
        (["noise", "--runs", "0"], 2, "--runs cannot be 0; it must be at least 2"),
        (["split", "--validation", "1"], 2, "--validation must lie between 0 and 1"),
        (["transfer-emotion", "--start", "no.pt"], 1, "nothing at no.pt; give --start"),
        (["crops", "--min-score", "2"], 2, "--min-score must be at most 1"),
        (["data", "--threads", "0"], 2, "--threads must be at least 1"),
    ],
)
def test_bad_input_gets_one_sentence_and_leaves_nothing(words, code, said, tmp_path, capsys):
    out = tmp_path / "out"
    if len(words) > 1:
        words = [*words, "--out", str(out), "--quick"]
    assert main(words) == code
    lines = capsys.readouterr().err.strip().splitlines()
    errors = [line for line in lines if line.startswith("howifeel-lab")]
    assert errors == lines[-1:]
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
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.endswith(f"stopped; {parted}.unfinished keeps what was done: go on with --resume.")
    assert main([*words, "--out", str(parted)]) == 1
    assert "holds an interrupted run; use --resume" in capsys.readouterr().err
    assert main([*words, "--out", str(parted), "--resume", "--seed", "7"]) == 1
    assert "begun with other options (seed 1, now 7)" in capsys.readouterr().err
    monkeypatch.setattr(loop.Run, "epoch", original)
    assert main([*words, "--out", str(parted), "--resume"]) == 0
    capsys.readouterr()
    first, second = (
        json.loads((folder / "result.json").read_text("utf-8"))["result"]["numbers"]
        for folder in (whole, parted)
    )
    assert first == second
    assert sorted(p.name for p in tmp_path.iterdir()) == ["parted", "whole"]


def test_where_nothing_can_be_continued_ctrl_c_says_so(tmp_path, monkeypatch, capsys):
    def stop(options, out):
        out.path("half.svg").write_text("<svg", "utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(lab.load("data"), "run", stop)
    out = tmp_path / "data"
    assert main(["data", "--quick", "--out", str(out)]) == 130
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.endswith(f"stopped; nothing of {out} was kept, so it starts again the next time.")
    assert not list(tmp_path.iterdir())


def test_a_finished_folder_is_left_as_it_is_or_tells_its_options(tmp_path, capsys):
    words = ["split", "--quick", "--out", str(tmp_path / "n"), "--pictures", "70"]
    assert main(words) == 0
    assert "Options other than the defaults: pictures 70" in capsys.readouterr().err
    before = (tmp_path / "n" / "result.json").read_text("utf-8")
    assert main([*words, "--resume"]) == 0
    said = capsys.readouterr()
    assert "n is complete" in said.err
    assert "The report is" in said.out
    assert main([*words, "--resume", "--seed", "3"]) == 1
    assert "made with other options (seed 1, now 3), and was kept" in capsys.readouterr().err
    assert (tmp_path / "n" / "result.json").read_text("utf-8") == before


def test_all_goes_on_after_what_nobody_expected(tmp_path, monkeypatch, capsys):
    def fail(options, out):
        raise IndexError("list index out of range")

    monkeypatch.setattr(lab.load("data"), "run", fail)
    out = tmp_path / "lab"
    assert main(["all", "--quick", "--only", "data", "split", "--out", str(out)]) == 1
    said = capsys.readouterr()
    assert "howifeel-lab data: unexpected IndexError" in said.err
    assert "these failed: data." in said.err
    assert "Training divided" in (out / "report.html").read_text("utf-8")
    assert [path.name for path in sorted(out.iterdir())] == ["report.html", "split"]


def test_all_tells_that_it_can_go_on(tmp_path, monkeypatch, capsys):
    def stop(options, out):
        raise KeyboardInterrupt

    words = ["all", "--quick", "--only", "data", "split", "--out", str(tmp_path / "lab")]
    with monkeypatch.context() as patched:
        patched.setattr(lab.load("split"), "run", stop)
        assert main(words) == 130
    assert "What is finished stays: --resume goes on after it." in capsys.readouterr().err
    assert main([*words, "--resume"]) == 0
    said = capsys.readouterr().err
    assert "data is complete" in said
    assert "split: Training divided" in said


@pytest.mark.parametrize("list_", ["adversarial.epsilons", "data-size.shares", "svm.kernels"])
def test_a_list_needs_a_value(list_, tmp_path, capsys):
    name, _, option = list_.partition(".")
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "experiment.toml").write_text(f'experiment = "{name}"\n[options]\n{option} = []\n')
    assert main(["experiment", str(folder)]) == 2
    assert f"--{option} needs at least one value" in capsys.readouterr().err


@pytest.mark.parametrize("name", lab.names())
def test_the_command_of_a_record_gives_the_same_options(name, tmp_path):
    from argparse import ArgumentParser

    from howifeel.lab.kit import declared
    from howifeel.lab.kit.command import command
    from howifeel.lab.kit.result import Number, Record, Result

    kind = declared.options(name)
    (tmp_path / "two words").mkdir()
    options = lab_options.from_values(kind, {"data": tmp_path / "two words"}, quick=True)
    result = Result("None.", (Number("n", 1),))
    config = lab_options.as_dict(options)
    record = Record(name, "", config, 1, True, "", "", {}, "", "", 1.0, result)
    program, typed, *words = shlex.split(command(record))
    assert (program, typed) == ("howifeel-lab", name)
    parser = ArgumentParser()
    lab_options.add_flags(parser, kind)
    again = lab_options.from_values(kind, vars(parser.parse_args(words)), quick=False)
    assert lab_options.as_dict(again) == config


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("postgresql://anna:p%40ss@host:5432/lab?password=x", "postgresql://host:5432/lab"),
        ("mysql+pymysql://anna@host/lab", "mysql+pymysql://host/lab"),
        ("postgresql://anna:p/w@rd@host/lab", "postgresql://host/lab"),
        ("sqlite:////home/anna@work/search.db", "sqlite:////home/anna@work/search.db"),
        ("search.journal", "search.journal"),
    ],
)
def test_who_may_open_a_database_is_not_recorded(typed, shown):
    from howifeel.lab.kit import declared

    options = lab_options.from_values(declared.options("search"), {"storage": typed}, quick=True)
    assert options.storage == typed
    assert lab_options.as_dict(options)["storage"] == shown
