"""The languages of the window: `xx.ts` is what people translate, `xx.qm` what Qt reads."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

SOURCE = "en"
LANGUAGES = (SOURCE, "de")
_FOLDER = Path(__file__).parent


def install(app: QCoreApplication, wanted: str) -> str:
    """Translate everything that is made from now on.

    Args:
        app: gets the translators, and keeps them.
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
    if language != SOURCE:
        of_qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for file in (Path(of_qt) / f"qtbase_{language}.qm", _FOLDER / f"{language}.qm"):
            translator = QTranslator(app)
            if translator.load(str(file)):
                app.installTranslator(translator)
    return language
