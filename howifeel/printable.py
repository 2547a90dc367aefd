"""Text from outside, made fit for a terminal, a log and a page."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of Unicode: controls, changes of direction, lone surrogates, line separators."""

_LONGEST = 1000


def printable(text: str) -> str:
    r"""The text in one line, with everything visible that would act instead of being shown.

    File names and damaged files can hold anything: a line break would forge a second message, an
    escape sequence would command the terminal. Very long texts lose their middle.

    >>> printable("talk\x1b[31m\n.mp4")
    'talk\\x1b[31m\\n.mp4'
    >>> printable("Zoë 彩 \U0001f600")
    'Zoë 彩 😀'
    """
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST // 2]} ... {text[-_LONGEST // 2 :]}"
    if text.isprintable():
        return text
    return "".join(
        letter.encode("unicode_escape").decode()
        if unicodedata.category(letter) in _HARMFUL
        else letter
        for letter in text
    )


def file_name(source: str) -> str:
    r"""A path without its folders, which are nobody else's business; other URLs as they are.

    >>> file_name("/home/zoe/talk.mp4"), file_name("C:\\films\\talk.mp4")
    ('talk.mp4', 'talk.mp4')
    >>> file_name("file:///home/zoe/two%20faces.mp4"), file_name("rtsp://host/stream")
    ('two faces.mp4', 'rtsp://host/stream')
    """
    if source.lower().startswith("file:"):
        source = unquote(source[len("file:") :])
    elif "://" in source:
        return source
    return re.split(r"[/\\]", source.rstrip("/\\"))[-1]
