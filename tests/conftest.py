"""Fixtures that many tests share."""

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# A busy machine makes no test fail; pytest-timeout ends what hangs.
settings.register_profile("howifeel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("howifeel")


@pytest.fixture(scope="session")
def astronaut():
    """A portrait, uint8 (512, 512, 3), BGR; one face at about (181, 62) to (268, 172)."""
    data = pytest.importorskip("skimage.data")
    return np.ascontiguousarray(data.astronaut()[:, :, ::-1])


@pytest.fixture(scope="session")
def torchvision_ops():
    """torchvision, importable beside a PyTorch for CPUs."""
    pytest.importorskip("torch")
    from howifeel.lab.kit import cpu_torchvision

    cpu_torchvision.provide()
