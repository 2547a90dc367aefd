"""What the README promises runs."""

import re
import shlex
import shutil
from pathlib import Path

import cv2

import demo
from howifeel.cli import video

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
SHELL = [
    shlex.split(line, comments=True)
    for _, block in BLOCKS
    for line in block.splitlines()
    if line.startswith(("howifeel-video ", "mkdir "))
]


def test_commands_work_one_after_the_other(tmp_path, monkeypatch, astronaut):
    monkeypatch.chdir(tmp_path)
    demo.build_clip(Path("talk.mp4"), 320, 180, 5)
    cv2.imwrite("party.jpg", astronaut)
    Path("interviews").mkdir()
    shutil.copy("talk.mp4", "interviews/first.mp4")
    shutil.copy("talk.mp4", "interviews/second.mp4")
    assert len(SHELL) > 5
    for program, *arguments in SHELL:
        if program == "mkdir":
            Path(*arguments).mkdir()
        elif "--live" in arguments:
            assert video.parser().parse_args(arguments).live
        elif "--model" not in arguments:
            assert video.main(arguments) == 0, arguments
    assert len(list(Path("results").iterdir())) == 6


def test_python_example(tmp_path, monkeypatch, capsys):
    (code,) = [block for language, block in BLOCKS if language == "python"]
    assert len([line for line in code.splitlines() if line.strip()]) == 4
    demo.build_clip(tmp_path / "talk.mp4", 320, 180, 5)
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 20
    assert re.fullmatch(r"0\.00 s: looks \w+ \(\d+%\)", lines[0])


def test_links_lead_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    for link in links:
        assert link.startswith("https://") or (ROOT / link).exists(), link
