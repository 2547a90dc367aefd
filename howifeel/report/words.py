"""Numbers and times as a reader says them."""

from __future__ import annotations

from howifeel.timeline.statistics import Estimate

REASONS = {
    "no face": "no face was found",
    "too small": "the face was too small",
    "blurred": "the face was too blurred",
    "deleted": "the face was deleted from the recording",
}
"""What a gap's reason means."""

_SPACE = "\u00a0"  # keeps a number and its unit on one line


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any.

    >>> clock(75.4), clock(3723), clock(-1)
    ('1:15', '1:02:03', '0:00')
    """
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def tenths(seconds: float) -> str:
    """Minutes, seconds and tenths.

    >>> tenths(7.34), tenths(59.96), tenths(3723)
    ('0:07.3', '1:00.0', '62:03.0')
    """
    minutes, rest = divmod(max(0, round(10 * seconds)), 600)
    return f"{minutes}:{rest // 10:02}.{rest % 10}"


def lasting(seconds: float) -> str:
    r"""How long something lasts.

    >>> lasting(8.44), lasting(75.4)
    ('8.4\xa0s', '1:15')
    """
    return f"{seconds:.1f}{_SPACE}s" if seconds < 60 else clock(seconds)


def percent(share: float) -> str:
    r"""A share in percent.

    >>> percent(0.426), percent(0.002), percent(0)
    ('43\xa0%', '<\xa01\xa0%', '0\xa0%')
    """
    if 0 < share < 0.005:
        return f"<{_SPACE}1{_SPACE}%"
    return f"{100 * share:.0f}{_SPACE}%"


def interval(estimate: Estimate) -> str:
    r"""The bounds of an estimate in percent, empty where it has none.

    >>> interval(Estimate(0.42, 0.351, 0.488)), interval(Estimate(0.42))
    ('35 to 49\xa0%', '')
    """
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{100 * estimate.low:.0f} to {100 * estimate.high:.0f}{_SPACE}%"


def count(number: int, one: str, several: str) -> str:
    """A number with its noun.

    >>> count(1, "face", "faces"), count(1200, "face", "faces")
    ('1 face', '1,200 faces')
    """
    return f"{number:,} {one if number == 1 else several}"


def is_empty(value: object) -> bool:
    """Whether a setting says nothing, so that a reader need not see it.

    >>> is_empty([]), is_empty(""), is_empty(None), is_empty(0), is_empty(False)
    (True, True, True, False, False)
    """
    return value is None or value in ("", [], ())
