from dataclasses import fields, replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

from howifeel.batch import manifest
from howifeel.batch.manifest import Entry
from howifeel.errors import OutputError

NOW = datetime(2026, 5, 4, 3, 2, 1, 123456, UTC)
DONE = Entry(
    source="day 1/Füße.mp4", folder="/films", name="day 1-Füße", size=2**40, modified=NOW,
    state="done", tries=2, error="", notes=("damaged",), outputs=("a.mp4", "/b/a.csv"),
    wrote=("a.mp4", "/b/a.csv", "a.html"),
    frames=250, faces=3, film_s=10.0, work_s=2.5, settings_sha256="s", model_sha256="m",
    detector_sha256="d", version="1", started=NOW, ended=NOW,
)  # fmt: skip


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / manifest.NAME
    entries = (DONE, Entry("b.mp4", "/films", "b"))
    manifest.write(path, entries)
    assert manifest.read(path) == entries
    assert [each.name for each in tmp_path.iterdir()] == [manifest.NAME]


def test_other_tools_see_plain_columns(tmp_path):
    path = tmp_path / manifest.NAME
    manifest.write(path, [DONE])
    table = parquet.read_table(path)
    assert table.column_names == [field.name for field in fields(Entry)]
    assert table["modified"].to_pylist() == [NOW]


def test_earlier_manifests_tell_only_of_what_is_done_that_it_was_written(tmp_path):
    path = tmp_path / manifest.NAME
    manifest.write(path, [DONE, replace(DONE, source="b.mp4", state="failed")])
    parquet.write_table(parquet.read_table(path).drop_columns("wrote"), path)
    done, failed = manifest.read(path)
    assert done == replace(DONE, wrote=DONE.outputs)
    assert failed == replace(DONE, source="b.mp4", state="failed", wrote=())


def test_no_manifest_is_an_empty_one(tmp_path):
    assert manifest.read(tmp_path / manifest.NAME) == ()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-20]),
        lambda path: path.write_text("hello"),
        lambda path: path.write_bytes(b""),
        lambda path: parquet.write_table(pa.table({"source": ["a"]}), path),
        lambda path: parquet.write_table(
            manifest.SCHEMA.empty_table().append_column("x", [[]]), path
        ),
        lambda path: parquet.write_table(
            pa.Table.from_pylist([{"source": "a"}], schema=manifest.SCHEMA), path
        ),
    ],
)
def test_what_is_no_manifest_is_refused_in_one_sentence(tmp_path, damage):
    path = tmp_path / manifest.NAME
    manifest.write(path, [DONE])
    damage(path)
    with pytest.raises(OutputError, match="move it away"):
        manifest.read(path)


def test_an_older_manifest_is_kept_where_no_new_one_can_be_written(tmp_path):
    path = tmp_path / manifest.NAME
    manifest.write(path, [DONE])
    with pytest.raises(UnicodeEncodeError):
        manifest.write(path, [Entry("\udcff", "/films", "x")])
    assert manifest.read(path) == (DONE,)
    assert [each.name for each in tmp_path.iterdir()] == [manifest.NAME]
