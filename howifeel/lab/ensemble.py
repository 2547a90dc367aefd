"""Several networks that answer together: equal, weighted and greedy, and what each one adds.

Caruana et al. 2004, "Ensemble selection from libraries of models" (greedy, with repetition).
Weights are chosen on one half of the test pictures and measured on the other, and the other way
round, so that no picture is measured by weights that were chosen on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from howifeel import assets
from howifeel.errors import SettingsError
from howifeel.lab.kit import figures, learned, models, training
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import bootstrap, mcnemar, share
from howifeel.lab.kit.options import TrainingOptions, check_model, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, ModelFacts, Number, Published, Result, Table
from howifeel.train import metrics
from howifeel.train.ensemble import choose_weights
from howifeel.train.parallel import device_of

_ROUNDS = 20
Probabilities = NDArray[np.float64]
"""float64 (members, n, 7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(TrainingOptions):
    """Options of the experiment."""

    models: tuple[str, ...] = option(
        (), "checkpoints or ONNX files; without any, small nets are trained here"
    )
    members: int = option(5, "nets that are trained where no models are given", quick=3, least=2)

    def __post_init__(self) -> None:
        TrainingOptions.__post_init__(self)
        if len(self.models) == 1:
            raise SettingsError("An ensemble needs at least two --models.")
        known: dict[str, str] = {}
        for model in self.models:
            check_model(model)
            is_path = Path(model).suffix == ".pt"
            content = assets.sha256(Path(model) if is_path else assets.model_file(model))
            if content in known:
                raise SettingsError(
                    f"--models {known[content]} and {model} are one and the same; name each once."
                )
            known[content] = model


def run(options: Options, out: Out) -> Result:
    """Let all answer, combine, compare."""
    study = studies.study(options, train=not options.models)
    members = _given(options) if options.models else _trained(options, study, out)
    labels = study.test.labels
    names = [f"{place + 1}: {member.facts.name}" for place, member in enumerate(members)]
    answers: Probabilities = np.stack(
        [member.probabilities(study.test.images) for member in out.each("answers", members)]
    )
    halves = np.random.default_rng(options.seed).permutation(len(labels)) % 2
    hits = {name: each.argmax(1) == labels for name, each in zip(names, answers, strict=True)}
    together = {
        "equal weights": answers.mean(0),
        "weights": _crossed(answers, labels, halves, choose_weights),
        "greedy": _crossed(answers, labels, halves, greedy),
    }
    combined = {name: each.argmax(1) == labels for name, each in together.items()}
    best = max(hits, key=lambda name: hits[name].mean())
    order = _order(answers, labels)
    return Result(
        protocol=f"{study.measured}; weights chosen on one half of these, measured on the other, "
        "and the other way round." + models.protocol_note(members[0], study),
        numbers=(
            *(share(f"member {name}", right) for name, right in hits.items()),
            *(share(f"together, {name}", right) for name, right in combined.items()),
            *(
                bootstrap(
                    f"gain of {name} over the best member",
                    lambda some, right=right: float(right[some].mean() - hits[best][some].mean()),
                    len(labels), options.seed,
                )
                for name, right in combined.items()
            ),
            Number("p of McNemar's test, equal weights against the best member",
                   mcnemar(combined["equal weights"], hits[best]), kind="number"),
        ),
        figures=(
            _gain_figure(out, answers, labels, order),
            _diversity_figure(out, answers, names),
        ),
        tables=(_weight_table(names, answers, labels),),
        published=(
            Published(
                "76.8 % by seven networks",
                "an ensemble of published FER-2013 networks",
                "PrivateTest, large pre-trained networks, copies of test pictures in Training",
            ),
        ),
        meaning=(
            *learned.doubts_of(labels, dict(zip(names, answers.argmax(2), strict=True))),
            "The best member was found on the same pictures, which flatters it, so the gains are "
            "rather too small than too large.",
            "Members that err on the same pictures add little to each other: see the matrix.",
        ),
        model=_facts(members),
        data=study.name,
        data_sha256=studies.fingerprint(study.test),
    )  # fmt: skip


def greedy(answers: Probabilities, labels: NDArray[np.integer]) -> NDArray[np.float64]:
    """Weights from adding, with repetition, the member that helps most, starting with the best.

    Args:
        answers: float64 (members, n, 7).
        labels: int (n,).

    Returns:
        float64 (members,), sum 1.
    """
    counts = np.zeros(len(answers))
    total = np.zeros_like(answers[0])
    best_score, best_counts = -1.0, counts
    for _ in range(_ROUNDS):
        scores = [_score(total + each, labels) for each in answers]
        chosen = int(np.argmax(scores))
        counts = counts.copy()
        counts[chosen] += 1
        total = total + answers[chosen]
        if scores[chosen] > best_score:
            best_score, best_counts = scores[chosen], counts
    return best_counts / best_counts.sum()


def _score(summed: NDArray[np.float64], labels: NDArray[np.integer]) -> float:
    """Accuracy; among equal ones the likelier."""
    shares = summed / summed.sum(1, keepdims=True)
    likelihood = metrics.negative_log_likelihood(shares, labels)
    return float((summed.argmax(1) == labels).mean()) - 1e-3 * likelihood


def _crossed(answers: Probabilities, labels: NDArray, halves: NDArray, choose) -> NDArray:  # noqa: ANN001
    mixed = np.zeros_like(answers[0])
    for half in (0, 1):
        here, there = halves == half, halves != half
        weights = choose(answers[:, there], labels[there])
        mixed[here] = np.tensordot(weights, answers[:, here], 1)
    return mixed


def _order(answers: Probabilities, labels: NDArray[np.integer]) -> list[int]:
    """Members by what each adds to those before it."""
    order: list[int] = []
    while len(order) < len(answers):
        left = [place for place in range(len(answers)) if place not in order]
        order.append(max(left, key=lambda p: _score(answers[[*order, p]].mean(0), labels)))
    return order


def _given(options: Options) -> list[models.Model]:
    return [models.named(name, options.device) for name in options.models]


def _trained(options: Options, study: studies.Study, out: Out) -> list[models.Model]:
    found: list[models.Model] = []
    for place in range(options.members):
        recipe = training.small(options.seed + place, options.epochs)
        saved = training.fit(recipe, study, out, label=f"member {place + 1}", device=options.device)
        facts = ModelFacts(
            f"{recipe.net}, seed {recipe.seed}", training.fingerprint(saved), trained_here=True
        )
        found.append(models.CheckpointModel(saved, facts, device_of(options.device)))
    return found


def _facts(members: list[models.Model]) -> ModelFacts:
    import hashlib

    together = hashlib.sha256("".join(m.facts.sha256 for m in members).encode()).hexdigest()
    names = ", ".join(member.facts.name for member in members)
    return ModelFacts(f"{len(members)} members", together, names, members[0].facts.trained_here)


def _gain_figure(out: Out, answers: Probabilities, labels: NDArray, order: list[int]) -> Figure:
    steps = [
        share("", answers[order[: count + 1]].mean(0).argmax(1) == labels)
        for count in range(len(order))
    ]
    caption = (
        "Accuracy of the first members together, equal weights, in the order in which they help "
        "most (found on these pictures, so it flatters a little); Wilson's 95 % interval."
    )
    with figures.drawing(out, "gain", caption) as drawn:
        axes = drawn.canvas.subplots()
        x = range(1, len(order) + 1)
        figures.band(axes, x, [s.value or 0 for s in steps], [s.low or 0 for s in steps],
                     [s.high or 1 for s in steps], "together")  # fmt: skip
        axes.set_xticks(list(x), [f"+ member {place + 1}" for place in order])
        figures.percent(axes.yaxis, 1)
        axes.set(ylabel="accuracy")
    return figures.done(drawn)


def _diversity_figure(out: Out, answers: Probabilities, names: list[str]) -> Figure:
    named = answers.argmax(2)
    apart = np.array([[(a != b).mean() for b in named] for a in named])
    caption = "Share of pictures for which two members name different expressions."
    size = (2.5 + 0.75 * len(names), 1.6 + 0.5 * len(names))
    with figures.drawing(out, "diversity", caption, size=size) as drawn:
        columns = [str(place + 1) for place in range(len(names))]
        figures.matrix(
            drawn.canvas.subplots(), apart, names, columns, highest=max(apart.max(), 0.1)
        )
    return figures.done(drawn)


def _weight_table(names: list[str], answers: Probabilities, labels: NDArray) -> Table:
    weighted, chosen = choose_weights(answers, labels), greedy(answers, labels)
    rows = tuple(
        (name, f"{a:.2f}", f"{b:.2f}") for name, a, b in zip(names, weighted, chosen, strict=True)
    )
    columns = ("member", "by likelihood", "greedy")
    return Table("Weights that all test pictures together would choose", columns, rows)
