import numpy as np
import pytest

from howifeel.errors import OutputError
from howifeel.train.detector import data
from howifeel.train.detector.label import LabelRule, agree, label, write

FACE = (100, 100, 140, 150)
NEAR = (104, 98, 142, 152)
ELSEWHERE = (10, 10, 40, 50)


def rows(*found):
    return np.array([(*box, score) for box, score in found], np.float32).reshape(-1, 5)


def boxes(*sides):
    return np.array(sides, np.float32).reshape(-1, 4).tolist()


def test_a_face_is_what_both_see_and_its_box_is_the_first_ones():
    faces, doubtful = agree(rows((FACE, 0.9)), rows((NEAR, 0.95)), LabelRule())
    assert faces.tolist() == boxes(FACE)
    assert doubtful.tolist() == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([(FACE, 0.9)], []),
        ([], [(FACE, 0.95)]),
        ([(FACE, 0.4)], [(FACE, 0.95)]),
        ([(FACE, 0.9)], [(FACE, 0.7)]),
    ],
)
def test_what_one_sees_alone_or_unsurely_is_doubtful(first, second):
    faces, doubtful = agree(rows(*first), rows(*second), LabelRule())
    assert faces.tolist() == []
    assert boxes(FACE)[0] in doubtful.tolist()


def test_weak_finds_are_background():
    faces, doubtful = agree(rows((FACE, 0.4)), rows((ELSEWHERE, 0.3)), LabelRule())
    assert len(faces) == len(doubtful) == 0


def test_another_box_of_the_same_face_is_not_doubtful():
    whole_head = (60, 60, 180, 190)
    first = rows((FACE, 0.9), (whole_head, 0.6), (ELSEWHERE, 0.6))
    faces, doubtful = agree(first, rows((NEAR, 0.95)), LabelRule())
    assert faces.tolist() == boxes(FACE)
    assert doubtful.tolist() == boxes(ELSEWHERE)


def test_marked_pictures_are_read_again(face_folder, tmp_path):
    images = list(data.read_unmarked(face_folder, "unboxed"))
    answers = iter([rows((FACE, 0.9), (ELSEWHERE, 0.9)), rows((FACE, 0.9))])
    seconds = iter([rows((FACE, 0.99)), rows()])
    done = write(label(images, lambda _: next(answers), lambda _: next(seconds), LabelRule()),
                 tmp_path)  # fmt: skip
    assert (done.pictures, done.kept, done.faces, done.doubtful) == (2, 1, 1, 1)
    (picture,) = data.read(face_folder, tmp_path).labelled
    assert picture.faces.tolist() == boxes(FACE)
    assert picture.doubtful.tolist() == boxes(ELSEWHERE)
    assert np.abs(picture.image.astype(int) - images[0]).mean() < 3
    with pytest.raises(OutputError, match="--force"):
        write([], tmp_path)
