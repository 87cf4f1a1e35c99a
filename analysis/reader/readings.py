"""What the reader found in a text, and how it is kept: whoever changes a word list asks for the same articles again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis import schema
from analysis.reader import decode
from analysis.reader.decode import Danger, Entity, Range, Span, Threat, Words
from analysis.reader.labels import POINT, POINTS, TONES, TYPES

#: Readings that a process keeps.
LAST = 256


class Tone(NamedTuple):
    """The tone of a passage toward one target: the most probable of ``TONES`` and the probability of each."""

    tone: str
    p_negative: float
    p_neutral: float
    p_positive: float


class Reading(NamedTuple):
    """What the encoder found in a text, in one pass.

    ``spans`` are ordered by link and place: every link has at least one content; a source or a cue may be missing, and no two
    spans of one role overlap. ``entities`` and ``threats`` are ordered by place and do not overlap.
    """

    spans: list[Span]
    entities: list[Entity]
    threats: list[Threat]
    words: Words

    def danger(self, spans: list[tuple[int, int]]) -> list[Danger]:
        """Return how probable it is that the words of each stretch of characters ``(start, end)`` tell of danger."""
        return decode.danger(self.words, spans)

    def pointed(self, spans: list[Range], to: str, names: list[Range]) -> list[list[float]]:
        """Return how probable it is that each threat mention has each of the ``names`` as its ``actor`` or ``region``, and last, none."""
        found: list[list[float]] = decode.pointed(self.words, spans, to, names).tolist()
        return found

    def types(self, sources: list[tuple[int, int]]) -> list[dict[str, float]]:
        """Return how probable each of ``TYPES`` is for each source, given as the characters ``(start, end)`` that name it."""
        return [dict(zip(TYPES, row, strict=True)) for row in decode.types(self.words, sources).tolist()]

    def tones(self, targets: list[tuple[int, int]]) -> list[Tone]:
        """Return the tone toward each target, given as the characters ``(start, end)`` of its mention."""
        return [
            Tone(TONES[int(row.argmax())], *(round(float(p), 6) for p in row))
            for row in decode.tones(self.words, targets)
        ]


#: The last readings by the hashes of their texts, the newest at the end.
_last: dict[bytes, Reading] = {}


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def known(text: str) -> Reading | None:
    """Return the reading of a text, None where it is not among the last."""
    return _last.get(_hash(text))


def remember(reading: Reading, of: bytes | str) -> Reading:
    """Keep the reading of a text, or of a text's hash, in memory, and return it."""
    _last[_hash(of) if isinstance(of, str) else of] = reading
    for old in list(_last)[:-LAST]:
        _last.pop(old, None)
    return reading


_EXTENT = [("start", pa.int32()), ("end", pa.int32())]
_NUMBERS = {
    "start": pa.int32(),
    "end": pa.int32(),
    "danger": pa.float32(),
    "tones": pa.float32(),
    "window": pa.int32(),
}
#: The widths of what is kept as bytes, 16-bit floats, the low byte first.
_VECTORS = {"points": 2 * len(POINTS) * POINT, "marks": 2 * len(POINTS) * POINT, "types": len(TYPES)}
_FORM = pa.schema(
    [
        ("hash", pa.binary(32)),
        ("spans", pa.list_(pa.struct([("role", pa.string()), *_EXTENT, ("link", pa.int32()), ("p", pa.float64())]))),
        ("entities", pa.list_(pa.struct([("label", pa.string()), *_EXTENT]))),
        ("threats", pa.list_(pa.struct([("category", pa.string()), *_EXTENT]))),
        *((name, pa.list_(of)) for name, of in _NUMBERS.items()),
        *((name, pa.binary()) for name in _VECTORS),
    ]
)  # fmt: skip


def keep(file: Path, texts: Iterable[str]) -> None:
    """Write the readings of texts as a Parquet file, where all of them are in memory: a row a text, without its words."""
    hashes = [_hash(text) for text in texts]
    found = [(of, reading) for of in hashes if (reading := _last.get(of))]
    if not found or len(found) < len(hashes):
        return
    rows = [
        {"hash": of}
        | {name: [one._asdict() for one in getattr(reading, name)] for name in ("spans", "entities", "threats")}
        | {name: getattr(reading.words, name).ravel() for name in _NUMBERS}
        | {name: getattr(reading.words, name).astype("<f2").tobytes() for name in _VECTORS}
        for of, reading in found
    ]  # fmt: skip
    schema.write_parquet(pa.Table.from_pylist(rows, schema=_FORM), file)


def recall(file: Path) -> None:
    """Take into memory what ``keep`` wrote."""
    for row in pq.read_table(file, partitioning=None).to_pylist():
        start, end, danger, tones, window = (
            np.array(row[name], of.to_pandas_dtype()) for name, of in _NUMBERS.items()
        )
        vectors = (
            np.frombuffer(row[name], "<f2").astype(np.float16).reshape(-1, width)
            for name, width in _VECTORS.items()
        )
        found = Reading(
            [Span(**one) for one in row["spans"]],
            [Entity(**one) for one in row["entities"]],
            [Threat(**one) for one in row["threats"]],
            Words(start, end, danger, tones.reshape(-1, len(TONES)), window, *vectors),
        )
        remember(found, row["hash"])
