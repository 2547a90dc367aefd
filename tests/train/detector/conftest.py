"""Drawn faces: light ovals with dark eyes and mouth, on a ground of blobs."""

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from howifeel.train.detector import recipe

TINY = """
name = "tiny"
width = 128
height = 128
steps = 60
batch = 6
learning_rate = 0.01
warm_up = 5
average = 0.9

[net]
stem = [4, 8, 8]
stages = [[8, 1], [8, 1], [8, 1], [8, 1]]
pyramid = 8
refine = [1, 0, 0]
"""


def draw_picture(rng, faces):
    """A picture of 160x120 with a number of faces, and their boxes."""
    image = cv2.resize(rng.uniform(0, 120, (3, 4, 3)).astype(np.float32), (160, 120))
    image = np.ascontiguousarray(image.astype(np.uint8))
    boxes = []
    for slot in rng.permutation(4)[:faces]:
        half_width = int(rng.integers(12, 22))
        half_height = int(half_width * 1.25)
        x, y = 40 + 80 * int(slot % 2), 30 + 60 * int(slot // 2)
        cv2.ellipse(image, (x, y), (half_width, half_height), 0, 0, 360, (170, 200, 235), -1)
        for eye in (-1, 1):
            cv2.circle(
                image, (x + eye * half_width // 2, y - half_height // 3), 3, (20, 20, 20), -1
            )
        cv2.line(
            image, (x - 6, y + half_height // 2), (x + 6, y + half_height // 2), (30, 30, 90), 3
        )
        boxes.append([x - half_width, y - half_height, x + half_width + 1, y + half_height + 1])
    return image, np.array(boxes, np.float32).reshape(-1, 4)


def write_split(folder, split, pictures, boxed=True):
    rows = [
        {
            "image": {"bytes": cv2.imencode(".png", image)[1].tobytes(), "path": f"{number}.png"},
            "boxes": boxes.tolist(),
            "boxed": boxed,
        }
        for number, (image, boxes) in enumerate(pictures)
    ]
    schema = pa.schema(
        {
            "image": pa.struct({"bytes": pa.binary(), "path": pa.string()}),
            "boxes": pa.list_(pa.list_(pa.float32())),
            "boxed": pa.bool_(),
        }
    )
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / f"{split}-0-of-1.parquet")


@pytest.fixture(scope="session")
def face_folder(tmp_path_factory):
    """A folder of drawn faces in the layout of the real data."""
    folder = tmp_path_factory.mktemp("faces")
    rng = np.random.default_rng(1)
    write_split(folder, "train", [draw_picture(rng, 1 + n % 3) for n in range(24)])
    write_split(folder, "negatives", [draw_picture(rng, 0) for _ in range(6)])
    write_split(folder, "unboxed", [draw_picture(rng, 1) for _ in range(2)], boxed=False)
    write_split(folder, "validation", [draw_picture(rng, 1 + n % 2) for n in range(8)])
    return folder


@pytest.fixture(scope="session")
def tiny_recipe_file(tmp_path_factory):
    """A net that trains in seconds."""
    path = tmp_path_factory.mktemp("recipes") / "tiny.toml"
    path.write_text(TINY)
    return path


@pytest.fixture(scope="session")
def tiny_recipe(tiny_recipe_file):
    return recipe.load(tiny_recipe_file)
