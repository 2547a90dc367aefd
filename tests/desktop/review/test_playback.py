"""Playing with a clock that the test moves."""

import pytest

from clips import write_clip
from howifeel.desktop.review import opened as sessions
from howifeel.desktop.review.playback_model import PlaybackModel
from howifeel.session import Session
from howifeel.timeline import Table

WAIT_MS = 10_000


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def playback(qapp, qtbot, clock, moments):
    made = PlaybackModel(clock=clock)
    made.open(sessions.prepare(Session(None, Table.of(moments), None, 0.0, None)))
    yield made
    made.close()


def moved(playback, clock, seconds):
    """Where it is after so many seconds."""
    clock.now += seconds
    playback._tick()
    return playback.position_s


def test_it_plays_as_fast_as_it_was_recorded_or_faster_or_slower(playback, clock):
    playback.play()
    assert moved(playback, clock, 1.0) == pytest.approx(1.0)
    playback.set_speed(0.25)
    assert moved(playback, clock, 1.0) == pytest.approx(1.25)
    playback.set_speed(4.0)
    assert moved(playback, clock, 0.5) == pytest.approx(3.25)


def test_it_stops_at_the_last_frame_and_begins_anew(playback, clock):
    playback.play()
    assert moved(playback, clock, 99) == pytest.approx(3.96)
    assert not playback.is_playing
    playback.toggle()
    assert playback.is_playing and playback.position_s == 0.0


def test_a_pause_holds_and_going_on_does_not_jump(playback, clock):
    playback.play()
    moved(playback, clock, 1.0)
    playback.pause()
    assert moved(playback, clock, 50) == pytest.approx(1.0)
    playback.play()
    assert moved(playback, clock, 0.5) == pytest.approx(1.5)


def test_seeking_while_it_plays_goes_on_from_there(playback, clock):
    playback.play()
    playback.seek(2.0)
    assert moved(playback, clock, 0.5) == pytest.approx(2.5)


@pytest.mark.parametrize(("wanted", "got"), [(-5, 0.0), (1.234, 1.234), (99, 3.96)])
def test_seeking_stays_inside_the_session(playback, wanted, got):
    playback.seek(wanted)
    assert playback.position_s == pytest.approx(got)


def test_steps_go_from_frame_to_frame_and_pause(playback):
    playback.play()
    playback.seek(1.01)
    playback.step(1)
    assert playback.position_s == pytest.approx(1.04)
    assert not playback.is_playing
    playback.step(-2)
    assert playback.position_s == pytest.approx(0.96)
    playback.step(-1000)
    assert playback.position_s == 0.0


def test_without_a_picture_the_faces_are_shown_on_empty_ground(playback):
    shots = []
    playback.shown.connect(shots.append)
    playback.seek(3.5)
    (shot,) = shots
    assert [r.face.track for r in shot.moment.readings] == [1, 2]
    assert shot.picture.image.shape == (480, 640, 3)


def test_the_picture_is_that_of_the_moment(qapp, qtbot, moments, tmp_path):
    """The video begins 0.4 s before the session."""
    path = write_clip(tmp_path / "a.mp4", frames=110)
    playback = PlaybackModel()
    shots = []
    playback.shown.connect(shots.append)
    playback.open(sessions.prepare(Session(None, Table.of(moments), path, 0.4, None)))
    for time_s in (0.0, 2.4, 1.0, 3.96):
        playback.seek(time_s)
        qtbot.waitUntil(
            lambda wanted=time_s: bool(shots) and abs(shots[-1].frame.time_s - wanted - 0.4) < 1e-3,
            timeout=WAIT_MS,
        )
        assert shots[-1].moment.time_s == pytest.approx(time_s)
    playback.close()


def test_a_video_that_cannot_be_read_leaves_the_numbers(qapp, qtbot, moments, tmp_path):
    (tmp_path / "a.mp4").write_text("no video")
    playback = PlaybackModel()
    shots, problems = [], []
    playback.shown.connect(shots.append)
    playback.problem.connect(problems.append)
    video = tmp_path / "a.mp4"
    playback.open(sessions.prepare(Session(None, Table.of(moments), video, 0.0, None)))
    qtbot.waitUntil(lambda: bool(problems) and bool(shots), timeout=WAIT_MS)
    assert "a.mp4" in problems[0]
    playback.seek(3.5)
    assert len(shots[-1].moment.readings) == 2
    playback.close()
