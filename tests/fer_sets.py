"""Small generated data sets in the layouts of FER-2013."""

import csv
import io

import numpy as np
from PIL import Image

from howifeel import emotions
from howifeel.train.data import PRIVATE, PUBLIC, TRAINING, VOTES, FaceSet

FER_PLUS_NAME = {
    "angry": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happiness",
    "sad": "sadness",
    "surprise": "surprise",
    "neutral": "neutral",
}


def faces(per_class=4, seed=0, usages=(TRAINING, PUBLIC, PRIVATE), votes=False):
    """Each class is a pattern of its own, under noise that makes every picture different."""
    generator = np.random.default_rng(seed)
    across = np.linspace(0, 2 * np.pi, 48)
    images, labels, parts = [], [], []
    for usage in usages:
        for label in range(7):
            pattern = np.sin((label + 1) * across)[:, None] * np.cos((7 - label) * across)
            for _ in range(per_class):
                noisy = 128 + 70 * pattern + generator.normal(0, 25, (48, 48))
                images.append(noisy.clip(0, 255).astype(np.uint8))
                labels.append(label)
                parts.append(usage)
    labels = np.array(labels)
    return FaceSet(np.stack(images), labels, np.array(parts), votes_for(labels) if votes else None)


def votes_for(labels, strength=8):
    """Most of ten votes for the label, the rest for neutral."""
    votes = np.zeros((len(labels), len(VOTES)), np.uint8)
    for row, label in enumerate(labels):
        votes[row, VOTES.index(FER_PLUS_NAME[emotions.NAMES[label]])] += strength
        votes[row, VOTES.index("neutral")] += 10 - strength
    return votes


def write_csv(folder, data, name="fer2013.csv"):
    header = ["emotion", "pixels", "Usage"]
    if name == "icml_face_data.csv":
        header = ["emotion", " Usage", " pixels"]
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for image, label, usage in zip(data.images, data.labels, data.usage, strict=True):
            cells = {
                "emotion": int(label),
                "pixels": " ".join(map(str, image.ravel())),
                "usage": str(usage),
            }
            writer.writerow([cells[column.strip().lower()] for column in header])
    return folder


def write_folders(folder, data):
    top = {TRAINING: "train", PUBLIC: "test", PRIVATE: "test"}
    for index in range(len(data)):
        usage = str(data.usage[index])
        kind = folder / top[usage] / emotions.NAMES[data.labels[index]]
        kind.mkdir(parents=True, exist_ok=True)
        Image.fromarray(data.images[index]).save(kind / f"{usage}_{index:06}.png")
    return folder


def write_parquet(folder, data, votes=False, usage=True, name="part-{}.parquet"):
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(exist_ok=True)
    for part in sorted(set(data.usage.tolist())):
        chosen = data.part(part)
        columns = {
            "image": [{"bytes": _webp(image), "path": "x.webp"} for image in chosen.images],
            "label": chosen.labels.tolist(),
        }
        if usage:
            columns["usage"] = chosen.usage.tolist()
        if votes:
            for column, vote in enumerate(VOTES):
                columns[f"ferplus_{vote}"] = chosen.votes[:, column].tolist()
        pq.write_table(pa.table(columns), folder / name.format(part))
    return folder


def write_votes(folder, data, names=None):
    """FER+'s file; names of pictures that it left out are empty."""
    names = [f"fer{row:07}.png" for row in range(len(data))] if names is None else names
    with (folder / "fer2013new.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Usage", "Image name", *VOTES[:-1], "NF"])
        for usage, name, votes in zip(data.usage, names, data.votes, strict=True):
            writer.writerow([usage, name, *votes.tolist()])


def same(first, second):
    """Both sets hold the same pictures with the same labels and usages, in any order."""
    return _as_set(first) == _as_set(second)


def _as_set(data):
    return sorted(
        (str(u), int(label), image.tobytes())
        for image, label, u in zip(data.images, data.labels, data.usage, strict=True)
    )


def _webp(image):
    buffer = io.BytesIO()
    Image.fromarray(image).convert("RGB").save(buffer, "WEBP", lossless=True)
    return buffer.getvalue()
