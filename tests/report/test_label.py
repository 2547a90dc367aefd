"""Names in little room still tell films apart."""

import unicodedata

from browser import chromium
from builders import moment, reading
from howifeel.report.comparison import Comparison, Film, Person, page
from howifeel.report.comparison.label import END, parts
from howifeel.timeline import Table
from recordings import ORIGIN

NAMES = [
    f"Group {group}/{talk} talk of the study in spring, recorded in room {room}.mp4"
    for group in ("before", "after")
    for talk, room in (("First", 101), ("Second", 202))
]
IN_SIGHT = """[...document.querySelectorAll('.lane,.name')].map(label => {
  const box = label.getBoundingClientRect(), end = label.querySelector('.end');
  const range = document.createRange();
  range.selectNodeContents(end);
  const text = range.getBoundingClientRect();
  return [end.textContent, text.left >= box.left - 1 && text.right <= box.right + 1];
})"""


def test_the_end_of_a_name_stays_in_sight(tmp_path):
    table = Table.of(moment(n, reading()) for n in range(50))
    films = [Film.of(name, table, ORIGIN) for name in (*NAMES, "short.mp4")]
    people = tuple(Person(film.name, (film,), film.looks) for film in films)
    (tmp_path / "c.html").write_text(page(Comparison(people), "Long names"), "utf-8")
    with chromium() as tab:
        for width in (1200, 400):
            tab.ask("Emulation.setDeviceMetricsOverride", width=width, height=800,
                    deviceScaleFactor=1, mobile=False)  # fmt: skip
            tab.open((tmp_path / "c.html").as_uri())
            tab.wait("document.querySelectorAll('.name').length", 5)
            tab.wait("document.readyState", "complete")
            seen = tab.value(IN_SIGHT)
            assert len(seen) == 9 * len(films)
            assert all(in_sight for _, in_sight in seen), (width, seen)
            assert {end for end, _ in seen} == {n[-END:] for n in NAMES} | {"short.mp4"}


def test_headlines_of_a_table_are_not_broken_within_words(tmp_path):
    film = Film.of("a.mp4", Table.of(moment(n, reading()) for n in range(50)), ORIGIN)
    people = (Person("Anna", (film,), film.looks, "A"), Person("Ben", (film,), film.looks, "B"))
    (tmp_path / "c.html").write_text(page(Comparison(people), "Groups"), "utf-8")
    tallest = (
        "Math.max(...[...document.querySelectorAll('table.wide .heads button')]"
        ".map(button => button.getBoundingClientRect().height))"
    )
    with chromium() as tab:
        tab.ask("Emulation.setDeviceMetricsOverride", width=400, height=800,
                deviceScaleFactor=1, mobile=False)  # fmt: skip
        tab.open((tmp_path / "c.html").as_uri())
        tab.wait("document.querySelectorAll('.name').length", 2)
        assert tab.value(tallest) < 30


def test_a_letter_keeps_its_accent():
    name = unicodedata.normalize("NFD", "ü" * 40)
    for extra in ("", "a"):
        begin, end = parts(name + extra)
        assert begin + end == name + extra and not unicodedata.combining(end[0])
