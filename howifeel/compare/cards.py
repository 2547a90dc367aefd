"""What is known about the models that read the films."""

from __future__ import annotations

from collections.abc import Iterable

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
        scores = (
            f"{what} {percent(value)}"
            for what, value in spec.scores.items()
            if what.endswith(_TOLD) and not what.startswith(("fp32", "int8"))
        )
        found[digest] = {
            "Model": f"{name}, which ships with HowIFeel",
            "Trained on": spec.trained_on,
            "Measured": "; ".join(scores),
            '"Unsure" below': f"{spec.unsure_below:g}",
            "Limits": "Disgust and fear are read least well. No accuracy by age, gender or skin "
            "colour was measured; how often each expression is named was (docs/lab/bias.md).",
        }
    return found
