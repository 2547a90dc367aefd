"""What leaves a session: all of it, or the stretch that was chosen, under the names it has."""

import csv
import json

import numpy as np
import pytest

import media
from builders import face, moment, reading
from clips import write_clip
from howifeel import timeline
from howifeel.errors import OutputError, SettingsError
from howifeel.session import Marker, Store
from howifeel.session.export import SUFFIXES, Wish, export, subject
from howifeel.types import Moment
from howifeel.video import open_source
from recordings import record

ONE, TWO = face(8, 8, 16, track=1), face(60, 30, 16, track=2)
STREAM = [
    moment(n, reading("happy", of=ONE), *([reading("sad", of=TWO)] if n >= 25 else []))
    for n in range(75)
]


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "sessions")


@pytest.fixture
def session(store):
    id = record(store, *STREAM, name="A talk", keep="full")
    store.set_markers(id, [Marker(0.5, "early"), Marker(2.5, "late")])
    store.name_face(id, 1, "Zoë")
    return store.open(id)


def test_a_table_tells_where_it_comes_from(tmp_path, session):
    written = export(session, tmp_path / "a.csv")
    assert written == (tmp_path / "a.csv", tmp_path / "a.csv.json")
    back = timeline.read(tmp_path / "a.csv")
    assert back.moments == session.timeline.moments
    assert back.provenance == session.info.provenance
    about = json.loads((tmp_path / "a.csv.json").read_text("utf-8"))
    assert about["summary"]["frames"] == 75
    assert about["session"]["name"] == "A talk"
    assert about["session"]["names"] == {"1": "Zoë"}
    assert about["session"]["markers"][0] == {"time_s": 0.5, "text": "early"}


def test_a_stretch_of_a_table(tmp_path, session):
    export(session, tmp_path / "a.csv", Wish(start_s=1, end_s=2))
    with (tmp_path / "a.csv").open(newline="") as file:
        times = [float(row["time_s"]) for row in csv.DictReader(file)]
    assert (min(times), max(times), len(times)) == (1.0, 1.96, 50)
    about = json.loads((tmp_path / "a.csv.json").read_text("utf-8"))
    assert about["session"]["markers"] == []


def test_subtitles_use_the_names_that_were_given(tmp_path, session):
    assert export(session, tmp_path / "a.srt") == (tmp_path / "a.srt",)
    assert (tmp_path / "a.srt").read_text("utf-8") == (
        "1\n00:00:00,000 --> 00:00:03,000\nZoë: looks happy\n\n"
        "2\n00:00:01,000 --> 00:00:03,000\nFace 2: looks sad\n\n"
    )


def test_a_report_and_a_chart(tmp_path, session):
    export(session, tmp_path / "a.html")
    export(session, tmp_path / "a.svg", Wish(track=2))
    export(session, tmp_path / "b.svg")
    text = (tmp_path / "a.html").read_text("utf-8")
    for words in ("A talk", "Zoë", "Face 2", "early", "Künsch"):
        assert words in text
    assert 'aria-label="A talk: Face 2"' in (tmp_path / "a.svg").read_text("utf-8")
    assert 'aria-label="A talk: Zoë"' in (tmp_path / "b.svg").read_text("utf-8")


def test_a_recovered_session_says_so_in_its_report(store):
    id = record(store, *STREAM)
    path = store.folder / id / "session.json"
    path.write_text(path.read_text("utf-8").replace('"recovered": false', '"recovered": true'))
    assert "ended abruptly" in subject(store.open(id)).notes[0]


def test_a_report_of_a_stretch_says_so(tmp_path, session):
    assert subject(session, Wish(start_s=1, end_s=2.5)).notes == (
        "Only 0:01.0 to 0:02.5 of 0:03.0.",
    )
    assert subject(session, Wish(end_s=1)).notes == ("Only 0:00.0 to 0:01.0 of 0:03.0.",)
    assert subject(session, Wish(start_s=0, end_s=3.0)).notes == ()
    assert subject(session).notes == ()
    export(session, tmp_path / "a.html", Wish(start_s=1, end_s=2.5))
    assert "Only 0:01.0 to 0:02.5 of 0:03.0." in (tmp_path / "a.html").read_text("utf-8")


def test_an_annotated_video_has_all_pictures_with_drawings(tmp_path, session):
    done = []
    export(session, tmp_path / "a.mp4", on_progress=done.append)
    before, after = media.probe(session.video), media.probe(tmp_path / "a.mp4")
    assert after.times == pytest.approx(before.times, abs=1e-3)
    assert (done[-1], done) == (1.0, sorted(done))
    with open_source(session.video) as plain, open_source(tmp_path / "a.mp4") as drawn:
        for a, b in zip(plain, drawn, strict=True):
            change = np.abs(a.image.astype(int) - b.image).mean(2)
            for box, is_there in ((ONE.box, True), (TWO.box, a.index >= 25)):
                frame = change[box.y0 - 2 : box.y0 + 3, box.x0 - 2 : box.x0 + 3]
                assert bool(frame.max() > 60) is is_there, a.index


def test_a_stretch_of_a_video_begins_at_zero(tmp_path, session):
    export(session, tmp_path / "a.mp4", Wish(start_s=1, end_s=2, overlays=()))
    assert media.probe(tmp_path / "a.mp4").times == pytest.approx(np.arange(25) / 25, abs=1e-3)


def test_the_video_that_was_recorded_is_annotated_where_none_is_kept(tmp_path, store):
    clip = write_clip(tmp_path / "a.mp4", frames=50, sound=("aac",), sound_s=2)
    stream = [Moment(n, n / 25, (reading(of=ONE),)) for n in range(10, 40, 2)]
    session = store.open(record(store, *stream, sound_from=clip))
    export(session, tmp_path / "b.mp4")
    found = media.probe(tmp_path / "b.mp4")
    assert found.times == pytest.approx(np.arange(30) / 25, abs=1e-3)
    assert len(found.sound) == 1
    assert found.sound_times[0][-1] == pytest.approx(1.2, abs=0.05)
    with pytest.raises(OutputError, match="read and written"):
        export(session, clip, force=True)


def test_faces_cannot_be_hidden_from_a_timeline_alone(tmp_path, session):
    with pytest.raises(OutputError, match="howifeel-video --overlay blur"):
        export(session, tmp_path / "a.mp4", Wish(overlays=("blur",)))
    assert not (tmp_path / "a.mp4").exists()


def test_no_picture_no_video(tmp_path, store):
    session = store.open(record(store, *STREAM))
    with pytest.raises(OutputError, match="There is no picture"):
        export(session, tmp_path / "a.mp4")
    with pytest.raises(OutputError, match="no frame in this stretch"):
        kept = store.open(record(store, *STREAM, keep="full"))
        export(kept, tmp_path / "a.mp4", Wish(start_s=50))
    assert list(tmp_path.glob("a.*")) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_exists_is_kept(tmp_path, session, suffix):
    target = tmp_path / f"a{suffix}"
    target.write_text("mine")
    with pytest.raises(OutputError, match="--force"):
        export(session, target)
    assert target.read_text() == "mine"
    export(session, target, force=True)
    assert target.read_bytes() != b"mine"


@pytest.mark.parametrize("suffix", [".csv", ".mp4"])
def test_an_export_that_is_stopped_leaves_nothing(tmp_path, session, suffix):
    def stop(share):
        if share > 0.5:
            raise KeyboardInterrupt

    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        export(session, tmp_path / f"a{suffix}", on_progress=stop)
    assert sorted(tmp_path.iterdir()) == before


def test_unknown_suffix(tmp_path, session):
    with pytest.raises(SettingsError, match=r"\.csv, \.jsonl"):
        export(session, tmp_path / "a.docx")
