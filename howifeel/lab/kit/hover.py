"""A map of faces as a page: the mark under the pointer shows its face; labels can be hidden.

It needs no script: the style sheet does all of it, so the page opens anywhere, offline.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from howifeel import emotions
from howifeel.lab.kit.figures import SERIES
from howifeel.report.markup import Markup, element
from howifeel.report.style import STYLE

_WIDTH, _HEIGHT, _MARGIN = 1000, 700, 14
_FACE = 190
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_MORE_STYLE = (
    "svg{width:100%;height:auto;display:block}.p>g{display:none}.p:hover>g{display:block}"
    ".p>circle{stroke:transparent;stroke-width:8;pointer-events:all;cursor:crosshair}"
    ".p:hover>circle{stroke:var(--ink);stroke-width:2}text{fill:var(--ink);font-size:17px}"
    "label{margin-right:18px;white-space:nowrap}"
) + "".join(
    f"main:has(#c{label}:not(:checked)) .c{label}{{display:none}}"
    for label in range(len(emotions.NAMES))
)


def page(
    places: NDArray[np.floating],
    images: NDArray[np.uint8],
    labels: Sequence[int] | NDArray[np.integer],
    answers: Sequence[int] | NDArray[np.integer],
    title: str,
) -> str:
    """The text of the page.

    Args:
        places: float (n, 2), where each face lies.
        images: uint8 (n, h, w), grey.
        labels: int (n,).
        answers: int (n,), what the classifier names.
        title: the headline.
    """
    low, high = places.min(0), places.max(0)
    room = np.array([_WIDTH - _FACE - 3 * _MARGIN, _HEIGHT - 2 * _MARGIN])
    spots = _MARGIN + (places - low) / np.maximum(high - low, 1e-9) * room
    marks = (
        _mark(x, y, image, int(label), int(answer))
        for (x, y), image, label, answer in zip(spots, images, labels, answers, strict=True)
    )
    boxes = (
        element(
            "label",
            Markup(f'<input type="checkbox" id="c{label}" checked> '),
            element("span", "●", style=f"color:{SERIES[label]}"),
            f" {name}",
        )
        for label, name in enumerate(emotions.NAMES)
    )
    body = element(
        "main",
        element("h1", title),
        element("p", "Point at a mark to see its face. Untick an expression to hide it.",
                class_="dim"),
        element("p", *boxes),
        element("div", element("svg", *marks, viewBox=f"0 0 {_WIDTH} {_HEIGHT}"), class_="card"),
    )  # fmt: skip
    head = element(
        "head",
        element("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        element("title", title),
        element("style", Markup(STYLE + _MORE_STYLE)),
    )
    return f"<!DOCTYPE html>\n{element('html', head, element('body', body), lang='en')}\n"


def _mark(x: float, y: float, image: NDArray[np.uint8], label: int, answer: int) -> Markup:
    packed = cv2.imencode(".png", image)[1].tobytes()
    data = base64.b64encode(packed).decode()
    left, below = _WIDTH - _FACE - _MARGIN, _MARGIN + _FACE
    about = (f"label: {emotions.NAMES[label]}", f"named: {emotions.NAMES[answer]}")
    face = element(
        "g",
        element("image", x=left, y=_MARGIN, width=_FACE, height=_FACE,
                href=f"data:image/png;base64,{data}"),
        *(element("text", text, x=left, y=below + 26 + 24 * line)
          for line, text in enumerate(about)),
    )  # fmt: skip
    circle = element("circle", cx=float(x), cy=float(y), r=5, fill=SERIES[label])
    return element("g", circle, face, class_=f"p c{label}")
