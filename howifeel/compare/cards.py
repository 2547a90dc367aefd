"""What is known about the models that read the films."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from howifeel import assets
from howifeel.classify.onnx import OnnxClassifier
from howifeel.report.words import percent
from howifeel.types import Provenance

_TOLD = ("accuracy", "accuracy of named", "named")
_UNKNOWN = "It does not ship with this version; who made it can tell what it is worth."


def cards(made: Iterable[Provenance]) -> dict[str, dict[str, str]]:
    """Facts about each model, by its SHA-256; of those that ship, what their files say.

    Raises:
        AssetError: the installation lacks its models, or they are damaged.
    """
    used = {str(each.model_sha256): str(each.model) for each in made}
    if not used:
        return {}
    shipped = {assets.sha256(path): path for path in map(assets.model_file, assets.model_names())}
    found = {}
    for digest, name in used.items():
        if digest not in shipped:
            found[digest] = {"Model": name, "About it": _UNKNOWN}
            continue
        spec = OnnxClassifier(shipped[digest], "cpu").spec
        found[digest] = {
            "Model": f"{name}, which ships with HowIFeel",
            "Trained on": spec.trained_on,
            "Measured": measured(spec.scores),
            '"Unsure" below': f"{spec.unsure_below:g}",
            "Limits": "Disgust and fear are read least well. No accuracy by age, gender or skin "
            "colour was measured; how often each expression is named was (docs/lab/bias.md).",
        }
    return found


def measured(scores: Mapping[str, float]) -> str:
    r"""The scores that readers need, each protocol named once.

    >>> measured({"Test: accuracy": 0.68, "Test: ECE": 0.02, "Test: named": 0.81})
    'Test: accuracy 68\xa0%, named 81\xa0%'
    """
    told: dict[str, list[str]] = {}
    for what, value in scores.items():
        if what.endswith(_TOLD) and not what.startswith(("fp32", "int8")):
            protocol, _, kind = what.rpartition(": ")
            told.setdefault(protocol, []).append(f"{kind} {percent(value)}")
    return "; ".join(
        f"{protocol}: {', '.join(each)}" if protocol else ", ".join(each)
        for protocol, each in told.items()
    )
