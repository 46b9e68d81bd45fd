"""Gelu by its usual approximation with tanh, which takes two thirds of the time of the one with erf."""
from graph.edit import copy_of


def tanh_gelu(model):
    """
    A new model where each Gelu is FastGelu. The two differ by less than 0.0005; one step of the bytes around is ten times as
    much and more.
    """
    fast = copy_of(model)
    for node in fast.graph.node:
        if node.op_type == 'Gelu' and node.domain == 'com.microsoft':
            node.op_type = 'FastGelu'
    return fast
