"""What a Linux desktop is told about the program."""

import configparser
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

import bundle
import linux_share
from howifeel import __version__
from howifeel.video import SINK_SUFFIXES

ENTRY = linux_share.SOURCES / "howifeel.desktop"
METAINFO = linux_share.SOURCES / "howifeel.metainfo.xml"


def entry():
    parser = configparser.ConfigParser(interpolation=None, delimiters="=")
    parser.optionxform = str
    parser.read(ENTRY, "utf-8")
    return parser["Desktop Entry"]


def test_entry_starts_what_the_package_brings():
    assert entry()["Exec"].split()[0] in bundle.PROGRAMS
    assert entry()["TryExec"] in bundle.PROGRAMS
    assert entry()["Icon"] == "howifeel"
    assert entry()["Terminal"] == "false"


def test_entry_names_the_kinds_of_films_that_are_read():
    kinds = {".mp4": "video/mp4", ".mov": "video/quicktime", ".mkv": "video/x-matroska",
             ".webm": "video/webm"}  # fmt: skip
    assert set(SINK_SUFFIXES) == kinds.keys()
    assert set(kinds.values()) <= set(entry()["MimeType"].split(";"))


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="no desktop-file-validate")
def test_entry_is_valid():
    done = subprocess.run(["desktop-file-validate", ENTRY], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_description_matches_the_program():
    root = ElementTree.parse(METAINFO).getroot()
    assert root.findtext("id") == linux_share.COMPONENT
    assert root.findtext("launchable") == ENTRY.name
    assert root.findtext("project_license") == "MIT"
    assert {found.text for found in root.iter("binary")} <= set(bundle.PROGRAMS)
    newest = next(root.iter("release"))
    assert newest.get("version") == __version__
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", newest.get("date"))


def test_description_never_claims_to_know_feelings():
    told = " ".join(ElementTree.parse(METAINFO).getroot().itertext())
    assert "looks like it expresses" in told
    assert not re.search(r"\b(recogni[sz]es|detects) emotions?\b|\bis happy\b", told)


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="no appstreamcli")
def test_description_is_valid():
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", METAINFO], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
