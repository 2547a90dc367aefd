"""How fast the classifier's recipes train here: `python benchmarks/training.py [RECIPE ...]`.

Faces are random, so no data is needed; teachers are left out. "Outside" is the share of the time
that does not go into the network's own forward and backward passes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from howifeel.train import recipe as recipes
from howifeel.train.data import PUBLIC, TRAINING, FaceSet
from howifeel.train.loop import Run
from howifeel.train.parallel import device_of
from howifeel.train.protocol import Split

RECIPES = ("teacher-resnet", "teacher-vgg", "teacher-se", "student", "cpu")
FITTED = 26_636
"""Pictures of FER-2013's Training after cleaning."""


def faces(count: int, usage: str) -> FaceSet:
    """Noise with labels."""
    generator = np.random.default_rng(count)
    return FaceSet(
        generator.integers(0, 256, (count, 48, 48), np.uint8),
        generator.integers(0, 7, count),
        np.full(count, usage),
    )


def measure(name: str, count: int, epochs: int, device: torch.device, choice: str) -> dict:
    """Train a few epochs and tell the quickest one's speed."""
    recipe = recipes.load(name)
    recipe = replace(recipe, distil=None, epochs=epochs + 1, resolutions=((0.0, recipe.size),))
    split = Split(faces(count, TRAINING), faces(256, PUBLIC), PUBLIC, None)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(recipe, split, device, Path(folder))
        compiled = run.compile(choice)
        records = [run.epoch(lambda done, total: None) for _ in range(epochs + 1)][1:]
    best = max(records, key=lambda record: record["pictures_per_s"])
    planned = recipes.load(name).epochs
    return {
        "recipe": name,
        "pictures_per_s": best["pictures_per_s"],
        "outside_passes": best["outside_passes"],
        "minutes_for_all_epochs": round(FITTED * planned / best["pictures_per_s"] / 60, 1),
        "compile": compiled,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipes", nargs="*", default=RECIPES, metavar="RECIPE")
    parser.add_argument("--faces", type=int, default=0, help="in an epoch (default: 16384 or 256)")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--compile", action="append", choices=("on", "off"), default=[])
    parser.add_argument("--threads", type=int, help="CPU threads of PyTorch")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each recipe")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    device = device_of(arguments.device)
    count = arguments.faces or (16_384 if device.type == "cuda" else 256)
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    print(f"PyTorch {torch.__version__} on {name}, {torch.get_num_threads()} threads")
    for recipe in arguments.recipes:
        for choice in arguments.compile or ["off"]:
            found = measure(recipe, count, arguments.epochs, device, choice)
            if arguments.json:
                print(json.dumps(found), flush=True)
                continue
            print(
                f"{recipe:16} {found['pictures_per_s']:9,.0f} pictures/s, "
                f"{found['outside_passes']:4.0%} outside; "
                f"{found['minutes_for_all_epochs']:6.1f} min for all epochs; {found['compile']}",
                flush=True,
            )


if __name__ == "__main__":
    main()
