"""How reports lie on paper and in rows: no headline alone, names and figures on one line."""

import base64
import shutil
import subprocess

import pytest

from browser import chromium
from builders import moment, reading
from howifeel.report.comparison import Comparison, Film, Person, page
from howifeel.timeline import Table
from recordings import ORIGIN

TABLE = Table.of(moment(n, reading()) for n in range(50))


def compared(films):
    made = [Film.of(f"film {n}.mp4", TABLE, ORIGIN) for n in range(films)]
    return page(Comparison(tuple(Person(f.name, (f,), f.looks) for f in made)), "Compared")


def pages(tab, path):
    """The text of each printed page."""
    tab.open(path.as_uri())
    tab.wait(f"location.href == {path.as_uri()!r} && document.readyState", "complete")
    data = tab.ask("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]
    words = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=base64.b64decode(data),
        stdout=subprocess.PIPE, check=True,
    ).stdout.decode()  # fmt: skip
    found = [[line.strip() for line in sheet.splitlines()] for sheet in words.split("\f")]
    return [[line for line in lines if line] for lines in found if any(lines)]


def headlines(tab):
    """Headlines, and the lines between them and what they stand over."""
    return tab.value("[...document.querySelectorAll('h2,h3,h2+p,h3+p')].map(e => e.innerText)")


def test_no_headline_stands_alone_at_the_foot_of_a_page(tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext")
    with chromium() as tab:
        checked = 0
        for films in range(6, 22, 4):
            path = tmp_path / f"{films}.html"
            path.write_text(compared(films), "utf-8")
            sheets = pages(tab, path)
            texts = " ".join(headlines(tab))
            for lines in sheets[:-1]:
                assert lines[-1] not in texts, (films, lines)
                checked += 1
        assert checked > 8


def test_a_name_that_wraps_begins_on_the_line_of_its_figures(tmp_path):
    name = "a very long name of a film that does not fit into one line of the table.mp4"
    film = Film.of(name, TABLE, ORIGIN)
    text = page(Comparison((Person(name, (film,), film.looks),)), "Wrapped")
    (tmp_path / "c.html").write_text(text, "utf-8")
    tops = """[...document.querySelectorAll('table.wide tbody tr > *')].map(cell => {
      const range = document.createRange();
      range.selectNodeContents(cell.firstChild);
      return range.getClientRects()[0].top;
    })"""
    with chromium() as tab:
        tab.open((tmp_path / "c.html").as_uri())
        tab.wait("document.querySelectorAll('table.wide tbody tr > *').length", 12)
        found = tab.value(tops)
        assert max(found) - min(found) < 1
        height = "document.querySelector('table.wide tbody tr').getBoundingClientRect().height"
        assert tab.value(height) > 50
