"""From each number to its sentences and back: the sentences with highlighted spans, and the list of what was counted."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from analysis import likelihood, places, schema
from analysis.brief import ALL_LISTED, Brief
from analysis.show import EXCERPT, Cell, clip, note, plain, table, window
from analysis.summary import JOIN
from analysis.text import sentence_run

#: The measures, with the words for their numbers.
TITLES = {
    "attributions": "All attributions",
    "attributions_by_expert": "Attributions to the expert",
    "attributions_by_speaker": "Attributions to",
    "attributions_by_source_type": "Attributions to sources of the type",
    "expert_attributions": "Attributions to named experts",
    "expert_attributions_by_likelihood": "Experts' statements by likelihood",
    "expert_threats_by_region": "Threats in experts' statements",
    "likelihood_by_expert": "Likelihood by expert",
    "sentences": "All sentences",
    "sentences_by_wording": "Sentences by wording",
    "gpr_acts_by_month": "Acts (Geopolitical Risk 6–8) by month",
    "gpr_threats_by_month": "Threats (Geopolitical Risk 1–5) by month",
    "mentions_by_target": "Mentions of",
    "threats": "All threat mentions",
    "threats_by_actor": "Threat mentions by actor",
    "threats_by_category": "Threat mentions by category",
    "threats_by_kind": "Threat mentions by kind",
    "threats_by_likelihood": "Threat mentions by likelihood",
    "threats_by_month": "Threat mentions by month",
    "threats_by_region": "Threat mentions by region",
    "threats_by_category_and_month": "Threat mentions by category and month",
    "threats_by_category_and_week": "Threat mentions by category and week",
    "threats_by_region_and_month": "Threat mentions by region and month",
    "threats_by_region_and_week": "Threat mentions by region and week",
    "threats_by_region_and_category": "Threat mentions by region and category",
    "threats_denied": "Threats that the text denies",
    "tones": "All tones",
    "tones_by_target": "Tone toward",
    "tones_by_tone": "Tones",
    "tones_by_type": "Tones by type of target",
    "unnamed_expert_attributions": "Attributions to unnamed experts",
}


def label(measure: str, group: str) -> str:
    """Return the name of a number as a reader says it: *Threat mentions by region: Japan*."""
    parts = group.split(JOIN) if group else []
    if measure not in ("mentions_by_target", "tones_by_target"):  # a body called IS is not Iceland
        parts = [place_name(part).replace("_", " ") for part in parts]
    return TITLES[measure] + (f": {', '.join(parts)}" if parts else "")


def place_name(place: str) -> str:
    """Return the name of a place id, and anything else as it is."""
    return _names().get(place, place)


@cache
def _names() -> dict[str, str]:
    return {place: places.name(place) for place in places.ids()}


#: Rows that are shown at most where they are too many to show all of them.
SOME_LISTED = 2_000


class Linked(NamedTuple):
    """What a briefing leads to: the numbers, each with the ids of the rows that are listed for it, and all rows that are shown."""

    numbers: list[dict[str, Any]]
    ids: list[str]


def linked(brief: Brief, pieces: Iterable[str]) -> Linked:
    """Return what the links in pieces of HTML lead to.

    Of the rows of a number as many are listed as leave the briefing readable: all of them in a small corpus, else the first.
    """
    hrefs = {href for piece in pieces for href in re.findall(r'href="#([en]-[^"]+)"', piece)}
    numbers = [row for row in schema.records(brief.summary) if row["key"] in hrefs and row["n_rows"]]
    alone = sorted(href[2:] for href in hrefs if href.startswith("e-"))
    for most, enough in ((None, ALL_LISTED), *((n, SOME_LISTED) for n in (50, 20, 10, 5, 2, 1))):
        listed = [{**row, "rows": row["rows"][:most]} for row in numbers]
        ids = sorted({one for row in listed for one in row["rows"]} | set(alone))
        if len(ids) <= enough and (most or all(len(row["rows"]) == row["n_rows"] for row in numbers)):
            break
    return Linked(listed, ids)


def section(brief: Brief, shown: Linked) -> list[tuple[str, Markup]]:
    """Return the parts of the evidence, each with its heading."""
    rows = {name: brief.rows(name, ids) for name, ids in _by_table(shown.ids).items()}
    return [
        ("Sentence by sentence", sentences(brief, shown, rows)),
        ("What each number counts", counted(shown, rows)),
        ("Concordance", concordance(brief, rows)),
    ]


#: The tables that have evidence, by the letter before the running number in a row's id.
_LETTERS = {"s": "sentences", "a": "attributions", "t": "threats", "n": "tones"}


def _by_table(ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in _LETTERS.values()}
    for one in ids:
        if match := re.search(r"([satn])\d+$", one):
            found[_LETTERS[match[1]]].append(one)
    return found


def sentences(brief: Brief, shown: Linked, rows: Mapping[str, pd.DataFrame]) -> Markup:
    """Return every sentence that a number counts, article by article, with its spans and back links.

    At most 25 words of a sentence are shown, those of its spans first, unless the briefing may share the full text.
    """
    numbers: dict[str, list[tuple[str, str]]] = {}
    for row in shown.numbers:
        for one in row["rows"]:
            numbers.setdefault(one, []).append((row["key"], label(row["measure"], row["group"])))
    found = _by_article(brief, rows)
    texts = brief.texts(list(found))
    parts = []
    for article in schema.records(brief.articles[brief.articles["article_id"].isin(set(found))]):
        text = texts[article["article_id"]]
        items = [
            _sentence(text, run, of_run, numbers, brief.parameters.share == "full")
            for run, of_run in sorted(found[article["article_id"]].items())
        ]
        where = " · ".join(
            filter(None, [article["outlet"], article["date"], article["byline"], article["path"]])
        )
        parts.append(Markup("<h4>{}</h4>{}{}").format(article["title"], note(where), Markup("").join(items)))
    if not parts:
        return note("No sentences.")
    cut = sum(row["n_rows"] for row in shown.numbers) > sum(len(row["rows"]) for row in shown.numbers)
    said = note("Of each number the first rows are shown; the tables hold all.") if cut else Markup("")
    return Markup('<section class="evidence">{}{}{}</section>').format(legend(), said, Markup("").join(parts))


def legend() -> Markup:
    """Return what the highlights mean."""
    roles = ("source", "cue", "content", "threat", "region", "likelihood", "target")
    return Markup('<div class="legend"><p>Highlights: {}</p></div>').format(
        Markup(" ").join(Markup('<mark class="{0}">{0}</mark>').format(r) for r in roles)
    )


def counted(shown: Linked, rows: Mapping[str, pd.DataFrame]) -> Markup:
    """Return, for each number, the list of rows that were counted, each a link to its sentence."""
    texts = {
        row["id"]: row["text"] for found in rows.values() for row in schema.records(found[["id", "text"]])
    }
    blocks = []
    for row in shown.numbers:
        items = Markup("").join(
            Markup('<li><a href="#e-{}">{}</a></li>').format(one, clip(texts[one], 6)) for one in row["rows"]
        )
        n, listed = int(row["n_rows"]), len(row["rows"])
        many = f"{n:,}" if listed == n else f"{n:,}; the first {listed} are listed"
        blocks.append(
            Markup('<h4 id="{}">{} ({})</h4><ul class="rows">{}</ul>').format(
                row["key"], label(row["measure"], row["group"]), many, items
            )
        )
    return (
        Markup('<section class="evidence">{}</section>').format(Markup("").join(blocks))
        if blocks
        else note("Nothing was counted.")
    )


def concordance(brief: Brief, rows: Mapping[str, pd.DataFrame]) -> Markup:
    """Return each expert's source and each threat term in its line of words, as a table that the page can sort and search."""
    experts = rows["attributions"][rows["attributions"]["is_expert"]]
    keys = [("expert", row) for row in schema.records(experts)] + [
        ("threat", row) for row in schema.records(rows["threats"])
    ]
    about = {row["article_id"]: row for row in schema.records(brief.articles)}
    texts = brief.texts(sorted({row["article_id"] for _, row in keys}))
    order = {article: i for i, article in enumerate(about)}
    lines: list[list[Cell]] = []
    for kind, row in sorted(keys, key=lambda k: (order[k[1]["article_id"]], int(k[1]["start"]), k[0])):
        if kind == "expert":
            start, end, name = row["source_start"], row["source_end"], row["speaker"] or "unnamed"
            if pd.isna(start):
                start, end = row["content_start"][0], row["content_start"][0]
        else:
            start, end, name = (
                row["start"],
                row["end"],
                ", ".join(map(place_name, row["regions"])) or "no region",
            )
        text, article = texts[row["article_id"]], about[row["article_id"]]
        start, end = int(start), int(end)
        end = start + len(clip(text[start:end], 12).removesuffix(" …"))
        first, last = window(text, start, end)
        lines.append(
            [
                kind, name, " ".join(text[first:start].split()),
                Markup('<a href="#e-{}">{}</a>').format(row["id"], " ".join(text[start:end].split()) or "…"),
                " ".join(text[max(end, start):last].split()), article["date"], article["outlet"] or "not stated", article["title"],
            ]
        )  # fmt: skip
    heads = ["Of", "Expert or region", "Before", "Words", "After", "Date", "Outlet", "Article"]
    said = note(
        f"{plain(len(lines), 'line')} of at most {EXCERPT} words each; in the page the table can be sorted by a column and searched."
    )
    return Markup('<section class="concordance">{}{}</section>').format(
        said, table("Concordance", heads, lines)
    )


def _by_article(
    brief: Brief, rows: Mapping[str, pd.DataFrame]
) -> dict[str, dict[tuple[int, int], list[tuple[str, dict[str, Any]]]]]:
    """Return all rows by article and by the run of sentences that they stand in."""
    articles = sorted({a for found in rows.values() for a in found["article_id"]})
    cut = brief.query(
        'SELECT article_id, start, "end" FROM sentences WHERE article_id IN (SELECT unnest($ids)) ORDER BY article_id, start',
        {"ids": articles},
    )
    cuts = {a: list(zip(t["start"], t["end"], strict=True)) for a, t in cut.groupby("article_id")}
    found: dict[str, dict[tuple[int, int], list[tuple[str, dict[str, Any]]]]] = {}
    for name in _LETTERS.values():
        for row in schema.records(rows[name]):
            runs = found.setdefault(row["article_id"], {})
            first, last = sentence_run(cuts[row["article_id"]], row["start"], row["start"] + 1)
            runs.setdefault((int(first), int(last)), []).append((name, row))
    return found


def _sentence(
    text: str,
    run: tuple[int, int],
    found: list[tuple[str, dict[str, Any]]],
    counted: Mapping[str, list[tuple[str, str]]],
    whole: bool,
) -> Markup:
    rows = [row for _, row in found]
    end = max(int(r.get("sentence_end", r["end"])) for r in rows)
    marks = sorted(set(marks_of(text, found)), key=lambda m: (_FIRST.index(m[2]), m))
    shown = [[(run[0], end)]] if whole else list(excerpts(text, run[0], end, marks))
    lines = Markup("").join(
        Markup('<p class="text">{}{}{}{}</p>').format(
            Markup('<span class="meta">Excerpt {}: </span>').format(i + 1) if i else "",
            "… " if parts[0][0] > run[0] else "",
            Markup(" … ").join(marked(text, first, last, marks) for first, last in parts),
            " …" if parts[-1][1] < end else "",
        )
        for i, parts in enumerate(shown)
    )
    tones = dict.fromkeys(
        Markup("{} toward {}").format(row["tone"], row["target"]) for name, row in found if name == "tones"
    )
    anchors = Markup("").join(Markup('<span id="e-{}"></span>').format(row["id"]) for row in rows)
    numbers = dict.fromkeys(number for row in rows for number in counted.get(row["id"], []))
    links = Markup(" · ").join(Markup('<a href="#{}">{}</a>').format(key, name) for key, name in numbers)
    return Markup(
        '<article class="sentence">{}{}<p class="meta">characters {} to {}{}</p>{}</article>'
    ).format(
        anchors,
        lines,
        run[0],
        end,
        Markup("; tone: {}").format(Markup(", ").join(tones)) if tones else "",
        Markup('<details class="counted-in"><summary>Counted in {}</summary><p>{}</p></details>').format(
            plain(len(numbers), "number"), links
        )
        if links
        else "",
    )


#: Whose words an excerpt shows first.
_FIRST = ("cue", "threat", "target", "source", "likelihood", "region", "content")
#: Words of one span that an excerpt shows before it turns to the next.
_OF_ONE = 8


def excerpts(
    text: str, start: int, end: int, marks: Sequence[tuple[int, int, str]], most: int = EXCERPT
) -> Iterator[list[tuple[int, int]]]:
    """Yield excerpts of ``text[start:end]``, each a list of pieces with ``most`` words together, until each span has been shown.

    A text of no more words is shown whole. Spans come first, in the order given; what is left of the words goes to their
    neighbours. A content need not be shown anew where an excerpt lacks it: its cue is.
    """
    words = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]
    if len(words) <= most:
        yield [(start, end)]
        return
    spans = [[i for i, (a, b) in enumerate(words) if a < m[1] and m[0] < b][:_OF_ONE] for m in marks]
    wanted = [
        span
        for span, mark in zip(spans, marks, strict=True)
        if span and mark[2] in ("cue", "threat", "target", "source")
    ]
    while True:
        chosen: set[int] = set()
        for span in (*wanted, *spans):
            if len(chosen | set(span)) <= most:
                chosen |= set(span)
        near = sorted(range(len(words)), key=lambda i: (min((abs(i - c) for c in chosen), default=i), i))
        chosen |= set([i for i in near if i not in chosen][: most - len(chosen)])
        yield list(_pieces(words, sorted(chosen)))
        left = [span for span in wanted if not set(span) <= chosen]
        if not left or len(left) == len(wanted):
            return
        wanted = left


def _pieces(words: Sequence[tuple[int, int]], chosen: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = chosen[0]
    for i, one in enumerate(chosen):
        if i + 1 == len(chosen) or chosen[i + 1] != one + 1:
            yield words[first][0], words[one][1]
            first = chosen[i + 1] if i + 1 < len(chosen) else one


def marks_of(text: str, found: list[tuple[str, dict[str, Any]]]) -> Iterable[tuple[int, int, str]]:
    """Yield the spans of rows, each given with the name of its table: characters and what they are."""
    for name, row in found:
        if name == "attributions":
            for role in ("source", "cue"):
                if not pd.isna(row[f"{role}_start"]):
                    yield int(row[f"{role}_start"]), int(row[f"{role}_end"]), role
            for start, end in zip(row["content_start"], row["content_end"], strict=True):
                yield int(start), int(end), "content"
                yield from (
                    (e.start, e.end, "likelihood")
                    for e in likelihood.of_clauses(likelihood.find(text, int(start), int(end)))
                )
        elif name == "tones":
            yield int(row["start"]), int(row["end"]), "target"
        elif name == "threats":
            yield int(row["start"]), int(row["end"]), "threat"
            inside = places.find(text[int(row["sentence_start"]) : int(row["sentence_end"])])
            yield from (
                (p.start + int(row["sentence_start"]), p.end + int(row["sentence_start"]), "region")
                for p in inside
                if p.id in row["regions"]
            )


def marked(text: str, start: int, end: int, marks: Sequence[tuple[int, int, str]]) -> Markup:
    """Return ``text[start:end]`` with its spans marked, nested where they nest and cut where they cross."""
    spans = {(max(m[0], start), min(m[1], end), m[2]) for m in marks if m[0] < end and start < m[1]}
    cuts = sorted({start, end, *(m[0] for m in spans), *(m[1] for m in spans)})
    out = Markup("")
    open_: list[tuple[int, int, str]] = []
    for at, until in pairwise(cuts):
        wanted = sorted((m for m in spans if m[0] <= at and until <= m[1]), key=lambda m: (m[0], -m[1], m[2]))
        keep = next(
            (i for i, (a, b) in enumerate(zip(open_, wanted, strict=False)) if a != b),
            min(len(open_), len(wanted)),
        )
        out += Markup("</mark>" * (len(open_) - keep))
        out += Markup("").join(Markup('<mark class="{}">').format(m[2]) for m in wanted[keep:])
        open_ = wanted
        out += text[at:until]
    return out + Markup("</mark>" * len(open_))
