"""Sessions that were recorded from real clips by the real detector and model."""

import shutil

import pytest

import shared
from builders import face, moment, reading
from howifeel import engine
from howifeel.config import Settings
from howifeel.desktop import theme
from howifeel.desktop.review import ReviewView
from howifeel.session import Marker, Store
from howifeel.video import open_source

WAIT_MS = 20_000
CLIPS = {"full": ("single_face.mp4", 90), "none": ("face_noface.mov", 30)}
"""What is kept of the picture -> the clip, and how many frames of it are recorded."""


def record_clip(store, loaded, keep, clip, frames):
    """Record the begin of a clip; its id."""
    path = shared.existing("videos", clip)
    with open_source(path) as source:
        origin = loaded.provenance(clip)
        recorder = store.record(clip, source.info, origin, keep, "I agree.", path)
        analyser = loaded.analyser()
        for frame in source:
            if frame.index == frames:
                break
            recorder.add(frame, analyser.read(frame))
        return recorder.finish().id


@pytest.fixture(scope="session")
def recorded(tmp_path_factory):
    """A folder with a session of each clip; read-only, copy it."""
    folder = tmp_path_factory.mktemp("recorded")
    store, loaded = Store(folder), engine.load(Settings())
    ids = {keep: record_clip(store, loaded, keep, *clip) for keep, clip in CLIPS.items()}
    store.set_markers(ids["full"], [Marker(0.5, "Film shown")])
    return folder, ids


@pytest.fixture
def ids(recorded, store):
    """Copies the recorded sessions into the window's store: kind of picture -> id."""
    folder, made = recorded
    shutil.copytree(folder, store.folder)
    return made


@pytest.fixture
def page(qapp, qtbot, preferences, store):
    """The review page alone, shown."""
    theme.apply(qapp, "dark")
    made = ReviewView(store, preferences)
    made.resize(1190, 800)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: not made.library.model.busy, timeout=WAIT_MS)
    yield made
    made.close_all()


@pytest.fixture
def open_id(page, qtbot):
    """Opens a session and waits until its first picture is on the screen."""

    def open_and_wait(id):
        page.open_session(id)
        qtbot.waitUntil(
            lambda: bool(page.model.current and page.session.picture.shot), timeout=WAIT_MS
        )

    return open_and_wait


@pytest.fixture
def opened(ids, page, open_id):
    """The review page with the session that keeps the full picture."""
    open_id(ids["full"])
    return page


@pytest.fixture
def moments():
    """Four seconds: face 1 all the time but in second 2, face 2 in second 3; 25 fps."""
    made = []
    for n in range(100):
        top = "happy" if n < 25 else "sad"
        seen = [] if 50 <= n < 75 else [reading(top, of=face(track=1))]
        if n >= 75:
            seen.append(reading("neutral", p=0.3, of=face(x=200, track=2), unsure=True))
        made.append(moment(n, *seen, gap=None if seen else "blurred"))
    return made
