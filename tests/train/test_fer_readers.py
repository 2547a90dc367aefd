import dataclasses
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

import fer_sets
from howifeel import emotions
from howifeel.train.data import PRIVATE, PUBLIC, TEST, TRAINING, DataError
from howifeel.train.ferplus import read_votes
from howifeel.train.readers import read

GREY = " ".join(["7"] * 48 * 48)


@pytest.fixture(scope="module")
def data():
    return fer_sets.faces(per_class=2, votes=True)


def test_every_layout_gives_the_same_faces(tmp_path, data):
    assert fer_sets.same(read(fer_sets.write_csv(tmp_path / "csv", data)), data)
    icml = fer_sets.write_csv(tmp_path / "icml", data, "icml_face_data.csv")
    assert fer_sets.same(read(icml), data)
    assert fer_sets.same(read(fer_sets.write_folders(tmp_path / "folders", data)), data)
    assert fer_sets.same(read(fer_sets.write_parquet(tmp_path / "parquet", data)), data)


def test_a_file_may_be_named_itself(tmp_path, data):
    folder = fer_sets.write_csv(tmp_path / "csv", data)
    assert fer_sets.same(read(folder / "fer2013.csv"), data)
    parquet = fer_sets.write_parquet(tmp_path / "parquet", data)
    alone = read(parquet / "part-PublicTest.parquet")
    assert fer_sets.same(alone, data.part(PUBLIC))


def test_any_name_of_csv_will_do_when_it_is_named(tmp_path, data):
    folder = fer_sets.write_csv(tmp_path, data)
    (folder / "fer2013.csv").rename(folder / "mine.csv")
    assert fer_sets.same(read(folder / "mine.csv"), data)


def test_parquet_without_usage_is_told_by_the_file_names(tmp_path, data):
    folder = fer_sets.write_parquet(tmp_path, data, usage=False, name="{}-0-of-1.parquet")
    assert fer_sets.same(read(folder), data)


def write_class_labels(path, data, names):
    """Parquet files as Hugging Face's `datasets` writes them: numbers, and their names aside."""
    order = names if set(names) == set(emotions.NAMES) else list(emotions.NAMES)
    fer_sets.write_parquet(path, data)
    for file in path.iterdir():
        table = pq.read_table(file)
        numbers = [order.index(emotions.NAMES[x]) for x in table["label"].to_pylist()]
        table = table.set_column(table.column_names.index("label"), "Label", pa.array(numbers))
        info = {"info": {"features": {"Label": {"names": names, "_type": "ClassLabel"}}}}
        pq.write_table(table.replace_schema_metadata({"huggingface": json.dumps(info)}), file)
    return path


def test_numbers_of_a_parquet_file_mean_what_it_names(tmp_path, data):
    names = sorted(emotions.NAMES)
    assert fer_sets.same(read(write_class_labels(tmp_path / "named", data, names)), data)


def test_numbers_that_mean_no_expression_of_ours_are_refused(tmp_path, data):
    names = ["contempt" if name == "sad" else name for name in emotions.NAMES]
    with pytest.raises(DataError, match="Unknown label 'contempt'"):
        read(write_class_labels(tmp_path / "contempt", data, names))
    with pytest.raises(DataError, match="Unknown label 'number 3'"):
        read(write_class_labels(tmp_path / "few", data, names[:3]))


@pytest.mark.parametrize(
    "written",
    [
        b"junk",
        b"\xff",
        b"[" * 100_000,
        b"[]",
        b'{"info": {"features": {"label": {"dtype": "int64"}}}}',
        b'{"info": {"features": {"label": {"names": [0, 1]}}}}',
        b'{"info": {"features": ["label"]}}',
        b'{"info": {"features": {"other": {"names": ["sad"]}}}}',
        b'{"info": {"features": {"label": {"names": ["0", "1", "2", "3", "4", "5", "6"]}}}}',
    ],
)
def test_metadata_that_names_no_labels_changes_nothing(tmp_path, data, written):
    fer_sets.write_parquet(tmp_path, data)
    for file in tmp_path.iterdir():
        table = pq.read_table(file).replace_schema_metadata({b"huggingface": written})
        pq.write_table(table, file)
    assert fer_sets.same(read(tmp_path), data)


def test_votes_from_columns_and_from_the_file_beside_the_data(tmp_path, data):
    by_columns = read(fer_sets.write_parquet(tmp_path / "parquet", data, votes=True))
    folder = fer_sets.write_csv(tmp_path / "csv", data)
    fer_sets.write_votes(folder, data)
    by_file = read(folder)
    assert np.array_equal(by_file.votes, data.votes)
    for part in (TRAINING, PUBLIC, PRIVATE):
        assert np.array_equal(by_columns.part(part).votes, data.part(part).votes)


def test_pictures_without_row_numbers_cannot_have_votes(tmp_path, data):
    folder = fer_sets.write_folders(tmp_path, data)
    fer_sets.write_votes(folder, data)
    with pytest.raises(DataError, match="cannot be assigned"):
        read(folder)


def left_out(count, rows):
    """Names as FER+ gives them: what has no face has none, and the numbers go on after it."""
    numbers = iter(range(count))
    return ["" if row in rows else f"fer{next(numbers):07}.png" for row in range(count)]


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (lambda count: left_out(count, (1, 4)), [5, 7]),
        (lambda count: left_out(count, ()), [3, 5]),
        (lambda count: [""] * count, [3, 5]),
    ],
)
def test_pictures_get_the_votes_of_their_name_or_row(tmp_path, data, names, rows):
    kind = tmp_path / "train" / "happy"
    kind.mkdir(parents=True)
    for number in (3, 5):
        Image.fromarray(data.images[number]).save(kind / f"fer{number:07}.png")
    Image.fromarray(data.images[0]).save(kind / "mine.jpg")
    data = dataclasses.replace(data, votes=votes_by_row(len(data)))
    fer_sets.write_votes(tmp_path, data, names(len(data)))
    assert np.array_equal(read(tmp_path).votes, [*data.votes[rows], np.zeros(10)])


def votes_by_row(count):
    """Other votes in each row."""
    return np.arange(count * 10, dtype=np.uint8).reshape(count, 10)


def test_a_test_folder_that_does_not_say_which_is_called_so(tmp_path, data):
    for part in ("train", "test"):
        kind = tmp_path / part / "Happiness"
        kind.mkdir(parents=True)
        Image.fromarray(data.images[0]).save(kind / "1.png")
    assert read(tmp_path).usage.tolist() == [TEST, TRAINING]


def test_colour_and_large_pictures_become_grey_48(tmp_path, data):
    kind = tmp_path / "train" / "sad"
    kind.mkdir(parents=True)
    large = (
        Image.fromarray(data.images[0]).convert("RGB").resize((96, 96), Image.Resampling.NEAREST)
    )
    large.save(kind / "1.png")
    image = read(tmp_path).images[0].astype(int)
    assert image.shape == (48, 48)
    assert np.abs(image - data.images[0]).mean() < 15


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("fer2013.csv", "emotion,Usage\n1,Training\n", "lacks the column pixels"),
        ("fer2013.csv", "emotion,pixels,Usage\n0,1 2 3,Training\n", "Line 2 .* damaged"),
        ("fer2013.csv", "emotion,pixels,Usage\n0\n", "Line 2 .* damaged"),
        ("fer2013.csv", f"emotion,pixels,Usage\n0,{GREY},Maybe\n", "Unknown usage 'Maybe'"),
        ("fer2013.csv", f"emotion,pixels,Usage\nbored,{GREY},Training\n", "Unknown label 'bored'"),
        ("fer2013.csv", "emotion,pixels,Usage\n", "no pictures"),
        ("fer2013.csv", "", "lacks the column emotion"),
        ("fer2013.csv", 'emotion,pixels,Usage\n0,"' + "1 2\n" * 2**16, "field larger than"),
        ("train.parquet", "not parquet", "not a Parquet file"),
        ("readme.txt", "hello", "No FER-2013 was found"),
    ],
)
def test_unusable_data_is_told_in_one_sentence(tmp_path, name, text, sentence):
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=sentence):
        read(tmp_path)


def test_missing_data_unknown_labels_and_damaged_pictures(tmp_path, data):
    with pytest.raises(DataError, match="There is no data set at"):
        read(tmp_path / "nowhere")
    (tmp_path / "fer2013.csv").write_text(f"emotion,pixels,Usage\n9,{GREY},Training\n")
    with pytest.raises(DataError, match=r"0 .angry. to 6 .neutral."):
        read(tmp_path)
    kind = tmp_path / "folders" / "train" / "angry"
    kind.mkdir(parents=True)
    (kind / "1.jpg").write_bytes(b"not a picture")
    with pytest.raises(DataError, match=r"picture .* is damaged"):
        read(tmp_path / "folders")
    (kind / "1.jpg").unlink()
    (kind.parent / "bored").mkdir()
    with pytest.raises(DataError, match="names no known expression"):
        read(tmp_path / "folders")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", ["fer2013.csv", "icml_face_data.csv", "train.parquet"])
def test_a_pipe_in_the_place_of_data_is_not_waited_for(pipe, tmp_path, name):
    pipe(tmp_path / name)
    with pytest.raises(DataError, match=f"{name}"):
        read(tmp_path)


@pytest.mark.timeout(20)
def test_a_pipe_in_the_place_of_votes_is_not_waited_for(pipe, tmp_path):
    with pytest.raises(DataError, match="votes in"):
        read_votes(pipe(tmp_path / "fer2013new.csv"), np.zeros(1, np.int64))
