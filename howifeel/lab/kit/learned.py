"""Whether a classifier has learned enough for figures about it to mean anything."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.lab.kit.intervals import share
from howifeel.lab.kit.result import Number
from howifeel.lab.kit.written import formatted

_NEARLY_ALL, _FAR_FEWER = 0.95, 0.75
_LISTED = 8


def doubts(
    labels: NDArray[np.integer], answers: NDArray[np.integer], who: str = "The classifier"
) -> tuple[str, ...]:
    """A sentence where a classifier has hardly learned, for the top of a page; else none.

    It has hardly learned where the interval of its accuracy includes or lies below what always
    naming the commonest label reaches, or where two answers cover nearly all pictures and their
    labels do not.

    Args:
        labels: int (n,).
        answers: int (n,), what it names the same pictures.
        who: the subject of the sentence.
    """
    accuracy = share("accuracy", answers == labels)
    always = commonest(labels)
    if accuracy.low is not None and accuracy.low <= always:
        reason = (
            f"names {_text(accuracy.value)} of the test pictures right, and always giving the "
            f"commonest answer would name {_text(always)}"
        )
    else:
        named = np.bincount(answers, minlength=len(emotions.NAMES))
        two = np.argsort(-named)[:2]
        covered = named[two].sum() / len(answers)
        if covered < _NEARLY_ALL or np.isin(labels, two).mean() >= _FAR_FEWER:
            return ()
        names = " or ".join(emotions.NAMES[place] for place in two)
        reason = f"names {_text(float(covered))} of the test pictures {names}"
    return (
        f"{who} {reason}: it has hardly learned, so the figures show that the experiment runs and "
        "decide nothing. More pictures or epochs would help.",
    )


def doubts_of(
    labels: NDArray[np.integer], answers: Mapping[str, NDArray[np.integer]]
) -> tuple[str, ...]:
    """One sentence about those of several networks that have hardly learned; see `doubts`.

    Args:
        labels: int (n,).
        answers: by the name of the network, int (n,), what it names the same pictures.
    """
    weak = [name for name, given in answers.items() if doubts(labels, given)]
    if not weak:
        return ()
    named = [f"{name} ({_text(float((answers[name] == labels).mean()))})" for name in weak]
    more = f" and {len(named) - _LISTED} more" if len(named) > _LISTED else ""
    return (
        f"Of {len(answers)} networks these have hardly learned: {', '.join(named[:_LISTED])}{more}."
        " They name no more test pictures right than always giving the commonest answer "
        f"({_text(commonest(labels))}), or hardly give more than two answers: their figures decide "
        "nothing. More pictures or epochs would help.",
    )


def commonest(labels: NDArray[np.integer]) -> float:
    """The share of the commonest label, 0..1: the accuracy of always naming just that.

    >>> commonest(np.array([3, 3, 3, 6]))
    0.75
    """
    return float(np.bincount(labels).max() / len(labels))


def _text(value: float | None) -> str:
    return formatted(Number("", value))
