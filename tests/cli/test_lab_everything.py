"""`howifeel-lab all`: what cannot be done is told before the first experiment runs."""

import pytest

torch = pytest.importorskip("torch")

from howifeel import assets, lab  # noqa: E402
from howifeel.cli.lab import main  # noqa: E402


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "data", "noize"], "There is no experiment 'noize'"),
        (["--only", "data", "--set", "noise.runs=3"], "--set is given for noise, which --only"),
        (["--only", "data", "noise", "--set", "noise.runs=0"], "--runs cannot be 0"),
        (["--only", "data", "split", "--set", "split.vallidation=1"], "'vallidation'"),
    ],
)
def test_wrong_names_and_values_run_nothing(words, said, tmp_path, capsys):
    out = tmp_path / "lab"
    assert main(["all", "--quick", *words, "--out", str(out)]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_in_the_way_is_told_before_the_first_runs(tmp_path, capsys):
    out = tmp_path / "lab"
    (out / "split").mkdir(parents=True)
    (out / "split" / "diary.txt").write_text("mine", "utf-8")
    assert main(["all", "--quick", "--only", "data", "split", "--out", str(out)]) == 1
    assert "split exists and was kept" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["split"]


def test_a_name_that_is_given_twice_runs_once(tmp_path, capsys):
    words = ["all", "--quick", "--only", "split", "split", "--out", str(tmp_path)]
    assert main(words) == 0
    assert capsys.readouterr().err.count("split: Training divided") == 1


class TestPages:
    def test_a_figure_in_the_way_is_told_before_the_first_runs(self, tmp_path, capsys):
        pages, out = tmp_path / "docs", tmp_path / "lab"
        pages.mkdir()
        words = ["all", "--quick", "--only", "split", "data", "--out", str(out)]
        (pages / "data-classes.svg").write_text("<svg/>", "utf-8")
        assert main([*words, "--pages", str(pages)]) == 1
        assert "data-classes.svg exists and was kept; use --force" in capsys.readouterr().err
        assert not out.exists()

    def test_figures_of_others_are_not_in_the_way(self, tmp_path):
        (tmp_path / "split-ting-headache.svg").touch()
        (tmp_path / "data-size-scaling.svg").touch()
        words = ["all", "--quick", "--only", "data", "--out", str(tmp_path / "lab")]
        assert main([*words, "--pages", str(tmp_path)]) == 0
        assert (tmp_path / "data.md").exists()

    def test_what_has_no_page_is_in_the_report_all_the_same(self, tmp_path, monkeypatch, capsys):
        pages, out, data = tmp_path / "docs", tmp_path / "lab", lab.load("data")
        pages.mkdir()
        real = data.run

        def meanwhile(options, place):
            (pages / "data.md").write_text("of another run", "utf-8")
            return real(options, place)

        monkeypatch.setattr(data, "run", meanwhile)
        words = ["all", "--quick", "--only", "data", "--out", str(out), "--pages", str(pages)]
        assert main(words) == 1
        assert "data.md exists and was kept" in capsys.readouterr().err
        assert 'id="data"' in (out / "report.html").read_text("utf-8")


def test_the_model_that_is_named_is_that_of_every_experiment(tmp_path, monkeypatch):
    saliency, asked = pytest.importorskip("howifeel.lab.saliency"), []

    def stop(options, out):
        asked.append(options.model)
        raise KeyboardInterrupt

    monkeypatch.setattr(saliency, "run", stop)
    words = ["all", "--quick", "--only", "saliency", "--model", assets.DEFAULT_MODEL]
    assert main([*words, "--out", str(tmp_path / "lab")]) == 130
    assert asked == [assets.DEFAULT_MODEL]
