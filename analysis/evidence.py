"""From each number to its sentences and back: the sentences with highlighted spans, and the list of what was counted."""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis import likelihood, places, schema
from analysis.brief import Brief
from analysis.show import clip, note, window
from analysis.summary import JOIN, negative_shares
from analysis.text import sentence_run

#: The measures whose numbers are printed as links, with the words for them; others stand in charts and tables only.
TITLES = {
    "attributions": "All attributions",
    "attributions_by_expert": "Attributions to the expert",
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


def types(brief: Brief) -> pd.Series:
    """Return the type of each target by its name: the one that most of its mentions have."""
    counts = brief.tones.groupby(["target", "target_type"]).size().reset_index(name="n")
    ordered = counts.sort_values(["n", "target_type"], ascending=[False, True], kind="stable")
    return ordered.drop_duplicates("target").set_index("target")["target_type"]


def most_negative(brief: Brief, most: int = 3) -> list[str]:
    """Return the targets that are named most often in a negative tone."""
    found = negative_shares(brief.summary)
    ordered = found[found["n_negative"] > 0].sort_values(
        ["n_negative", "n", "target"], ascending=[False, True, True], kind="stable"
    )
    return ordered["target"].head(most).tolist()


def targets(brief: Brief, kind: str, most: int = 10) -> list[str]:
    """Return the targets of a type whose numbers are printed: the most mentioned, the most negative, the watch list."""
    known, found = types(brief), negative_shares(brief.summary)
    mine = [t for t in found["target"] if known[t] == kind]
    always = {*mine[:most], *most_negative(brief), *brief.parameters.watch_list}
    return [target for target in mine if target in always]


def sentences(brief: Brief) -> Markup:
    """Return every sentence that a number of the briefing counts, article by article, with its spans and back links."""
    rows = _rows(brief)
    counted = _counted(brief)
    parts = []
    for article in schema.records(brief.articles):
        mine = rows.get(article["article_id"], {})
        items = [_sentence(article, run, found, counted) for run, found in sorted(mine.items())]
        if items:
            where = " · ".join(
                filter(None, [article["outlet"], article["date"], article["byline"], article["path"]])
            )
            parts.append(
                Markup("<h4>{}</h4>{}{}").format(article["title"], note(where), Markup("").join(items))
            )
    return (
        Markup('<section class="evidence">{}{}</section>').format(legend(), Markup("").join(parts))
        if parts
        else note("No sentences.")
    )


def legend() -> Markup:
    """Return what the highlights mean."""
    roles = ("source", "cue", "content", "threat", "region", "likelihood", "target")
    return Markup('<div class="legend"><p>Highlights: {}</p></div>').format(
        Markup(", ").join(Markup('<mark class="{0}">{0}</mark>').format(r) for r in roles)
    )


def counted(brief: Brief) -> Markup:
    """Return, for each number, the list of rows that were counted, each a link to its sentence."""
    texts = {
        row["id"]: row["text"]
        for table in (brief.attributions, brief.threats, brief.sentences, brief.tones)
        for row in schema.records(table)
    }
    blocks = []
    for row in _linked(brief):
        items = Markup("").join(
            Markup('<li><a href="#e-{}">{}</a></li>').format(one, clip(texts[one], 6)) for one in row["rows"]
        )
        blocks.append(
            Markup('<h4 id="{}">{} ({})</h4><ul class="rows">{}</ul>').format(
                row["key"], label(row["measure"], row["group"]), row["n_rows"], items
            )
        )
    return (
        Markup('<section class="evidence">{}</section>').format(Markup("").join(blocks))
        if blocks
        else note("Nothing was counted.")
    )


def _rows(brief: Brief) -> dict[str, dict[tuple[int, int], list[tuple[str, dict[str, Any]]]]]:
    """Return all rows by article and by the run of sentences that they stand in."""
    found: dict[str, dict[tuple[int, int], list[tuple[str, dict[str, Any]]]]] = {}
    cuts = {a: list(zip(t["start"], t["end"], strict=True)) for a, t in brief.sentences.groupby("article_id")}
    for name, table in (
        ("sentence", brief.sentences),
        ("attribution", brief.attributions),
        ("threat", brief.threats),
        ("tone", brief.tones),
    ):
        for row in schema.records(table):
            runs = found.setdefault(row["article_id"], {})
            start = sentence_run(cuts[row["article_id"]], row["start"], row["start"] + 1)
            runs.setdefault((int(start[0]), int(start[1])), []).append((name, row))
    return found


def _linked(brief: Brief) -> list[dict[str, Any]]:
    """Return the numbers that are printed as links; of those by target, only the targets that are printed."""
    shown = {target for kind in schema.TARGETS for target in targets(brief, kind)}
    return [
        row
        for row in schema.records(brief.summary)
        if row["measure"] in TITLES
        and row["n_rows"]
        and (
            row["measure"] not in ("mentions_by_target", "tones_by_target")
            or row["group"].split(JOIN)[0] in shown
        )
    ]


def _counted(brief: Brief) -> dict[str, list[tuple[str, str]]]:
    """Return the numbers that count a row, by the row's id."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in _linked(brief):
        for one in row["rows"]:
            found.setdefault(one, []).append((row["key"], label(row["measure"], row["group"])))
    return found


def _sentence(
    article: dict[str, Any],
    run: tuple[int, int],
    found: list[tuple[str, dict[str, Any]]],
    counted: dict[str, list[tuple[str, str]]],
) -> Markup:
    rows = [row for _, row in found]
    end = max(int(r.get("sentence_end", r["end"])) for r in rows)
    text, marks, first, last = article["text"], list(_marks(article["text"], found)), run[0], end
    if not any(name in ("attribution", "threat") for name, _ in found):
        near = (min(m[0] for m in marks), max(m[1] for m in marks)) if marks else (first, first)
        first, last = (run[0] + at for at in window(text[first:last], near[0] - first, near[1] - first))
    body = Markup("{}{}{}").format(
        "… " if first > run[0] else "", _marked(text, first, last, marks), " …" if last < end else ""
    )
    tones = dict.fromkeys(
        Markup("{} toward {}").format(row["tone"], row["target"]) for name, row in found if name == "tone"
    )
    anchors = Markup("").join(Markup('<span id="e-{}"></span>').format(row["id"]) for row in rows)
    numbers = dict.fromkeys(number for row in rows for number in counted.get(row["id"], []))
    links = Markup(" · ").join(Markup('<a href="#{}">{}</a>').format(key, name) for key, name in numbers)
    return Markup(
        '<article class="sentence">{}<p class="text">{}</p><p class="meta">characters {} to {}{}</p><p class="counted-in">Counted in: {}</p></article>'
    ).format(
        anchors,
        body,
        run[0],
        end,
        Markup("; tone: {}").format(Markup(", ").join(tones)) if tones else "",
        links,
    )


def _marks(text: str, found: list[tuple[str, dict[str, Any]]]) -> Iterable[tuple[int, int, str]]:
    for name, row in found:
        if name == "attribution":
            for role in ("source", "cue"):
                if not pd.isna(row[f"{role}_start"]):
                    yield int(row[f"{role}_start"]), int(row[f"{role}_end"]), role
            for start, end in zip(row["content_start"], row["content_end"], strict=True):
                yield int(start), int(end), "content"
                yield from (
                    (e.start, e.end, "likelihood")
                    for e in likelihood.of_clauses(likelihood.find(text, int(start), int(end)))
                )
        elif name == "tone":
            yield int(row["start"]), int(row["end"]), "target"
        elif name == "threat":
            yield int(row["start"]), int(row["end"]), "threat"
            inside = places.find(text[int(row["sentence_start"]) : int(row["sentence_end"])])
            yield from (
                (p.start + int(row["sentence_start"]), p.end + int(row["sentence_start"]), "region")
                for p in inside
                if p.id in row["regions"]
            )


def _marked(text: str, start: int, end: int, marks: list[tuple[int, int, str]]) -> Markup:
    """Return ``text[start:end]`` with its spans marked, nested where they nest and cut where they cross."""
    spans = {m for m in marks if start <= m[0] < m[1] <= end}
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
