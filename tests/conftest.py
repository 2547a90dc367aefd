"""Fixtures that many tests share."""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from howifeel.errors import MissingPackageError

# A busy machine makes no test fail; pytest-timeout ends what hangs.
settings.register_profile("howifeel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("howifeel")


@pytest.fixture(scope="session")
def astronaut():
    """A portrait, uint8 (512, 512, 3), BGR; one face at about (181, 62) to (268, 172)."""
    data = pytest.importorskip("skimage.data")
    return np.ascontiguousarray(data.astronaut()[:, :, ::-1])


@pytest.fixture
def pipe():
    """Make a pipe that nobody writes to; who opens it to read waits for ever."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes in folders")

    def make(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)
        return path

    return make


@pytest.fixture(scope="session")
def facenet_package():
    """The module `facenet_pytorch`."""
    pytest.importorskip("torch")
    from howifeel import facenet

    try:
        return facenet.package()
    except MissingPackageError as error:
        pytest.skip(str(error))
