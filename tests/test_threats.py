"""Threat mentions: what is one, by whom, against whom, and what is none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import lexicons, threats
from analysis.places import PLACE_KINDS
from analysis.reader import Span
from analysis.schema import CATEGORIES, KINDS, LIKELIHOODS, SOURCE_TYPES
from analysis.text import canonical
from analysis.threats import terms

#: text → the row's words, category, kind, actor, regions, negated, likelihood
FOUND = [
    ("North Korea launched a ballistic missile into the Sea of Japan.", "North Korea launched a ballistic missile", "missile", "act", "KP", ["sea-of-japan"], False, "none"),
    ("China could invade Taiwan.", "invade Taiwan", "war", "threat", "CN", ["TW"], False, "possible"),
    ("There was no sign of a nuclear test in North Korea.", "a nuclear test in North Korea", "nuclear", "threat", "", ["KP"], True, "none"),
    ("Further escalation on the Korean Peninsula is unlikely.", "Further escalation on the Korean Peninsula", "war", "threat", "", ["korean-peninsula"], False, "unlikely"),
    ("The move threatens stability in the Sahel.", "threatens stability in the Sahel", "instability", "threat", "", ["sahel"], False, "none"),
    ("The Houthis attacked ships in the Red Sea.", "The Houthis attacked ships", "war", "act", "Houthis", ["red-sea"], False, "none"),
    ("Russia has sent troops to Belarus.", "sent troops", "military_buildup", "act", "RU", ["BY"], False, "none"),
    ("The EU lifted sanctions on Venezuela.", "sanctions on Venezuela", "coercion", "act", "", ["VE"], True, "none"),
    ("Russia withdrew troops from Syria.", "withdrew troops", "military_buildup", "act", "RU", ["SY"], True, "none"),
    ("A bomb exploded in Kabul.", "A bomb exploded", "terror", "act", "", ["AF"], False, "none"),
    ("Gunmen abducted forty pupils in Niger.", "Gunmen abducted forty pupils", "coercion", "act", "gunmen", ["NE"], False, "none"),
    ("Thirty-one Chinese warships lay off Taiwan.", "Thirty-one Chinese warships", "military_buildup", "act", "CN", ["TW"], False, "none"),
    ("A blockade of Hormuz by Iran is almost out of the question.", "A blockade of Hormuz by Iran", "coercion", "threat", "IR", ["strait-of-hormuz"], False, "almost no chance"),
    ("Analysts put the odds of another raid on Odesa at one in eight.", "another raid on Odesa", "war", "threat", "", ["UA"], False, "very unlikely"),
    ("Pakistani jets bombed three villages in Afghanistan.", "Pakistani jets bombed three villages", "war", "act", "PK", ["AF"], False, "none"),
    ("A war between India and Pakistan cannot be ruled out.", "A war between India and Pakistan", "war", "threat", "", ["IN", "PK"], False, "possible"),
]  # fmt: skip
NONE = [
    ("He fought in the Vietnam War.", "a past war as background"),
    ("There is a threat of rain in Seoul.", "weather"),
    ("Storms threaten Japan.", "weather as a subject"),
    ("The threat of relegation hangs over the club.", "sport"),
    ("He is a professor at Ewha University in Seoul.", "a university's city"),
    ("The trade war with China hurts.", "trade"),
    ("Shells from the bombardment of 1958 lie in the field.", "a year makes it background"),
    ("The ceasefire holds in Lebanon.", "a ceasefire"),
    ("A heart attack killed the mayor.", "an illness"),
    ("The dockers went on strike in Genoa.", "labour"),
    ("One Russian soldier likes tea.", "a soldier as a person"),
    ("They sent two ships with medicine to Cuba.", "help"),
    ("A coup for the museum: the painting came home.", "a figure of speech"),
]


@pytest.mark.parametrize("case", FOUND, ids=[f[0] for f in FOUND])
def test_a_threat(case: tuple[object, ...]) -> None:
    text, *expected = case
    (row,) = threats.rows("a", str(text), [])
    names = ("text", "category", "kind", "actor", "regions", "is_negated", "likelihood")
    assert [row[k] for k in names] == expected


@pytest.mark.parametrize(("text", "why"), NONE, ids=[n[1] for n in NONE])
def test_no_threat(text: str, why: str) -> None:
    assert threats.rows("a", text, []) == [], why


#: What one sentence leaves out: text → actor and regions of its last row.
TOLD_ON = [
    ("Russia and North Korea signed a pact. The pact between these states could threaten stability in Asia.", "RU; KP", ["asia"], "these states"),
    ("Drones hit the port of Odesa. Moscow said nothing about the raid.", "RU", ["UA"], "the usual actor, named in the article"),
    ("Al-Shabaab fighters stormed a hotel in Mogadishu. More attacks are feared.", "al-Shabaab", ["SO"], "a group"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "actor", "regions", "why"), TOLD_ON, ids=[t[3] for t in TOLD_ON])
def test_what_a_sentence_leaves_out(text: str, actor: str, regions: list[str], why: str) -> None:
    row = threats.rows("a", text, [])[-1]
    assert (row["actor"], row["regions"]) == (actor, regions), why


def test_where_a_speaker_sits_is_not_threatened() -> None:
    text = "A professor in Seoul said that an attack is near."
    (row,) = threats.rows("a", text, [Span("source", 0, text.index(" said"), 1)])
    assert row["regions"] == []


def test_an_attack_by_jihadists_is_terror_and_takes_up_the_mention_before() -> None:
    text = "Jihadists attacked a garrison in Mali. The attack lasted an hour."
    assert [r["category"] for r in threats.rows("a", text, [])] == ["terror", "terror"]


@pytest.mark.parametrize(
    ("category", "kind", "number"),
    [("war", "threat", 1), ("war", "act", 7), ("military_buildup", "act", 3), ("nuclear", "threat", 4), ("terror", "threat", 5),
     ("terror", "act", 8), ("coercion", "act", None)],
)  # fmt: skip
def test_the_geopolitical_risk_category(category: str, kind: str, number: int | None) -> None:
    assert threats.gpr(category, kind) == number


def test_every_category_and_kind_has_its_line_on_geopolitical_risk() -> None:
    assert all(threats.gpr(c, k) in (None, *range(1, 9)) for c in CATEGORIES for k in KINDS)


@pytest.mark.parametrize(
    ("term", "spellings"),
    [
        ("(raid|raids) on", ["raid on", "raids on"]),
        ("bombard(ed|ing)?", ["bombarded", "bombarding", "bombard"]),
        ("mobili[sz]e", ["mobilise", "mobilize"]),
        ("act of war", ["act of war"]),
    ],
)
def test_a_term_is_spelled_out_by_its_first_word(term: str, spellings: list[str]) -> None:
    assert terms.spellings(term) == spellings


def test_time_is_linear_without_full_stops() -> None:
    text = "Russia sent troops and China fired missiles at ships " * 2000
    begun = time.process_time()
    threats.rows("a", text, [])
    assert time.process_time() - begun < 30


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from([f[0] for f in FOUND] + [n[0] for n in NONE])).map(" ".join)
    )
)
def test_every_row_is_a_slice_with_known_labels(raw: str) -> None:
    text = canonical(raw)
    for row in threats.rows("a", text, []):
        assert text[row["start"] : row["end"]] == row["text"]
        assert row["sentence_start"] <= row["start"] < row["end"] <= row["sentence_end"]
        assert (row["category"] in CATEGORIES, row["kind"] in KINDS, row["likelihood"] in LIKELIHOODS) == (
            True,
            True,
            True,
        )


LEXICONS = [
    (
        "threats",
        ("term", "category", "kind", "part"),
        {"category": {*CATEGORIES, "none"}, "kind": {"", *KINDS}, "part": {*terms.PARTS}},
    ),
    (
        "likelihood",
        ("term", "likelihood", "scope"),
        {"likelihood": set(LIKELIHOODS), "scope": {"clause", "phrase"}},
    ),
    ("sources", ("term", "source_type"), {"source_type": set(SOURCE_TYPES)}),
    ("cues", ("cue", "forms", "frame"), {}),
    ("actors", ("term", "actor"), {}),
    ("theatres", ("actor", "class", "regions"), {"class": {"state", "jihadist", "armed group", "criminal"}}),
    ("evidence", ("evidence", "weight"), {}),
]


@pytest.mark.parametrize(("name", "columns", "allowed"), LEXICONS, ids=[x[0] for x in LEXICONS])
def test_a_lexicon_is_well_formed(name: str, columns: tuple[str, ...], allowed: dict[str, set[str]]) -> None:
    lines = lexicons.read(name, *columns)
    assert len(lines) > 20
    for line in lines:
        assert line["source"], line
        assert line["date_added"], line
        assert all(line[column] in values for column, values in allowed.items()), line
    assert PLACE_KINDS


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("term,source\n", "the columns must be term, source, date_added, note"),
        ("term,source,date_added,note\n,own,2026,\n", "line 2: term is empty"),
        ("term,source,date_added,note\na,own,2026,\na,own,2026,\n", "line 3: 'a' stands in line 2 too"),
        ("term,source,date_added,note\na,own\n", "line 2: the line has too many or too few fields"),
    ],
)
def test_a_bad_lexicon_is_named_with_its_line(tmp_path, content: str, message: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "x.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        lexicons.read("x", "term", folder=tmp_path)
