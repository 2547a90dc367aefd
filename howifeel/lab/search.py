"""A search for the structure of a CNN: depth, widths, kernel, dense layers, dropout, learning rate.

Optuna (Akiba et al. 2019) proposes with a tree-structured Parzen estimator and stops trials that
fall behind the median. The study lies in a file or database, so that a search can be continued, and
that several machines can share it with --storage.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import optuna
from optuna.storages.journal import JournalFileBackend

from howifeel.errors import SettingsError
from howifeel.lab.kit import figures, learned, training
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import share
from howifeel.lab.kit.options import Options as CommonOptions
from howifeel.lab.kit.options import option, without_secrets
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Published, Result, Table
from howifeel.train.epochs import DivergedError
from howifeel.train.recipe import Recipe

_NAME = "howifeel"
_ENOUGH = 30
"""Structures with dense layers, for a figure about these to be more than a hint."""

_MADE_FOR = "made for"
_DONE, _CUT = optuna.trial.TrialState.COMPLETE, optuna.trial.TrialState.PRUNED
_RUNNING, _LOST = optuna.trial.TrialState.RUNNING, optuna.trial.TrialState.FAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(CommonOptions):
    """Options of the experiment."""

    trials: int = option(30, "networks that are tried, those of earlier calls included", quick=5,
                         least=2)  # fmt: skip
    epochs: int = option(8, "passes over Training for each network", quick=2, least=1)
    widest: int = option(64, "most channels of the first convolution", quick=8, least=4)
    storage: str | None = option(
        None,
        "where the study is kept: a file, or a database URL such as sqlite:///search.db, that "
        "several machines may share (default: with the run)",
    )


def run(options: Options, out: Out) -> Result:
    """Search, then train the best structure and measure it once."""
    study = studies.study(options)
    search = _open(options, out)
    _check(search, options, study)
    _search(search, options, study, out)
    best = search.best_trial
    recipe = _recipe(best.params, options)
    outcome = training.outcome(recipe, study, out, label="the best", device=options.device)
    done = [t for t in search.trials if t.state is _DONE]
    cut = [t for t in search.trials if t.state is _CUT]
    weights = _importances(search, options)
    (out.path("best.toml")).write_text(recipe.to_toml(), "utf-8")
    return Result(
        protocol=f"{study.measured}: the best structure alone, once. Structures were chosen by "
        f"their accuracy on the held-out part of Training after at most {options.epochs} epochs: "
        f"{study.trained}.",
        numbers=(
            share("best structure, accuracy", outcome.hits),
            Number("its accuracy where it was chosen", search.best_value),
            Number("structures tried to the end", len(done), kind="count"),
            Number("structures stopped early", len(cut), kind="count"),
            Number("its weights", outcome.parameters, kind="count"),
        ),
        figures=(
            _history_figure(out, search, learned.commonest(study.choose.labels)),
            _importance_figure(out, weights),
        ),
        tables=(_table(search),),
        published=(
            Published(
                "4 convolutions and 3 dense layers, 52.7 %",
                "a project that let a tuner search for a CNN on FER-2013",
                "its own split and budget",
            ),
        ),
        meaning=(
            *learned.doubts(study.test.labels, outcome.logits.argmax(1), "The best structure"),
            *_caution(done),
            "The accuracy where it was chosen is the best of many, so it is too good; that on the "
            "test pictures is not. A structure whose training breaks down counts as 0 %.",
            "best.toml is a recipe that howifeel-train takes: give it more epochs.",
        ),
        data=study.name,
        data_sha256=studies.fingerprint(study.fit, study.choose, study.test),
        pages=("best.toml",),
    )


def _open(options: Options, out: Out) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    where = options.storage or str(out.work / "study.journal")
    shown = without_secrets(where)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if "://" in where:
                storage: optuna.storages.BaseStorage = optuna.storages.RDBStorage(where)
            else:
                Path(where).parent.mkdir(parents=True, exist_ok=True)
                backend = JournalFileBackend(where)
                storage = optuna.storages.JournalStorage(backend)
            return optuna.create_study(
                storage=storage,
                study_name=_NAME,
                direction="maximize",
                load_if_exists=True,
                pruner=optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=1),
            )
    except (OSError, ModuleNotFoundError, ValueError) as error:
        reason = str(error).replace(where, shown)
        raise SettingsError(f"--storage {shown} cannot be used: {reason}.") from error
    except Exception as error:  # a database raises whatever its driver raises
        if "://" in where:
            raise SettingsError(f"--storage {shown} cannot be opened; start its server.") from error
        raise


def _check(search: optuna.Study, options: Options, study: studies.Study) -> None:
    """Refuse a study over other pictures or budgets; a private one has no trials of others."""
    pictures = studies.fingerprint(study.fit, study.choose)
    made_for = {"pictures": pictures, "epochs": options.epochs, "widest": options.widest}
    if search.user_attrs.setdefault(_MADE_FOR, made_for) != made_for:
        raise SettingsError(
            "The study in --storage was made with other pictures, epochs or widths, so its "
            "accuracies cannot be compared with these; name another place."
        )
    search.set_user_attr(_MADE_FOR, made_for)
    if options.storage is None:
        for trial in search.get_trials(states=(_RUNNING,)):
            search.tell(trial.number, state=_LOST)


def _search(search: optuna.Study, options: Options, study: studies.Study, out: Out) -> None:
    def tried() -> int:
        return sum(t.state in (_DONE, _CUT) for t in search.trials)

    while tried() < options.trials:
        search.sampler = _sampler(search, options)
        trial = search.ask()
        quiet = Out(out.folder, out.work / "trials")
        try:
            value = _accuracy(trial, options, study, quiet)
        except optuna.TrialPruned:
            search.tell(trial, state=_CUT)
        except DivergedError:
            search.tell(trial, 0.0)
        else:
            search.tell(trial, value)
        out.progress("structures", tried(), options.trials)


def _sampler(search: optuna.Study, options: Options) -> optuna.samplers.BaseSampler:
    """Proposes the same after an interruption, and something else on each of several machines."""
    begun = sum(trial.state is not _LOST for trial in search.trials)
    return optuna.samplers.TPESampler(
        seed=options.seed * 100_003 + begun, n_startup_trials=5, constant_liar=True
    )


def _accuracy(trial: optuna.Trial, options: Options, study: studies.Study, out: Out) -> float:
    recipe = _recipe(_propose(trial, options), options)

    def on_epoch(record: dict[str, float]) -> None:
        trial.report(record["choose_accuracy"], int(record["epoch"]))
        if int(record["epoch"]) < recipe.epochs and trial.should_prune():
            raise optuna.TrialPruned

    saved = training.fit(
        recipe, study, out, label=f"trial {trial.number}", device=options.device,
        on_epoch=on_epoch,
    )  # fmt: skip
    return max(record["choose_accuracy"] for record in saved.history)


def _propose(trial: optuna.Trial, options: Options) -> dict[str, object]:
    trial.suggest_int("depth", 2, 4)
    trial.suggest_int("width", 4, options.widest, log=True)
    trial.suggest_categorical("kernel", [3, 5])
    trial.suggest_int("dense_layers", 0, 3)
    trial.suggest_int("dense_size", 32, 256, log=True)
    trial.suggest_float("dropout", 0.0, 0.5)
    trial.suggest_float("lr", 3e-4, 1e-2, log=True)
    return trial.params


def _recipe(params: dict[str, object], options: Options) -> Recipe:
    values = dict(params)
    plain = training.plain(options.seed, options.epochs, 8, "cnn")
    structure = {name: values[name] for name in ("depth", "width", "kernel", "dropout")}
    structure["dense"] = (values["dense_size"],) * int(str(values["dense_layers"]))
    return replace(plain, options=structure, lr=float(str(values["lr"])))


def _importances(search: optuna.Study, options: Options) -> dict[str, float]:
    """How much of the accuracy's variance each parameter explains (Hutter et al. 2014)."""
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=options.seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return optuna.importance.get_param_importances(search, evaluator=evaluator)
        except (ValueError, RuntimeError):  # too few finished trials, or all equally good
            return dict.fromkeys(search.best_trial.params, 0.0)


def _caution(done: list[optuna.trial.FrozenTrial]) -> tuple[str, ...]:
    dense = sum(trial.params["dense_layers"] > 0 for trial in done)
    if dense >= _ENOUGH:
        return ()
    return (
        f"What each choice explains is drawn from {len(done)} structures, and that of the dense "
        f"size from {dense} of them, as the others have no dense layer: with fewer than {_ENOUGH} "
        "it is a hint and no finding.",
    )


def _numbers(search: optuna.Study) -> dict[int, int]:
    """What each tried trial is called: interrupted ones are not counted, so it may differ."""
    tried = (trial for trial in search.trials if trial.state in (_DONE, _CUT))
    return {trial.number: place for place, trial in enumerate(tried, 1)}


def _history_figure(out: Out, search: optuna.Study, commonest: float) -> Figure:
    caption = "Accuracy of each structure on the held-out part of Training, and the best so far."
    with figures.drawing(out, "history", caption) as drawn:
        axes = drawn.canvas.subplots()
        figures.shares(axes, commonest)
        called = _numbers(search)
        done = [t for t in search.trials if t.state is _DONE]
        cut = [t for t in search.trials if t.state is _CUT and t.intermediate_values]
        numbers, values = [called[t.number] for t in done], [t.value or 0.0 for t in done]
        axes.plot(numbers, values, linestyle="", marker="o", color=figures.SERIES[0],
                  label="tried to the end")  # fmt: skip
        axes.plot([called[t.number] for t in cut],
                  [max(t.intermediate_values.values()) for t in cut], linestyle="", marker="x",
                  color=figures.SERIES[6], label="stopped early")  # fmt: skip
        best = [max(values[: place + 1]) for place in range(len(values))]
        axes.step(numbers, best, where="post", marker="", color=figures.SERIES[1],
                  label="best so far")  # fmt: skip
        figures.whole(axes.xaxis)
        axes.set(xlabel="structure", ylabel="accuracy")
        axes.legend()
    return figures.done(drawn)


def _importance_figure(out: Out, weights: dict[str, float]) -> Figure:
    caption = "Share of the variance of accuracy that each choice explains (fANOVA)."
    with figures.drawing(out, "importance", caption, size=(8, 3.2)) as drawn:
        axes = drawn.canvas.subplots()
        names = sorted(weights, key=lambda name: weights[name])
        axes.barh(names, [weights[name] for name in names], color=figures.SERIES[0], height=0.6)
        axes.grid(visible=False, axis="y")
        figures.percent(axes.xaxis)
    return figures.done(drawn)


def _table(search: optuna.Study) -> Table:
    done = sorted((t for t in search.trials if t.state is _DONE), key=lambda t: -(t.value or 0))
    names, called = list(search.best_trial.params), _numbers(search)
    rows = tuple(
        (f"{called[trial.number]}", f"{trial.value:.1%}",
         *(f"{trial.params[name]:.3g}" for name in names))
        for trial in done[:10]
    )  # fmt: skip
    columns = ("structure", "accuracy where chosen", *(name.replace("_", " ") for name in names))
    return Table("The ten best structures", columns, rows)
