"""Evidence: what a briefing links to, in excerpts of at most 25 words that hold what they are evidence of."""

import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import evidence, report, schema, summary
from analysis.brief import Brief, of
from analysis.show import EXCERPT, number

BLANK = dict.fromkeys((c.name for c in schema.TABLES["articles"]), "") | {
    "record": 1, "n_words": 1, "words_declared": None, "date": "2024-05-06", "language": "en",
}  # fmt: skip
WORDS = st.lists(st.sampled_from(["war", "a", "Moscow", "x.", "—"]), min_size=1, max_size=80)


def _mark(text: str, words: list[tuple[int, int]], first: int, last: int, role: str) -> tuple[int, int, str]:
    return words[first][0], words[last][1], role


@given(WORDS, st.data())
def test_an_excerpt_has_25_words_at_most_and_together_they_hold_each_span(
    words: list[str], data: Any
) -> None:
    text = " ".join(words)
    at = [m.span() for m in re.finditer(r"\S+", text)]
    roles = st.sampled_from(("cue", "threat", "target", "source", "content", "region"))
    places = st.integers(0, len(at) - 1)
    marks = [
        _mark(text, at, *sorted((data.draw(places), data.draw(places))), data.draw(roles))
        for _ in range(data.draw(st.integers(0, 6)))
    ]
    found = list(evidence.excerpts(text, 0, len(text), marks))
    shown: set[int] = set()
    for pieces in found:
        assert sum(len(text[a:b].split()) for a, b in pieces) <= EXCERPT
        assert pieces == sorted(pieces)
        shown |= {i for a, b in pieces for i in range(a, b)}
    for start, _, role in marks:
        assert role in ("content", "region") or start in shown
    if len(words) <= EXCERPT:
        assert found == [[(0, len(text))]]


def test_an_excerpt_shows_words_that_stand_far_apart() -> None:
    text = " ".join(f"w{i}" for i in range(60))
    at = [m.span() for m in re.finditer(r"\S+", text)]
    marks = [
        _mark(text, at, 55, 55, "cue"),
        _mark(text, at, 0, 1, "source"),
        _mark(text, at, 2, 50, "content"),
    ]
    (pieces,) = evidence.excerpts(text, 0, len(text), marks)
    assert [text[a:b].split()[0] for a, b in pieces] == ["w0", "w50"]


def brief_of(n_articles: int, n_rows: int, **parameters: object) -> Brief:
    """Return a brief of articles with so many threat mentions each, one a sentence of 40 words."""
    sentence = " ".join(["war", *(f"w{i}" for i in range(39))])
    articles, threats, sentences = [], [], []
    for i in range(n_articles):
        name = f"{i:04x}"
        articles.append(
            {
                **BLANK,
                "article_id": name,
                "path": name,
                "title": f"<b>{i}</b>",
                "text": " ".join([sentence] * n_rows),
            }
        )
        for j in range(n_rows):
            start = j * (len(sentence) + 1)
            place = {"article_id": name, "start": start, "end": start + 3, "text": "war"}
            whole = {"sentence_start": start, "sentence_end": start + len(sentence)}
            threats.append(
                {**dict.fromkeys(c.name for c in schema.TABLES["threats"]), **place, **whole, "category": "war", "kind": "act", "actor": "",
                 "regions": ["UA"], "is_negated": False, "likelihood": "none", "id": f"{name}-t{j + 1}"}
            )  # fmt: skip
            sentences.append(
                {**place, "end": start + len(sentence), "text": sentence, "polarity": 0.0, "subjectivity": 0.0, "id": f"{name}-s{j + 1}"}
            )  # fmt: skip
    rows = {"articles": articles, "threats": threats, "sentences": sentences}
    found: dict[str, pd.DataFrame] = {name: schema.table(name, of_table) for name, of_table in rows.items()}
    return of(report.parameters(parameters), found)


def page(brief: Brief, pieces: list[str]) -> str:
    return "".join(str(html) for _, html in evidence.section(brief, evidence.linked(brief, pieces)))


def test_only_what_is_linked_is_evidence() -> None:
    brief = brief_of(2, 3)
    found = page(brief, [str(number(brief.number("threats_by_region", "UA")))])
    assert re.findall(r'<h4 id="n-[^"]*">(.*?)</h4>', found) == ["Threat mentions by region: Ukraine (6)"]
    assert sorted(re.findall(r'id="e-([^"]+)"', found)) == sorted(
        f"000{i}-t{j}" for i in (0, 1) for j in (1, 2, 3)
    )
    assert page(brief, []).count("<article") == 0


def test_a_row_that_is_linked_alone_has_its_sentence() -> None:
    found = page(brief_of(1, 3), ['<a href="#e-0000-t2">x</a>', '<a href="#e-none-t9">gone</a>'])
    assert re.findall(r'id="e-([^"]+)"', found) == ["0000-t2"]
    assert "Counted in" not in found


@pytest.mark.parametrize(("share", "most"), [("", 25), ("full", 40)])
def test_whole_sentences_are_shared_only_where_the_report_says_so(share: str, most: int) -> None:
    brief = brief_of(1, 2, share=share)
    found = page(brief, [str(number(brief.number("threats")))])
    texts = [re.sub(r"<[^>]+>", "", text) for text in re.findall(r'<p class="text">(.*?)</p>', found)]
    assert [len([w for w in text.split() if w != "…"]) for text in texts] == [most, most]


def test_of_many_rows_the_first_are_listed_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "ALL_LISTED", 39)
    monkeypatch.setattr(evidence, "SOME_LISTED", 12)
    brief = brief_of(2, 20)
    found = page(brief, [str(number(brief.number("threats")))])
    assert "All threat mentions (40; the first 10 are listed)" in found
    assert found.count("<li>") == 10
    assert "Of each number the first rows are shown; the tables hold all." in found


def test_the_concordance_shows_the_words_in_their_line() -> None:
    brief = brief_of(1, 1)
    found = page(brief, [str(number(brief.number("threats")))])
    (row,) = re.findall(r'<section class="concordance">.*<tbody><tr>(.*?)</tr>', found)
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
    assert cells[:4] == ["threat", "Ukraine", "", "war"]
    assert cells[4].split() == [f"w{i}" for i in range(24)]
    assert cells[5:] == ["2024-05-06", "not stated", "&lt;b&gt;0&lt;/b&gt;"]


def test_every_measure_has_a_name() -> None:
    assert {evidence.label(measure, "") for measure in summary.MEASURES} == set(evidence.TITLES.values())
