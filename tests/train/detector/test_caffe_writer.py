import struct

import cv2
import numpy as np
import pytest

from howifeel.train.detector.caffe_writer import CaffeGraph


def fields(message):
    """(number, content) of each length-delimited field of a protocol buffer, in order."""
    found, at = [], 0
    while at < len(message):
        key, at = varint(message, at)
        assert key & 7 == 2, "only length-delimited fields are expected"
        length, at = varint(message, at)
        found.append((key >> 3, message[at : at + length]))
        at += length
    assert at == len(message)
    return found


def varint(message, at):
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


@pytest.fixture
def graph():
    rng = np.random.default_rng(0)
    graph = CaffeGraph("Probe", channels=3, height=12, width=10)
    weight = rng.normal(size=(6, 3, 3, 3)).astype(np.float32)
    top = graph.convolution("first", graph.input, weight, np.arange(6, dtype=np.float32), stride=2)
    top = graph.relu("positive", top)
    wide = rng.normal(size=(200, 6, 1, 1)).astype(np.float32)
    graph.convolution("second", top, wide, np.zeros(200, np.float32))
    return graph


def read(graph):
    return cv2.dnn.readNetFromCaffe(
        np.frombuffer(graph.prototxt(["A comment"]).encode(), np.uint8),
        np.frombuffer(graph.caffemodel(), np.uint8),
    )


def test_a_hand_parse_gives_back_names_shapes_and_weights(graph):
    (name_field, name), *layers = fields(graph.caffemodel())
    assert (name_field, name) == (1, b"Probe")
    assert [number for number, _ in layers] == [100, 100]
    parsed = [fields(layer) for _, layer in layers]
    assert [layer[0] for layer in parsed] == [(1, b"first"), (1, b"second")]
    assert {layer[1] for layer in parsed} == {(2, b"Convolution")}
    (_, weight), (_, bias) = parsed[1][2:]
    (data_field, data), (shape_field, shape) = fields(weight)
    assert (data_field, shape_field) == (5, 7)
    [(dims_field, dims)] = fields(shape)
    assert dims_field == 1
    sizes, at = [], 0
    while at < len(dims):
        size, at = varint(dims, at)
        sizes.append(size)
    assert sizes == [200, 6, 1, 1]
    values = struct.unpack(f"<{len(data) // 4}f", data)
    np.testing.assert_array_equal(np.reshape(values, sizes), graph._layers[2].blobs[0])
    assert len(fields(bias)[0][1]) == 200 * 4


def test_opencv_reads_the_same_weights(graph):
    net = read(graph)
    for layer in (graph._layers[0], graph._layers[2]):
        number = net.getLayerId(layer.name)
        for index, blob in enumerate(layer.blobs):
            np.testing.assert_array_equal(net.getParam(number, index).ravel(), blob.ravel())


def test_opencv_computes_the_convolution(graph):
    picture = np.random.default_rng(1).normal(size=(1, 3, 12, 10)).astype(np.float32)
    net = read(graph)
    net.setInput(picture)
    ours = net.forward("first")
    weight, bias = graph._layers[0].blobs
    padded = np.pad(picture[0], ((0, 0), (1, 1), (1, 1)))
    for row, column in ((0, 0), (3, 2), (5, 4)):
        window = padded[:, 2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
        expected = (weight * window).sum(axis=(1, 2, 3)) + bias
        np.testing.assert_allclose(ours[0, :, row, column], expected, atol=1e-4)


def test_upsampling_repeats_each_value_and_is_cut_to_the_size_of_another():
    graph = CaffeGraph("Up", channels=2, height=5, width=8)
    weight = np.zeros((2, 2, 3, 3), np.float32)
    weight[[0, 1], [0, 1], 1, 1] = 1  # every other pixel as it is
    half = graph.convolution("half", graph.input, weight, np.zeros(2, np.float32), stride=2)
    graph.upsample("double", half, 2, like=graph.input)
    values = np.random.default_rng(0).normal(size=(1, 2, 5, 8)).astype(np.float32)
    net = read(graph)
    net.setInput(values)
    expected = values[:, :, ::2, ::2].repeat(2, axis=2).repeat(2, axis=3)[:, :, :5]
    np.testing.assert_allclose(net.forward(), expected, atol=1e-6)


def test_a_name_is_used_once_and_every_bottom_exists():
    graph = CaffeGraph("Names", channels=3, height=4, width=4)
    graph.relu("a", graph.input)
    with pytest.raises(ValueError, match="already"):
        graph.relu("a", graph.input)
    with pytest.raises(ValueError, match="nowhere"):
        graph.relu("b", "nowhere")
