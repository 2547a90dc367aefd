"""The languages of the window: `xx.ts` is what people translate, `xx.qm` what Qt reads."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

SOURCE = "en"
LANGUAGES = (SOURCE, "de")
_FOLDER = Path(__file__).parent


def install(app: QCoreApplication, wanted: str) -> str:
    """Translate everything that is made from now on.

    Args:
        app: gets the translator, and keeps it.
        wanted: two letters; "" for the system's language.

    Returns:
        The language that is used: the wanted one if it exists, else English.
    """
    system = QLocale.system().name()[:2]
    language = wanted or system
    if language not in LANGUAGES:
        language = SOURCE
    if language != system:
        QLocale.setDefault(QLocale(language))
    translator = QTranslator(app)
    if language != SOURCE and translator.load(str(_FOLDER / f"{language}.qm")):
        app.installTranslator(translator)
    return language
