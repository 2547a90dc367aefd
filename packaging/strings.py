"""`make strings`: collects the texts of the window for translators and compiles what they wrote.

`howifeel/desktop/strings/xx.ts` gets every text of the window; what is new is marked unfinished.
Edit it with Qt Linguist (`pyside6-linguist`) or by hand, and run this again for the `.qm`.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

from howifeel.config import ABOUT

ROOT = Path(__file__).resolve().parents[1]
DESKTOP = ROOT / "howifeel" / "desktop"
FOLDER = DESKTOP / "strings"
SENTENCES = ("baseline.py", "explain.py", "emit/_warnings.py")
"""Modules without Qt whose sentences the window shows through `words.sentence`."""


def update(target: Path) -> None:
    """Write every text into a .ts file; translations that it holds are kept."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "listed.py"
        listed.write_text(_listed(), "utf-8")
        sources = [*sorted(DESKTOP.rglob("*.py")), listed]
        _tool("lupdate", *sources, "-ts", target, "-no-obsolete", "-locations", "none",
              "-source-language", "en", "-target-language", target.stem)  # fmt: skip


def compile(source: Path, target: Path) -> None:
    """Make a .qm of a .ts."""
    _tool("lrelease", source, "-qm", target)


def unfinished(file: Path) -> Iterator[str]:
    """The texts of a .ts that have no finished translation."""
    for context in ElementTree.parse(file).getroot().findall("context"):
        for message in context.findall("message"):
            translation = message.find("translation")
            done = translation is not None and translation.get("type") is None
            if not done or not (translation is not None and translation.text):
                yield f"{context.findtext('name')}: {message.findtext('source')}"


def _listed() -> str:
    """Texts that the window takes from modules without Qt, as calls that lupdate can read."""
    texts = [("Settings", text) for about in ABOUT.values() for text in (about.label, about.help)]
    for name in SENTENCES:
        path = ROOT / "howifeel" / name
        if path.is_file():
            texts += [("Sentence", text) for text in _sentences(path)]
    lines = [f"QCoreApplication.translate({name!r}, {text!r})" for name, text in texts]
    return "\n".join(["from PySide6.QtCore import QCoreApplication", *lines, ""])


def _sentences(module: Path) -> list[str]:
    """The sentences that a module gives away: constants with a full stop, but no docstrings."""
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    texts = (node.value for node in nodes
             if isinstance(node, ast.Constant) and id(node) not in docstrings)  # fmt: skip
    return sorted({text for text in texts if isinstance(text, str) and text.endswith(".")})


def _tool(name: str, *arguments: object) -> None:
    tool = Path(sys.executable).with_name(f"pyside6-{name}")
    done = subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"pyside6-{name} failed: {done.stdout}{done.stderr}")


def main() -> int:
    """Renew every .ts and .qm; 1 where a text is not translated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    missing = 0
    for source in sorted(FOLDER.glob("*.ts")):
        update(source)
        compile(source, source.with_suffix(".qm"))
        for text in unfinished(source):
            missing += 1
            print(f"{source.name}: not translated: {text}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
