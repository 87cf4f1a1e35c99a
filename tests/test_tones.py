"""Tone toward targets: who is a target, one row a mention, sentences at none, one and many, and lists of passages."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis import evidence, reader, report, schema, show, summary, tones, toward
from analysis.brief import Brief, of
from analysis.cli import app
from analysis.reader import Entity, Span, Tone

NEGATIVE, NEUTRAL, POSITIVE = (
    Tone("negative", 0.8, 0.15, 0.05),
    Tone("neutral", 0.1, 0.8, 0.1),
    Tone("positive", 0.1, 0.2, 0.7),
)


class Fake(NamedTuple):
    """A reading that is negative toward what begins before the middle and positive after."""

    spans: list[Span]
    entities: list[Entity]

    def tones(self, targets: list[tuple[int, int]]) -> list[Tone]:
        return [NEGATIVE if start < 40 else POSITIVE for start, _ in targets]


def entities(text: str, **named: str) -> list[Entity]:
    """Return entities: label=NAMES, parted by ``/``, each where the text has it."""
    found = [
        Entity(label, m.start(), m.end())
        for label, words in named.items()
        for name in words.split("/")
        for m in re.finditer(re.escape(name), text)
    ]
    return sorted(found, key=lambda e: e.start)


TARGETS = [
    ("Moscow warned Kyiv.", {}, ["Russia", "Ukraine"], "capitals stand for their states"),
    ("North Korean troops left South Korea.", {}, ["North Korea", "South Korea"], "demonyms, the longest match"),
    ("Officials met in Kharkiv and in Asia.", {}, [], "neither cities nor regions are states"),
    ("South Korea's Joint Chiefs of Staff spoke.", {"organisation": "South Korea's Joint Chiefs of Staff"}, ["South Korea's Joint Chiefs of Staff"], "the longest wins"),
    ("Taiwan spoke.", {"organisation": "Taiwan"}, ["Taiwan"], "the gazetteer wins over the reader"),
    ("Oliver Jia spoke. Jia’s view is known.", {"person": "Oliver Jia/Jia’s"}, ["Oliver Jia", "Oliver Jia"], "a surname, possessive"),
    ("Ann Lee and Bo Lee met. Lee spoke.", {"person": "Ann Lee/Bo Lee/Lee"}, ["Ann Lee", "Bo Lee", "Lee"], "ambiguous: as it stands"),
    ("Kim Jong Un came. Kim spoke.", {"person": "Kim Jong Un/Kim"}, ["Kim Jong Un", "Kim Jong Un"], "family name first"),
    ("Michael Jordan left. Jordan was tired.", {"person": "Michael Jordan/Jordan"}, ["Michael Jordan", "Michael Jordan"], "a person named like a state"),
    ("Jordan protested.", {"person": "Jordan"}, ["Jordan"], "the state where no person has the name"),
    ("The Kremlin-run | Agency spoke.", {"organisation": "The Kremlin-run | Agency"}, ["Kremlin-run Agency"], "the sign that joins groups"),
    ("“Mr. Jia,” he said.", {"person": "“Mr. Jia,”"}, ["Jia"], "title of address and quotation marks"),
    ("He went to — there.", {"person": "—"}, [], "no letters, no target"),
    ("It sent missiles and more.", {"organisation": "missiles", "person": "more"}, [], "without a capital it is no name"),
    ("Fighters of al-Shabaab and eBay met 김정은.", {"organisation": "al-Shabaab/eBay", "person": "김정은"}, ["al-Shabaab", "eBay", "김정은"], "a capital anywhere, or a script without"),
    ("Seoul lies there.", {"place": "Seoul"}, ["South Korea"], "a place of the reader is no target by itself"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "named", "targets", "why"), TARGETS, ids=[t[3] for t in TARGETS])
def test_who_is_a_target(text: str, named: dict[str, str], targets: list[str], why: str) -> None:
    rows = tones.rows("x", text, Fake([], entities(text, **named)))
    assert [row["target"] for row in rows] == targets, why
    ends = [0]
    for row in rows:
        assert text[row["start"] : row["end"]] == row["text"]
        assert row["sentence_start"] <= row["start"] < row["end"] <= row["sentence_end"]
        assert row["start"] >= ends[-1], "no mention overlaps another"
        assert (row["target_id"] != "") == (row["target_type"] == "state")
        ends.append(row["end"])


def test_a_row_has_its_tone_and_its_place_id() -> None:
    text = "Oliver Jia said that Moscow had failed."
    first, second = tones.rows("x", text, Fake([], entities(text, person="Oliver Jia")))
    assert (first["target_type"], first["tone"], first["p_negative"], first["id"]) == (
        "person",
        "negative",
        0.8,
        "x-n1",
    )
    assert (second["target"], second["target_id"], second["text"], second["id"]) == (
        "Russia",
        "RU",
        "Moscow",
        "x-n2",
    )
    assert len(schema.table("tones", [first, second])) == 2


def test_the_labels_are_the_readers() -> None:
    assert schema.TONES == reader.TONES


def brief_of(*mentions: tuple[str, str, str], watch_list: tuple[str, ...] = ()) -> Brief:
    """Return a brief of one article with the mentions (target, type, tone), one a sentence."""
    text = " ".join(f"{target} is named." for target, _, _ in mentions) or "Nobody."
    moods = {t.tone: t for t in (NEGATIVE, NEUTRAL, POSITIVE)}
    rows: list[dict[str, Any]] = []
    sentences: list[dict[str, Any]] = []
    at = 0
    for i, (target, kind, mood) in enumerate(mentions, 1):
        end = at + len(f"{target} is named.")
        rows.append(
            {"article_id": "x", "start": at, "end": at + len(target), "text": target, "target": target, "target_id": "", "target_type": kind,
             **moods[mood]._asdict(), "sentence_start": at, "sentence_end": end, "id": f"x-n{i}"}
        )  # fmt: skip
        sentences.append(
            {
                "article_id": "x",
                "start": at,
                "end": end,
                "text": text[at:end],
                "polarity": 0.0,
                "subjectivity": 0.0,
                "id": f"x-s{i}",
            }
        )
        at = end + 1
    article = dict.fromkeys((c.name for c in schema.TABLES["articles"]), "") | {
        "article_id": "x", "date": "2024-05-06", "title": "T", "text": text, "language": "en", "record": 1,
        "n_words": 1, "words_declared": None,
    }  # fmt: skip
    found = {
        "articles": schema.table("articles", [article]),
        "tones": schema.table("tones", rows),
        "sentences": schema.table("sentences", sentences),
    }
    return of(report.parameters({"watch_list": list(watch_list)}), found)


def plain(markup: object) -> str:
    return re.sub(r"<[^>]+>", "", str(markup))


RUSSIA, JIA, NATO = ("Russia", "state"), ("Oliver Jia", "person"), ("NATO", "organisation")
SAID = [
    ([], "No person, state or body is named, so there is no tone to tell.", "Named are no persons, no states and no bodies.", "none"),
    ([(*RUSSIA, "neutral")],
     "The tone toward persons, states and bodies is negative in 0 of 1 mention, neutral in 1 and positive in 0.",
     "Named are no persons, 1 state in 1 mention and no bodies.", "one"),
    ([(*RUSSIA, "negative"), (*JIA, "positive")],
     "The tone toward persons, states and bodies is negative in 1 of 2 mentions, neutral in 0 and positive in 1; it is negative most often toward Russia (1 of 1).",
     "Named are 1 person in 1 mention, 1 state in 1 mention and no bodies.", "two"),
    ([(*RUSSIA, "negative")] * 6 + [(*NATO, "negative")] * 2 + [(*NATO, "neutral")] * 3,
     "The tone toward persons, states and bodies is negative in 8 of 11 mentions, neutral in 3 and positive in 0; "
     "it is negative most often toward Russia (6 of 6) and NATO (2 of 5).",
     "Named are no persons, 1 state in 6 mentions and 1 body in 5 mentions.", "many"),
]  # fmt: skip


@pytest.mark.parametrize(("mentions", "tone", "named", "why"), SAID, ids=[s[3] for s in SAID])
def test_the_sentences_are_english_at_any_number(mentions: Any, tone: str, named: str, why: str) -> None:
    brief = brief_of(*mentions)
    assert (plain(toward.tone(brief)), plain(toward.named(brief))) == (tone, named)


@pytest.mark.parametrize(("mentions", "title"), [
    ([], "No person, state or body is named, so there is no chart."),
    ([(*RUSSIA, "neutral")], "The tone is negative toward nobody; Russia is named most often: 1 mention"),
    ([(*RUSSIA, "negative")], "The tone is negative most often toward Russia: 1 of 1 mention"),
    ([(*RUSSIA, "negative"), (*NATO, "negative")], "The tone is negative most often toward NATO and Russia: 1 mention each"),
])  # fmt: skip
def test_the_chart_says_what_it_shows(mentions: Any, title: str) -> None:
    assert title in str(toward.chart(brief_of(*mentions)))


def test_no_share_is_printed_below_five_mentions() -> None:
    brief = brief_of(*[(*RUSSIA, "negative")] * 2, *[(*RUSSIA, "neutral")] * 3, *[(*NATO, "negative")] * 4)
    shares = summary.negative_shares(brief.summary)
    assert shares[["target", "n", "n_negative", "n_neutral", "n_positive"]].to_numpy().tolist() == [
        ["Russia", 5, 2, 3, 0], ["NATO", 4, 4, 0, 0],
    ]  # fmt: skip
    assert shares["share_negative"].isna().tolist() == [False, True]
    assert '<td class="num">0.40</td>' in toward.targets_table(brief, "state")
    assert "No share is printed below 5 mentions." in toward.targets_table(brief, "organisation")
    assert "1.00" not in toward.targets_table(brief, "organisation")


def test_the_watch_list_is_shown_named_or_not() -> None:
    many = [(f"P{i:02}", "person", "neutral") for i in range(15) for _ in range(2)]
    brief = brief_of(*many, ("Zoe", "person", "neutral"), watch_list=("Zoe", "Nobody"))
    table = str(toward.targets_table(brief, "person"))
    assert "Zoe" in table
    assert "Nobody" in table
    assert "These are 11 of 16 persons, those named most often." in table


def test_every_number_leads_to_its_rows_and_its_sentences() -> None:
    brief = brief_of(
        *[(*RUSSIA, "negative")] * 2,
        (*JIA, "positive"),
        ("IS", "organisation", "neutral"),
        ("<b>x</b>", "person", "negative"),
    )
    parts = [
        toward.named(brief), toward.tone(brief), *(toward.targets_table(brief, t) for t in schema.TARGETS), toward.clearest_table(brief),
    ]  # fmt: skip
    parts += [html for _, html in evidence.section(brief, evidence.linked(brief, parts))]
    page = "".join(map(str, parts))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    for key, n in re.findall(r'<a class="n" href="#([^"]+)">(\d+)</a>', page):
        listed = re.search(rf'<h4 id="{key}">.*?<ul class="rows">(.*?)</ul>', page)
        assert listed
        assert listed[1].count("<li>") == int(n)
    assert "Tone toward: IS, neutral" in page
    assert "Iceland" not in page
    assert "<b>" not in page
    assert '<mark class="target">Russia</mark> is named.' in page
    assert "tone: negative toward Russia" in page


def test_an_excerpt_holds_what_it_is_about() -> None:
    text = " ".join(f"w{i}" for i in range(60))
    at = text.index("w40")
    assert show.excerpt(text, at, at + 3).split() == ["…", *(f"w{i}" for i in range(28, 53)), "…"]
    assert show.excerpt(text, 0, 0).split() == [*(f"w{i}" for i in range(25)), "…"]
    assert show.excerpt(text, len(text) - 3, len(text)).split() == ["…", *(f"w{i}" for i in range(35, 60))]
    assert show.excerpt("a b", 0, 1) == "a b"


LINE = {"text": "Moscow warned Kyiv.", "start": 0, "end": 6}
BAD = [
    (b"{", "not JSON; write one object a line", "no JSON"),
    (b"[1]", "no JSON object", "a list"),
    (b"", "not JSON", "an empty line between others"),
    (b"\xff", "not UTF-8; save the file as UTF-8", "another encoding"),
    (b"[" * 100_000, "not JSON", "nested without end"),
    *((json.dumps({k: v for k, v in LINE.items() if k != name}).encode(), f"the field '{name}' is missing; write", f"no {name}") for name in LINE),
    (json.dumps({**LINE, "start": "0"}).encode(), "'start' must be a whole number", "a text for a number"),
    (json.dumps({**LINE, "end": True}).encode(), "'end' must be a whole number", "a truth value"),
    (json.dumps({**LINE, "end": 6.0}).encode(), "'end' must be a whole number", "a broken number"),
    (json.dumps({**LINE, "text": None}).encode(), "'text' must be a text", "null"),
    (json.dumps({**LINE, "end": 20}).encode(), "start 0 and end 20 lie outside the text, which has 19 characters", "behind the end"),
    (json.dumps({**LINE, "start": -6}).encode(), "lie outside the text", "counted from the end"),
    (json.dumps({**LINE, "start": 7}).encode(), "lie outside the text", "start after end"),
    (json.dumps({**LINE, "end": 0}).encode(), "the target is empty; give", "an empty target"),
    (json.dumps({**LINE, "start": 6, "end": 7}).encode(), "the target is empty", "a space"),
    (b'{"text": "\\ud800 x", "start": 0, "end": 1}', "half a character", "a lone surrogate"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "why"), BAD, ids=[b[2] for b in BAD])
def test_a_bad_line_is_named_and_nothing_is_written(
    tmp_path: Path, line: bytes, message: str, why: str
) -> None:
    path, out = tmp_path / "p.jsonl", tmp_path / "out.parquet"
    path.write_bytes(b"\n".join([json.dumps(LINE).encode(), line, json.dumps(LINE).encode()]))
    done = CliRunner().invoke(app, ["tone", "--in", str(path), "--out", str(out)])
    assert done.exit_code == 1
    assert f"error: {path}, line 2: " in done.output
    assert message in done.output
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "message"), [(None, "the file cannot be opened"), (b"\n", "the file is empty")]
)
def test_a_file_without_lines_is_an_error(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "p.jsonl"
    if content is not None:
        path.write_bytes(content)
    done = CliRunner().invoke(app, ["tone", "--in", str(path), "--out", str(tmp_path / "out.parquet")])
    assert (done.exit_code, message in done.output) == (1, True)
    assert not (tmp_path / "out.parquet").exists()


def test_two_processes_tell_the_same_as_one() -> None:
    passages = [(f"Moscow warned Kyiv {i % 70} times.", 0, 6) for i in range(150)]
    assert list(tones.of_passages(passages, 2)) == list(tones.of_passages(passages))


def test_passages_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def fake(text: str) -> Fake:
        read.append(text)
        return Fake([], [])

    monkeypatch.setattr(tones.reader, "read", fake)
    far = {"text": "x" * 50 + " Kyiv 한국", "start": 51, "end": 55, "label": "left aside"}
    lines = [LINE, far, {**LINE, "start": 14, "end": 18}]
    path, out = tmp_path / "p.jsonl", tmp_path / "new" / "out.parquet"
    path.write_text("\ufeff" + "\r\n".join(json.dumps(one) for one in lines) + "\n\n", encoding="utf-8")
    command = ["tone", "--in", str(path), "--out", str(out)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "3 passages read" in done.output
    found = pd.read_parquet(out)
    assert list(found.columns) == ["text", "start", "end", "tone", "p_negative", "p_neutral", "p_positive"]
    assert found[["start", "end", "tone"]].to_numpy().tolist() == [
        [0, 6, "negative"],
        [51, 55, "positive"],
        [14, 18, "negative"],
    ]
    assert read == [LINE["text"], far["text"]], "equal texts are read once"
    first = out.read_bytes()
    CliRunner().invoke(app, command)
    assert out.read_bytes() == first
