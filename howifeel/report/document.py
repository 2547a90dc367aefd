"""What every report is: one HTML document without network, and a word of caution."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

from howifeel import __version__
from howifeel.report.markup import Markup, element
from howifeel.report.style import STYLE

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def document(title: str, *content: Markup | str, style: str = "", script: str = "") -> str:
    """The text of a page that needs no other file and no network.

    Args:
        title: its headline.
        content: what follows the headline.
        style: further rules of its style sheet.
        script: its only script, if any; the page's policy lets no other run.
    """
    policy = _POLICY
    if script:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy += f"; script-src 'sha256-{digest}'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width,initial-scale=1"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        element("meta", name="generator", content=f"HowIFeel {__version__}"),
        element("title", title),
        element("style", Markup(STYLE + style)),
    )
    behind = element("script", Markup(script)) if script else ""
    html = element("html", head, element("body", element("main", *content), behind), lang="en")
    return f"<!DOCTYPE html>\n{html}\n"


def header(title: str, about: str) -> Markup:
    """The headline, what the report is about, when it was made, and a word of caution."""
    made = f"Made by HowIFeel {__version__} on {datetime.now().astimezone():%Y-%m-%d %H:%M}."
    caution = (
        "This report names what faces looked like. What a person felt, a picture cannot "
        "tell: people smile when they are not happy and scowl when they are not angry "
        "(Barrett et al. 2019, doi:10.1177/1529100619832930)."
    )
    return element(
        "header",
        element("h1", title),
        element("p", f"{about} {made}", class_="dim"),
        element("div", element("p", caution), class_="note"),
    )


def reading_aid(*sentences: str) -> Markup:
    """How the figures came about and what they do not say; the law at the end."""
    law = (
        "In the European Union it is prohibited to infer emotions of people at work or in "
        "education (AI Act, Article 5(1)(f)), except for medical or safety reasons."
    )
    items = (element("li", sentence) for sentence in (*sentences, law))
    return element("footer", element("h3", "How to read this"), element("ul", *items))
