"""How the expressions lie in the features that a classifier has learned: t-SNE and PCA.

van der Maaten and Hinton 2008, "Visualizing data using t-SNE". Distances between far groups and the
sizes of groups mean nothing in such a map; the figures come from the features themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.metrics import silhouette_samples
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from howifeel import emotions
from howifeel.errors import SettingsError
from howifeel.lab.kit import figures, hover, learned, models
from howifeel.lab.kit import study as studies
from howifeel.lab.kit.intervals import bootstrap, share
from howifeel.lab.kit.options import ModelOptions, option
from howifeel.lab.kit.out import Out
from howifeel.lab.kit.result import Figure, Number, Result
from howifeel.train.data import DataError, FaceSet

_FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(ModelOptions):
    """Options of the experiment."""

    perplexity: float = option(30, "about how many neighbours a picture has", quick=15, least=2)
    neighbours: int = option(10, "neighbours that name a picture", quick=5, least=1)
    shown: int = option(1500, "pictures in the maps, chosen at random", quick=210, least=50)


def run(options: Options, out: Out) -> Result:
    """Take features, measure how they separate, draw maps."""
    study = studies.study(options, train=options.model is None and options.data is None)
    test = studies.fewer(study.test, options.shown, options.seed)
    _check(options, test)
    model = models.any_model(options, study, out)
    features = np.asarray(StandardScaler().fit_transform(model.features(test.images)))
    pixels = StandardScaler().fit_transform(test.images.reshape(len(test), -1).astype(np.float32))
    answers = models.predicted(model, test.images)
    maps: dict[str, NDArray[np.floating]] = {}
    for name in out.each("drawing maps", ("t-SNE", "PCA")):
        maps[name] = _map(name, features, options)
    rare = _too_rare(test)
    numbers = [share("accuracy of the classifier itself", answers == test.labels)]
    for what, values in (("features", features), ("pixels", pixels)):
        silhouettes = np.asarray(silhouette_samples(values, test.labels))
        numbers.append(_silhouette(f"silhouette of the labels in the {what}", silhouettes, options))
        if not rare:
            named = _by_neighbours(values, test.labels, options)
            numbers.append(share(f"{options.neighbours} neighbours in the {what} name it right",
                                 named == test.labels))  # fmt: skip
    page = hover.page(
        maps["t-SNE"], test.images, test.labels, answers, "t-SNE of the classifier's features"
    )
    out.path("tsne.html").write_text(page, "utf-8")
    return Result(
        protocol=_protocol(study, test, rare) + models.protocol_note(model, study),
        numbers=tuple(numbers),
        figures=tuple(_figure(out, name, places, test.labels) for name, places in maps.items()),
        meaning=(
            *learned.doubts(test.labels, answers),
            "A silhouette of 1 means groups that are far apart, 0 that they overlap, below 0 that "
            "pictures lie nearer to another label.",
            _on_neighbours(rare),
        ),
        model=model.facts,
        data=study.name,
        data_sha256=studies.fingerprint(test),
        pages=("tsne.html",),
    )


def _check(options: Options, test: FaceSet) -> None:
    """Refuse what the pictures are too few for, before any work is done."""
    if len(test) <= 3 * options.perplexity:
        raise SettingsError(
            f"--perplexity {options.perplexity:g} needs more than {3 * options.perplexity:.0f} "
            f"pictures; there are {len(test)}."
        )
    others = len(test) * (_FOLDS - 1) // _FOLDS
    if options.neighbours > others:
        raise SettingsError(
            f"--neighbours {options.neighbours} cannot be found among the {others} other pictures "
            "of a fold; choose fewer, or raise --shown."
        )
    if len(np.unique(test.labels)) < 2:
        raise DataError("All test pictures show one expression; use data with at least two.")


def _too_rare(test: FaceSet) -> list[str]:
    """Expressions with some pictures, but too few for each fold to have one."""
    counts = np.bincount(test.labels, minlength=len(emotions.NAMES))
    return [emotions.NAMES[place] for place in np.flatnonzero((counts > 0) & (counts < _FOLDS))]


def _protocol(study: studies.Study, test: FaceSet, rare: list[str]) -> str:
    of = "" if len(test) == len(study.test) else f" of {len(study.test):,}"
    measured = f"{len(test):,}{of} pictures of {study.part} of {study.name}, single view."
    folds = f" Neighbours: {_FOLDS}-fold cross-validation among these."
    return measured if rare else measured + folds


def _on_neighbours(rare: list[str]) -> str:
    if rare:
        return (
            f"Neighbours name no pictures here: there are fewer than {_FOLDS} of "
            f"{' and of '.join(rare)}, too few for cross-validation."
        )
    return (
        "Where neighbours in the features name about as many right as the classifier, what it "
        "knows lies in its features, and its last layer adds little."
    )


def _map(name: str, features: NDArray[np.floating], options: Options) -> NDArray[np.floating]:
    if name == "PCA":
        return PCA(2, random_state=options.seed).fit_transform(features)
    return TSNE(
        2, perplexity=options.perplexity, init="pca", random_state=options.seed
    ).fit_transform(features)


def _silhouette(name: str, values: NDArray[np.floating], options: Options) -> Number:
    return bootstrap(
        name, lambda some: float(values[some].mean()), len(values), options.seed, kind="number"
    )


def _by_neighbours(
    values: NDArray[np.floating], labels: NDArray[np.integer], options: Options
) -> NDArray[np.integer]:
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=options.seed)
    machine = KNeighborsClassifier(options.neighbours)
    return np.asarray(cross_val_predict(machine, values, labels, cv=folds))


def _figure(
    out: Out, name: str, places: NDArray[np.floating], labels: NDArray[np.integer]
) -> Figure:
    caption = f"{name} of the features before the last layer; each mark is a face by its label."
    with figures.drawing(out, name.lower().replace("-", ""), caption, size=(8.5, 6)) as drawn:
        axes = drawn.canvas.subplots()
        for label, expression in enumerate(emotions.NAMES):
            chosen = places[labels == label]
            axes.plot(chosen[:, 0], chosen[:, 1], linestyle="", markersize=4, alpha=0.75,
                      color=figures.SERIES[label], marker=figures.MARKERS[label], label=expression,
                      markeredgewidth=0)  # fmt: skip
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), markerscale=1.6)
    return figures.done(drawn)
