"""Sessions are listed, opened, changed, imported and deleted."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

import media
from builders import face, moment, reading
from clips import noise, write_clip
from howifeel import timeline
from howifeel.errors import OutputError, SettingsError, SourceError
from howifeel.session import Marker, Store, default_folder
from howifeel.timeline import Summary, write_sidecar
from howifeel.timeline.rows import to_rows
from howifeel.video import open_source
from recordings import ORIGIN, record

ONE, TWO = face(8, 8, 16, track=1), face(60, 30, 16, track=2)
STREAM = [
    moment(0, reading("happy", of=ONE)),
    moment(1, reading("happy", of=ONE), reading("sad", of=TWO)),
    moment(2, reading("sad", of=TWO)),
    moment(3, gap="blurred"),
]


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "sessions")


def rows(moments):
    return [row for each in moments for row in to_rows(each)]


def test_the_newest_session_is_first(store):
    ids = [record(store, moment(0), name=name) for name in ("b", "a", "c")]
    for id, second in zip(ids, (10, 30, 20), strict=True):
        path = store.folder / id / "session.json"
        content = json.loads(path.read_text("utf-8"))
        content["started"] = f"2026-11-21T15:00:{second}+00:00"
        path.write_text(json.dumps(content), "utf-8")
    assert [info.name for info in store.list()] == ["a", "c", "b"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:100],
        lambda text: "[1, 2]",
        lambda text: text.replace('"none"', '"secret"'),
        lambda text: text.replace('"howifeel.session": 1', '"howifeel.session": 2'),
        lambda text: text.replace('"name"', '"title"'),
        lambda text: text.replace('"baselines": {}', '"baselines": {"1": [1]}'),
    ],
)
def test_a_damaged_session_hides_no_other(store, change):
    good, bad = record(store, moment(0)), record(store, moment(0))
    path = store.folder / bad / "session.json"
    assert change(path.read_text("utf-8")) != path.read_text("utf-8")
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    assert [info.id for info in store.list()] == [good]
    assert store.damaged() == (bad,)
    with pytest.raises(SourceError, match="damaged"):
        store.open(bad)
    store.delete(bad)
    assert store.damaged() == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permissions of this kind")
def test_a_session_that_may_not_be_read_hides_no_other(store, monkeypatch):
    good, bad = record(store, moment(0)), record(store, moment(0))
    for folder, mode in (
        (store.folder, 0o755),
        (store.folder / good, 0o755),
        (store.folder / bad, 0),
    ):
        folder.chmod(mode)
    monkeypatch.chdir(store.folder)  # so that the folders around it do not matter
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read everything
    try:
        here = Store(Path())
        assert [info.id for info in here.list()] == [good]
        assert here.damaged() == (bad,)
        with pytest.raises(SourceError, match="damaged: Permission denied"):
            here.open(bad)
    finally:
        os.seteuid(user)
        Path(bad).chmod(0o700)


def test_a_damaged_timeline_is_one_sentence(store):
    id = record(store, *STREAM)
    path = store.folder / id / "timeline.parquet"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(SourceError, match="not a complete timeline"):
        store.open(id)


def test_a_session_whose_files_lead_elsewhere_is_damaged(store, tmp_path):
    id = record(store, *STREAM)
    table = store.folder / id / "timeline.parquet"
    table.rename(tmp_path / "precious")
    table.symlink_to(tmp_path / "precious")
    assert store.damaged() == (id,)
    with pytest.raises(SourceError, match="holds links"):
        store.open(id)


def test_a_session_that_lies_elsewhere_is_damaged_and_only_its_link_is_deleted(store, tmp_path):
    id = record(store, *STREAM)
    (store.folder / id).rename(tmp_path / "elsewhere")
    (store.folder / id).symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert store.damaged() == (id,)
    store.delete(id)
    assert list(store.folder.iterdir()) == []
    assert (tmp_path / "elsewhere" / "session.json").is_file()


@pytest.mark.parametrize("id", ["", ".", "..", "../sessions", "nothing", ".hidden", "a/b"])
def test_only_sessions_of_the_folder_can_be_reached(store, id):
    record(store, moment(0))
    (store.folder / ".hidden").mkdir()
    for reach in (store.open, store.delete, store.info):
        with pytest.raises(SourceError, match="There is no session"):
            reach(id)
    assert len(store.list()) == 1


def test_names_and_markers_are_changed(store):
    id = record(store, *STREAM, name="first")
    store.rename(id, " Zoë's talk ")
    store.name_face(id, 1, "Zoë")
    store.name_face(id, 2, "Ann")
    store.name_face(id, 2, " ")
    store.set_markers(id, [Marker(2, "later"), Marker(1, "sooner")])
    info = store.list()[0]
    assert (info.id, info.name, info.names) == (id, "Zoë's talk", {1: "Zoë"})
    assert (info.face_name(1), info.face_name(2)) == ("Zoë", "Face 2")
    assert [marker.text for marker in info.markers] == ["sooner", "later"]
    with pytest.raises(OutputError, match="needs a name"):
        store.rename(id, " ")


def test_a_deleted_session_is_gone_and_what_it_refers_to_is_not(tmp_path, store):
    clip = write_clip(tmp_path / "a.mp4")
    id = record(store, *STREAM, sound_from=clip)
    store.delete(id)
    assert (store.list(), list(store.folder.iterdir()), clip.exists()) == ((), [], True)


def test_a_deleted_face_leaves_no_rows(store):
    id = record(store, *STREAM)
    store.name_face(id, 1, "Zoë")
    info = store.delete_face(id, 1)
    expected = [moment(0, gap="deleted"), moment(1, reading("sad", of=TWO)), *STREAM[2:]]
    session = store.open(id)
    assert rows(session.timeline.moments) == rows(expected)
    assert (info.faces, info.names, info.frames) == (1, {}, 4)
    assert session.info == info
    with pytest.raises(SourceError, match="has no face 1"):
        store.delete_face(id, 1)


def test_a_deleted_face_is_hidden_in_the_kept_video(store):
    ids = [
        record(
            store,
            *(moment(n, reading(of=TWO), *([reading(of=ONE)] if 60 <= n < 70 else []))
              for n in range(130)),
            picture=np.kron(noise(0, 48, 32), np.ones((2, 2, 1), np.uint8)),
            keep="full",
        )
        for _ in range(2)
    ]  # fmt: skip
    done = []
    store.delete_face(ids[0], 1, done.append)
    assert done == sorted(done)
    assert done[-1] > 0.9
    before, after = store.open(ids[1]).video, store.open(ids[0]).video
    assert media.probe(after).times == media.probe(before).times
    hidden, other = [], []
    with open_source(before) as one, open_source(after) as two:
        for a, b in zip(one, two, strict=True):
            change = np.abs(a.image.astype(int) - b.image).mean(2)
            if change[8:24, 8:24].mean() > 25:
                hidden.append(a.time_s)
            other.append(change[30:46, 60:76].mean())
    assert hidden == pytest.approx([n / 25 for n in range(35, 95)], abs=0.1)
    assert max(other) < 15


@pytest.mark.parametrize("keep", ["none", "blurred", "full"])
def test_a_deletion_that_is_stopped_changes_nothing(store, keep):
    id = record(store, *STREAM, keep=keep)
    before = {path.name: path.read_bytes() for path in (store.folder / id).iterdir()}

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.delete_face(id, 1, stop)
    assert {path.name: path.read_bytes() for path in (store.folder / id).iterdir()} == before


def test_what_is_named_while_a_face_is_deleted_keeps_its_name(store):
    id = record(store, *STREAM)
    info = store.delete_face(id, 1, lambda share: store.name_face(id, 2, "Ann"))
    assert info.names == {2: "Ann"}


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_an_analysed_file_becomes_a_session(tmp_path, store, suffix):
    clip, table = write_clip(tmp_path / "talk.mp4"), tmp_path / f"talk{suffix}"
    summary = Summary()
    with timeline.writer_for(table) as writer:
        for each in STREAM:
            writer.add(each)
            summary.add(each)
    write_sidecar(timeline.sidecar_of(table), ORIGIN, summary)
    session = store.open(store.import_timeline(table, clip))
    assert rows(session.timeline.moments) == rows(STREAM)
    assert session.info.provenance == ORIGIN
    assert (session.info.name, session.info.source) == ("talk", "talk.mp4")
    assert (session.video, session.video_offset_s, session.keeps_video) == (clip, 0.0, False)
    assert (session.info.faces, session.info.frames) == (2, 4)


def test_what_is_no_timeline_is_not_imported(tmp_path, store):
    (tmp_path / "a.csv").write_text("no,timeline\n")
    (tmp_path / "a.srt").write_text("1\n")
    (tmp_path / "empty.csv").write_text(",".join(timeline.rows.COLUMNS) + "\n")
    for name, error, words in [
        ("a.csv", SourceError, "not a complete timeline"),
        ("a.srt", SettingsError, "holds labels only"),
        ("b.csv", SourceError, "Cannot read"),
        ("empty.csv", SourceError, "is empty"),
    ]:
        with pytest.raises(error, match=words):
            store.import_timeline(tmp_path / name)
    assert store.list() == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permissions of this kind")
def test_nobody_else_may_look_into_a_session(store):
    id = record(store, moment(0))
    for folder in (store.folder, store.folder / id):
        assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permissions of this kind")
def test_a_folder_that_was_there_keeps_its_permissions(tmp_path):
    (tmp_path / "shared").mkdir(mode=0o755)
    record(Store(tmp_path / "shared"), moment(0))
    assert (tmp_path / "shared").stat().st_mode & 0o777 == 0o755


def test_the_folder_follows_the_platform_and_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("HOWIFEEL_SESSIONS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("sys.platform", "linux")
    assert default_folder() == tmp_path / "data" / "howifeel" / "sessions"
    monkeypatch.setenv("HOWIFEEL_SESSIONS", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"
