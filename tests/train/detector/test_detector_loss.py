import numpy as np
import torch

from howifeel.train.detector.loss import LossWeights, detection_loss
from howifeel.train.detector.matching import BACKGROUND, FACE, IGNORED, UNMARKED
from howifeel.train.detector.priors import decode, encode

PRIORS = np.array([(20, 20, 16, 16), (50, 20, 16, 16)], np.float32)
FACE_BOX = np.array([(14, 10, 28, 30)], np.float32)
WANTED = encode(FACE_BOX, PRIORS[:1])


def losses(labels, face_logits, offsets=WANTED[0], **weights):
    """Of two priors; the first one's offsets are those given."""
    predicted = torch.zeros(1, 2, 4)
    predicted[0, 0] = torch.as_tensor(offsets)
    wanted = torch.zeros(1, 2, 4)
    wanted[0, 0] = torch.from_numpy(WANTED[0])
    logits = torch.tensor([[[0.0, logit] for logit in face_logits]])
    return detection_loss(
        predicted, logits, wanted, torch.tensor([labels], dtype=torch.int8),
        torch.from_numpy(PRIORS), LossWeights(**weights),
    )  # fmt: skip


def test_right_boxes_and_scores_cost_nothing():
    both = losses([FACE, BACKGROUND], [20.0, -20.0])
    assert float(both.boxes) < 1e-5
    assert float(both.classes) < 1e-5


def test_box_loss_is_that_of_the_paper():
    box = decode(np.zeros((1, 4), np.float32), PRIORS[:1])[0]
    shared = (min(box[2], 28) - max(box[0], 14)) * (min(box[3], 30) - max(box[1], 10))
    overlap = shared / (16 * 16 + 14 * 20 - shared)
    apart = ((box[0] + box[2]) / 2 - 21) ** 2 + ((box[1] + box[3]) / 2 - 20) ** 2
    around = (max(box[2], 28) - min(box[0], 14)) ** 2 + (max(box[3], 30) - min(box[1], 10)) ** 2
    loss = losses([FACE, IGNORED], [0.0, 0.0], offsets=[0.0] * 4, boxes=1.0)
    assert np.isclose(float(loss.boxes), 1 - overlap + apart / around, atol=1e-5)


def test_the_best_score_of_a_shifted_box_is_its_overlap():
    shifted = WANTED[0] + np.array([2, 0, 0, 0], np.float32)
    box = decode(shifted[None], PRIORS[:1])[0]
    width = 14 - (box[0] - 14)
    overlap = width / (28 - width)
    asked = np.linspace(-3, 6, 181)
    cost = [float(losses([FACE, IGNORED], [x, 0.0], offsets=shifted).classes) for x in asked]
    best = 1 / (1 + np.exp(-asked[int(np.argmin(cost))]))
    assert abs(best - overlap) < 0.02


def test_a_sure_find_on_unmarked_ground_is_hardly_punished():
    sure, unsure = 3.0, -1.0
    for logit, factor in ((sure, 0.2), (unsure, 1.0)):
        marked = losses([FACE, BACKGROUND], [20.0, logit], unmarked=0.2)
        unmarked = losses([FACE, UNMARKED], [20.0, logit], unmarked=0.2)
        assert np.isclose(float(unmarked.classes), factor * float(marked.classes), rtol=1e-3)


def test_ignored_priors_cost_nothing():
    assert float(losses([FACE, IGNORED], [20.0, 9.0]).classes) < 1e-5


def test_wild_offsets_stay_finite():
    wild = losses([FACE, BACKGROUND], [0.0, 0.0], offsets=[1e4, -1e4, 1e4, 1e4])
    assert np.isfinite(float(wild.boxes + wild.classes))
