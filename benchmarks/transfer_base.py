"""Makes what `docs/lab/transfer.md` starts with: a VGG-16 that knows one half of Training.

Divides Training in two halves that have no copies of each other, trains on the one, and writes
fer2013-other-half.parquet (the other one, and PublicTest) and vgg16-one-half.pt (the weights of the
convolutions alone) into the folder.

    python benchmarks/transfer_base.py --data fer2013/ --out base/
    howifeel-lab transfer --data base/fer2013-other-half.parquet --start base/vgg16-one-half.pt \
        --norm --width 16 --pictures 4000 --epochs 6
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch

from howifeel.train import checkpoint
from howifeel.train.data import PUBLIC, TEST, TRAINING

COMMANDS = Path(sys.executable).parent
RECIPE = """epochs = 8
lr = 1.5e-3
seed = 6
[net]
name = "vgg16"
width = 16
dense = [256]
norm = true
dropout = 0.3
"""


def part(table: pa.Table, usage: str, now: str) -> pa.Table:
    """The rows of one use, which get another."""
    rows = table.filter(pa.array(np.array(table["usage"].to_pylist()) == usage))
    place = rows.column_names.index("usage")
    return rows.set_column(place, "usage", pa.array([now] * len(rows)))


def main() -> None:
    """Divide, train, keep the convolutions."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    lab, train = COMMANDS / "howifeel-lab", COMMANDS / "howifeel-train"
    divide = ["split", "--data", arguments.data, "--validation", "0.5", "--out", out / "split"]
    subprocess.run([lab, *divide, "--resume"], check=True)
    whole = pq.read_table(out / "split" / "split.parquet", columns=["image", "label", "usage"])
    one, other = part(whole, TRAINING, TRAINING), part(whole, PUBLIC, TRAINING)
    pq.write_table(one, out / "fer2013-one-half.parquet")
    measured = part(whole, TEST, PUBLIC)
    pq.write_table(pa.concat_tables([other, measured]), out / "fer2013-other-half.parquet")
    recipe = out / "base.toml"
    recipe.write_text(RECIPE, "utf-8")
    run = [recipe, "--data", out / "fer2013-one-half.parquet", "--out", out / "run"]
    subprocess.run([train, *run, "--resume", "--weights-only"], check=True)
    best = checkpoint.load(out / "run" / "checkpoint.pt").best
    kept = {name: value for name, value in best.items() if name.startswith("features.")}
    torch.save(kept, out / "vgg16-one-half.pt")


if __name__ == "__main__":
    main()
