"""Writes what HowIFeel consists of as CycloneDX 1.5: `make sbom`.

Python packages with versions and hashes come from uv.lock by `uv export`, libraries inside them
from `components.toml`, our model and detector from the hashes that are checked when they load.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_EXPORT = ("uv", "export", "--quiet", "--frozen", "--no-dev", "--format", "cyclonedx1.5")


def bill(extras: tuple[str, ...] = ()) -> dict[str, object]:
    """The bill of materials as values that JSON knows.

    Args:
        extras: optional parts of HowIFeel whose packages are listed too.
    """
    flags = [word for extra in extras for word in ("--extra", extra)]
    done = subprocess.run([*_EXPORT, *flags], cwd=ROOT, check=True, capture_output=True, text=True)
    made = json.loads(done.stdout)
    made["components"] += [*_weights(), *_libraries()]
    return made


def _weights() -> list[dict[str, object]]:
    """The files that ship beside the code, as their folders list them."""
    found = []
    for folder in ("faceDetection", "models"):
        for line in (ROOT / folder / "SHA256SUMS").read_text("utf-8").splitlines():
            digest, name = line.split()
            found.append(
                {
                    "type": "machine-learning-model",
                    "bom-ref": f"{folder}/{name}",
                    "name": f"{folder}/{name}",
                    "hashes": [{"alg": "SHA-256", "content": digest}],
                    "licenses": [{"license": {"id": "MIT"}}],
                }
            )
    return found


def _libraries() -> list[dict[str, object]]:
    """Native libraries that wheels bring along."""
    listed = tomllib.loads((ROOT / "packaging" / "components.toml").read_text("utf-8"))
    return [
        {
            "type": "library",
            "bom-ref": f"native/{each['name']}",
            "name": each["name"],
            "licenses": [{"license": {"name": each["licence"]}}],
            "externalReferences": [{"type": "website", "url": each["source"]}],
        }
        for each in listed.get("library", ())
    ]


def main() -> int:
    """Write the file and say how much is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "howifeel.cdx.json")
    parser.add_argument("--extra", action="append", default=[])
    arguments = parser.parse_args()
    made = bill(tuple(arguments.extra))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    print(f"{arguments.out}: {len(made['components'])} components")  # pyright: ignore
    return 0


if __name__ == "__main__":
    sys.exit(main())
