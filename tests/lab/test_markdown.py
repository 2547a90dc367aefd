"""The page of a run for a project's documentation."""

import pytest

from howifeel.errors import OutputError
from howifeel.lab.kit import markdown
from howifeel.lab.kit.result import Figure, Number, Record, Result

SVG = '<svg width="9pt" viewBox="0 0 9 9"><g/></svg>'


def run(folder, *, data="fer2013", quick=False):
    """A finished run with two figures in a folder."""
    files = ("curve.svg", "more.svg")
    for file in files:
        (folder / file).write_text(SVG, "utf-8")
    figures = tuple(Figure(file, "A curve.", "A curve.") for file in files)
    result = Result("PublicTest.", (Number("accuracy", 0.5),), figures, data=data)
    return Record(
        "noise", "It is small.", {}, 1, quick, "c" * 40, "0.1", {}, "a machine", "now", 1.0, result
    )


def test_cautions_stand_before_the_protocol(tmp_path):
    text = markdown.text(run(tmp_path, data="drawn faces", quick=True))
    before, _, _ = text.partition("**Protocol.**")
    assert "They say nothing about people" in before
    assert "This was a quick run" in before
    assert "\n> " not in markdown.text(run(tmp_path))


def test_page_and_figures_appear_together_or_not_at_all(tmp_path):
    record, pages = run(tmp_path), tmp_path / "pages"
    pages.mkdir()
    (tmp_path / "more.svg").unlink()
    with pytest.raises(OutputError):
        markdown.write(record, tmp_path, pages)
    assert not list(pages.iterdir())
    (tmp_path / "more.svg").write_text(SVG, "utf-8")
    markdown.write(record, tmp_path, pages)
    names = {path.name for path in pages.iterdir()}
    assert names == {"noise.md", "noise-curve.svg", "noise-more.svg"}
