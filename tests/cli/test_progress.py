import io

from howifeel.cli.progress import ProgressLine, clock, progress_text


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_piped_progress_prints_one_line_per_tenth():
    stream = io.StringIO()
    line = ProgressLine("talk.mp4", "frames", stream)
    for done in range(1, 1001):
        line.update(done, 1000)
    line.close()
    lines = stream.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("talk.mp4:  10%, 100 of 1000 frames")
    assert lines[-1].startswith("talk.mp4: 100%")


def test_piped_progress_of_few_steps():
    stream = io.StringIO()
    line = ProgressLine("a", "frames", stream)
    for done in range(1, 4):
        line.update(done, 3)
    assert [text.split(",")[0] for text in stream.getvalue().splitlines()] == [
        "a:  33%", "a:  67%", "a: 100%",
    ]  # fmt: skip


def test_no_share_of_a_total_that_was_wrong_is_told():
    stream = io.StringIO()
    line = ProgressLine("a", "frames", stream)
    for done in range(1, 13):
        line.update(done, 10)
    lines = stream.getvalue().splitlines()
    assert lines[9].startswith("a: 100%, 10 of 10 frames")
    assert not any(" of " in line for line in lines[10:])


def test_terminal_gets_one_line_that_is_removed():
    stream = Terminal()
    line = ProgressLine("a", "frames", stream)
    line.update(1, None)
    line.close()
    assert "\n" not in stream.getvalue()
    assert "1 frames" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_clock():
    assert [clock(s) for s in (0, 59.6, 3600)] == ["0:00", "1:00", "1:00:00"]


def test_slow_work_tells_seconds_for_each_piece():
    assert (
        progress_text("a", "steps", 3, 30, 12)
        == "a:  10%, 3 of 30 steps, 4.0 s per step, 1:48 left"
    )
    assert "per" not in progress_text("a", "steps", 0, 30, 12)


def test_what_an_earlier_run_did_says_nothing_about_the_speed(monkeypatch):
    now = iter([100.0, 100.0, 110.0])
    monkeypatch.setattr("howifeel.cli.progress.time.monotonic", lambda: next(now))
    stream = io.StringIO()
    line = ProgressLine("a", "steps", stream, done=5000)
    line.update(5000, 10000)
    line.update(6000, 10000)
    first, second = stream.getvalue().splitlines()
    assert first == "a:  50%, 5000 of 10000 steps"
    assert second == "a:  60%, 6000 of 10000 steps, 100 per second, 0:40 left"
