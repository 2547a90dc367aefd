import os
import subprocess
import sys
from pathlib import Path

import pytest

import fer_sets

torch = pytest.importorskip("torch")

from howifeel.errors import SettingsError  # noqa: E402
from howifeel.train import checkpoint  # noqa: E402
from howifeel.train.parallel import ALONE, World  # noqa: E402

RECIPE = """
epochs = 2
batch = 16
optimizer = "sgd"
lr = 0.05
precision = "fp32"
size = 48
mixup = 0.0
flip = 0.0
rotation = 0.0
shift = 0.0
scale = 0.0
squeeze = 0.0
erase = 0.0
tone = 0.0
blur = 0.0
shrink = 0.0
noise = 0.0

[net]
name = "cnn"
width = 4
dense = [8, 8]
dropout = 0.0
"""


def test_processes_share_each_step_of_one_order():
    positions = torch.arange(24).view(3, 8)
    shares = [World(rank, 2).share(positions) for rank in range(2)]
    assert torch.equal(torch.cat(shares, 1).sort(1).values, positions)
    assert torch.equal(ALONE.share(positions), positions)


def test_a_batch_is_shared_evenly():
    assert ALONE.batch(128, 35) == 35
    assert World(0, 4).batch(128, 35) == 32
    with pytest.raises(SettingsError, match="cannot be shared by 3 processes"):
        World(0, 3).batch(128, 1000)


@pytest.mark.slow
def test_two_processes_train_what_one_trains(tmp_path):
    fer_sets.write_csv(tmp_path / "data", fer_sets.faces(per_class=5))
    (tmp_path / "tiny.toml").write_text(RECIPE)
    words = ["-m", "howifeel.train", "tiny.toml", "--data", "data", "--threads", "1"]
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    alone = run(tmp_path, *words, "--device", "cpu", "--out", "one")
    both = run(tmp_path, *torchrun, *words, "--device", "cpu", "--out", "two")
    assert alone.returncode == 0, alone.stderr
    assert both.returncode == 0, both.stderr
    assert len([line for line in both.stderr.splitlines() if line.startswith("epoch ")]) == 2
    assert both.stdout.count("PublicTest") == alone.stdout.count("PublicTest")
    assert sorted(p.name for p in (tmp_path / "two").iterdir()) == sorted(
        p.name for p in (tmp_path / "one").iterdir()
    )
    one, two = (checkpoint.load(tmp_path / name / "checkpoint.pt") for name in ("one", "two"))
    assert one.history[-1]["loss"] == pytest.approx(two.history[-1]["loss"], abs=1e-4)
    assert one.history[-1]["train_accuracy"] == two.history[-1]["train_accuracy"]
    start = torch.zeros(())
    for name in one.net:
        assert torch.allclose(one.net[name], two.net[name], atol=1e-5), name
        start = start + one.net[name].abs().sum()
    assert start > 0


def run(folder, *words):
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=170,
    )
