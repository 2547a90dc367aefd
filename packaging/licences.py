"""Collects the licence of everything in the bundle into its folder `licences`.

Python packages tell theirs in their metadata, libraries of the system in Debian's copyright files,
and `components.toml` tells what the wheels bring along. A part whose licence is unknown stops the
build.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sysconfig
import tarfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

HERE = Path(__file__).parent
COMMON = Path("/usr/share/common-licenses")
TOOLS = {"altgraph", "packaging", "pip", "pyinstaller-hooks-contrib", "setuptools"}
"""In the environment that is frozen, and not in what comes out."""

_TEXT = re.compile(r"(LICEN[CS]ES?|COPYING|NOTICE|ThirdPartyNotices)(\b|[-_.])", re.IGNORECASE)
_SENTENCE = 5
"""A licence of more lines in the metadata is its text, not its name."""
_HASH = re.compile(r"(-[0-9a-f]{8})+(?=[.-])")
_SHARED = re.compile(r"\.so(\.|$)")

HEAD = """\
HowIFeel is under the MIT licence (LICENSE beside this folder). Its packages bring the following
parts, each under a licence of its own; the texts are in the folder of that name.

Qt and FFmpeg are used under the GNU Lesser General Public License. They are ordinary dynamic
libraries in _internal/PySide6/Qt/lib and _internal/av.libs and may be replaced there by other
builds with the same names. The libraries libx264 and libx265 in _internal/av.libs are stand-ins
without any encoder; whoever puts real ones there gets H.264 back, and a whole that may be passed
on under the GNU General Public License only.
"""


class LicenceError(Exception):
    """The licence of something in the bundle is not known, or its text cannot be found."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something in the bundle with a licence of its own.

    Attributes:
        name: what it is called.
        version: of it, "" where the file does not tell.
        licence: SPDX expression or the words of its metadata.
        source: where its source code is.
        texts: files, or "debian:PACKAGE", "common:NAME", "own:NAME".
    """

    name: str
    version: str
    licence: str
    source: str
    texts: tuple[str | Path, ...]


def collect(inside: Path, packages: Path, target: Path, cache: Path) -> int:
    """Write the texts, and `README.txt` with a list of all parts.

    Args:
        inside: the folder with the bundle's libraries.
        packages: the folder of packages that it was frozen from.
        target: the folder to write, one folder for each part in it.
        cache: where Debian packages are kept that are only fetched for their copyright file.

    Returns:
        How many parts there are.

    Raises:
        LicenceError: something has no licence, or a text is missing.
    """
    parts = [python(), *of_distributions(packages)]
    libraries = {path.resolve() for path in inside.rglob("*") if _SHARED.search(path.name)}
    of_wheels = {path for path in libraries if path.parent != inside.resolve()}
    parts += of_libraries(of_wheels)
    parts += of_system(libraries - of_wheels)
    parts = sorted(set(parts), key=lambda part: part.name.lower())
    for part in parts:
        folder = target / _folder(part)
        folder.mkdir(parents=True, exist_ok=True)
        for text in part.texts:
            path = text if isinstance(text, Path) else _find(text, cache)
            name = path.name if isinstance(text, Path) else text.replace(":", "-") + ".txt"
            shutil.copyfile(path, folder / name)
    for path in sorted(COMMON.iterdir()):
        (target / "common").mkdir(exist_ok=True)
        shutil.copyfile(path, target / "common" / f"{path.name}.txt")
    (target / "README.txt").write_text(HEAD + "".join(map(_told, parts)), "utf-8")
    return len(parts)


def of_distributions(packages: Path) -> Iterator[Part]:
    """The Python packages in a folder.

    Raises:
        LicenceError: one has no text of its licence, and `components.toml` has none for it.
    """
    listed = {name.lower(): entry for entry in table()["distribution"] for name in entry["names"]}
    for found in distributions(path=[str(packages)]):
        name = found.metadata["Name"].replace("_", "-")
        if name.lower() in TOOLS | {"howifeel"}:
            continue
        entry = listed.get(name.lower(), {})
        texts = tuple(entry.get("texts", ())) or tuple(texts_of(found))
        if not texts:
            raise LicenceError(f"{name} has no licence text; add it to components.toml.")
        meta = found.metadata
        classified = [
            line.rpartition(" :: ")[2]
            for line in meta.get_all("Classifier") or ()
            if line.startswith("License ::")
        ]
        licence = entry.get("licence") or meta.get("License-Expression") or (
            ", ".join(classified) or (meta.get("License") or "see the text").splitlines()[0]
        )  # fmt: skip
        source = entry.get("source") or f"https://pypi.org/project/{name}/{found.version}/"
        yield Part(name, found.version, licence, source, texts)


def texts_of(found: Distribution) -> list[Path]:
    """The licence texts in a distribution; some write theirs into the metadata."""
    files = [Path(str(found.locate_file(file))) for file in found.files or ()]
    texts = [
        path for path in files if _TEXT.match(path.name) and path.suffix not in (".py", ".xml")
    ]
    if not texts and len((found.metadata.get("License") or "").splitlines()) > _SENTENCE:
        texts = [path for path in files if path.name == "METADATA"]
    return sorted({path.name: path for path in texts if path.is_file()}.values())


def of_libraries(files: Iterable[Path]) -> Iterator[Part]:
    """The libraries that wheels bring along.

    Raises:
        LicenceError: `components.toml` does not tell the licence of one.
    """
    parts = {
        stem: Part(entry["name"], "", entry["licence"], entry["source"], tuple(entry["texts"]))
        for entry in table()["library"]
        for stem in entry["stems"]
    }
    told = {stem for stems in table()["told"].values() for stem in stems}
    whole = set(table()["whole"])
    for path in files:
        name = stem_of(path.name)
        if not name.startswith("lib") or whole & set(path.parts):
            continue  # a module of Python, or of a package that is listed as a whole
        if name in parts:
            yield parts[name]
        elif name not in told:
            raise LicenceError(f"The licence of {path.name} is unknown; add it to components.toml.")


def of_system(files: Iterable[Path]) -> Iterator[Part]:
    """Libraries that were taken from this Debian system.

    Raises:
        LicenceError: one belongs to no installed Debian package.
    """
    listed = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    places = dict(re.findall(r"^\s+(\S+) \([^)]*x86-64[^)]*\) => (\S+)$", listed, re.MULTILINE))
    for path in files:
        if path.name.startswith("libpython"):
            continue
        place = Path(places.get(path.name, path.name))
        package = next(filter(None, map(_owner, _spellings(place))), "")
        if not package:
            raise LicenceError(f"{path.name} belongs to no package of this system.")
        version = _asked("dpkg-query", "-W", "-f", "${Version}", package)
        source = _asked("dpkg-query", "-W", "-f", "${source:Package}", package)
        text = f"debian:{package.partition(':')[0]}"
        link = f"https://packages.debian.org/source/{source}"
        yield Part(package.partition(":")[0], version, "see the text", link, (text,))


def python() -> Part:
    """Python itself."""
    library = Path(sysconfig.get_path("stdlib"))
    texts = [library / "LICENSE.txt", Path("/usr/share/doc/python3/copyright")]
    found = next((path for path in texts if path.is_file()), None)
    if found is None:
        raise LicenceError("The licence text of Python is missing from this installation of it.")
    version = sysconfig.get_config_var("py_version") or ""
    return Part("Python", version, "PSF-2.0", "https://www.python.org/downloads/source/", (found,))


def table() -> dict:
    """What `components.toml` tells."""
    return tomllib.loads((HERE / "components.toml").read_text("utf-8"))


def stem_of(name: str) -> str:
    """The name of a library without version and hash.

    >>> stem_of("libavcodec-5e6b81c2.so.62.28.102"), stem_of("libxcb-shm-0be6dfbf.so.0.0.0")
    ('libavcodec', 'libxcb-shm')
    """
    return _HASH.sub("", name).partition(".")[0]


def _find(text: str, cache: Path) -> Path:
    kind, _, name = text.partition(":")
    if kind == "own":
        return HERE.parent / name
    if kind == "common":
        path = COMMON / name
    else:
        path = Path("/usr/share/doc") / name / "copyright"
        if not path.is_file():
            path = _fetched(name, cache)
    if not path.is_file():
        raise LicenceError(f"The licence text {text} is not to be found on this system.")
    return path


def _fetched(package: str, cache: Path) -> Path:
    """The copyright file of a Debian package that is not installed."""
    target = cache / package / "copyright"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(
                ["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", package],
                cwd=target.parent, check=True, capture_output=True,
            )  # fmt: skip
        except (OSError, subprocess.CalledProcessError) as error:
            raise LicenceError(
                f"The copyright file of {package} is missing; install that package, or run "
                "apt-get update so that it can be fetched."
            ) from error
        (file,) = target.parent.glob("*.deb")
        listed = subprocess.run(
            ["dpkg-deb", "--fsys-tarfile", file], check=True, capture_output=True
        )
        with tarfile.open(fileobj=io.BytesIO(listed.stdout)) as files:
            text = files.extractfile(f"./usr/share/doc/{package}/copyright")
            assert text
            target.write_bytes(text.read())
        file.unlink()
    return target


def _owner(path: Path) -> str:
    return _asked("dpkg-query", "-S", str(path)).partition(": ")[0]


def _asked(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _spellings(path: Path) -> list[Path]:
    """/lib and /usr/lib are the same, and Debian knows a file by one of them only."""
    names = [path, path.resolve()]
    names += [Path("/usr") / n.relative_to("/") for n in names if n.parts[:2] == ("/", "lib")]
    return names + [Path("/") / n.relative_to("/usr") for n in names if n.parts[:2] == ("/", "usr")]


def _folder(part: Part) -> str:
    return re.sub(r"[^A-Za-z0-9.+-]+", "-", part.name)


def _told(part: Part) -> str:
    title = f"{part.name} {part.version}".strip()
    texts = f"licences/{_folder(part)}/"
    return f"\n{title}\n  licence  {part.licence}\n  texts    {texts}\n  source   {part.source}\n"
