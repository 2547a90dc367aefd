"""A search goes on after an interruption as if there had been none, and shares its study."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
optuna = pytest.importorskip("optuna")

from howifeel.errors import SettingsError  # noqa: E402
from howifeel.lab import search  # noqa: E402
from howifeel.lab.kit import training  # noqa: E402
from howifeel.lab.kit.out import Out  # noqa: E402
from howifeel.train.epochs import DivergedError, TrainingError  # noqa: E402

SMALL = {"pictures": 70, "epochs": 1, "widest": 4, "trials": 3}


def options(**more):
    return search.Options(**(SMALL | more))


def structures(path):
    backend = optuna.storages.journal.JournalFileBackend(str(path))
    storage = optuna.storages.JournalStorage(backend)
    study = optuna.load_study(study_name=search._NAME, storage=storage)
    states = optuna.trial.TrialState
    return [t.params for t in study.trials if t.state in (states.COMPLETE, states.PRUNED)]


def test_an_interrupted_search_proposes_what_a_whole_one_does(tmp_path, monkeypatch):
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    whole.mkdir(), halves.mkdir()
    found = search.run(options(), Out(whole, whole))

    fit, times = training.fit, 0

    def interrupted(*arguments, **named):
        nonlocal times
        times += 1
        if times == 2:
            raise KeyboardInterrupt
        return fit(*arguments, **named)

    monkeypatch.setattr(training, "fit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        search.run(options(), Out(halves, halves))
    again = search.run(options(), Out(halves, halves))
    assert structures(halves / "study.journal") == structures(whole / "study.journal")
    assert again.numbers == found.numbers
    assert again.tables == found.tables
    drawn = [(path / "history.svg").read_text("utf-8") for path in (whole, halves)]
    assert drawn[0] == drawn[1]


def test_every_opening_of_a_shared_study_tries_other_structures(tmp_path):
    shared = str(tmp_path / "shared.journal")
    for trials in (2, 4):
        out = tmp_path / str(trials)
        out.mkdir()
        search.run(options(storage=shared, trials=trials), Out(out, out))
    tried = structures(shared)
    assert len(tried) == 4
    assert all(tried.count(each) == 1 for each in tried)


def test_a_study_over_other_pictures_is_refused(tmp_path):
    shared = str(tmp_path / "shared.journal")
    search.run(options(storage=shared, trials=2), Out(tmp_path, tmp_path))
    with pytest.raises(SettingsError, match="cannot be compared with these"):
        search.run(options(storage=shared, trials=3, epochs=2), Out(tmp_path, tmp_path))


def test_a_structure_that_breaks_down_is_the_worst_and_ends_nothing(tmp_path, monkeypatch):
    fit, times = training.fit, 0

    def breaking(*arguments, **named):
        nonlocal times
        times += 1
        if times == 1:
            raise DivergedError("The loss is no longer a number.")
        return fit(*arguments, **named)

    monkeypatch.setattr(training, "fit", breaking)
    found = search.run(options(), Out(tmp_path, tmp_path))
    (table,) = found.tables
    assert [row[1] for row in table.rows][-1] == "0.0%"


def test_a_lack_of_memory_is_no_accuracy(tmp_path, monkeypatch):
    def full(*arguments, **named):
        raise TrainingError("The GPU's memory is not enough.")

    monkeypatch.setattr(training, "fit", full)
    with pytest.raises(TrainingError, match="memory"):
        search.run(options(), Out(tmp_path, tmp_path))
    assert structures(tmp_path / "study.journal") == []


def test_few_structures_are_called_a_hint(tmp_path):
    found = search.run(options(), Out(tmp_path, tmp_path))
    (told,) = (sentence for sentence in found.meaning if "dense size" in sentence)
    assert "drawn from 3 structures" in told
    assert any("The best structure names" in sentence for sentence in found.meaning)
