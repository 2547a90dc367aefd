"""FER+ votes that slipped against their pictures."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from howifeel import emotions
from howifeel.cli.train import main
from howifeel.train import alignment, readers
from howifeel.train.data import VOTES, DataError
from howifeel.train.ferplus import agreement, distribution
from howifeel.train.realign import realign

LOST = (40, 41, 150, 260)
ROWS = 400


def votes_for(rng, labels):
    """Ten votes each, about seven of them for the label."""
    ours = [emotions.from_label(name) for name in VOTES]
    votes = rng.multinomial(3, np.full(len(VOTES), 1 / len(VOTES)), len(labels))
    votes[np.arange(len(labels)), [ours.index(emotions.NAMES[n]) for n in labels]] += 7
    return votes


def test_the_shift_of_each_row_is_found():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 7, ROWS)
    kept = np.delete(np.arange(ROWS), LOST)
    votes = distribution(votes_for(rng, labels).astype(np.uint8))[kept] * 10
    present = labels.copy()
    present[list(LOST)] = -1
    found = alignment.shifts(present[: len(kept)], votes, furthest=10)
    expected = [-sum(lost < row for lost in LOST) for row in range(len(kept))]
    assert np.mean(found == expected) > 0.97
    assert (found[:30] == 0).all()
    assert (found[-30:] == -len(LOST)).all()


def write(folder, *, slipped, vote=votes_for):
    """Rows 0..399 in two files, as Training but for the last 20."""
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 7, ROWS + 20)
    votes = vote(rng, labels)
    if slipped:
        votes = np.delete(votes, LOST, axis=0)
    folder.mkdir()
    picture = io.BytesIO()
    Image.fromarray(rng.integers(0, 255, (48, 48)).astype(np.uint8)).save(picture, "PNG")
    for part, rows in enumerate((range(200), range(200, ROWS))):
        columns = {
            "image": [{"bytes": picture.getvalue(), "path": None}] * len(rows),
            "label": [int(labels[row]) for row in rows],
            "usage": ["Training" if row < ROWS - 20 else "PublicTest" for row in rows],
            "fer_index": list(rows),
        } | {
            f"ferplus_{name}": [int(votes[row, n]) for row in rows] for n, name in enumerate(VOTES)
        }
        pq.write_table(pa.table(columns), folder / f"train-{part}.parquet")
    return folder


def test_files_are_written_anew_with_votes_that_fit(tmp_path, capsys):
    data, out = write(tmp_path / "slipped", slipped=True), tmp_path / "right"
    before = agreement(readers.read(data).part("Training"))
    (data / "fer2013.csv").write_text("emotion,pixels,Usage\n")  # beside them, of no concern
    assert main(["votes", "--data", str(data), "--out", str(out)]) == 0
    mended = readers.read(out)
    assert before < 0.4
    assert agreement(mended.part("Training")) > 0.9
    assert not mended.part("PublicTest").votes.any()
    (data / "fer2013.csv").unlink()
    assert np.array_equal(mended.images, readers.read(data).images)
    assert np.array_equal(mended.labels, readers.read(data).labels)
    said = capsys.readouterr().out
    assert f"agreed with {before:.1%} of the labels" in said
    assert "grows to 4 rows" in said


def test_nothing_is_written_over_or_where_nothing_is_gained(tmp_path):
    data, out = write(tmp_path / "slipped", slipped=True), tmp_path / "right"
    out.mkdir()
    (out / "train-1.parquet").write_text("mine")
    assert main(["votes", "--data", str(data), "--out", str(out)]) == 1
    assert [path.name for path in out.iterdir()] == ["train-1.parquet"]
    assert (out / "train-1.parquet").read_text() == "mine"

    empty = tmp_path / "empty"
    empty.mkdir()
    fitting = write(tmp_path / "fitting", slipped=False)
    with pytest.raises(DataError, match="need no mending"):
        realign(fitting, empty)
    anyones = write(
        tmp_path / "anyones", slipped=False,
        vote=lambda rng, labels: votes_for(rng, rng.integers(0, 7, len(labels))),
    )  # fmt: skip
    with pytest.raises(DataError, match="No shift of rows"):
        realign(anyones, empty)
    assert not list(empty.iterdir())


def test_files_without_row_numbers_or_votes_are_refused(tmp_path):
    data = write(tmp_path / "slipped", slipped=True)
    path = data / "train-0.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["fer_index"]), path)
    with pytest.raises(DataError, match="lacks the column fer_index"):
        realign(data, tmp_path)
    columns = pq.read_table(data / "train-1.parquet")
    place = columns.schema.get_field_index("fer_index")
    far = columns.set_column(place, "fer_index", pa.array([2**40] * columns.num_rows))
    pq.write_table(far, path)
    with pytest.raises(DataError, match="must hold row numbers"):
        realign(data, tmp_path)
    with pytest.raises(DataError, match="no Parquet files"):
        realign(tmp_path, tmp_path)
