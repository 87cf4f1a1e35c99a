"""The bottom line: what is said of nothing, of one, of two and of many."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import article, briefing, said, threat, tone, worded
from markupsafe import Markup

from analysis import coverage, say, schema, toward
from analysis.brief import Brief


def plain(text: Markup) -> str:
    """Return what a reader sees."""
    return text.striptags()


ONE, TWO = [article(0)], [article(0), article(1, outlet="The Mail")]
NOBODY, OTHER = said(speaker="", is_named=False), said(speaker="Bo Lee")
DENIED = threat(is_negated=True)
PLACES = ["JP", "RU", "CN", "KR", "UA"]
REJECTED = {"path": "x", "record": 0, "reason": "", "remedy": "", "sha256_raw": ""}

Said = dict[Callable[[Brief], Markup], str]
#: Articles, rows of other tables, and what is said of them.
CASES: list[tuple[list[dict[str, Any]], dict[str, Any], Said]] = [
    ([], {}, {coverage.corpus: "No article was read; no records were rejected."}),
    (ONE, {}, {
        coverage.corpus: "1 article from 1 named outlet was read, telling 1 story; no records were rejected.",
        say.experts: "No named expert is cited; no statements are attributed to unnamed experts.",
        say.likelihoods: "No expert's statement carries a term of likelihood.",
        say.regions: "No threat mention was found.",
        say.actors: "Nobody is named as the one who threatens.",
        toward.tone: "No person, state or body is named, so there is no tone to tell.",
        say.wording: "There is no sentence whose wording could be told.",
    }),
    ([article(0, outlet="")],
     {"attributions": [said()], "threats": [threat()], "tones": [tone(tone="neutral")], "sentences": [worded(polarity=-1)]}, {
        coverage.corpus: "1 article was read (outlet not stated), telling 1 story; no records were rejected.",
        say.experts: "1 named expert is cited with 1 statement: Mara Voss (1); no statements are attributed to unnamed experts.",
        say.likelihoods: "No expert's statement carries a term of likelihood.",
        say.regions: "1 threat mention was found; the region named is Japan (1).",
        toward.tone: "The tone toward persons, states and bodies is negative in 0 of 1 mention, neutral in 1 and positive in 0.",
        say.wording: "Of 1 sentence, TextBlob's lexicon calls the wording of 1 negative, 0 neutral and 0 positive; that is no judgement of anyone.",
    }),
    (ONE, {"attributions": [NOBODY], "threats": [threat(regions=[])]}, {
        say.experts: "No named expert is cited; 1 statement is attributed to unnamed experts.",
        say.regions: "1 threat mention was found; it names no region.",
    }),
    (ONE, {"attributions": [said(likelihood="likely")], "threats": [DENIED]}, {
        say.likelihoods: "In experts' statements the likelihood stated is likely (1); every statement carries such a term.",
        say.regions: "No threat mention was found; 1 that the text denies is counted apart.",
    }),
    (TWO, {
        "attributions": [said(likelihood="likely"), said(), OTHER, NOBODY, NOBODY], "threats": [threat(), threat(1, regions=["RU"])],
        "tones": [tone(), tone(1, tone="positive")], "sentences": [worded(polarity=1), worded(1)], "rejected": [REJECTED],
    }, {
        coverage.corpus: "2 articles from 2 named outlets were read, telling 2 stories; 1 record was rejected.",
        say.experts: "2 named experts are cited with 3 statements: Mara Voss (2) and Bo Lee (1); 2 statements are attributed to unnamed experts.",
        say.likelihoods: "In experts' statements the likelihood stated is likely (1); 4 statements carry no such term.",
        say.regions: "2 threat mentions were found; the regions named are Japan (1) and Russia (1).",
        toward.tone: "The tone toward persons, states and bodies is negative in 1 of 2 mentions, neutral in 0 and positive in 1; "
                     "it is negative most often toward Russia (1 of 2).",
        say.wording: "Of 2 sentences, TextBlob's lexicon calls the wording of 0 negative, 1 neutral and 1 positive; that is no judgement of anyone.",
    }),
    ([article(i, outlet="") for i in range(3)],
     {"attributions": [said(likelihood="likely"), said(likelihood="unlikely"), said()],
      "threats": [threat(regions=[]), threat(regions=[]), DENIED]}, {
        coverage.corpus: "3 articles were read (outlet not stated), telling 3 stories; no records were rejected.",
        say.likelihoods: "In experts' statements the likelihood stated is unlikely (1) and likely (1); 1 statement carries no such term.",
        say.regions: "2 threat mentions were found; none names a region; 1 that the text denies is counted apart.",
    }),
    (ONE, {"threats": [threat(actor="CN; a gang"), threat(), DENIED, DENIED]}, {
        say.regions: "2 threat mentions were found; the region named is Japan (2); 2 that the text denies are counted apart.",
        say.actors: "Named most often as the one who threatens: China (1) and a gang (1).",
    }),
    (ONE, {"attributions": [said(speaker=f"E{i}") for i in range(6)], "threats": [threat(regions=[place]) for place in PLACES]}, {
        say.experts: "6 named experts are cited with 6 statements: E0 (1), E1 (1), E2 (1), E3 (1), E4 (1) and 1 other; "
                     "no statements are attributed to unnamed experts.",
        say.regions: "5 threat mentions were found; the regions named most often are China (1), Japan (1), South Korea (1) and Russia (1).",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("articles", "rows", "expected"), CASES)
def test_it_says(articles: list[dict[str, Any]], rows: dict[str, Any], expected: Said) -> None:
    opened = briefing(articles, **rows)
    assert {function: plain(function(opened)) for function in expected} == expected


@pytest.mark.parametrize(("articles", "is_warned"), [([], False), (ONE, True), (TWO, False)])
def test_it_warns_of_one_article(articles: list[dict[str, Any]], is_warned: bool) -> None:
    assert ("There is one article" in say.bottom_line(briefing(articles))) == is_warned


#: What no sentence may hold: a noun in the wrong number, a verb that does not fit, an empty place.
WRONG = re.compile(
    r"\b1 (?:articles|stories|statements|threat mentions|mentions|sentences|outlets|records|experts|named experts|others)\b"
    r"|\b(?:[2-9]|\d\d+) (?:article|story|statement|threat mention|sentence|outlet|record|expert|other)\b"
    r"|\b(?:are|were) 1\b|None|nan|\{|\}|  | ,| \.|,\.|;;|: [;.]|\band \.|no \w+ carry no"
)


@st.composite
def corpora(draw: st.DrawFn) -> Any:
    n = draw(st.integers(0, 4))
    some = st.lists(st.integers(0, n - 1), max_size=8) if n else st.just([])
    rows = {
        "attributions": [
            said(i, speaker=draw(st.sampled_from(["", "Mara Voss", "Bo Lee", "Åsa <b>"])), likelihood=draw(st.sampled_from(schema.LIKELIHOODS)))
            for i in draw(some)
        ],
        "threats": [
            threat(i, regions=draw(st.lists(st.sampled_from(PLACES), max_size=3, unique=True)), is_negated=draw(st.booleans()))
            for i in draw(some)
        ],
        "tones": [tone(i, tone=draw(st.sampled_from(schema.TONES))) for i in draw(some)],
        "sentences": [worded(i, draw(st.sampled_from([-1.0, 0.0, 1.0]))) for i in draw(some)],
    }  # fmt: skip
    return briefing([article(i, outlet=draw(st.sampled_from(["", "A", "B"]))) for i in range(n)], **rows)


@given(corpora())
@settings(max_examples=10, deadline=None)
def test_every_sentence_is_grammatical(opened: Any) -> None:
    found = say.bottom_line(opened)
    for line in re.findall(r"<li>(.*?)</li>", found, re.DOTALL):
        text = plain(Markup(line))
        assert not WRONG.search(text), text
        assert text.endswith(".")
        assert text[0].isupper() or text[0].isdigit(), text
    assert "<b>" not in found
