"""Attributions: what the reader labels, and who the speakers are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import attributions, reader
from analysis.speakers import Register, source_type
from analysis.text import canonical


def rows(text: str) -> list[dict[str, object]]:
    return attributions.rows("a", text, reader.read(text).spans)


FOUND = [
    ("Ana Ruiz, an analyst at the Orrin Centre, said that war is near.", "Ana Ruiz, an analyst at the Orrin Centre,", "said", ["that war is near"], "that belongs to the content"),
    ("“War is near,” said Ana Ruiz, an analyst.", "Ana Ruiz, an analyst", "said", ["“War is near,”"], "quotation first"),
    ("War is near, according to Ana Ruiz.", "Ana Ruiz", "according to", ["War is near"], "according to, behind"),
    ("According to Ana Ruiz, war is near.", "Ana Ruiz", "According to", ["war is near"], "according to, in front"),
    ("Tokyo warned that war is near.", "Tokyo", "warned", ["that war is near"], "a capital"),
    ("A poll shows that most fear war.", "A poll", "shows", ["that most fear war"], "a document"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "source", "cue", "content", "why"), FOUND, ids=[f[4] for f in FOUND])
def test_an_attribution(text: str, source: str, cue: str, content: list[str], why: str) -> None:
    (row,) = rows(text)
    assert (row["source"], row["cue"], row["content"]) == (source, cue, content), why


NOT = [
    ("This alliance highlights a desperate situation.", "the author's own assertion"),
    ("Russia launched a missile.", "a deed"),
    ("The so-called “experts” left.", "scare quotes"),
]


@pytest.mark.parametrize(("text", "why"), NOT, ids=[n[1] for n in NOT])
def test_no_attribution(text: str, why: str) -> None:
    assert rows(text) == [], why


def test_a_quotation_that_goes_on_belongs_to_the_attribution_before() -> None:
    (row,) = rows("“War is near,” said Ana Ruiz. “Nobody sleeps.”")
    assert row["content"] == ["“War is near,”", "“Nobody sleeps.”"]


@pytest.mark.parametrize(
    ("contents", "quoted", "kind"),
    [
        ([(0, 5)], [(0, 5)], "direct"),
        ([(0, 9)], [(3, 6)], "mixed"),
        ([(0, 9)], [(10, 12)], "indirect"),
        ([(0, 5), (8, 9)], [(0, 5)], "mixed"),
    ],
)
def test_quote_type(contents: list[tuple[int, int]], quoted: list[tuple[int, int]], kind: str) -> None:
    assert attributions.quote_type(contents, quoted) == kind


SPEAKERS = [
    ("Ana Ruiz, an analyst, spoke. Ruiz", "Ruiz", ["Ana Ruiz, an analyst,"], ("Ana Ruiz", "expert", True), "a surname"),
    ("Han Tae-gyun, an analyst, spoke. Han", "Han", ["Han Tae-gyun, an analyst,"], ("Han Tae-gyun", "expert", True), "a surname that comes first"),
    ("Ana Ruiz, an analyst, spoke. She", "She", ["Ana Ruiz, an analyst,"], ("Ana Ruiz", "expert", True), "a pronoun"),
    ("Ana Ruiz, an analyst, spoke. The analyst", "The analyst", ["Ana Ruiz, an analyst,"], ("Ana Ruiz", "expert", True), "a definite description"),
    ("Ana Ruiz, a nurse, and Bo Ruiz, a baker, spoke. Ruiz", "Ruiz", ["Ana Ruiz, a nurse,", "Bo Ruiz, a baker,"], ("", "other", False), "two people of one surname stay apart"),
    ("Moscow", "Moscow", [], ("Russia", "state", True), "a capital stands for its government"),
    ("Japan and South Korea", "Japan and South Korea", [], ("Japan; South Korea", "state", True), "coordinated"),
    ("analysts", "analysts", [], ("", "expert", False), "unnamed experts"),
    ("A report by the Meridian Institute", "A report by the Meridian Institute", [], ("Meridian Institute", "document", True), "a document's issuer"),
    ("South Korea's Joint Chiefs of Staff", "South Korea's Joint Chiefs of Staff", [], ("South Korea's Joint Chiefs of Staff", "military", True), "a body keeps its country"),
    ("Ukrainian officials", "Ukrainian officials", [], ("", "official", False), "unnamed officials"),
    ("Bo Vale of the Orrin Centre", "Bo Vale of the Orrin Centre", [], ("Bo Vale", "expert", True), "a body behind the name"),
    ("They", "They", [], ("", "other", False), "nobody to point at"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "source", "before", "expected", "why"), SPEAKERS, ids=[s[4] for s in SPEAKERS]
)
def test_a_speaker(
    text: str, source: str, before: list[str], expected: tuple[str, str, bool], why: str
) -> None:
    people = Register(text)
    for one in before:
        people.resolve(text.index(one), text.index(one) + len(one))
    start = text.rindex(source)
    found = people.resolve(start, start + len(source))
    assert (found.speaker, found.source_type, found.is_named) == expected, why


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("a professor at Ewha University in Seoul", "expert"),
        ("a retired general at the Orrin Centre", "expert"),
        ("a former minister, now a fellow at the Orrin Institute", "expert"),
        ("the defence minister", "official"),
        ("a spokesman for the Ministry of Defence", "official"),
        ("a general", "military"),
        ("an intelligence officer", "intelligence"),
        ("a fisherman", "witness"),
        ("a newspaper", "media"),
        ("a satirist", "other"),
    ],
)
def test_source_type(role: str, kind: str) -> None:
    assert source_type(role) == kind


PIECES = ["Ana Ruiz, an analyst,", "said that", "“War", "is near,”", "according to", "Moscow", "warned", ":", "’", '"', ".", "\n\n", "it", "مرحبا", "戦争", "🙂"]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map(" ".join)))
def test_spans_lie_in_the_text_and_every_link_has_content(raw: str) -> None:
    text = canonical(raw)
    spans = reader.read(text).spans
    assert all(0 <= s.start < s.end <= len(text) and s.role in reader.ROLES for s in spans)
    assert all(any(s.role == "content" and s.link == link for s in spans) for link in {s.link for s in spans})
    for row in attributions.rows("a", text, spans):
        assert text[row["start"] : row["end"]] == row["text"]


TYPED = [
    ("other", {"expert": 0.31, "other": 0.3}, "expert", "the lexicon knows none, the reader leans to one"),
    ("other", {"expert": 0.29, "other": 0.28}, "other", "nobody knows"),
    (
        "witness",
        {"expert": 0.69, "witness": 0.31},
        "witness",
        "the lexicon's noun counts while the reader doubts",
    ),
    ("witness", {"expert": 0.71, "witness": 0.29}, "expert", "the reader is sure"),
    ("state", {}, "state", "no source was read"),
]


@pytest.mark.parametrize(("lexical", "types", "wanted", "why"), TYPED, ids=[t[3] for t in TYPED])
def test_the_type_of_a_source(lexical: str, types: dict[str, float], wanted: str, why: str) -> None:
    row = attributions._with_type({"source_type": lexical, "is_expert": lexical == "expert"}, types)
    assert row == {"source_type": wanted, "is_expert": wanted == "expert"}, why


def test_rows_of_one_name_share_their_type() -> None:
    class Judge:
        def types(self, sources: list[tuple[int, int]]) -> list[dict[str, float]]:
            return [{"expert": p, "other": 1 - p} for p in (0.9, 0.2)]

    rows = [
        {
            "source": "x",
            "source_start": 0,
            "source_end": 1,
            "speaker": name,
            "source_type": "other",
            "id": str(i),
        }
        for i, name in enumerate(("Ana Ruiz", "Ana Ruiz"))
    ]
    assert {r["source_type"] for r in attributions._typed(rows, Judge())} == {"expert"}  # type: ignore[arg-type]
    apart = [row | {"speaker": ""} for row in rows]
    assert [r["source_type"] for r in attributions._typed(apart, Judge())] == ["expert", "other"]  # type: ignore[arg-type]
