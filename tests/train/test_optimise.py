import dataclasses
import sys

import pytest

import fer_sets

torch = pytest.importorskip("torch")

from howifeel.errors import MissingPackageError  # noqa: E402
from howifeel.train import checkpoint, log, loop  # noqa: E402
from howifeel.train.compiled import decide  # noqa: E402
from howifeel.train.forward import build_net, emulates  # noqa: E402
from howifeel.train.optimise import climbed, optimizer  # noqa: E402
from howifeel.train.protocol import split  # noqa: E402
from howifeel.train.recipe import Recipe  # noqa: E402

CPU = torch.device("cpu")
TINY = Recipe(
    epochs=3, options={"width": 4}, batch=16, resolutions=((0.0, 16),), precision="fp32",
    warmup_epochs=0.5,
)  # fmt: skip


@pytest.fixture(scope="module")
def parts():
    return split(fer_sets.faces(per_class=5), TINY)


def test_sharpness_aware_steps_go_uphill_by_the_radius_and_come_back():
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    faces = torch.randn(8, 3)
    net(faces).square().mul(torch.arange(4.0)).sum().backward()
    before = [p.detach().clone() for p in net.parameters()]
    gradients = torch.cat([p.grad.flatten() for p in net.parameters()])
    seen = net[1].running_mean.clone()
    with climbed(net, 0.05):
        step = torch.cat([(p - b).flatten() for p, b in zip(net.parameters(), before, strict=True)])
        assert float(step.detach().norm()) == pytest.approx(0.05, rel=1e-3)
        assert torch.allclose(step, 0.05 * gradients / gradients.norm(), atol=1e-6)
        net(faces)
    assert torch.equal(net[1].running_mean, seen)
    assert net[1].momentum == 0.1
    for now, then in zip(net.parameters(), before, strict=True):
        assert torch.allclose(now, then, atol=1e-6)


def test_norms_and_biases_do_not_decay():
    groups = optimizer(build_net(TINY), TINY).param_groups
    assert all(p.ndim > 1 for p in groups[0]["params"])
    assert all(p.ndim <= 1 for p in groups[1]["params"])
    assert [group["weight_decay"] for group in groups] == [TINY.weight_decay, 0.0]
    steps = optimizer(build_net(TINY), dataclasses.replace(TINY, optimizer="sgd", momentum=0.8))
    assert steps.param_groups[0]["nesterov"]
    assert steps.param_groups[0]["momentum"] == 0.8


def test_a_run_stops_when_its_time_is_over_and_goes_on(parts, tmp_path):
    stopped = loop.fit(TINY, parts, tmp_path, device=CPU, minutes=0.0)
    assert stopped.history == []
    assert not (tmp_path / loop.CHECKPOINT_FILE).exists()
    seen = []
    loop.fit(TINY, parts, tmp_path, device=CPU, resume=True, on_note=seen.append)
    assert seen == ["not compiled"]
    assert len(checkpoint.load(tmp_path / loop.CHECKPOINT_FILE).history) == 3


def test_records_tell_the_speed_and_what_is_lost(parts, tmp_path):
    record = loop.fit(TINY, parts, tmp_path, device=CPU).history[-1]
    assert record["pictures_per_s"] > 0
    assert 0 < record["outside_passes"] < 1


def test_a_cpu_does_not_compile_unless_it_is_told_to():
    net = build_net(TINY)
    for earlier in (None, True, False):
        assert not decide(net, TINY, 16, 10**9, CPU, "auto", earlier).compiled
    assert decide(net, TINY, 16, 10**9, CPU, "on").compiled


def test_a_continued_run_keeps_to_what_it_decided(parts, tmp_path):
    net, gpu = build_net(TINY), torch.device("cuda")
    for earlier in (True, False):
        found = decide(net, TINY, 16, 10**9, gpu, "auto", earlier)
        assert (found.compiled, found.reason.endswith(", as before")) == (earlier, True)
        assert decide(net, TINY, 16, 10**9, gpu, "off", earlier).compiled is False
        assert decide(net, TINY, 16, 10**9, gpu, "on", earlier).compiled is True
    run = loop.Run(TINY, parts, CPU, tmp_path)
    for earlier in (True, False):
        saved = run.checkpoint()
        saved.notes["compiled"] = earlier
        run.restore(saved)
        assert run.compiled is earlier
        assert run.checkpoint().notes["compiled"] is earlier
    assert loop.fit(TINY, parts, tmp_path, device=CPU).notes["compiled"] is False


def test_too_little_memory_of_a_gpu_is_one_sentence(parts, tmp_path):
    def full(done, total):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB.")

    with pytest.raises(loop.TrainingError, match="memory is not enough; lower batch"):
        loop.fit(TINY, parts, tmp_path, device=CPU, on_step=full)


@pytest.mark.parametrize(
    ("capability", "precision", "slow"),
    [((7, 5), "bf16", True), ((7, 5), "fp32", False), ((8, 0), "bf16", False)],
)
def test_gpus_without_bf16_are_told(capability, precision, slow, monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    recipe = dataclasses.replace(TINY, precision=precision)
    assert emulates(recipe, torch.device("cuda")) is slow
    assert not emulates(recipe, CPU)


def test_curves_go_to_tensorboard(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    curves = log.Log(tmp_path, tensorboard=True)
    for epoch in (1, 2):
        curves.add({"epoch": epoch, "loss": 1 / epoch})
    curves.close()
    events = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert [(e.step, e.value) for e in events.Scalars("loss")] == [(1, 1.0), (2, 0.5)]


def test_without_tensorboard_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(MissingPackageError, match="need the package tensorboard; install it"):
        log.Log(tmp_path, tensorboard=True)
