"""Brings a network as it was exported into the form that the quantisers understand. Its answers stay the same."""
import tempfile
from pathlib import Path

import onnx
import onnxruntime
from onnx import version_converter

from graph.edit import Graph
from graph.hard_swish import hard_swish

# The first version whose QuantizeLinear works per channel is 13; 17 is the one the runtime's own tools ask for.
OPSET = 17

# What the runtime would do for the machine it runs on, or what hides a plain Conv or MatMul from the quantisers.
# Everything else of its "extended" level is wanted in the file: above all Gelu and LayerNormalization, which are
# exported as chains of five to nine small nodes. The runtime does not find these chains any more once
# their inputs are quantised.
NOT_FUSED = [
    'NchwcTransformer',
    'ConvActivationFusion',
    'ConvAddActivationFusion',
    'MatMulTransposeFusion',
    'MatmulTransposeFusion',
    'TransposeOptimizer',
    'QDQSelectorActionTransformer',
    'MatMulActivationFusion',
]

DOMAINS = ('', 'com.microsoft')


def prepare(model):
    """A new model with the same inputs, outputs and answers: opset 17, constants as initialisers, chains fused."""
    model = version_converter.convert_version(constants_to_initializers(model), OPSET)
    for number, node in enumerate(model.graph.node):
        node.name = node.name or f'{node.op_type}_{number}'
    return fuse(hard_swish(constants_to_initializers(model)))


def constants_to_initializers(model):
    """Edits the model: quantisers look for weights among the initialisers only."""
    graph = model.graph
    constants = [node for node in graph.node if node.op_type == 'Constant' and node.attribute[0].name == 'value']
    for node in constants:
        tensor = node.attribute[0].t
        tensor.name = node.output[0]
        graph.initializer.append(tensor)
        graph.node.remove(node)
    return model


def fuse(model):
    """The graph as the runtime fuses it, saved before anything that only suits one machine."""
    with tempfile.TemporaryDirectory() as folder:
        fused = Path(folder) / 'fused.onnx'
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(fused)
        options.log_severity_level = 3
        onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=['CPUExecutionProvider'], disabled_optimizers=NOT_FUSED
        )
        answer = onnx.load(fused)
    # The runtime declares every domain it knows.
    domains = [domain for domain in answer.opset_import if domain.domain in DOMAINS]
    del answer.opset_import[:]
    answer.opset_import.extend(domains)
    Graph(answer).drop_unused()
    return answer
