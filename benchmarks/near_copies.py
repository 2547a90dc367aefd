"""Shows pairs of near copies between two parts of FER-2013, to judge the rules of `duplicates`.

Writes a picture with a row of pairs for each band of hash distance and correlation, drawn at random
among the pairs that are not pixel-identical, and prints how many pairs each band has.

    python benchmarks/near_copies.py --data fer2013/ --out pairs.png
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from howifeel.train import readers
from howifeel.train.data import PUBLIC, TRAINING
from howifeel.train.duplicates import RULES, near_copies, perceptual_hash, standardised

BANDS = (
    (0, 8, 0.75, 0.80), (0, 8, 0.80, 0.82), (0, 8, 0.82, 0.85), (9, 10, 0.80, 0.85),
    (9, 10, 0.85, 0.87), (11, 14, 0.85, 0.88), (11, 14, 0.88, 0.90), (11, 14, 0.90, 0.95),
    (15, 64, 0.88, 0.95),
)  # fmt: skip
"""Least and most bits that differ, least correlation and its end."""
PAIRS = 14


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the PNG to write")
    arguments = parser.parse_args()
    faces = readers.read(arguments.data)
    tests, training = faces.part(PUBLIC).images, faces.part(TRAINING).images
    for name, rule in RULES.items():
        exact, near = near_copies(tests, training, rule)
        print(f"{name}: {near.sum()} of {len(tests)} {PUBLIC} pictures have a copy in Training, "
              f"{exact.sum()} a pixel-identical one")  # fmt: skip
    rows, columns, bits, correlation = candidates(tests, training)
    generator = np.random.default_rng(0)
    lines = []
    for low, high, least, end in BANDS:
        inside = (bits >= low) & (bits <= high) & (correlation >= least) & (correlation < end)
        found = np.flatnonzero(inside)
        _, first = np.unique(rows[found], return_index=True)
        distinct = generator.permutation(found[first])
        print(f"{low:2} to {high} bits, {least:.2f} to {end:.2f}: {len(found)} pairs, "
              f"{len(distinct)} {PUBLIC} pictures")  # fmt: skip
        pairs = [np.vstack([tests[rows[i]], training[columns[i]]]) for i in distinct[:PAIRS]]
        pairs += [np.full((96, 48), 255, np.uint8)] * (PAIRS - len(pairs))
        lines.append(np.hstack([np.pad(p, ((0, 8), (0, 4)), constant_values=255) for p in pairs]))
    sheet = Image.fromarray(np.vstack(lines))
    sheet.resize((2 * sheet.width, 2 * sheet.height)).save(arguments.out)


def candidates(tests: np.ndarray, training: np.ndarray) -> tuple[np.ndarray, ...]:
    """Row, column, differing bits and correlation of all pairs that could be near copies."""
    signs, others = (np.where(perceptual_hash(x), 1, -1).astype(np.float32)
                     for x in (tests, training))  # fmt: skip
    vectors, other_vectors = standardised(tests), standardised(training)
    parts = []
    for start in range(0, len(tests), 512):
        correlation = vectors[start : start + 512] @ other_vectors.T
        bits = (64 - signs[start : start + 512] @ others.T) / 2
        rows, columns = np.nonzero((correlation >= 0.75) & (correlation < 0.9999))
        parts.append((rows + start, columns, bits[rows, columns], correlation[rows, columns]))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


if __name__ == "__main__":
    main()
