import io
import os

import pytest

from howifeel.annotate import Progress
from howifeel.cli import board
from howifeel.cli.board import Board

A, B = ("/films", "x/a.mp4"), ("/films", "b.mp4")


class Names(dict):
    """Every file by its path within its folder."""

    def __missing__(self, key):
        return key[1]


NAMES = Names()


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(board.time, "monotonic", lambda: now[0])
    return now


def test_shares_are_reckoned_by_bytes():
    shown = Board({A: 300, B: 100}, NAMES, io.StringIO())
    assert shown.share == 0
    shown.going(A, Progress(50, 100))
    assert shown.share == pytest.approx(150 / 400)
    shown.over(A)
    shown.going(B, Progress(7, None))
    assert shown.share == pytest.approx(300 / 400)
    shown.over(B, again=True)
    assert shown.share == pytest.approx(300 / 400)
    shown.over(B)
    assert shown.share == 1


def test_a_terminal_shows_each_file_and_the_whole(clock):
    stream = Terminal()
    shown = Board({A: 300, B: 100}, NAMES, stream)
    shown.going(A, Progress(0, 100))
    shown.going(B, Progress(0, 50))
    clock[0] += 10
    shown.going(A, Progress(50, 100))
    shown.going(B, Progress(25, 50))
    shown.refresh()
    assert stream.getvalue().replace("\r\x1b[J", "").splitlines() == [
        "x/a.mp4:  50%, 50 of 100 frames, 5 per second, 0:10 left",
        "b.mp4:  50%, 25 of 50 frames, 2 per second, 0:10 left",
        "all:  50%, 0 of 2 files, 0:10 left",
    ]
    shown.clear()
    assert stream.getvalue().endswith("\r\x1b[3A\x1b[J")


def test_a_small_terminal_is_not_scrolled(clock, monkeypatch):
    monkeypatch.setattr(board.shutil, "get_terminal_size", lambda: os.terminal_size((20, 5)))
    stream = Terminal()
    keys = [("/films", f"{n}.mp4") for n in range(9)]
    shown = Board(dict.fromkeys(keys, 1), NAMES, stream)
    for key in keys:
        shown.going(key, Progress(1, 10))
    for _ in range(2):
        clock[0] += 10
        shown.refresh()
    first, second = stream.getvalue().split("\r")[1:]
    assert [line[:5] for line in first.removeprefix("\x1b[J").splitlines()] == [
        "0.mp4", "1.mp4", "2.mp4", "all: ",
    ]  # fmt: skip
    assert second.startswith("\x1b[4A\x1b[J0.mp4")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("日本の映画です.mp4", "日本の映画です.mp4:"),
        ("日本語の映画です.mp4", "日本語の映画です.mp"),
        ("u\u0308ber alle Berge.mp4", "u\u0308ber alle Berge.mp4"),
    ],
)
def test_lines_are_cut_by_columns(clock, monkeypatch, name, line):
    monkeypatch.setattr(board.shutil, "get_terminal_size", lambda: os.terminal_size((20, 24)))
    stream = Terminal()
    shown = Board({("/films", name): 1}, NAMES, stream)
    shown.going(("/films", name), Progress(1, 10))
    shown.refresh()
    assert stream.getvalue().removeprefix("\r\x1b[J").splitlines()[0] == line


def test_folders_are_left_out_where_they_leave_no_room_for_the_numbers(clock):
    deep = ("/films", "an evening in the theatre/second act/from the left/a.mp4")
    terminal, log = Terminal(), io.StringIO()
    for stream in (terminal, log):
        shown = Board({deep: 1}, NAMES, stream)
        clock[0] += 20
        shown.going(deep, Progress(50, 100))
        clock[0] += 20
        shown.refresh()
    assert terminal.getvalue().removeprefix("\r\x1b[J").startswith(".../a.mp4:  50%, 50 of 100")
    assert log.getvalue().startswith(f"{deep[1]}:  50%")


class Counted(int):
    """A size that counts how often it is added up."""

    added = 0

    def __radd__(self, other):
        Counted.added += 1
        return int(self) + other

    __add__ = __radd__


def test_many_files_cost_no_more_at_each_frame_than_few(clock):
    keys = [("/films", f"{n}.mp4") for n in range(100)]
    shown = Board({key: Counted(2) for key in keys}, NAMES, io.StringIO())
    for key in keys[:50]:
        shown.over(key)
    Counted.added = 0
    for frame in range(100):
        clock[0] += 1
        shown.going(keys[-1], Progress(frame, 100))
        shown.refresh()
    assert shown.share == pytest.approx(0.5 + 0.01 * 0.99)
    assert Counted.added == 0


def test_a_log_gets_few_lines(clock):
    stream = io.StringIO()
    shown = Board({A: 1}, NAMES, stream)
    for frame in range(1, 1001):
        clock[0] += 0.1
        shown.going(A, Progress(frame, 1000))
        shown.refresh()
    shown.over(A)
    shown.refresh()
    lines = stream.getvalue().splitlines()
    assert sum(line.startswith("x/a.mp4:") for line in lines) == 9
    assert [line.split(",")[0] for line in lines if line.startswith("all:")] == [
        f"all: {tenth:2}0%" for tenth in range(1, 11)
    ]
    assert lines[-1].startswith("all: 100%")


def test_a_lost_terminal_does_not_stop_the_work():
    stream = Terminal()
    shown = Board({A: 1}, NAMES, stream)
    stream.close()
    shown.refresh()
    shown.clear()
