"""What importing costs, and what must not be loaded."""

import subprocess
import sys

import pytest


def loaded_after(statement):
    script = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["howifeel.cli.video", "howifeel.engine", "howifeel.annotate", "howifeel.session"]
)
def test_runtime_loads_neither_torch_nor_qt_nor_parquet(module):
    assert not {"torch", "PySide6", "matplotlib", "sklearn", "pyarrow"} & loaded_after(
        f"import {module}"
    )


def test_package_itself_loads_nothing_heavy():
    assert not {"numpy", "cv2", "av", "onnxruntime"} & loaded_after("import howifeel")


def test_public_names_exist():
    import howifeel

    for name in howifeel.__all__:
        assert getattr(howifeel, name).__module__.startswith("howifeel.")
    with pytest.raises(AttributeError, match="nothing_like_it"):
        print(howifeel.nothing_like_it)
