"""The pages of the documentation and the blocks of code in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NOT_RUN = "Not run by the tests: "


@dataclass(frozen=True)
class Block:
    """A fenced block of code.

    Attributes:
        page: its page, relative to the project.
        language: the first word behind the fence.
        title: what a reader sees above it; may be empty.
        text: the code.
    """

    page: str
    language: str
    title: str
    text: str

    @property
    def reason(self) -> str:
        """Why the tests do not run it; empty where they do."""
        return self.title.removeprefix(NOT_RUN) if self.title.startswith(NOT_RUN) else ""


def pages() -> list[str]:
    """All pages that readers see, relative to the project."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    found += [ROOT / "models" / "README.md", ROOT / "faceDetection" / "README.md"]
    return sorted(page.relative_to(ROOT).as_posix() for page in found)


def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(page: str) -> list[Block]:
    found = []
    for head, text in FENCE.findall(text_of(page)):
        language, _, rest = head.strip().partition(" ")
        title = re.search(r'title="([^"]*)"', rest)
        found.append(Block(page, language, title[1] if title else "", text))
    return found
