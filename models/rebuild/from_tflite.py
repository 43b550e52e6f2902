"""TFLite to ONNX for MediaPipe's BlazeFace and selfie segmentation, which share one small set of operators.

float16 weights are widened to float32 (exact). `Convolution2DTransposeBias`, MediaPipe's own operator, becomes
ConvTranspose. Anything else that these networks do not use is refused rather than guessed.
"""

import struct

import numpy as np
import tflite

from graph import Graph, same_pads

NUMPY_TYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}
OPERATOR_NAMES = {v: k for k, v in vars(tflite.BuiltinOperator).items() if not k.startswith("_")}
# Part of the file's bytes, and so of its checksum.
PRODUCER = "tflite2onnx_nchw"


def planar(shape):
    """[batch, height, width, channels] as [batch, channels, height, width]; other ranks as they are."""
    return [shape[0], shape[3], shape[1], shape[2]] if len(shape) == 4 else shape


class Converter:
    """One conversion: walks the operators in file order and keeps the ONNX name of every tensor made so far."""

    def __init__(self, data):
        self.model = tflite.Model.GetRootAsModel(data, 0)
        self.source = self.model.Subgraphs(0)
        self.graph = Graph()
        self.weights = {}  # tensor index -> array in TFLite's layout
        self.names = {}  # tensor index -> name of the (planar) ONNX value

    # --- what the file says -----------------------------------------------------------------------------------

    def shape(self, index):
        tensor = self.source.Tensors(index)
        return [int(n) for n in tensor.ShapeAsNumpy()] if tensor.ShapeLength() else []

    def label(self, index):
        return self.source.Tensors(index).Name().decode().replace(":", "_")

    def array(self, index):
        """The constant in a tensor, or None where the network computes it."""
        if index not in self.weights:
            tensor = self.source.Tensors(index)
            buffer = self.model.Buffers(tensor.Buffer())
            if buffer.DataLength() == 0:
                return None
            raw = np.frombuffer(buffer.DataAsNumpy().tobytes(), NUMPY_TYPES[tensor.Type()])
            self.weights[index] = raw.reshape(self.shape(index))
        return self.weights[index]

    def float_array(self, index):
        return self.array(index).astype(np.float32)

    def operator_name(self, operator):
        code = self.model.OperatorCodes(operator.OpcodeIndex())
        number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        return code.CustomCode().decode() if number == tflite.BuiltinOperator.CUSTOM else OPERATOR_NAMES[number]

    def options(self, operator, kind):
        table, options = operator.BuiltinOptions(), kind()
        options.Init(table.Bytes, table.Pos)
        return options

    # --- pieces -----------------------------------------------------------------------------------------------

    def value(self, index, spread=False):
        """The ONNX name of a tensor; `spread` makes a per-channel constant fit a picture."""
        if index not in self.names:
            array = self.array(index)
            if array is None:
                raise ValueError(f"tensor {index} ({self.label(index)}) is used before it is made")
            array = array.astype(np.float32) if array.dtype == np.float16 else array
            if array.ndim == 4:
                array = array.transpose(0, 3, 1, 2)
            elif array.ndim == 1 and array.size > 1 and spread:
                array = array.reshape(1, -1, 1, 1)
            self.names[index] = self.graph.constant(array)
        return self.names[index]

    def activated(self, name, function):
        kinds = tflite.ActivationFunctionType
        if function == kinds.NONE:
            return name
        if function == kinds.RELU:
            return self.graph.add("Relu", [name])
        if function == kinds.RELU6:
            return self.graph.add("Clip", [name, self.graph.constant(np.float32(0)), self.graph.constant(np.float32(6))])
        raise NotImplementedError(f"activation {function}")

    def pads(self, padding, size, kernel, stride):
        return [0, 0, 0, 0] if padding == tflite.Padding.VALID else same_pads(size, kernel, stride)

    # --- operators --------------------------------------------------------------------------------------------

    def dequantize(self, operator, inputs, output):
        self.weights[output] = self.float_array(inputs[0])

    def convolution(self, operator, inputs, output, options, kernel, groups):
        size = kernel.shape[2:]
        stride = (options.StrideH(), options.StrideW())
        arguments = [self.value(inputs[0]), self.graph.constant(kernel, "w")]
        if len(inputs) > 2 and inputs[2] >= 0:
            arguments.append(self.graph.constant(self.float_array(inputs[2]), "b"))
        if (options.DilationHFactor(), options.DilationWFactor()) != (1, 1):
            raise NotImplementedError("dilation")
        made = self.graph.add(
            "Conv", arguments, kernel_shape=list(size), strides=list(stride), dilations=[1, 1],
            pads=self.pads(options.Padding(), self.shape(inputs[0])[1:3], size, stride), group=groups,
        )
        return self.activated(made, options.FusedActivationFunction())

    def conv_2d(self, operator, inputs, output):
        kernel = self.float_array(inputs[1]).transpose(0, 3, 1, 2)
        groups = self.shape(inputs[0])[3] // kernel.shape[1]
        return self.convolution(operator, inputs, output, self.options(operator, tflite.Conv2DOptions), kernel, groups)

    def depthwise_conv_2d(self, operator, inputs, output):
        kernel = self.float_array(inputs[1]).transpose(3, 0, 1, 2)
        options = self.options(operator, tflite.DepthwiseConv2DOptions)
        return self.convolution(operator, inputs, output, options, kernel, self.shape(inputs[0])[3])

    def transposed_convolution(self, operator, inputs, output):
        # The custom options are a C struct: padding, stride width, stride height.
        _, stride_w, stride_h = struct.unpack("<3i", operator.CustomOptionsAsNumpy().tobytes()[:12])
        kernel = self.float_array(inputs[1])  # [out, height, width, in]
        before, after = [], []
        for axis, (k, s) in enumerate(zip(kernel.shape[1:3], (stride_h, stride_w)), start=1):
            surplus = max((self.shape(inputs[0])[axis] - 1) * s + k - self.shape(output)[axis], 0)
            before.append(surplus // 2)
            after.append(surplus - surplus // 2)
        arguments = [
            self.value(inputs[0]),
            self.graph.constant(kernel.transpose(3, 0, 1, 2), "w"),
            self.graph.constant(self.float_array(inputs[2]), "b"),
        ]
        return self.graph.add(
            "ConvTranspose", arguments, kernel_shape=list(kernel.shape[1:3]), strides=[stride_h, stride_w], pads=before + after
        )

    def pool(self, kind, operator, inputs, output):
        options = self.options(operator, tflite.Pool2DOptions)
        size = self.shape(inputs[0])[1:3]
        kernel, stride = (options.FilterHeight(), options.FilterWidth()), (options.StrideH(), options.StrideW())
        if kind == "AveragePool" and list(kernel) == size:
            made = self.graph.add("GlobalAveragePool", [self.value(inputs[0])])
        else:
            pads = self.pads(options.Padding(), size, kernel, stride)
            made = self.graph.add(kind, [self.value(inputs[0])], kernel_shape=list(kernel), strides=list(stride), pads=pads)
        return self.activated(made, options.FusedActivationFunction())

    def mean(self, operator, inputs, output):
        if sorted(int(axis) % 4 for axis in self.array(inputs[1])) != [1, 2]:
            raise NotImplementedError("a mean over something else than the picture")
        made = self.graph.add("GlobalAveragePool", [self.value(inputs[0])])
        kept = self.options(operator, tflite.ReducerOptions).KeepDims()
        return made if kept else self.graph.add("Flatten", [made], axis=1)

    def binary(self, kind, options, operator, inputs, output):
        spread = len(self.shape(output)) == 4
        made = self.graph.add(kind, [self.value(i, spread) for i in inputs])
        return self.activated(made, self.options(operator, options).FusedActivationFunction())

    def resize(self, operator, inputs, output):
        options = self.options(operator, tflite.ResizeBilinearOptions)
        mode = "align_corners" if options.AlignCorners() else "half_pixel" if options.HalfPixelCenters() else "asymmetric"
        size = self.graph.constant(np.array(planar([self.shape(inputs[0])[0], *self.shape(output)[1:]]), np.int64))
        return self.graph.add(
            "Resize", [self.value(inputs[0]), "", "", size], mode="linear", coordinate_transformation_mode=mode
        )

    def pad(self, operator, inputs, output):
        amounts = self.array(inputs[1]).reshape(-1, 2)[[0, 3, 1, 2]]
        flat = np.concatenate([amounts[:, 0], amounts[:, 1]]).astype(np.int64)
        arguments = [self.value(inputs[0]), self.graph.constant(flat), self.graph.constant(np.float32(0))]
        return self.graph.add("Pad", arguments, mode="constant")

    def reshape(self, operator, inputs, output):
        # The numbers must come in TFLite's order, so the picture is turned back first.
        if len(self.shape(output)) == 4:
            raise NotImplementedError("a reshape into a picture")
        turned = self.graph.add("Transpose", [self.value(inputs[0])], perm=[0, 2, 3, 1])
        return self.graph.add("Reshape", [turned, self.graph.constant(np.array(self.shape(output), np.int64))])

    def concatenation(self, operator, inputs, output):
        rank = len(self.shape(output))
        axis = self.options(operator, tflite.ConcatenationOptions).Axis() % rank
        return self.graph.add("Concat", [self.value(i) for i in inputs], axis=[0, 2, 3, 1][axis] if rank == 4 else axis)

    def unary(self, kind, operator, inputs, output):
        return self.graph.add(kind, [self.value(inputs[0])])

    def operator(self, name, *arguments):
        match name:
            case "DEQUANTIZE":
                return self.dequantize(*arguments)
            case "CONV_2D":
                return self.conv_2d(*arguments)
            case "DEPTHWISE_CONV_2D":
                return self.depthwise_conv_2d(*arguments)
            case "Convolution2DTransposeBias":
                return self.transposed_convolution(*arguments)
            case "AVERAGE_POOL_2D":
                return self.pool("AveragePool", *arguments)
            case "MAX_POOL_2D":
                return self.pool("MaxPool", *arguments)
            case "MEAN":
                return self.mean(*arguments)
            case "ADD":
                return self.binary("Add", tflite.AddOptions, *arguments)
            case "MUL":
                return self.binary("Mul", tflite.MulOptions, *arguments)
            case "RESIZE_BILINEAR":
                return self.resize(*arguments)
            case "PAD":
                return self.pad(*arguments)
            case "RESHAPE":
                return self.reshape(*arguments)
            case "CONCATENATION":
                return self.concatenation(*arguments)
            case "RELU":
                return self.unary("Relu", *arguments)
            case "HARD_SWISH":
                return self.unary("HardSwish", *arguments)
            case "LOGISTIC":
                return self.unary("Sigmoid", *arguments)
            case _:
                raise NotImplementedError(f"operator {name}")

    def convert(self):
        inputs, outputs = {}, {}
        for position in range(self.source.InputsLength()):
            index = self.source.Inputs(position)
            self.names[index] = self.label(index)
            inputs[self.label(index)] = planar(self.shape(index))
        for position in range(self.source.OperatorsLength()):
            operator = self.source.Operators(position)
            sources = [operator.Inputs(i) for i in range(operator.InputsLength())]
            output = operator.Outputs(0)
            made = self.operator(self.operator_name(operator), operator, sources, output)
            if made is not None:
                self.names[output] = made
        for position in range(self.source.OutputsLength()):
            index = self.source.Outputs(position)
            name = self.label(index).replace("/", "_")
            self.graph.rename(self.names[index], name)
            outputs[name] = planar(self.shape(index))
        return self.graph.model("converted", PRODUCER, inputs, outputs)


def convert(data):
    """The ONNX model for the bytes of a .tflite file."""
    return Converter(data).convert()
