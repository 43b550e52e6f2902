"""Builds an ONNX graph node by node: planar (NCHW), float32, opset 17.

Every converter here reads weights that were laid out for pixels side by side (NHWC) and pads as TensorFlow does, so
the two rules for that live in this file too.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
# ONNX Runtime 1.17 and later read this; the newest would shut out older ones for nothing.
IR_VERSION = 8


class Graph:
    """Nodes and constants, named by a running number, so that the same input gives the same bytes."""

    def __init__(self):
        self.nodes, self.constants, self.count = [], [], 0

    def _name(self, hint):
        self.count += 1
        return f"{hint}_{self.count}"

    def constant(self, array, hint="c"):
        """Stores an array with its own type and returns its name."""
        name = self._name(hint)
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, op, inputs, output=None, **attributes):
        """Adds one node and returns the name of its output."""
        output = output or self._name(op.lower())
        self.nodes.append(helper.make_node(op, inputs, [output], name=f"{op}_{output}", **attributes))
        return output

    def rename(self, old, new):
        """Gives a value the name that the finished graph shows outside."""
        self.nodes.append(helper.make_node("Identity", [old], [new]))

    def model(self, name, producer, inputs, outputs, metadata=None):
        """The finished, checked model. `inputs` and `outputs` map names to shapes; a string is a free dimension."""
        info = lambda values: [helper.make_tensor_value_info(k, TensorProto.FLOAT, v) for k, v in values.items()]
        graph = helper.make_graph(self.nodes, name, info(inputs), info(outputs), self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name=producer)
        model.ir_version = IR_VERSION
        helper.set_model_props(model, metadata or {})
        onnx.checker.check_model(model)
        return model


def same_pads(size, kernel, stride):
    """TensorFlow's SAME padding for [height, width]: [top, left, bottom, right], the odd pixel at the end."""
    before, after = [], []
    for n, k, s in zip(size, kernel, stride):
        total = max((-(-n // s) - 1) * s + k - n, 0)
        before.append(total // 2)
        after.append(total - total // 2)
    return before + after


def shrunk(size, kernel, stride, padding):
    """[height, width] after a convolution or pool with 'same' or 'valid' padding."""
    if padding == "same":
        return [-(-n // s) for n, s in zip(size, stride)]
    return [(n - k) // s + 1 for n, k, s in zip(size, kernel, stride)]


def dense_kernel(weights):
    """TensorFlow's [height, width, in, out] as ONNX's [out, in, height, width]."""
    return weights.transpose(3, 2, 0, 1)


def depthwise_kernel(weights):
    """TensorFlow's [height, width, channels, multiplier] as ONNX's [channels x multiplier, 1, height, width]."""
    return weights.transpose(2, 3, 0, 1).reshape(-1, 1, *weights.shape[:2])
