"""What a data set is made of: classes, copies across its parts, doubtful labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.lab.kit import figures
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import share
from howifeel.lab.kit.options import Options as CommonOptions
from howifeel.lab.kit.options import option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Published, Result, Table
from howifeel.train import metrics
from howifeel.train.data import PRIVATE, TRAINING, USAGES, FaceSet
from howifeel.train.duplicates import RULES, clean_training, near_copies
from howifeel.train.ferplus import LEAST_AGREEMENT, distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(CommonOptions):
    """Options of the experiment."""

    examples: int = option(8, "pictures of each expression that are shown", least=1)
    copies: str = option("wide", "what counts as a near copy", quick="narrow", choices=tuple(RULES))


def run(options: Options, out: Out) -> Result:
    """Count, compare, show."""
    everything, name = studies.faces(options)
    parts = {usage: part for usage in USAGES if len(part := everything.part(usage))}
    sought = {
        usage: studies.fewer(part, options.pictures, options.seed)
        for usage, part in list(parts.items())[1:]
    }
    numbers = [Number(f"pictures in {usage}", len(part), kind="count")
               for usage, part in parts.items()]  # fmt: skip
    leaks, leak_table = _copies_between(parts, sought, options, out)
    known = {usage: part for usage, part in parts.items() if usage != PRIVATE}
    shown = [_class_figure(out, parts)]
    if known:
        shown.append(_example_figure(out, next(iter(known.values())), options))
    inside: list[Number] = []
    if TRAINING in parts:
        _, cleaning = clean_training(parts[TRAINING])
        inside = [
            Number("further copies of a picture inside Training", cleaning.repeated, kind="count"),
            Number("copies in Training whose labels contradict each other", cleaning.contradicting,
                   kind="count"),
        ]  # fmt: skip
    agreement: list[Number] = []
    voted = [part.where(part.votes.sum(1) > 0) for part in known.values() if part.votes is not None]
    if count := sum(map(len, voted)):
        agreement, figure = _votes(voted, out)
        shown.append(figure)
    return Result(
        protocol=f"All parts of {name}; only PrivateTest's pixels and counts are looked at. A near "
        f"copy is one by the rule {options.copies!r} of howifeel.train.duplicates."
        + _sample(parts, sought)
        + (f" FER+: shares of the {count:,} pictures with votes." if count else ""),
        numbers=(*numbers, *leaks, *inside, *agreement),
        figures=tuple(shown),
        tables=(_class_table(parts), *([leak_table] if leaks else [])),
        published=(
            Published(
                "28,709 / 3,589 / 3,589 pictures",
                "FER-2013, Goodfellow et al. 2013 (arXiv 1307.0414)",
                "the counts of copies are not published with it",
            ),
        ),
        meaning=_meaning(leaks, agreement),
        data=name,
        data_sha256=studies.fingerprint(*parts.values()),
    )


def _sample(parts: dict[str, FaceSet], sought: dict[str, FaceSet]) -> str:
    """A sentence on the parts of which not every picture is sought, if there are some."""
    words = [
        f"{len(some):,} of the {len(parts[usage]):,} pictures of {usage}"
        for usage, some in sought.items()
        if len(some) < len(parts[usage])
    ]
    if not words:
        return ""
    return f" Copies across parts are sought of {' and '.join(words)}, drawn at random."


def _copies_between(
    parts: dict[str, FaceSet], sought: dict[str, FaceSet], options: Options, out: Out
) -> tuple[list[Number], Table]:
    pairs = [(a, b) for i, a in enumerate(parts) for b in list(parts)[i + 1 :]]
    numbers, rows = [], []
    for first, second in out.each("looking for copies", pairs):
        # "which pictures of the second have one in the first" is what leaks into a test
        rule = RULES[options.copies]
        exact, near = near_copies(sought[second].images, parts[first].images, rule)
        numbers.append(share(f"{second} with a near or exact copy in {first}", near))
        rows.append((f"{second} in {first}", f"{exact.sum():,}", f"{near.sum():,}",
                     f"{near.mean():.1%}"))  # fmt: skip
    columns = ("pictures with a copy", "identical", "identical or near", "share")
    return numbers, Table("Copies across parts", columns, tuple(rows))


def _class_table(parts: dict[str, FaceSet]) -> Table:
    rows = [
        (name, *(f"{_counts(part)[place]:,} ({_counts(part)[place] / len(part):.1%})"
                 for part in parts.values()))
        for place, name in enumerate(emotions.NAMES)
    ]  # fmt: skip
    return Table("Pictures of each expression", ("expression", *parts), tuple(rows))


def _class_figure(out: Out, parts: dict[str, FaceSet]) -> Figure:
    caption = "Share of each expression in each part."
    with figures.drawing(out, "classes", caption, size=(8.5, 3.6)) as drawn:
        axes = drawn.canvas.subplots()
        wide = 0.8 / len(parts)
        for index, (usage, part) in enumerate(parts.items()):
            places = np.arange(len(emotions.NAMES)) + (index - (len(parts) - 1) / 2) * wide
            name = f"{usage} ({len(part):,})"
            shares = _counts(part) / len(part)
            axes.bar(places, shares, wide * 0.92, label=name, color=figures.SERIES[index])
        axes.set_xticks(range(len(emotions.NAMES)), emotions.NAMES)
        axes.grid(visible=False, axis="x")
        figures.percent(axes.yaxis)
        axes.set(ylabel="share of the part")
        axes.legend()
    return figures.done(drawn)


def _example_figure(out: Out, part: FaceSet, options: Options) -> Figure:
    draw = np.random.default_rng(options.seed)
    grid = []
    for label in range(len(emotions.NAMES)):
        members = draw.permutation(np.flatnonzero(part.labels == label))[: options.examples]
        grid.append([part.images[place] for place in members] or [None])
    size = (min(9.0, 0.9 * options.examples + 1.2), 6.5)
    caption = "Pictures of each label, drawn at random: some are doubtful."
    with figures.drawing(out, "examples", caption, size=size, faces=True) as drawn:
        figures.pictures(drawn.canvas, grid, rows=emotions.NAMES)
    return figures.done(drawn)


def _votes(voted: list[FaceSet], out: Out) -> tuple[list[Number], Figure]:
    """How labels and the votes of ten further people agree, in pictures that all have votes."""
    labels = np.concatenate([part.labels for part in voted])
    votes = np.concatenate([part.votes for part in voted if part.votes is not None])
    shares = distribution(votes)
    named, majority = shares.any(1), shares.argmax(1)  # others have votes for no face alone
    counts = metrics.confusion(labels[named], majority[named], len(emotions.NAMES))
    numbers = [
        share("label equals the majority of FER+ votes", named & (labels == majority)),
        share("FER+: at least half of the ten say it is no face or unknown", _useless(votes)),
    ]
    caption = "What ten further people voted for (FER+) in pictures of each label of FER-2013."
    with figures.drawing(out, "votes", caption, size=(7, 5)) as drawn:
        axes = drawn.canvas.subplots()
        figures.confusion(axes, counts, "labels and votes")
        axes.set(xlabel="majority of the votes")
    return numbers, figures.done(drawn)


def _useless(votes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return votes[:, 8:].sum(1) * 2 >= votes.sum(1)


def _counts(part: FaceSet) -> NDArray[np.intp]:
    return np.bincount(part.labels, minlength=len(emotions.NAMES))


def _meaning(leaks: list[Number], agreement: list[Number]) -> tuple[str, ...]:
    sentences = []
    if leaks:
        worst = max(leaks, key=lambda number: number.value or 0)
        sentences.append(
            f"{worst.value:.1%} of one part's pictures have a copy in another ({worst.name}): a "
            "model that learns them by heart looks better than it is."
        )
    if agreement and (agreement[0].value or 0) < LEAST_AGREEMENT:
        sentences.append(
            f"Only {agreement[0].value:.1%} of the labels agree with the FER+ votes, about as many "
            "as by chance: these votes evidently belong to other pictures, and nothing about "
            "labels follows from them. Put them right with howifeel-train votes."
        )
    elif agreement:
        sentences.append(
            f"Ten people's majority agrees with {agreement[0].value:.1%} of the labels, so a "
            "classifier that agreed with all labels would have learned their errors, too."
        )
    return tuple(sentences)
