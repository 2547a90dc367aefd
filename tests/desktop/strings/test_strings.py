"""Every text of the window is translated, and what is compiled is what was translated."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale, QTranslator

from howifeel import emotions
from howifeel.config import ABOUT
from howifeel.desktop import settings_words, strings, words
from howifeel.explain import SENTENCES

ROOT = Path(__file__).parents[3]
FOLDER = Path(strings.__file__).parent
TRANSLATED = [code for code in strings.LANGUAGES if code != strings.SOURCE]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("tool", ROOT / "packaging" / "strings.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def german(qapp):
    translator = QTranslator()
    assert translator.load(str(FOLDER / "de.qm"))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def messages(file):
    for context in ElementTree.parse(file).getroot().findall("context"):
        for message in context.findall("message"):
            yield context.findtext("name"), message.findtext("source"), message.find("translation")


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_text_is_left_untranslated(tool, tmp_path, code):
    """Run `make strings`, translate what it names, and run it again."""
    fresh = tmp_path / f"{code}.ts"
    shutil.copy(FOLDER / f"{code}.ts", fresh)
    tool.update(fresh)
    assert list(tool.unfinished(fresh)) == []
    assert len(list(messages(fresh))) > 100


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_compiled_is_what_was_translated(qapp, code):
    translator = QTranslator()
    assert translator.load(str(FOLDER / f"{code}.qm"))
    for context, source, translation in messages(FOLDER / f"{code}.ts"):
        assert translator.translate(context, source) == translation.text, (context, source)


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_survive(code):
    for context, source, translation in messages(FOLDER / f"{code}.ts"):
        assert source.count("{}") == translation.text.count("{}"), (context, source)


def test_the_product_says_looks_in_german_too(german):
    assert words.phrase("happy", unsure=False) == "sieht fröhlich aus"
    for name in emotions.NAMES:
        phrase = words.phrase(name, unsure=False)
        assert phrase.startswith("sieht ") and phrase.endswith(" aus")
    assert words.phrase("happy", unsure=True) == "unklar"


def test_settings_and_reasons_are_translated(german):
    assert settings_words.label("device") == "Gerät"
    assert all(settings_words.help(name) != about.help for name, about in ABOUT.items())
    assert all(words.sentence(sentence) != sentence for sentence in SENTENCES.values())


CHILD = """
import sys
from PySide6.QtCore import QSettings
from howifeel.desktop import app, strings, words
made = app.application()
print(strings.install(made, sys.argv[1]), words.name("happy"))
"""


@pytest.mark.parametrize(
    ("wanted", "expected"), [("de", "de fröhlich"), ("en", "en happy"), ("xx", "en happy")]
)
def test_the_language_is_chosen_at_the_start(wanted, expected):
    done = subprocess.run(
        [sys.executable, "-c", CHILD, wanted], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == expected


def test_the_system_decides_where_nobody_chose(qapp, monkeypatch):
    default = QLocale()
    monkeypatch.setattr(QLocale, "system", staticmethod(lambda: QLocale("fr_FR")))
    assert strings.install(qapp, "") == "en"
    QLocale.setDefault(default)
