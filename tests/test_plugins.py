import subprocess
import sys

import pytest

from howifeel import plugins
from howifeel.errors import SettingsError


def test_names_come_from_the_folder_and_import_nothing():
    script = (
        "import sys; from howifeel import plugins;"
        "print(plugins.names('howifeel.detect')); print('cv2' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["('caffe_ssd', 'mtcnn')", "False"]


def test_helper_modules_are_no_plugins():
    assert not [name for name in plugins.names("howifeel.overlay") if name.startswith("_")]


def test_unknown_plugin_lists_the_known():
    with pytest.raises(SettingsError, match=r"no detect plugin 'yolo'.*caffe_ssd"):
        plugins.load("howifeel.detect", "yolo")
