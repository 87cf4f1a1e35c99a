"""Stories: copies and near copies are one story, all else is not; a user may put it right."""

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import stories
from analysis.stories import Correction

WORDS = (
    "ship port crew talks border troops winter grain missile envoy strait radar patrol fleet treaty".split()
)


def paragraph(seed: int, n: int = 60) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) + str(chance.randrange(50)) for _ in range(n)) + "."


def article(*seeds: int) -> str:
    return "\n\n".join(map(paragraph, seeds))


WIRE = article(1, 2, 3, 4, 5, 6)
CASES = [
    (WIRE, WIRE, True, "a copy"),
    (WIRE, article(1, 2, 9, 4, 5, 6), True, "one paragraph changed"),
    (WIRE, article(1, 2, 3, 4, 5), True, "the last paragraph cut"),
    (WIRE, WIRE.upper().replace(".", " –"), True, "other capitals and punctuation"),
    (WIRE, article(6, 5, 4, 3, 2, 1), True, "paragraphs in another order"),
    (WIRE, article(11, 12, 13, 14, 15, 16), False, "different articles"),
    (WIRE, article(1, 12, 13, 14, 15, 16), False, "one paragraph quoted"),
    ("Markets closed.", "Markets closed", True, "a text shorter than a run"),
    ("Markets closed.", "Markets opened.", False, "two short texts"),
    ("", "", True, "two empty texts"),
    ("…", "—", False, "two texts without a word"),
    ("", WIRE, False, "an empty text and another"),
    ("北朝鮮が弾道ミサイルを発射した。", "北朝鮮が弾道ミサイルを発射した", True, "no spaces between words"),
]  # fmt: skip


def told(
    texts: list[str], *corrections: Correction, order: list[tuple[str, str, int]] | None = None
) -> list[str]:
    """Return the story of each text; the ids are a, b, c ..., the days follow them."""
    ids = [chr(97 + i) for i in range(len(texts))]
    signed = np.zeros((len(texts), stories.PERMUTATIONS), np.uint32)
    for i, text in enumerate(texts):
        signed[i] = stories.signature(text)
    rows = stories.table(
        ids, order or [("2024-01-01", one, 1) for one in ids], signed, corrections
    ).to_pylist()
    assert [row["article_id"] for row in rows] == ids
    found = [row["story_id"] for row in rows]
    assert [row["n_articles"] for row in rows] == [found.count(one) for one in found]
    return found


@pytest.mark.parametrize(("a", "b", "is_one", "why"), CASES, ids=[c[3] for c in CASES])
def test_two_texts(a: str, b: str, is_one: bool, why: str) -> None:
    assert (len(set(told([a, b]))) == 1) is is_one, why


def test_no_articles() -> None:
    assert told([]) == []


def test_a_chain_of_near_copies_is_one_story() -> None:
    chain = [article(*range(i, i + 8)) for i in range(4)]
    assert told(chain) == ["a"] * 4
    assert len(set(told([chain[0], chain[3]]))) == 2, "its ends alone are two"


def test_a_story_is_named_after_its_earliest_article() -> None:
    order = [("2024-03-01", "x", 1), ("2024-01-01", "z", 1), ("2024-01-01", "y", 2), ("2024-01-01", "y", 1)]
    assert told([WIRE] * 4, order=order) == ["d"] * 4


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(9)))
def test_the_order_of_the_articles_does_not_matter(order: list[int]) -> None:
    near = [
        WIRE,
        article(1, 2, 9, 4, 5, 6),
        article(1, 2, 9, 4, 5, 8),
        article(31, 32, 33),
        article(31, 32, 34),
    ]
    texts = [*near, article(21, 22), article(23, 24), "Short.", "Short!"]
    groups = {frozenset(i for i in range(9) if one[i] == name) for one in [told(texts)] for name in one}
    mixed = told([texts[i] for i in order])
    assert {frozenset(order[i] for i in range(9) if mixed[i] == name) for name in mixed} == groups


A, B, C, D = WIRE, article(1, 2, 9, 4, 5, 6), article(1, 2, 3, 4, 5), article(11, 12)
CORRECTIONS = [
    ([], "aaad", "as found: three near copies and another"),
    ([("d", "merge", "b")], "aaaa", "two stories made one"),
    ([("a", "split", "")], "abbd", "the earliest taken out"),
    ([("c", "split", "")], "aacd", "the last taken out"),
    ([("d", "split", "")], "aaad", "one that stands alone"),
    ([("b", "split", "d")], "abab", "moved to another story"),
    ([("a", "split", "a")], "abbd", "moved to itself"),
    ([("a", "split", ""), ("d", "merge", "a")], "abba", "out, and then with another"),
    ([("x", "split", ""), ("a", "merge", "y")], "aaad", "unknown ids"),
]


@pytest.mark.parametrize(("lines", "wanted", "why"), CORRECTIONS, ids=[c[2] for c in CORRECTIONS])
def test_a_user_puts_stories_right(lines: list[tuple[str, str, str]], wanted: str, why: str) -> None:
    found = told([A, B, C, D], *(Correction(*line) for line in lines))
    assert "".join(found) == wanted, why


def test_unknown_ids_are_told() -> None:
    lines = (Correction("a", "merge", "b"), Correction("x", "split", ""), Correction("a", "merge", "y"))
    found = stories.unknown(lines, ["a", "b"])
    assert len(found) == 2
    assert "the split of x is not made: the corpus has no article x" in found[0]
    assert "the merge of a and y is not made: the corpus has no article y" in found[1]


HEAD = "article_id,action,with_article_id,source,date_added,note\n"
FILES = [
    (HEAD + "a, split,,me,2024-01-01,why\n", "", "a good line"),
    (HEAD + "a,join,b,me,2024-01-01,why\n", "the action must be merge", "an unknown action"),
    (HEAD + "a,merge,,me,2024-01-01,why\n", "with an article in with_article_id", "a merge with nothing"),
    ("article_id,action\na,split\n", "the columns must be", "columns are missing"),
    (HEAD + "a,split,,me,2024-01-01,x\na,split,,me,2024-01-01,x\n", "stands in line 2 too", "a line twice"),
]


@pytest.mark.parametrize(("text", "said", "why"), FILES, ids=[f[2] for f in FILES])
def test_the_file_of_corrections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str, why: str
) -> None:
    monkeypatch.setattr(stories, "OVERRIDES", tmp_path)
    assert stories.corrections() == ()
    (tmp_path / "stories.csv").write_text(text, encoding="utf-8")
    if not said:
        assert stories.corrections() == (Correction("a", "split", ""),), why
        return
    with pytest.raises(ValueError, match=said):
        stories.corrections()
