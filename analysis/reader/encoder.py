"""Run the encoder: word pieces in, scores of all heads out, one window a call, on one thread, without a network."""

from functools import cache

import numpy as np
import onnxruntime

from analysis.reader.decode import Scored
from analysis.reader.labels import WIDTH
from analysis.reader.pieces import START, STOP, WEIGHTS, cut, windows


@cache
def session(threads: int = 1) -> onnxruntime.InferenceSession:
    """Return the network, ready to run; one thread is best, since processes share the cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(WEIGHTS / "reader.onnx", options, providers=["CPUExecutionProvider"])


def score(text: str, network: onnxruntime.InferenceSession | None = None) -> Scored:
    """Return the scores of a text: a row of ``labels.WIDTH`` numbers a word piece, and one for the mark before each window.

    The scale of 8-bit activations is taken over a call, so each window is a call of its own: its scores depend on nothing else.
    """
    network = network or session()
    pieces = cut(text)
    spans = windows(pieces)
    scores = np.zeros((len(pieces.ids), WIDTH), np.float32)
    marks = np.zeros((len(spans), WIDTH), np.float32)
    for i, (start, end) in enumerate(spans):
        ids = np.concatenate([[START], pieces.ids[start:end], [STOP]])
        features = np.concatenate([[0], pieces.features[start:end], [0]])
        (found,) = network.run(None, {"ids": ids, "features": features})
        marks[i], scores[start:end] = found[0], found[1:-1]
    return Scored(pieces, scores, marks, spans)
