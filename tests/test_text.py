"""Canonical text, sentences and quotations."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text import canonical, quotations, sentence_run, sentences

CANONICAL = [
    ("hostilities.For North", "hostilities. For North", "a joined sentence gets its space"),
    ("security.While Taiwan", "security. While Taiwan", "and another"),
    ("he said.”The army", "he said.” The army", "after a closing quotation mark"),
    ("in 2022.Moscow said", "in 2022. Moscow said", "after a year"),
    ("the U.S. Army", "the U.S. Army", "an abbreviation is no join"),
    ("grew 3.5 percent", "grew 3.5 percent", "a number is no join"),
    ("see www.Example.Com today", "see www.Example.Com today", "an address stays"),
    ("Ukraine , reports", "Ukraine, reports", "a stray space before a comma goes"),
    ("“North Korea’s”", "“North Korea’s”", "typography is evidence"),
    ("a\r\nb\x00c\u200bd\u00ade", "a b cde", "line ends, control and invisible characters"),
    ("One.\nTwo wraps\nhere.\n\n\nThree", "One.\n\nTwo wraps here.\n\nThree", "paragraphs"),
    ("e\u0301", "é", "composed"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("raw", "expected", "why"), CANONICAL, ids=[c[2] for c in CANONICAL])
def test_canonical(raw: str, expected: str, why: str) -> None:
    assert canonical(raw) == expected, why


SENTENCES = [
    ("It ended. It began.", ["It ended.", "It began."], "two"),
    ("Mr. Smith met Dr. Lee.", ["Mr. Smith met Dr. Lee."], "titles"),
    ("The U.S. Army left. It did.", ["The U.S. Army left.", "It did."], "initials"),
    ("He left the U.S. The army stayed.", ["He left the U.S.", "The army stayed."], "initials at the end"),
    ("“Why?” she asked. He left.", ["“Why?” she asked.", "He left."], "a question inside a sentence"),
    (
        "He said: “It is over.” They left.",
        ["He said: “It is over.”", "They left."],
        "a closing quotation mark",
    ),
    ("It cost 3.5 million. Yes!", ["It cost 3.5 million.", "Yes!"], "a decimal point"),
    ("One\n\nTwo", ["One", "Two"], "paragraphs end sentences"),
    ("", [], "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "why"), SENTENCES, ids=[c[2] for c in SENTENCES])
def test_sentences(text: str, expected: list[str], why: str) -> None:
    assert [text[s:e] for s, e in sentences(text)] == expected, why


QUOTATIONS = [
    ('“a b” and "c d"', ["“a b”", '"c d"'], "curly and straight"),
    ("He said ‘it’s over’ today", ["‘it’s over’"], "British, with an apostrophe"),
    ("the soldiers' boots and Kim's", [], "apostrophes are no quotations"),
    ("“never closed. And on", [], "an odd mark swallows nothing"),
    ("“one\n\ntwo”", [], "a quotation ends with its paragraph"),
    ("``a b''", ["``a b''"], "typewriter marks"),
]


@pytest.mark.parametrize(("text", "expected", "why"), QUOTATIONS, ids=[c[2] for c in QUOTATIONS])
def test_quotations(text: str, expected: list[str], why: str) -> None:
    assert [text[s:e] for s, e in quotations(text)] == expected, why


ANY = st.one_of(
    st.text(),
    st.lists(st.sampled_from(["A b.", "“x", "”", "\n\n", "U.S.", "c.D", " ,", "'", "\r"])).map("".join),
)


@given(ANY)
def test_canonical_is_idempotent(raw: str) -> None:
    assert canonical(canonical(raw)) == canonical(raw)


@given(ANY)
def test_every_character_lies_in_one_sentence(raw: str) -> None:
    text = canonical(raw)
    spans = sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join(text[s:e] for s, e in spans).replace(" ", "").replace("\n", "") == text.replace(
        " ", ""
    ).replace("\n", "")


def test_a_text_without_full_stops_is_cut() -> None:
    text = "word " * 5000 + "x" * 7000
    spans = sentences(text)
    assert max(e - s for s, e in spans) <= 3000
    assert "".join(text[s:e] for s, e in spans).replace(" ", "") == text.replace(" ", "")


def test_a_run_of_sentences_holds_the_span() -> None:
    assert sentence_run([(0, 4), (5, 9), (10, 14)], 3, 6) == (0, 9)
