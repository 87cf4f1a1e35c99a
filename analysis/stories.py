"""Near-duplicates: articles that are copies of one another, or nearly so, tell one story.

MinHash (Broder 1997) over runs of five words estimates which share of their runs two articles have in common; locality-sensitive
hashing in bands (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3) finds the pairs to compare. Articles are
clustered, never deleted.
"""

import re
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import rensa

from analysis import lexicons, schema

#: Words a run; share of runs in common (Jaccard) from which two articles tell one story.
RUN, SAME = 5, 0.5
PERMUTATIONS, BANDS = 128, 32
#: Where a user puts stories right: *merge* makes one story of two; *split* takes an article out of its story, into that of
#: ``with_article_id`` where one is given. Lines are followed in their order.
OVERRIDES = lexicons.FOLDER.parent / "overrides"
_WORD = re.compile(r"\w+")
_Signatures = np.ndarray[Any, np.dtype[np.uint32]]


class Correction(NamedTuple):
    """A line of ``data/overrides/stories.csv``."""

    article_id: str
    action: str
    with_article_id: str


def signature(text: str) -> _Signatures:
    """Return the MinHash signature of a text's runs of words, in small letters and without punctuation."""
    words = _WORD.findall(text.lower()) or [text]
    runs = [" ".join(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1))]
    minhash = rensa.RMinHash(num_perm=PERMUTATIONS, seed=1)
    minhash.update(runs)
    return np.array(minhash.digest(), np.uint32)


def table(
    ids: list[str],
    order: list[tuple[str, str, int]],
    signatures: _Signatures,
    corrections: tuple[Correction, ...] = (),
) -> pa.Table:
    """Return the table ``stories`` for articles given by id, what orders them (date, path, record) and signatures.

    A correction that names an id which is not there does nothing (``unknown`` finds it).
    """
    leader = _clusters(signatures)
    number = {one: i for i, one in enumerate(ids)} if corrections else {}
    for line in corrections:
        a, b = number.get(line.article_id), number.get(line.with_article_id)
        if a is None or (b is None and line.with_article_id):
            continue
        if line.action == "merge":
            leader[leader == leader[b]] = leader[a]
            continue
        rest = np.flatnonzero(leader == leader[a])
        leader[rest[rest != a]] = rest[rest != a][:1]
        leader[a] = a if b is None or a == b else leader[b]
    earliest = np.array(sorted(range(len(ids)), key=order.__getitem__), np.int64)
    _, first, which, size = np.unique(
        leader[earliest], return_index=True, return_inverse=True, return_counts=True
    )
    story, n = np.empty(len(ids), np.int64), np.empty(len(ids), np.int32)
    story[earliest], n[earliest] = earliest[first[which]], size[which]
    names = pa.array(ids, pa.string())
    return pa.table([names, names.take(pa.array(story)), pa.array(n)], schema=schema.arrow_schema("stories"))


def corrections() -> tuple[Correction, ...]:
    """Return the lines of ``data/overrides/stories.csv``; none where there is no such file.

    Raises ``ValueError`` naming the file, the line and the remedy.
    """
    path = OVERRIDES / "stories.csv"
    if not path.exists():
        return ()
    lines = lexicons.read.__wrapped__("stories", *Correction._fields, folder=OVERRIDES)  # as it is now
    found = tuple(Correction(*(line[name].strip() for name in Correction._fields)) for line in lines)
    for one in found:
        if one.action not in ("merge", "split") or (one.action == "merge" and not one.with_article_id):
            raise ValueError(
                f"{path}, {one.article_id}: the action must be merge, with an article in with_article_id, or split"
            )
    return found


def unknown(corrections: tuple[Correction, ...], ids: list[str]) -> list[str]:
    """Return a sentence for each correction that names an article which the corpus does not have."""
    named = {c for line in corrections for c in (line.article_id, line.with_article_id) if c}
    missing = named - set(ids)
    return [
        f"data/overrides/stories.csv: the {line.action} of {' and '.join(filter(None, (line.article_id, line.with_article_id)))} "
        f"is not made: the corpus has no article {' and no '.join(lost)}"
        for line in corrections
        if (lost := [c for c in (line.article_id, line.with_article_id) if c in missing])
    ]


def _clusters(signatures: _Signatures) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return for each article one of its cluster, the same for all that are linked by pairs of at least ``SAME``.

    Of the articles that share a band, each is compared with the next in the order of their signatures. So the time grows with
    their number, and the order of the articles changes nothing.
    """
    leader = np.arange(len(signatures))

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    width = PERMUTATIONS // BANDS
    whole = _hashes(signatures)
    for band in range(BANDS):
        keys = _hashes(signatures[:, band * width : (band + 1) * width])
        order = np.lexsort((whole, keys))
        near = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        for a, b in zip(order[near].tolist(), order[near + 1].tolist(), strict=True):
            first, second = find(a), find(b)
            if first != second and (signatures[a] == signatures[b]).mean() >= SAME:
                leader[max(first, second)] = min(first, second)
    return np.array([find(i) for i in range(len(leader))], np.int64)


def _hashes(part: _Signatures) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Return a number of 64 bits for each row: rows that differ have different ones, but for one pair in about 10¹⁹."""
    found = np.zeros(len(part), np.uint64)
    for column in part.T:
        found = (found ^ column) * np.uint64(0x9E3779B97F4A7C15)
        found ^= found >> np.uint64(29)
    return found
