"""Writes nets in Caffe's format: a prototxt to read and a caffemodel with the weights.

The caffemodel is a protocol buffer, caffe.NetParameter of BVLC Caffe's `caffe.proto`. Only the
fields that carry names and weights are needed, so it is written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Value = bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]

_LENGTH_DELIMITED = 2
_NET_NAME, _NET_LAYER = 1, 100
_LAYER_NAME, _LAYER_TYPE, _LAYER_BLOBS = 1, 2, 7
_BLOB_DATA, _BLOB_SHAPE, _SHAPE_DIM = 5, 7, 1


@dataclass(frozen=True, slots=True, eq=False)
class CaffeLayer:
    """One layer; its only output has the layer's own name.

    Attributes:
        name: unique in the net.
        kind: Caffe's type, such as "Convolution".
        bottoms: names of the layers (or of the input) that it reads.
        params: the parameter message by field, such as {"convolution_param": {"pad": 1}}; text
            is written as an enumeration's name, a sequence as a repeated field.
        blobs: float32 weights in the order that the type asks for.
    """

    name: str
    kind: str
    bottoms: tuple[str, ...]
    params: Mapping[str, Value]
    blobs: tuple[NDArray[np.float32], ...]


class CaffeGraph:
    """A net that grows layer by layer.

    >>> graph = CaffeGraph("Tiny", channels=3, height=4, width=4)
    >>> graph.add("ReLU", "positive", graph.input)
    'positive'
    >>> print(graph.prototxt())
    name: "Tiny"
    input: "data"
    input_shape {
      dim: 1
      dim: 3
      dim: 4
      dim: 4
    }
    layer {
      name: "positive"
      type: "ReLU"
      bottom: "data"
      top: "positive"
    }
    <BLANKLINE>
    """

    input = "data"

    def __init__(self, name: str, *, channels: int, height: int, width: int) -> None:
        """Start a net with one input picture of the given size."""
        self.name = name
        self._shape = (1, channels, height, width)
        self._layers: list[CaffeLayer] = []

    def add(
        self,
        kind: str,
        name: str,
        *bottoms: str,
        params: Mapping[str, Value] | None = None,
        blobs: Sequence[NDArray[np.float32]] = (),
    ) -> str:
        """Append a layer and return its name, which is also that of its output.

        Raises:
            ValueError: the name is taken, or a bottom does not exist.
        """
        known = {self.input, *(layer.name for layer in self._layers)}
        if name in known:
            raise ValueError(f"the net has a layer {name!r} already")
        if missing := set(bottoms) - known:
            raise ValueError(f"layer {name!r} reads {missing}, which the net does not have")
        self._layers.append(CaffeLayer(name, kind, bottoms, params or {}, tuple(blobs)))
        return name

    def convolution(
        self,
        name: str,
        bottom: str,
        weight: NDArray[np.float32],
        bias: NDArray[np.float32],
        *,
        stride: int = 1,
        groups: int = 1,
    ) -> str:
        """Append a convolution that keeps the size (divided by the stride).

        Args:
            name: name of the layer.
            bottom: name of what it reads.
            weight: float32 (outputs, inputs / groups, k, k), k odd.
            bias: float32 (outputs,).
            stride: step in pixels.
            groups: number of groups of channels that are apart from each other.
        """
        outputs, _, kernel, _ = weight.shape
        params = {
            "num_output": outputs,
            "kernel_size": kernel,
            "stride": stride,
            "pad": kernel // 2,
            "group": groups,
        }
        blobs = (weight, bias)
        return self.add(
            "Convolution", name, bottom, params={"convolution_param": params}, blobs=blobs
        )

    def relu(self, name: str, bottom: str) -> str:
        """Append a rectifier."""
        return self.add("ReLU", name, bottom)

    def sum(self, name: str, *bottoms: str) -> str:
        """Append the elementwise sum of outputs of the same shape."""
        return self.add("Eltwise", name, *bottoms, params={"eltwise_param": {"operation": "SUM"}})

    def upsample(self, name: str, bottom: str, channels: int, *, like: str) -> str:
        """Append a doubling of width and height by repeating each value in a 2x2 square.

        What reaches beyond the width and height of `like` is cut off.
        """
        params = {
            "num_output": channels,
            "bias_term": False,
            "kernel_size": 2,
            "stride": 2,
            "group": channels,
        }
        ones = np.ones((channels, 1, 2, 2), np.float32)
        top = self.add(
            "Deconvolution", name, bottom, params={"convolution_param": params}, blobs=(ones,)
        )
        return self.add("Crop", f"{name}_crop", top, like, params={"crop_param": {"axis": 2}})

    def prototxt(self, comments: Sequence[str] = ()) -> str:
        """The net without its weights as indented text, with comment lines on top."""
        lines = [f"# {line}".rstrip() for line in comments]
        lines += [f'name: "{self.name}"', f'input: "{self.input}"']
        lines += _text({"input_shape": {"dim": self._shape}})
        for layer in self._layers:
            lines += ["layer {", f'  name: "{layer.name}"', f'  type: "{layer.kind}"']
            lines += [f'  bottom: "{bottom}"' for bottom in layer.bottoms]
            lines += [f'  top: "{layer.name}"', *_text(layer.params, "  "), "}"]
        return "\n".join(lines) + "\n"

    def caffemodel(self) -> bytes:
        """The names and weights of all layers that have weights."""
        message = _field(_NET_NAME, self.name.encode())
        for layer in self._layers:
            if layer.blobs:
                body = _field(_LAYER_NAME, layer.name.encode())
                body += _field(_LAYER_TYPE, layer.kind.encode())
                body += b"".join(_field(_LAYER_BLOBS, _blob(blob)) for blob in layer.blobs)
                message += _field(_NET_LAYER, body)
        return message


def _text(fields: Mapping[str, Value], indent: str = "") -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield f"{indent}{name} {{"
            yield from _text(value, indent + "  ")
            yield f"{indent}}}"
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for item in value:
                yield from _text({name: item}, indent)
        else:
            yield f"{indent}{name}: {_scalar(value)}"


def _scalar(value: bool | int | float | str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _blob(values: NDArray[np.float32]) -> bytes:
    dims = b"".join(_varint(size) for size in values.shape)
    data = np.ascontiguousarray(values, "<f4").tobytes()
    return _field(_BLOB_DATA, data) + _field(_BLOB_SHAPE, _field(_SHAPE_DIM, dims))


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH_DELIMITED) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
