"""Tables and texts with numbers that nobody expects, and bombs in Parquet and XML."""

from __future__ import annotations

import io
import json

import seeds

_NUMBERS = {
    "infinite": "1e999", "no number": "nan", "negative": "-1", "huge": "9" * 40, "tiny": "1e-300",
    "far": "1e15", "decades": "9e8", "word": "x", "empty": "",
}  # fmt: skip


def timelines() -> dict[str, bytes]:
    """Timelines by a name whose last word is the file's name."""
    found = {}
    lines = seeds.timeline_file("csv").decode().splitlines()
    columns = lines[0].split(",")
    for column in ("frame", "time_s", "track", "x0", "x1", "score", "happy", "top", "gap"):
        place = columns.index(column)
        for what, value in _NUMBERS.items():
            cells = lines[-1].split(",")
            cells[place] = value
            changed = [*lines[:-1], ",".join(cells)]
            found[f"{what} {column} film.csv"] = ("\r\n".join(changed) + "\r\n").encode()
    rows = [json.loads(line) for line in seeds.timeline_file("jsonl").decode().splitlines()]
    for column in ("frame", "time_s", "track", "x0", "score", "happy", "top", "gap"):
        for value in (None, [], {}, True, 10**40, 1e308, -1, "9" * 10_000, "\ud800", 1e-320):
            changed = [*rows[:-1], rows[-1] | {column: value}]
            text = "\n".join(map(json.dumps, changed)) + "\n"
            found[f"{column} is {str(value)[:12]!r} film.jsonl"] = text.encode()
    found["nested 100,000 deep film.jsonl"] = b"[" * 100_000
    found["a list film.jsonl"] = b"[1]\n"
    found["a number film.jsonl"] = b"1\n"
    found["a number with a million digits film.jsonl"] = b'{"frame": ' + b"1" * 10**6 + b"}\n"
    found["a line of 30 MB film.csv"] = (lines[0] + "\r\n" + "1" * 30_000_000).encode()
    found["only the head film.csv"] = (lines[0] + "\r\n").encode()
    found["a byte order mark film.csv"] = b"\xef\xbb\xbf" + seeds.timeline_file("csv")
    found |= {f"{name} film.parquet": data for name, data in _parquet_bombs().items()}
    return found


def _parquet_bombs() -> dict[str, bytes]:
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    from howifeel.timeline.formats.parquet import SCHEMA

    def written(table: pa.Table, **options: object) -> bytes:
        sink = io.BytesIO()
        parquet.write_table(table, sink, **options)
        return sink.getvalue()

    def repeated(rows: int, **changed: pa.Array) -> pa.Table:
        columns = {
            field.name: pa.nulls(rows, field.type) for field in SCHEMA
        } | {"gap": pa.array(["no face"] * rows)}  # fmt: skip
        columns |= {"frame": pa.array(np.arange(rows, dtype=np.int32)),
                    "time_s": pa.array(np.arange(rows) / 25.0)}  # fmt: skip
        return pa.table(columns | changed)

    long_text = pa.array(["x" * 50_000_000] * 6)
    return {
        "no row": written(repeated(0)),
        "no column": written(pa.table({"a": [1]})),
        "300 MB of one word": written(repeated(6, gap=long_text), compression="zstd"),
        "20 million rows of the same": written(
            repeated(20_000_000, time_s=pa.array(np.zeros(20_000_000)),
                     frame=pa.array(np.zeros(20_000_000, np.int32)),
                     gap=pa.nulls(20_000_000, pa.string())), compression="zstd",
        ),
        "an extension type": written(
            repeated(2).replace_schema_metadata({b"ARROW:extension:name": b"arrow.py_extension"})
        ),
        "lists for numbers": written(repeated(2, time_s=pa.array([[0.0], [1.0]]))),
        "texts for numbers": written(repeated(2, time_s=pa.array(["0", "1"]))),
        "unsigned numbers": written(repeated(2, frame=pa.array([2**63, 2**64 - 1], pa.uint64()))),
        "time that is infinite": written(repeated(2, time_s=pa.array([0.0, np.inf]))),
        "time that is no number": written(repeated(2, time_s=pa.array([0.0, np.nan]))),
        "names twice": written(
            pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["frame", "frame"])
        ),
    }  # fmt: skip


def settings() -> dict[str, bytes]:
    """Settings by a name whose last word is the file's name."""
    return {
        "deep settings.toml": b"a = " + b"[" * 100_000,
        "dotted settings.toml": b".".join([b"a"] * 5000) + b" = 1",
        "many digits settings.toml": b"threads = " + b"9" * 100_000,
        "infinite settings.toml": b"smooth_s = inf\nface_score = nan\n",
        "a date settings.toml": b"smooth_s = 1979-05-27T07:32:00Z\n",
        "model is a device settings.toml": b'model = "/dev/zero"\n',
        "model is a page settings.toml": b'model = "https://127.0.0.1:9/a.onnx"\n',
        "detector is a module settings.toml": b'detector = "../../os"\n',
        "detector is a class settings.toml": b'detector = "__init__"\n',
        "control characters settings.toml": b'"\\u001b[31m" = 1\n',
        "20 MB settings.toml": b"# comment\n" * 2_000_000,
        "UTF-16 settings.toml": "smooth_s = 1\n".encode("utf-16"),
        "nothing settings.toml": b"",
    }


def recipes() -> dict[str, bytes]:
    """Recipes by a name whose last word is the file's name."""
    return {
        "deep recipe.toml": b"a = " + b"[" * 100_000,
        "net is a module recipe.toml": b'net = "../../os"\n',
        "net is dotted recipe.toml": b'[net]\nname = "os.path"\n',
        "net is a number recipe.toml": b"net = 3\n",
        "net is private recipe.toml": b'net = "__init__"\n',
        "start is a device recipe.toml": b'start = "/dev/zero"\n',
        "many digits recipe.toml": b"epochs = " + b"9" * 100_000,
        "control characters recipe.toml": b'"\\u001b[31m" = 1\n',
        "teachers are numbers recipe.toml": b"[distil]\nteachers = [1, 2]\n",
        "resolutions of text recipe.toml": b'resolutions = [["a", "b"]]\n',
        "20 MB recipe.toml": b"# comment\n" * 2_000_000,
    }


def faces() -> dict[str, bytes]:
    """FER-2013 by a name whose last word is the file's name."""
    lines = seeds.faces("csv").decode().splitlines()
    label, pixels, usage = lines[1].split(",")
    found = {}
    for what, value in (_NUMBERS | {"nul": "\0"}).items():
        found[f"{what} label fer2013.csv"] = f"{lines[0]}\n{value},{pixels},{usage}\n".encode()
        found[f"{what} pixels fer2013.csv"] = f"{lines[0]}\n{label},{value},{usage}\n".encode()
        dotted = " ".join([value, *pixels.split()[1:]])
        found[f"{what} pixel fer2013.csv"] = f"{lines[0]}\n{label},{dotted},{usage}\n".encode()
        found[f"{what} usage fer2013.csv"] = f"{lines[0]}\n{label},{pixels},{value}\n".encode()
    found["a line of 60 MB fer2013.csv"] = (lines[0] + "\n0," + "1 " * 30_000_000).encode()
    found["an open quote fer2013.csv"] = (lines[0] + '\n0,"' + "1 " * 1_000_000).encode()
    found |= {f"{name} faces.parquet": data for name, data in _face_bombs().items()}
    return found


def _face_bombs() -> dict[str, bytes]:
    import crafted_pictures
    import pyarrow as pa
    from pyarrow import parquet

    def written(**columns: object) -> bytes:
        sink = io.BytesIO()
        parquet.write_table(pa.table(columns), sink)
        return sink.getvalue()

    def holding(picture: bytes) -> bytes:
        return written(image=[{"bytes": picture, "path": "a"}], label=[0], usage=["Training"])

    pictures = crafted_pictures.files()
    whole = {"bytes": seeds.picture("png"), "path": "a"}
    return {
        "bomb of a picture": holding(pictures["16k squared bomb.png"]),
        "84 megapixels": holding(pictures["84 megapixels bomb.png"]),
        "text of 200 MB": holding(pictures["text of 200 MB text.png"]),
        "lying picture": holding(pictures["promises 65500 squared lie.jpg"]),
        "no picture": holding(b"x"),
        "empty picture": holding(b""),
        "label of text": written(image=[whole], label=["\x1b[31m"], usage=["Training"]),
        "no label": written(image=[whole], label=pa.array([None], pa.int64()), usage=["Training"]),
        "label of a fraction": written(image=[whole], label=[0.5], usage=["Training"]),
        "huge label": written(image=[whole], label=pa.array([2**63 - 1]), usage=["Training"]),
        "usage of a number": written(image=[whole], label=[0], usage=[1]),
        "no usage": written(image=[whole], label=[0], usage=pa.array([None], pa.string())),
        "index of text": written(image=[whole], label=[0], usage=["Training"], fer_index=["x"]),
        "votes of text": written(
            image=[whole], label=[0], usage=["Training"],
            **{f"ferplus_{vote}": ["x"] for vote in _votes()},
        ),
        "huge votes": written(
            image=[whole], label=[0], usage=["Training"],
            **{f"ferplus_{vote}": [2**40] for vote in _votes()},
        ),
        "negative votes": written(
            image=[whole], label=[0], usage=["Training"],
            **{f"ferplus_{vote}": [-1] for vote in _votes()},
        ),
    }  # fmt: skip


def _votes() -> tuple[str, ...]:
    from howifeel.train.data import VOTES

    return VOTES


def photos() -> dict[str, bytes]:
    """Folders of marked photographs: one for all that is called the same before the last word."""
    jpg = seeds.picture("jpg")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><annotation>&l11;'
    entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotation>&x;</annotation>'
    deep = "<a>" * 200_000
    box = "<annotation><object><bndbox><xmin>{}</xmin><ymin>30</ymin><xmax>110</xmax>"
    box += "<ymax>120</ymax></bndbox></object></annotation>"
    marks = {"a billion laughs": bomb + "</annotation>", "an external entity": entity, "deep": deep}
    marks |= {f"{what} edge": box.format(value) for what, value in _NUMBERS.items()}
    found = {f"VOC: {name} whole/train/a.xml": text.encode() for name, text in marks.items()}
    for what, value in _NUMBERS.items():
        text = f"0 {value} 0.5 0.2 0.2\n".encode()
        found[f"YOLO: {what} centre whole/train/a.txt"] = text
    found["YOLO: not UTF-8 whole/train/a.txt"] = b"\xff\xfe\x00"
    found |= {f"{name.rpartition(' ')[0]} whole/train/a.jpg": jpg for name in found}
    lists = {
        "with paths": b"../../../../../../../../etc/passwd\n",
        "of blanks": b" \n\t\n",
        "that is no text": b"\xff\xfe\n",
    }
    for what, text in lists.items():
        found[f"a list {what} whole/ImageSets/Main/train.txt"] = text
        found[f"a list {what} whole/JPEGImages/a.jpg"] = jpg
    return found
