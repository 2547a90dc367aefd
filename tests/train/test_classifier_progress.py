import io

from howifeel.train.progress import EpochProgress
from howifeel.train.recipe import Recipe

RECIPE = Recipe(epochs=4, resolutions=((0.0, 24), (0.5, 48)))


class Terminal(io.StringIO):
    def isatty(self):
        return True


def record(epoch):
    return {
        "epoch": epoch,
        "loss": 1.25,
        "train_accuracy": 0.5,
        "choose_accuracy": 0.625,
        "seconds": 12.0,
        "pictures_per_s": 2300.0,
        "outside_passes": 0.08,
    }


def test_a_pipe_gets_one_line_for_each_epoch():
    stream = io.StringIO()
    progress = EpochProgress(RECIPE, stream=stream)
    for epoch in (1, 2):
        for step in range(1, 6):
            progress.step(step, 5)
        progress.epoch(record(epoch))
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("epoch 2/4: loss 1.250, accuracy 50.0% in training, 62.5%")
    assert lines[1].endswith("left")


def test_a_terminal_sees_where_the_epoch_is_and_the_line_goes_away():
    stream = Terminal()
    progress = EpochProgress(RECIPE, done=1, stream=stream)
    progress.step(1, 4)
    assert "epoch 2/4:  25%" in stream.getvalue()
    progress.epoch(record(2))
    assert "\r\x1b[Kepoch 2/4: loss" in stream.getvalue()
    assert stream.getvalue().endswith("left\n")


def test_the_last_epoch_leaves_nothing():
    stream = io.StringIO()
    progress = EpochProgress(RECIPE, done=3, stream=stream)
    progress.epoch(record(4))
    assert stream.getvalue().endswith("0:00:00 left\n")
