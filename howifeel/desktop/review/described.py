"""Sessions, readings and what will be deleted, in words."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale
from PySide6.QtWidgets import QMessageBox, QWidget

from howifeel.desktop import words
from howifeel.session import Picture, SessionInfo
from howifeel.types import Reading


def started(info: SessionInfo) -> str:
    """Day and time in the manner of the user's country."""
    try:
        moment = datetime.fromisoformat(info.started)
    except ValueError:
        return info.started
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)


def picture(kind: Picture) -> str:
    """What is kept of the picture."""
    kinds: dict[Picture, str] = {
        "none": QCoreApplication.translate("Review", "numbers only"),
        "blurred": QCoreApplication.translate("Review", "blurred faces"),
        "full": QCoreApplication.translate("Review", "full picture"),
    }
    return kinds[kind]


def faces(count: int) -> str:
    """How many faces there are."""
    return (
        QCoreApplication.translate("Review", "1 face")
        if count == 1
        else QCoreApplication.translate("Review", "{} faces").format(count)
    )


def about(info: SessionInfo) -> str:
    """One line on a session."""
    parts = [started(info), words.clock(info.duration_s), faces(info.faces), picture(info.picture)]
    if info.recovered:
        parts.append(QCoreApplication.translate("Review", "recovered"))
    return "   ·   ".join(parts)


def origin(info: SessionInfo) -> str:
    """Where a session comes from, in several lines."""
    origin = info.provenance
    lines = [
        QCoreApplication.translate("Review", "Source: {}").format(info.source),
        QCoreApplication.translate("Review", "Model: {}").format(origin.model),
        QCoreApplication.translate("Review", "Detector: {}").format(origin.detector),
        QCoreApplication.translate("Review", "Version: {}").format(origin.version),
    ]
    if info.consent:
        lines.append(QCoreApplication.translate("Review", "Agreed: {}").format(info.consent))
    return "\n".join(lines)


def reading(reading: Reading) -> str:
    """What a face looks like in a frame."""
    text = words.phrase(reading.top, reading.unsure)
    return text if reading.unsure else f"{text}  {reading.top_prob:.0%}"


def face(info: SessionInfo, track: int) -> str:
    """The name of a face, or its number."""
    number = QCoreApplication.translate("Review", "Face {}").format(track)
    return info.names.get(track) or number


def doom_of_session(info: SessionInfo) -> tuple[str, str]:
    """The question before a session is deleted, and what is deleted with it."""
    parts = {
        "none": QCoreApplication.translate("Review", "Its numbers, names and markers are deleted."),
        "blurred": QCoreApplication.translate(
            "Review", "Its numbers, names, markers and the film with blurred faces are deleted."
        ),
        "full": QCoreApplication.translate(
            "Review", "Its numbers, names, markers and the film with the faces are deleted."
        ),
    }
    detail = parts[info.picture]
    if info.picture == "none" and info.source_file:
        detail += " " + QCoreApplication.translate("Review", "The file {} stays.").format(
            info.source_file.name
        )
    detail += " " + QCoreApplication.translate("Review", "This cannot be undone.")
    return QCoreApplication.translate("Review", "Delete “{}”?").format(info.name), detail


def doom_of_face(info: SessionInfo, track: int) -> tuple[str, str]:
    """The question before a face is deleted, and what is deleted."""
    name = face(info, track)
    parts = {
        "none": QCoreApplication.translate(
            "Review", "All readings of this face and its name are deleted."
        ),
        "blurred": QCoreApplication.translate(
            "Review",
            "All readings of this face and its name are deleted; the film is blurred already.",
        ),
        "full": QCoreApplication.translate(
            "Review",
            "All readings of this face and its name are deleted, and it is blurred in the film "
            "where it was read; look through the film before you share it.",
        ),
    }
    detail = parts[info.picture]
    if info.picture == "none" and info.source_file:
        detail += " " + QCoreApplication.translate("Review", "The file {} stays as it is.").format(
            info.source_file.name
        )
    detail += " " + QCoreApplication.translate("Review", "This cannot be undone.")
    return QCoreApplication.translate("Review", "Delete {} from this session?").format(
        f"“{name}”"
    ), detail


def confirmed(parent: QWidget, question: tuple[str, str]) -> bool:
    """Ask before something is deleted; keeping it is the default."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(question[0])
    box.setInformativeText(question[1])
    delete = box.addButton(
        QCoreApplication.translate("Review", "Delete"), QMessageBox.ButtonRole.DestructiveRole
    )
    keep = box.addButton(
        QCoreApplication.translate("Review", "Keep"), QMessageBox.ButtonRole.RejectRole
    )
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.exec()
    return box.clickedButton() is delete
