"""What several tests of the commands need."""

import pytest

import clips
import demo
from howifeel.cli.video import main


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    demo.build_clip(path, 320, 180, 10)
    return path


@pytest.fixture
def films(tmp_path):
    folder = tmp_path / "films"
    (folder / "day 2").mkdir(parents=True)
    for name in ("a.mp4", "b.mp4", "day 2/a.mp4"):
        clips.write_clip(folder / name, frames=5)
    return folder


@pytest.fixture
def run(capsys):
    def command(*arguments):
        code = main([*map(str, arguments), "--workers", "1"])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command
