"""The documentation site: it builds, its links lead somewhere, it loads nothing from elsewhere."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

from doc_pages import ROOT, pages, text_of
from howifeel import config

pytest.importorskip("material")
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """What a page loads, what it links to, and what can be linked to in it."""

    def __init__(self, path):
        super().__init__()
        self.loads, self.links, self.ids, self.styles = [], [], set(), []
        self._tag = ""
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        given, self._tag = dict(attrs), tag
        self.ids |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag in LOADED and given.get(LOADED[tag]):
            self.loads.append(given[LOADED[tag]])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])

    def handle_data(self, data):
        if self._tag == "style":
            self.styles.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """All pages of the built site by their path."""
    target = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True,
        timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {path: Page(path) for path in target.rglob("*.html") if path.name != "404.html"}


def test_every_page_is_there(site):
    names = {path.stem for path in site}
    assert {"index", "desktop", "video", "train", "limits", "troubleshooting", "api"} <= names
    assert any("iou" in anchor for page in site.values() for anchor in page.ids)


def test_links_and_anchors_lead_somewhere(site):
    by_path = {path.resolve(): page for path, page in site.items()}
    seen = 0
    for path, page in site.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme in ("https", "mailto") or link in (".", ".."):
                continue
            assert not parts.scheme and not parts.netloc, f"{path.name}: {link}"
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            target = target / "index.html" if target.is_dir() else target
            assert target.exists(), f"{path.name}: {link}"
            anchor = unquote(parts.fragment)
            if anchor and target in by_path and anchor != "__toc":
                assert anchor in by_path[target].ids | {"__search", "__drawer"}, (
                    f"{path.name}: {link}"
                )
            seen += 1
    assert seen > 500


def test_nothing_is_loaded_from_elsewhere(site):
    for path, page in site.items():
        for address in page.loads:
            parts = urlsplit(address)
            assert not parts.netloc and parts.scheme in ("", "data"), f"{path.name}: {address}"
            if not parts.scheme and parts.path not in ("", "."):
                assert (path.parent / unquote(parts.path)).exists(), f"{path.name}: {address}"
        assert not re.search(r"url\(['\"]?(?:https?:)?//", "".join(page.styles)), path.name
    sheets = [sheet for path in site for sheet in path.parent.rglob("*.css")]
    assert sheets
    for sheet in set(sheets):
        assert not re.search(r"(?:url\(['\"]?|@import\s*['\"])(?:https?:)?//", sheet.read_text())


@pytest.mark.parametrize("page", pages())
def test_links_between_the_files_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        parts = urlsplit(link)
        if parts.scheme in ("https", "mailto"):
            continue
        target = (ROOT / page).parent / parts.path if parts.path else ROOT / page
        assert target.exists(), link
        if parts.fragment and target.suffix == ".md":
            heads = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert parts.fragment in map(anchor, heads), link


def anchor(head):
    """What a headline is linked by.

    >>> anchor("The folder is the `registry`!")
    'the-folder-is-the-registry'
    """
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", head.lower())).strip("-")


def test_the_table_of_settings_is_the_programs():
    told = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", text_of("docs/video.md"), re.M)
    told = {row[0]: row[1:] for row in told if row[0] in config.ABOUT}
    defaults = config.Settings()
    for name, about in config.ABOUT.items():
        value = getattr(defaults, name)
        default = "" if value in (None, ()) else f"`{value}`"
        allowed = about.range or ", ".join(f"`{choice}`" for choice in about.choices)
        assert told[name] == (default, allowed, about.help)


@pytest.mark.parametrize("page", pages())
def test_a_face_looks_and_never_is(page):
    text = re.sub(r"\s+", " ", text_of(page)).lower()
    for claim in (r"\b(?:he|she|person|user|face|somebody) is (?:really )?(?:happy|sad|angry)\b",
                  r"\byou feel\b", r"\bdetects? (?:your )?emotions?\b", "\u2014"):  # fmt: skip
        found = re.search(claim, text)
        assert not found or "*is*" in text, found
