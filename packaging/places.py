"""Clean places to install a package into: a Debian of its own, a fresh folder, an environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Protocol

MIRROR = "http://deb.debian.org/debian"
RELEASE = "bookworm"


class Place(Protocol):
    """Where a package was installed.

    Attributes:
        told: what kind of place it is, for people.
        home: a folder for files, as the host sees it.
    """

    told: str
    home: Path

    def command(self, program: str, *arguments: str, **variables: str) -> list[str]:
        """The command that runs a program of the package in `home`, with these variables only."""
        ...


class Debian:
    """A Debian 12 that debootstrap made, with nothing but its essential packages.

    Args:
        base: where the untouched system is kept; it is made when it is not there.
        root: where the copy lies that is installed into.
    """

    def __init__(self, base: Path, root: Path) -> None:
        self.told = "clean Debian 12 (debootstrap, minbase)"
        self._root = root
        if not (base / "complete").exists():
            shutil.rmtree(base, ignore_errors=True)
            base.mkdir(parents=True)
            run("debootstrap", "--variant=minbase", RELEASE, str(base / "system"), MIRROR)
            (base / "complete").touch()
        shutil.rmtree(root, ignore_errors=True)
        root.parent.mkdir(parents=True, exist_ok=True)
        run("cp", "-a", "--one-file-system", "--reflink=auto", str(base / "system"), str(root))
        for name in ("hosts", "resolv.conf"):
            shutil.copy(Path("/etc") / name, root / "etc" / name)
        self.home = root / "root"

    @staticmethod
    def possible() -> bool:
        """Whether this user can make one here."""
        return os.geteuid() == 0 and shutil.which("debootstrap") is not None

    def inside(self, *command: str) -> list[str]:
        """The command that runs another inside, with /proc and /dev as a booted system has."""
        root = self._root
        mounts = f"mount -t proc proc {root}/proc; mount --rbind /dev {root}/dev"
        return [
            "unshare", "--mount", "sh", "-c", f'{mounts}; exec chroot {root} env -i "$@"', "sh",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "DEBIAN_FRONTEND=noninteractive",
            *command,
        ]  # fmt: skip

    def command(self, program: str, *arguments: str, **variables: str) -> list[str]:
        """See `Place`; `program` may be a path inside."""
        pairs = [f"{name}={value}" for name, value in variables.items()]
        return self.inside(*pairs, "sh", "-c", 'cd; exec "$@"', "sh", program, *arguments)

    def update(self) -> None:
        """Fetch the lists of packages, as every installed system has them."""
        run(*self.inside("apt-get", "update", "-qq"))

    def install(self, deb: Path) -> None:
        """Install a package, and what it depends on from the mirror."""
        shutil.copy(deb, self._root / "tmp" / deb.name)
        run(
            *self.inside("apt-get", "install", "-qq", "--no-install-recommends", f"/tmp/{deb.name}")
        )

    def unpack(self, archive: Path) -> str:
        """Unpack an archive below /opt; returns the folder in it, as seen inside."""
        run("tar", "-C", str(self._root / "opt"), "--zstd", "-xf", str(archive))
        (folder,) = (self._root / "opt").iterdir()
        return f"/opt/{folder.name}"

    def remove(self) -> list[str]:
        """Uninstall; returns what of ours is left."""
        run(*self.inside("apt-get", "purge", "-qq", "howifeel"))
        return [str(path) for path in (self._root / "usr").rglob("*howifeel*")]


class Folder:
    """A fresh folder on this system, where no Debian can be made: less of a proof.

    Args:
        root: the folder.
        programs: the folder with the programs, below `root`.
    """

    def __init__(self, root: Path, programs: str) -> None:
        self.told = "fresh folder on this system"
        self.home = root / "home"
        self._programs = root / programs
        shutil.rmtree(root, ignore_errors=True)
        self.home.mkdir(parents=True)

    def command(self, program: str, *arguments: str, **variables: str) -> list[str]:
        """See `Place`."""
        pairs = [f"{n}={v}" for n, v in {"HOME": str(self.home), **variables}.items()]
        path = str(self._programs / program)
        return [
            "env", "-i", "-C", str(self.home), "PATH=/usr/bin:/bin", *pairs, path, *arguments
        ]  # fmt: skip


class Environment(Folder):
    """A fresh virtual environment of this Python."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, "venv/bin")
        self.told = "fresh virtual environment"
        self._root = root

    def install(self, wheel: Path) -> None:
        """Install a wheel, and what it needs from the index."""
        venv = self._root / "venv"
        base = getattr(sys, "_base_executable", sys.executable)
        if uv := shutil.which("uv"):
            run(uv, "venv", "-q", "--python", base, str(venv))
            run(uv, "pip", "install", "-q", "--python", str(venv / "bin" / "python"), str(wheel))
        else:
            run(base, "-m", "venv", str(venv))
            run(str(venv / "bin" / "pip"), "install", "-q", str(wheel))


def run(*command: str) -> None:
    """Run a command; what it says is shown only if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}\nended with {done.returncode}.")
