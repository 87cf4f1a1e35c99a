"""The Source Summary Statement, confidence and likelihood, and where each analytic standard has its place."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import article, briefing, said, threat
from markupsafe import Markup

from analysis import likelihood, methods, report, say, schema, sources, tradecraft
from analysis.brief import Brief
from analysis.exporter import BriefingExporter
from analysis.text import sentences

NOTEBOOKS = report.ROOT / "notebooks"
GOLDEN = Path(__file__).parent / "golden"


def plain(text: Markup) -> str:
    """Return what a reader sees."""
    return text.striptags()


def on(day: str, **values: Any) -> dict[str, Any]:
    """Return an article of a day; its number is the day's digits."""
    return article(int(day.replace("-", "")), date=day, **values)


ONE = [article(0, outlet="", byline="", url="")]
TWO = [article(0), article(1, outlet="The Mail", url="")]
SIX = [article(i, outlet="The Post" if i < 3 else "The Mail" if i < 5 else "", byline="") for i in range(6)]
OFFICIAL = said(speaker="Bo Lee", source_type="official", is_expert=False)
REJECTED = {"path": "x", "record": 1, "reason": "", "remedy": "", "sha256_raw": ""}

Said = dict[Callable[[Brief], Markup], str]
#: Articles, stories that several tell, parameters, rows of other tables, and what is said of them.
CASES: list[tuple[list[dict[str, Any]], list[list[int]], dict[str, Any], dict[str, Any], Said]] = [
    ([], [], {}, {}, {
        sources.outlets: "No article was read, so there is no source to sum up.",
        sources.copies: "", sources.time: "", sources.missing: "", sources.regions: "", sources.watched: "",
        sources.types: "Nobody is cited.",
    }),
    (ONE, [], {"watch_list": ["Mara Voss"]}, {"threats": [threat()]}, {
        sources.outlets: "The one article that was read does not state its outlet.",
        sources.copies: "",
        sources.time: "The article is dated 2024-01-01.",
        sources.missing: "The one article lacks an outlet, an author and an address; none declares its length, so that a text cut short would "
                         "not be noticed; no records were rejected.",
        sources.regions: "No expert names a threat to Japan (1), the one region that is named with threats, or has a credential that names it.",
        sources.watched: "Of the watch list, never cited: Mara Voss.",
    }),
    ([article(i, outlet="") for i in range(2)], [[0, 1]], {}, {}, {
        sources.outlets: "None of the 2 articles that were read states its outlet.",
        sources.copies: "2 of 2 articles tell 1 story that several articles tell; it does not stand in more than one named outlet.",
    }),
    ([article(0, words_declared=105)], [], {}, {"attributions": [said(role="an analyst in Tokyo")], "threats": [threat()]}, {
        sources.outlets: "1 article is from one outlet, The Post.",
        sources.missing: "The one article states its outlet, its author and its address; 1 declares its length, of which none is more than 10% "
                         "off; no records were rejected.",
        sources.regions: "An expert names a threat to Japan, the one region that is named with threats, or has a credential that names it.",
        sources.types: "Of the types of sources that are told apart, never cited: officials, the military, intelligence services, states, "
                       "organisations, media, documents and witnesses.",
    }),
    (TWO, [[0, 1]], {"watch_list": ["Mara Voss", "Bo Lee", "Nobody"]},
     {"attributions": [said(), OFFICIAL], "threats": [threat(), threat(regions=["RU"]), threat(start=2, end=5, regions=["KR"])],
      "rejected": [REJECTED]}, {
        sources.outlets: "2 articles are from 2 named outlets; the largest are The Mail and The Post with 1 of 2 articles each; together they "
                         "are as concentrated as 2.0 outlets of equal size (inverse Simpson index).",
        sources.copies: "2 of 2 articles tell 1 story that several articles tell; it stands in more than one named outlet.",
        sources.time: "The articles are dated on 2 days, the first 2024-01-01, the last 2024-01-02; no day between is without one.",
        sources.missing: "Of 2 articles, 1 lacks an address; none declares its length, so that a text cut short would not be noticed; "
                         "1 record was rejected.",
        sources.regions: "Of 3 regions that are named with threats, 2 have no expert who names a threat to them or whose credential names "
                         "them: Japan (1) and Russia (1).",
        sources.watched: "Of the watch list, cited as an expert: Mara Voss; cited, but not as an expert: Bo Lee; never cited: Nobody.",
    }),
    ([article(i, words_declared=200) for i in range(5)], [[0, 1], [2, 3]], {}, {}, {
        sources.outlets: "5 articles are from one outlet, The Post.",
        sources.copies: "4 of 5 articles (80%) tell 2 stories that several articles tell; none of them stands in more than one named outlet.",
        sources.missing: "Every article states its outlet, its author and its address; 5 declare their length, of which 5 are more than 10% "
                         "off; no records were rejected.",
    }),
    (SIX, [[0, 1], [2, 3], [4, 5]], {}, {"threats": [threat(start=2, end=5)], "attributions": [said()]}, {
        sources.outlets: "5 articles are from 2 named outlets; the largest is The Post with 3 of 6 articles (50%); together they are as "
                         "concentrated as 1.9 outlets of equal size (inverse Simpson index); 1 article states none.",
        sources.copies: "6 of 6 articles (100%) tell 3 stories that several articles tell; 1 of them stands in more than one named outlet.",
        sources.missing: "Of 6 articles, 1 lacks an outlet and 6 lack an author; none declares its length, so that a text cut short would not "
                         "be noticed; no records were rejected.",
    }),
    ([on("2024-01-01"), on("2024-01-03"), on("2024-04-05")], [], {}, {}, {
        sources.time: "The articles are dated on 3 days, the first 2024-01-01, the last 2024-04-05; the longest stretch without one is 92 days, "
                      "from 2024-01-04 to 2024-04-04; without an article are 2024-02 and 2024-03.",
    }),
    ([on("2024-01-01"), on("2024-01-03")], [], {}, {}, {
        sources.time: "The articles are dated on 2 days, the first 2024-01-01, the last 2024-01-03; the longest stretch without one is 1 day, "
                      "2024-01-02.",
    }),
    ([on("2024-03-01"), article(1, date="2024-03-01")], [], {"period_from": "2024-02-15", "period_to": "2024-03-05"}, {}, {
        sources.time: "All 2 articles are dated 2024-03-01; the longest stretch without one in the period asked for is 15 days, "
                      "from 2024-02-15 to 2024-02-29; without an article is 2024-02.",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("articles", "stories", "parameters", "rows", "expected"), CASES)
def test_the_statement_says(
    articles: list[dict[str, Any]], stories: list[list[int]], parameters: dict[str, Any], rows: dict[str, Any], expected: Said
) -> None:  # fmt: skip
    opened = briefing(articles, stories, parameters, **rows)
    assert {function: plain(function(opened)) for function in expected} == expected
    assert sources.statement(opened).count("<li>") == sources.statement(opened).count("</li>") >= 4


def test_every_type_of_source_can_be_missed() -> None:
    assert set(sources.TYPES) == set(schema.SOURCE_TYPES) - {"other"}


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_outlets_of_equal_size_are_no_more_than_the_outlets(sizes: list[int]) -> None:
    assert 1 - 1e-9 <= sources.effective(sizes) <= len(sizes) + 1e-9
    assert sources.effective([7] * len(sizes)) == pytest.approx(len(sizes))
    assert sources.effective([0, *sizes]) == sources.effective(sizes)


def test_names_are_escaped_and_shares_of_few_left_out() -> None:
    opened = briefing([article(0, outlet="<script>")], attributions=[said(speaker="<b>Eve</b>")])
    page = sources.statement(opened) + sources.concentration_table(opened)
    assert "<script>" not in page
    assert "<b>" not in page
    assert "No share is printed of fewer than 5." in page


VALUES: list[tuple[float, float, float | None, str, str]] = [
    (1, 1, 0.95, "low", "1 story was read where moderate asks for 20 and the outlets amount to 1 of equal size where moderate asks for 3"),
    (500, 9, None, "low", "no score is at hand where moderate asks for 0.7"),
    (20, 3, 0.7, "moderate", "20 stories were read where high asks for 200, the outlets amount to 3 of equal size where high asks for 6 and "
     "the weakest measure has an F1 of 0.7 where high asks for 0.9"),
    (19, 9, 0.95, "low", "19 stories were read where moderate asks for 20"),
    (200, 5.9999, 0.8999, "moderate", "the outlets amount to 5.999 of equal size where high asks for 6 and the weakest measure has an F1 of "
     "0.899 where high asks for 0.9"),
    (200, 6, 0.9, "high", "200 stories were read, the outlets amount to 6 of equal size and the weakest measure has an F1 of 0.9"),
]  # fmt: skip


@pytest.mark.parametrize(("stories", "outlets", "f1", "level", "told"), VALUES)
def test_the_lowest_bound_decides(
    stories: float, outlets: float, f1: float | None, level: str, told: str
) -> None:
    values = {tradecraft.STORIES: stories, tradecraft.OUTLETS: outlets, tradecraft.SCORE: f1}
    assert plain(tradecraft.said("the count", values)) == f"Confidence in the count is {level}: {told}."


def test_what_confidence_hangs_on_is_scored() -> None:
    scores = methods.read()
    assert all(tradecraft.score(scores, *row) for rows in tradecraft.JUDGED.values() for row in rows)
    assert tradecraft.score(scores, "threat", "no such unit") is None


@pytest.mark.parametrize(
    ("attributions", "story", "gives", "then"),
    [
        ([said(0)] * 3 + [said(1)] + [said(2, speaker="Bo Lee")] * 2, "Title 0", "3 of 4", "Bo Lee (2)"),
        ([said(0)] * 2 + [said(1)] * 2, "Title 0", "2 of 4", "the same"),
        ([said(0)], "Title 0", "1 of 1", "nothing is left"),
    ],
)  # fmt: skip
def test_one_story_may_make_a_first_place(
    attributions: list[dict[str, Any]], story: str, gives: str, then: str
) -> None:
    found = tradecraft.one_story(
        briefing([article(i) for i in range(4)], [[0, 3]], attributions=attributions)
    )
    cells = [plain(Markup(cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found)]
    assert cells[5:] == ["Expert cited most", f"Mara Voss ({gives.split()[-1]})", story, gives, then]


@pytest.mark.parametrize(
    ("articles", "said_of_it"),
    [(ONE, "no two stories"), (TWO, "Whether one story makes a first place: none.")],
)
def test_without_rows_or_stories_no_first_place_is_explained(
    articles: list[dict[str, Any]], said_of_it: str
) -> None:
    assert said_of_it in tradecraft.one_story(briefing(articles))


# Likelihood and confidence


def lines(page: str) -> list[str]:
    """Return the texts of the paragraphs, items, cells, headings and captions of a page."""
    found = re.findall(r"<(p|li|td|th|h\d|caption|figcaption|title|desc)\b[^>]*>(.*?)</\1>", page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", " ", inner)) for _, inner in found]


def mixed(text: str) -> list[str]:
    """Return the sentences that hold both confidence and a degree of likelihood, which ICD 203 (D.6.e.2.b) forbids."""
    parts = [text[span[0] : span[1]] for span in sentences(text)]
    return [
        part
        for part in parts
        if re.search(r"(?i)\bconfiden(?:ce|t)\b", part)
        and any(e.likelihood not in ("possible", "none") for e in likelihood.find(part))
    ]


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("We have high confidence that an attack is unlikely.", True),
        ("It is almost certain; our confidence is low.", True),
        ("An attack is unlikely. Confidence in this is low.", False),
        ("Confidence is low.", False),
        ("An attack is likely.", False),
    ],
)
def test_a_mixed_sentence_is_found(text: str, is_wrong: bool) -> None:
    assert bool(mixed(text)) == is_wrong


def test_likelihood_and_confidence_never_share_a_sentence() -> None:
    bands = [said(likelihood=band, likelihood_term=band) for _, band in likelihood.BANDS]
    opened = briefing(SIX, attributions=bands, threats=[threat(likelihood="likely")])
    parts = [
        say.bottom_line(opened), say.experts_table(opened), sources.statement(opened), tradecraft.confidence(opened),
        tradecraft.confidence_table(opened), tradecraft.assumptions(opened), tradecraft.one_story(opened), tradecraft.standards(),
    ]  # fmt: skip
    said_of_it = [line for part in parts for line in lines(part)]
    assert any("Confidence" in line for line in said_of_it)
    assert any("almost certain" in line for line in said_of_it)
    prose = [c.source for book in books().values() for c in book.cells if c.cell_type == "markdown"]
    golden = [path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt")]
    assert golden
    assert [wrong for text in [*said_of_it, *prose, *golden] for wrong in mixed(text)] == []


# The nine standards


def books() -> dict[str, nbformat.NotebookNode]:
    return {path.stem: nbformat.read(path, as_version=4) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}


def anchors(chapters: tuple[str, ...]) -> set[str]:
    """Return the ids of a page that binds the frame and these chapters, as the exporter makes them."""
    known = books()
    cells = [cell for stem in ("briefing", *chapters) for cell in known[stem].cells]
    page, _ = BriefingExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    return set(re.findall(r'\sid="([^"]+)"', page))


def test_there_are_nine_standards_each_with_its_place_in_the_briefing() -> None:
    assert len(tradecraft.STANDARDS) == 9
    found = anchors(report.CHAPTERS)
    lost = {
        standard.name
        for standard in tradecraft.STANDARDS
        if not any(tradecraft.slug(place, ()) in found for place in standard.places)
    }
    assert lost == set()


def test_every_place_that_is_named_is_a_heading() -> None:
    found = anchors(report.CHAPTERS)
    linked = re.findall(r'href="#([^"]+)"', tradecraft.standards() + sources.machines())
    assert len(linked) > 9
    assert set(linked) - found == set()


def test_what_is_not_met_says_why() -> None:
    assert {one.met for one in tradecraft.STANDARDS} <= {"met", "in part", "not met"}
    assert all(one.how and one.places for one in tradecraft.STANDARDS)
