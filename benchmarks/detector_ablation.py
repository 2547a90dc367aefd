"""What each ingredient of the detector's training brings: the same short run without it.

All runs have the same seed, number of steps and net, and begin with random weights; average
precision is that of the last step on the validation pictures. One run of each: differences below
about one percent are no proof. A run that is done is not repeated; one with other steps, values or
pictures is another run.

    python benchmarks/detector_ablation.py --data FOLDER --labelled FOLDER --out runs/ablation
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import torch

from howifeel.train.detector import data, loop, recipe

_PORTRAITS = "portraits marked by machine"
_OFF = (0.0, 0.0)
WITHOUT: Mapping[str, Mapping[str, Any]] = {
    "nothing": {},
    "mosaics": {"augment": {"mosaic": 0.0}},
    "zoom in and out": {"augment": {"zoom_log": _OFF, "mosaic_zoom_log": _OFF}},
    "aiming windows at faces": {"augment": {"aim": 0.0}},
    "changes of proportions": {"augment": {"aspect_log": _OFF}},
    "rotation": {"augment": {"rotate": 0.0}},
    "grey, colour and tone": {"augment": {"grey": 0.0, "hue_saturation": 0.0, "tone": 0.0}},
    "blur, JPEG, low light": {"augment": {"degrade": 0.0}},
    "any change of look": {
        "augment": {"grey": 0.0, "hue_saturation": 0.0, "tone": 0.0, "degrade": 0.0}
    },
    "pictures without a face": {"augment": {"negatives": 0.0}},
    "false colours of these": {"augment": {"colour_negatives": 0.0, "smooth_negatives": 0.0}},
    "doubt about unmarked faces": {"loss": {"unmarked": 1.0}},
    "generous matching (0.5 instead of 0.4)": {
        "matching": {"face_from": 0.5, "background_below": 0.4}
    },
    "more than one prior for small faces": {"matching": {"least_priors": 1}},
    _PORTRAITS: {},
}


def main() -> None:
    """Train each, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--labelled", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--only", nargs="+", choices=WITHOUT, default=list(WITHOUT))
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(arguments.threads)
    faces = data.read(arguments.data, arguments.labelled)
    print(f"| without, {arguments.steps} steps | AP >= 20 px | 32 px | 64 px |")
    print("| --- | ---: | ---: | ---: |", flush=True)
    for name in arguments.only:
        plan = recipe.from_dict({**WITHOUT[name], "steps": arguments.steps, "average": 0.995})
        some = replace(faces, labelled=()) if name == _PORTRAITS else faces
        out = arguments.out / _folder(name, plan, some)
        out.mkdir(parents=True, exist_ok=True)
        if not _done(out):
            loop.train(plan, some, out, loop.Machine(torch.device("cpu")), resume=True)
        row = " | ".join(f"{each['average_precision']:.3f}" for each in _done(out))
        print(f"| {name} | {row} |", flush=True)


def _folder(name: str, plan: recipe.Recipe, faces: data.FaceData) -> str:
    """Another one for other steps, values or numbers of pictures, so that no old row is printed."""
    all_of_it = json.dumps([plan.as_dict(), faces.told], sort_keys=True)
    digest = hashlib.sha256(all_of_it.encode()).hexdigest()[:8]
    return f"{name.replace(' ', '-')}-{plan.steps}-{digest}"


def _done(out: Path) -> list[dict[str, Any]]:
    """The last results of a run that came to its end."""
    log = out / "log.jsonl"
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    last: dict[str, Any] = json.loads(lines[-1]) if lines else {"fraction": 0}
    return last["validation"] if last["fraction"] >= 1 else []


if __name__ == "__main__":
    main()
