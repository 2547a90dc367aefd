from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from howifeel.detect.caffe_ssd import CaffeSSD
from howifeel.errors import OutputError
from howifeel.train.detector.checkpoint import Checkpoint
from howifeel.train.detector.decode import detections
from howifeel.train.detector.export import (
    ARCHITECTURE,
    WEIGHTS,
    ExportError,
    build_graph,
    compare,
    export,
)
from howifeel.train.detector.net import FaceNet
from howifeel.train.detector.recipe import Recipe


def lively_net(shape, seed=0):
    """An untrained net whose normalisation and scores are far from trivial."""
    torch.manual_seed(seed)
    net = FaceNet(shape)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.3)
                module.running_var.uniform_(0.5, 2)
        for level in net.levels:
            level.classes.convolution.weight.normal_(0, 0.1)
    return net.eval()


def checkpoint_of(net, recipe):
    return Checkpoint(recipe, step=7, elapsed_s=1.0, best=0.5, average=net.state_dict())


@pytest.mark.parametrize("size", [(320, 256), (192, 320), (300, 300)])
def test_opencv_agrees_with_torch(tmp_path, size):
    recipe = Recipe(width=size[0], height=size[1])
    difference = export(checkpoint_of(lively_net(recipe.net), recipe), tmp_path)
    assert difference.offsets < 1e-3
    assert difference.scores < 1e-3
    assert difference.priors < 1e-6
    assert difference.unmatched < 0.02
    assert (tmp_path / ARCHITECTURE).read_text().startswith("# Face detector")
    assert (tmp_path / WEIGHTS).stat().st_size < 2_000_000


@pytest.mark.parametrize(("follow", "size"), [(False, (128, 128)), (True, (128, 64))])
def test_the_recipe_says_whether_the_input_follows_the_picture(tiny_recipe, tmp_path, follow, size):
    recipe = replace(tiny_recipe, follow_shape=follow)
    export(checkpoint_of(lively_net(recipe.net), recipe), tmp_path)
    detector = CaffeSSD(tmp_path / ARCHITECTURE, tmp_path / WEIGHTS, 0.5)
    assert detector.input_size(1000, 400) == size


def test_other_weights_are_noticed(tiny_recipe):
    net, other = lively_net(tiny_recipe.net, 0), lively_net(tiny_recipe.net, 1)
    graph = build_graph(other, tiny_recipe)
    difference = compare(net, tiny_recipe, graph.prototxt(), graph.caffemodel())
    assert difference.offsets > 1e-2
    assert difference.unmatched > 0.5


def test_a_broken_net_is_not_written(tiny_recipe, tmp_path):
    net = lively_net(tiny_recipe.net)
    with torch.no_grad():
        net.levels[0].offsets.bias[0] = float("nan")
    with pytest.raises(ExportError, match="nothing was written"):
        export(checkpoint_of(net, tiny_recipe), tmp_path)
    assert not list(tmp_path.iterdir())


def test_existing_files_are_kept_unless_forced(tiny_recipe, tmp_path):
    state = checkpoint_of(lively_net(tiny_recipe.net), tiny_recipe)
    (tmp_path / WEIGHTS).write_text("precious")
    with pytest.raises(OutputError, match="--force"):
        export(state, tmp_path)
    assert (tmp_path / WEIGHTS).read_text() == "precious"
    assert not (tmp_path / ARCHITECTURE).exists()
    export(state, tmp_path, force=True)
    net = cv2.dnn.readNetFromCaffe(str(tmp_path / ARCHITECTURE), str(tmp_path / WEIGHTS))
    assert not net.empty()


def test_of_overlapping_detections_the_best_stays():
    priors = np.array([[50, 50, 20, 20], [52, 50, 20, 20], [90, 50, 20, 20]], np.float32)
    scores = np.array([0.6, 0.9, 0.005], np.float32)
    found = detections(np.zeros((3, 4), np.float32), scores, priors, nms=0.4)
    np.testing.assert_allclose(found, [[42, 40, 62, 60, 0.9]], atol=1e-5)
