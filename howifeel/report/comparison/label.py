"""Names in little room: their middle gives way, because the end tells films apart."""

from __future__ import annotations

import unicodedata

from howifeel.report.markup import Markup, element

END = 22
"""So many characters at the end of a name are always shown."""

LOOK = """
.elided{display:flex;min-width:0;white-space:pre}
.elided .begin{overflow:hidden;text-overflow:ellipsis}
.elided .end{flex:none;max-width:80%;overflow:hidden;display:flex;justify-content:flex-end}
"""


def label(name: str, class_: str) -> Markup:
    """A name in one line; where it is too long, something before its end is left out."""
    begin, end = parts(name)
    return element(
        "span",
        element("span", begin, class_="begin") if begin else "",
        element("span", end, class_="end"),
        class_=f"elided {class_}",
        title=name,
        dir="auto",
    )


def parts(name: str) -> tuple[str, str]:
    """What may give way, and what stays; letters and their accents stay together.

    >>> parts("before/anna/first talk of two.mp4"), parts("talk.mp4")
    (('before/anna', '/first talk of two.mp4'), ('', 'talk.mp4'))
    """
    cut = max(0, len(name) - END)
    while cut and unicodedata.combining(name[cut]):
        cut -= 1
    return name[:cut], name[cut:]
