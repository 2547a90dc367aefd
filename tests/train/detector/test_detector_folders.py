import cv2
import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from howifeel.errors import SourceError
from howifeel.train.detector import data

VOC = """<annotation><object><name>face</name><difficult>{difficult}</difficult><bndbox>
<xmin>{0}</xmin><ymin>{1}</ymin><xmax>{2}</xmax><ymax>{3}</ymax></bndbox></object></annotation>"""


def save_picture(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((50, 100, 3), 80, np.uint8))


def save_text(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("picture", "marks", "text"),
    [
        ("images/train/a.png", "labels/train/a.txt", "3 0.5 0.5 0.2 0.4\n"),
        ("train/a.png", "train/a.txt", "0 0.5 0.5 0.2 0.4"),
        ("train/a.png", "train/a.xml", VOC.format(41, 16, 60, 35, difficult=0)),
        ("JPEGImages/a.png", "Annotations/a.xml", VOC.format(41, 16, 60, 35, difficult=0)),
    ],
)
def test_every_layout_gives_the_same_box(tmp_path, picture, marks, text):
    save_picture(tmp_path / picture)
    save_text(tmp_path / marks, text)
    if "JPEGImages" in picture:
        save_text(tmp_path / "ImageSets" / "Main" / "train.txt", "a\n")
    (read,) = data.read_split(tmp_path, "train")
    assert read.image.shape == (50, 100, 3)
    assert np.allclose(read.faces, [(40, 15, 60, 35)])
    assert len(read.doubtful) == 0


def test_difficult_faces_are_doubtful(tmp_path):
    save_picture(tmp_path / "train" / "a.png")
    save_text(tmp_path / "train" / "a.xml", VOC.format(1, 1, 10, 10, difficult=1))
    (read,) = data.read_split(tmp_path, "train")
    assert len(read.faces) == 0
    assert read.doubtful.tolist() == [[0, 0, 10, 10]]


def test_a_picture_with_only_difficult_faces_is_no_picture_without_a_face(tmp_path):
    for split in ("train", "validation"):
        for name in ("face", "nobody", "difficult"):
            save_picture(tmp_path / split / f"{name}.png")
        save_text(tmp_path / split / "face.xml", VOC.format(1, 1, 10, 10, difficult=0))
        save_text(tmp_path / split / "difficult.xml", VOC.format(1, 1, 10, 10, difficult=1))
    faces = data.read(tmp_path)
    assert (len(faces.photos), len(faces.negatives), len(faces.validation)) == (1, 1, 3)
    assert not len(faces.negatives[0].doubtful)


def test_a_picture_without_marks_has_no_face(tmp_path):
    save_picture(tmp_path / "images" / "val" / "a.png")
    (read,) = data.read_split(tmp_path, "validation")
    assert len(read.faces) == 0


@pytest.mark.parametrize(
    ("name", "text"), [("a.xml", "<annotation><object></object></annotation>"), ("a.xml", "<a"),
                       ("a.txt", "0 0.5 0.5"), ("a.txt", "0 x y z w"),
                       ("a.xml", '<?xml version="1.0" encoding="klingon"?><annotation/>')]
)  # fmt: skip
def test_damaged_marks_are_refused(tmp_path, name, text):
    save_picture(tmp_path / "train" / "a.png")
    save_text(tmp_path / "train" / name, text)
    with pytest.raises(SourceError, match=r"Cannot read the faces in .*a\."):
        data.read_split(tmp_path, "train")


def test_yolo_boxes_in_pixels_are_refused(tmp_path):
    save_picture(tmp_path / "train" / "a.png")
    save_text(tmp_path / "train" / "a.txt", "0 50 25 40 40")
    with pytest.raises(SourceError, match=r"shares of the picture.*divide pixels"):
        data.read_split(tmp_path, "train")


def test_a_listed_picture_may_end_in_capitals(tmp_path):
    save_picture(tmp_path / "JPEGImages" / "a.JPG")
    save_text(tmp_path / "Annotations" / "a.xml", VOC.format(41, 16, 60, 35, difficult=0))
    save_text(tmp_path / "ImageSets" / "Main" / "train.txt", "a\n")
    (read,) = data.read_split(tmp_path, "train")
    assert len(read.faces) == 1


def test_damaged_and_missing_pictures_are_refused(tmp_path):
    save_text(tmp_path / "train" / "a.png", "no picture")
    with pytest.raises(SourceError, match="not a picture that can be read"):
        data.read_split(tmp_path, "train")
    save_text(tmp_path / "ImageSets" / "Main" / "train.txt", "b\n")
    with pytest.raises(SourceError, match="complete copy"):
        data.read_split(tmp_path, "train")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("suffix", [".xml", ".txt"])
def test_a_pipe_in_the_place_of_marks_is_not_waited_for(pipe, tmp_path, suffix):
    save_picture(tmp_path / "train" / "a.png")
    pipe(tmp_path / "train" / f"a{suffix}")
    with pytest.raises(SourceError, match=r"the faces in .*: it is a pipe"):
        data.read_split(tmp_path, "train")


@pytest.mark.timeout(20)
def test_a_pipe_in_the_place_of_a_table_is_not_waited_for(pipe, tmp_path):
    pipe(tmp_path / "train-0.parquet")
    with pytest.raises(SourceError, match=r"face pictures in .*: it is a pipe"):
        data.read_split(tmp_path, "train")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("train/a.xml", VOC.format(4001, 3001, 6000, 4800, difficult=0)),
        ("train/a.txt", f"0 {5 / 7} 0.78 {2 / 7} 0.36"),
        ("table", ""),
    ],
)
def test_boxes_of_a_picture_that_is_read_smaller_fit_it(tmp_path, name, text):
    picture = tmp_path / "train" / "a.jpg"
    picture.parent.mkdir()
    cv2.imwrite(str(picture), np.zeros((5000, 7000, 3), np.uint8))
    if name == "table":
        row = {"image": {"bytes": picture.read_bytes()}, "boxed": True}
        row["boxes"] = row["doubtful"] = [[4000, 3000, 6000, 4800]]
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), tmp_path / "train-0.parquet")
    else:
        save_text(tmp_path / name, text)
    (read,) = data.read_split(tmp_path, "train")
    assert read.image.shape == (2500, 3500, 3)
    assert read.faces == pytest.approx(np.array([[2000, 1500, 3000, 2400]]))
    assert read.doubtful.tolist() == (read.faces.tolist() if name == "table" else [])
    assert read.faces.dtype == read.doubtful.dtype == np.float32
