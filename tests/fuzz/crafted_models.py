"""Models, detectors and checkpoints that were built to do harm, not to work."""

from __future__ import annotations

import io
import pickle
import zipfile

import numpy as np
import seeds

_FACE = ["n", 1, 48, 48]


def onnx_files() -> dict[str, bytes]:
    """Classifiers with the right metadata, by a name whose last word is the file's name."""
    from onnx import TensorProto, helper, numpy_helper

    def constant(name: str, value: np.ndarray) -> object:
        return numpy_helper.from_array(value, name)

    def model(
        nodes: list, constants: list, opsets: tuple = (("", 17),), **options: object
    ) -> bytes:
        face = helper.make_tensor_value_info("face", TensorProto.FLOAT, options.get("face", _FACE))
        outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, None)]
        if options.get("cam"):
            outputs.append(
                helper.make_tensor_value_info("cam", TensorProto.FLOAT, ["n", 7, "h", "w"])
            )
        graph = helper.make_graph(nodes, "g", [face], outputs, constants)
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid(*o) for o in opsets])
        made.ir_version = 8
        from fakes import SPEC

        helper.set_model_props(made, SPEC.to_metadata() | options.get("metadata", {}))
        return made.SerializeToString()

    node = helper.make_node
    flatten = [node("Flatten", ["face"], ["flat"], axis=1)]
    answer = node("MatMul", ["flat", "w"], ["logits"])
    weights = constant("w", np.zeros((2304, 7), np.float32))
    plain = [*flatten, answer]
    outside = constant("w", np.zeros((2304, 7), np.float32))
    found = {}
    for where in ("/etc/passwd", "../../../../../../etc/passwd", "weights.bin"):
        tensor = TensorProto()
        tensor.CopyFrom(outside)
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", where), ("offset", "0"), ("length", "64512")):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, value
        found[f"weights in {where.replace(' ', '')} model.onnx"] = model(plain, [tensor])
    big = TensorProto()
    big.CopyFrom(outside)
    del big.dims[:]
    big.dims.extend([2**31, 2**31])
    found["weights of 2^62 numbers model.onnx"] = model(plain, [big])
    huge = constant("shape", np.array([2**20, 2**20], np.int64))
    found["4 TB of zeros model.onnx"] = model(
        [node("ConstantOfShape", ["shape"], ["z"]), node("ReduceSum", ["z"], ["logits"])], [huge]
    )
    some = constant("shape", np.array([2**15, 2**16], np.int64))
    found["8 GB of zeros model.onnx"] = model(
        [node("ConstantOfShape", ["shape"], ["z"]), node("ReduceSum", ["z"], ["logits"])], [some]
    )
    true = constant("true", np.array(True))
    body = helper.make_graph(
        [node("Identity", ["c"], ["c2"])], "b",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []),
         helper.make_tensor_value_info("c", TensorProto.BOOL, [])],
        [helper.make_tensor_value_info("c2", TensorProto.BOOL, [])],
    )  # fmt: skip
    found["a loop without end model.onnx"] = model(
        [*plain, node("Loop", ["", "true"], [], body=body)], [weights, true]
    )
    ends = helper.make_graph(
        [node("Identity", ["c"], ["c2"]), node("Identity", ["i"], ["out"])], "b",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []),
         helper.make_tensor_value_info("c", TensorProto.BOOL, [])],
        [helper.make_tensor_value_info("c2", TensorProto.BOOL, []),
         helper.make_tensor_value_info("out", TensorProto.INT64, [])],
    )  # fmt: skip
    found["a loop that collects without end model.onnx"] = model(
        [*flatten, node("MatMul", ["flat", "w"], ["l0"]), node("Loop", ["", "true"], ["c"], body=ends),
         node("ReduceMax", ["c"], ["m"], keepdims=0), node("Cast", ["m"], ["f"], to=1),
         node("Add", ["l0", "f"], ["logits"])], [weights, true]
    )  # fmt: skip
    chain = [node("Identity", [f"x{n}"], [f"x{n + 1}"]) for n in range(20_000)]
    found["20,000 nodes model.onnx"] = model(
        [node("Identity", ["face"], ["x0"]), *chain, node("Flatten", ["x20000"], ["flat"]), answer],
        [weights],
    )
    found["an unknown operator model.onnx"] = model(
        [node("Evil", ["face"], ["logits"], domain="evil")], [], (("", 17), ("evil", 1))
    )
    found["numbers that are none model.onnx"] = model(
        plain, [constant("w", np.full((2304, 7), np.nan, np.float32))]
    )
    found["always two rows model.onnx"] = model(
        [node("Identity", ["w"], ["logits"])], [constant("w", np.zeros((2, 7), np.float32))]
    )
    found["maps of another size model.onnx"] = model(
        [*plain, node("Identity", ["m"], ["cam"])],
        [weights, constant("m", np.zeros((5, 7, 2, 2), np.float32))], cam=True,
    )  # fmt: skip
    found["maps of a GB model.onnx"] = model(
        [*plain, node("ConstantOfShape", ["s"], ["cam"])],
        [weights, constant("s", np.array([3, 7, 4096, 4096], np.int64))], cam=True,
    )  # fmt: skip
    for key, value in {
        "size": "10000000", "channels": "3", "mean": "[NaN]", "labels": "[" * 100_000,
        "temperature": "1e-400", "margin": "1e308", "curve": "[1]", "scores": '{"a": "b"}',
        "schema": "\x1b[31m", "size ": "48",
    }.items():  # fmt: skip
        found[f"metadata {key.strip()} {value[:8]} model.onnx".replace("\x1b", "")] = model(
            plain, [weights], metadata={f"howifeel.{key}": value}
        )
    found["no face model.onnx"] = model(plain, [weights], face=["n", 3, 7, 7])
    return found


_NET = """name: "n"
input: "data"
input_shape {{ dim: 1 dim: 3 dim: {side} dim: {side} }}
{layers}
"""
_CONV = (
    'layer {{ name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param {{ {} }} }}'
)
_OUT = """layer { name: "loc" type: "Flatten" bottom: "c" top: "loc" }
layer { name: "prior" type: "PriorBox" bottom: "c" bottom: "data" top: "prior"
  prior_box_param { min_size: 8 variance: 0.1 variance: 0.1 variance: 0.2 variance: 0.2 } }
layer { name: "out" type: "DetectionOutput" bottom: "loc" bottom: "loc" bottom: "prior" top: "out"
  detection_output_param { %s } }"""
_CONVOLUTIONS = (
    "num_output: 4 kernel_size: 0", "num_output: 4 kernel_size: 3 stride: 0",
    "num_output: 4 kernel_size: 3 group: 0", "num_output: 4 kernel_size: 3 group: 5",
    "num_output: 4 kernel_size: 3 dilation: 0", "num_output: 4 kernel_size: 3 pad: 1000000",
    "num_output: 0 kernel_size: 3", "num_output: 4294967295 kernel_size: 3",
    "num_output: 4 kernel_size: 1000000", "num_output: 4 kernel_size: 3 stride: 4294967295",
    "num_output: 4 kernel_size: 3 pad: 4294967295",
)  # fmt: skip
_OUTPUTS = (
    "num_classes: 0", "num_classes: 2 keep_top_k: -5 nms_param { top_k: -5 }",
    "num_classes: 4294967295", "num_classes: 2 code_type: 77", "num_classes: 2 share_location: false",
    "num_classes: 2 background_label_id: 99", "num_classes: 2 nms_param { nms_threshold: nan }",
    "num_classes: 1 confidence_threshold: -1", "",
)  # fmt: skip
_LAYERS = {
    "pooling by 0": 'type: "Pooling" bottom: "data" top: "o" pooling_param { kernel_size: 2 stride: 0 }',
    "pooling of 0": 'type: "Pooling" bottom: "data" top: "o" pooling_param { kernel_size: 0 }',
    "a missing blob": 'type: "ReLU" bottom: "nobody" top: "o"',
    "itself": 'type: "ReLU" bottom: "o" top: "o"',
    "no input": 'type: "Concat" top: "o"',
    "axis 99": 'type: "Concat" bottom: "data" bottom: "data" top: "o" concat_param { axis: 99 }',
    "a permutation of 9": 'type: "Permute" bottom: "data" top: "o" permute_param { order: 9 order: 9 }',
    "shape -9": 'type: "Reshape" bottom: "data" top: "o" reshape_param { shape { dim: -9 dim: 7 } }',
    "shape of 0": 'type: "Reshape" bottom: "data" top: "o" reshape_param { shape { dim: 0 dim: 0 dim: 0 dim: 0 dim: 0 dim: 0 } }',
    "enormous Interp": 'type: "Interp" bottom: "data" top: "o" interp_param { height: 100000 width: 100000 }',
    "slices": 'type: "Slice" bottom: "data" top: "o" top: "p" slice_param { axis: 1 slice_point: 99 }',
    "LRN of 0": 'type: "LRN" bottom: "data" top: "o" lrn_param { local_size: 0 }',
    "Python": 'type: "Python" bottom: "data" top: "o" python_param { module: "os" layer: "system" }',
    "RoI of nothing": 'type: "ROIPooling" bottom: "data" bottom: "data" top: "o" roi_pooling_param { pooled_h: 0 pooled_w: 0 }',
    "a proposal": 'type: "Proposal" bottom: "data" bottom: "data" bottom: "data" top: "o"',
    "priors of step 0": 'type: "PriorBox" bottom: "data" bottom: "data" top: "o" prior_box_param { min_size: -1 step: 0 aspect_ratio: 0 }',
    "product of 2^31": 'type: "InnerProduct" bottom: "data" top: "o" inner_product_param { num_output: 2147483647 }',
    "a crop": 'type: "Crop" bottom: "data" bottom: "data" top: "o" crop_param { axis: 9 offset: 99 }',
    "a shuffle of 0": 'type: "ShuffleChannel" bottom: "data" top: "o" shuffle_channel_param { group: 0 }',
    "a normalisation": 'type: "Normalize" bottom: "data" top: "o" norm_param { across_spatial: false }',
    "an unknown type": 'type: "Evil" bottom: "data" top: "o"',
}  # fmt: skip


def detector_files() -> dict[str, bytes]:
    """Pairs of prototxt and caffemodel; both of a pair have the same name but for the last word."""
    texts = {f"convolution {what}": _CONV.format(what) for what in _CONVOLUTIONS}
    fine = _CONV.format("num_output: 4 kernel_size: 3 pad: 1")
    texts |= {f"output {what or 'of nothing'}": f"{fine}\n{_OUT % what}" for what in _OUTPUTS}
    texts |= {f"layer {what}": f'layer {{ name: "o" {how} }}' for what, how in _LAYERS.items()}
    whole = {what: _NET.format(side=64, layers=text) for what, text in texts.items()}
    whole["an input of 4096 squared"] = seeds.prototxt().decode().replace("256", "4096", 1)
    whole["only an input of 4096 squared"] = _NET.format(side=4096, layers=fine)
    whole["100,000 braces"] = _NET.format(side=64, layers="layer { " * 100_000)
    whole["a comment of 5 MB"] = "#" * 5_000_000 + _NET.format(side=64, layers=fine)
    whole["50,000 layers"] = _NET.format(
        side=64,
        layers="\n".join(
            f'layer {{ name: "l{n}" type: "ReLU" bottom: "data" top: "t{n}" }}'
            for n in range(50_000)
        ),
    )
    found = {}
    for what, text in whole.items():
        found[f"{what} whole/architecture.txt"] = text.encode()
        found[f"{what} whole/weights.caffemodel"] = seeds.caffemodel()
    return found


class _Harmful:
    """Makes a folder called "harmed" when it is unpickled."""

    def __reduce__(self) -> tuple:
        import os

        return os.mkdir, ("harmed",)


def pickles() -> dict[str, bytes]:
    """Checkpoints that run code when they are unpickled, and bombs."""
    import torch

    def archive(content: bytes, **others: bytes) -> bytes:
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("a/data.pkl", content)
            file.writestr("a/version", "3\n")
            for name, data in others.items():
                file.writestr(name, data)
        return sink.getvalue()

    def saved(value: object) -> bytes:
        sink = io.BytesIO()
        torch.save(value, sink)
        return sink.getvalue()

    harm = pickle.dumps(_Harmful(), protocol=2)
    deep: object = []
    for _ in range(200):
        deep = [deep]
    return {
        "a pickle that acts start.pt": harm,
        "an archive that acts start.pt": archive(harm),
        "torch.save of what acts start.pt": saved({"best": _Harmful(), "format": 1}),
        "an archive with 300 MB of zeros start.pt": archive(harm, **{"a/data/0": bytes(300 * 2**20)}),
        "a path out of the archive start.pt": archive(harm, **{"../../harmed": b"x"}),
        "deep start.pt": saved(deep),
        "a list start.pt": saved([1, 2]),
        "format only start.pt": saved({"format": 1}),
        "recipe of a number start.pt": saved({"format": 1, "recipe": 5}),
        "recipe that is none start.pt": saved({"format": 1, "recipe": "\x1b[31m = ["}),
        "numbers for weights start.pt": saved({"format": 1, "recipe": "", "best": 3}),
        "header of 2^63 bytes start.safetensors": b"\xff" * 7 + b"\x7f" + b"{}",
        "offsets outside start.safetensors": (
            lambda head: len(head).to_bytes(8, "little") + head
        )(b'{"a":{"dtype":"F32","shape":[1000000],"data_offsets":[0,4000000]}}'),
    }  # fmt: skip
