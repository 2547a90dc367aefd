"""One run on several devices: each process trains on its share of every batch.

Start it with `torchrun --nproc-per-node N -m howifeel.train ...`. The faces of a step are those of
a run in one process; only the order within the step and the random changes differ.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from howifeel.errors import SettingsError


@dataclass(frozen=True, slots=True)
class World:
    """Which of how many processes this is.

    Attributes:
        rank: this process, from 0; only 0 writes files.
        size: number of processes.
    """

    rank: int = 0
    size: int = 1

    @property
    def first(self) -> bool:
        """This process writes the files and shows the progress."""
        return self.rank == 0

    def batch(self, wanted: int, available: int) -> int:
        """Faces in a step of all processes: as many as wanted, or as there are.

        Raises:
            SettingsError: they cannot be shared evenly.
        """
        if wanted % self.size:
            raise SettingsError(
                f"A batch of {wanted} cannot be shared by {self.size} processes; change the "
                "recipe's batch or the number of processes."
            )
        return min(wanted, available // self.size * self.size)

    def share(self, positions: Tensor) -> Tensor:
        """This process's part of each step, (steps, batch) -> (steps, batch / size)."""
        return positions[:, self.rank :: self.size]

    def wrap(self, net: nn.Module) -> nn.Module:
        """The net with gradients that are averaged over all processes."""
        return DistributedDataParallel(net) if self.size > 1 else net

    def mean(self, value: Tensor) -> float:
        """The mean of a number over all processes."""
        if self.size > 1:
            dist.all_reduce(value)
        return float(value) / self.size

    def any(self, flag: bool) -> bool:
        """Whether one of the processes says so."""
        if self.size == 1:
            return flag
        said = torch.tensor(float(flag), device=_device_of_group())
        dist.all_reduce(said)
        return bool(said > 0)

    def of_first(self, flag: bool) -> bool:
        """What the first process says; all of them must ask."""
        if self.size == 1:
            return flag
        said = torch.tensor(float(flag), device=_device_of_group())
        dist.broadcast(said, 0)
        return bool(said > 0)


ALONE = World()


def device_of(name: str) -> torch.device:
    """The device that a name (auto, cpu or cuda) stands for, of this process.

    Raises:
        SettingsError: CUDA is wanted and not there.
    """
    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        raise SettingsError("PyTorch finds no CUDA device; use --device cpu or auto.")
    if not available or name == "cpu":
        return torch.device("cpu")
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))


@contextmanager
def joined(device: torch.device) -> Iterator[World]:
    """The processes that torchrun started, or this one alone."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield ALONE
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield World(dist.get_rank(), dist.get_world_size())
    finally:
        dist.destroy_process_group()


def _device_of_group() -> torch.device:
    return torch.device("cuda" if dist.get_backend() == "nccl" else "cpu")
