"""HTML and SVG elements as text; everything that is not an element is escaped."""

from __future__ import annotations

import html
import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EMPTY = frozenset({"br", "img", "meta", "col"})


class Markup(str):
    """Text that is HTML or SVG already."""

    __slots__ = ()


def escaped(text: object) -> Markup:
    """A text as it must be written; `Markup` stays as it is.

    >>> escaped("<b> & 'c'"), escaped(Markup("<b/>"))
    ('&lt;b&gt; &amp; &#x27;c&#x27;', '<b/>')
    """
    if isinstance(text, Markup):
        return text
    return Markup(html.escape(_FORBIDDEN.sub("\ufffd", str(text))))


def element(name: str, /, *content: object, **attributes: object) -> Markup:
    """An element. In attribute names `_` stands for `-`, `class_` for "class"; None leaves one out.

    >>> element("a", "x < y", class_="plain", aria_label="z")
    '<a class="plain" aria-label="z">x &lt; y</a>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _EMPTY:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{joined(*content)}</{name}>")


def joined(*content: object) -> Markup:
    """Several pieces one after the other."""
    return Markup("".join(map(escaped, content)))


def _number(value: object) -> str:
    """Numbers with as many decimals as a picture needs."""
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return escaped(value)
