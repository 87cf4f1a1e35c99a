"""Compare a briefing with the last one: what went into both, and the course of each number from the one to the other."""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from analysis import brief, overrides, report, schema, tables
from analysis.brief import Brief
from analysis.change import counts, inputs, remeasure, steps
from analysis.change import last as opening
from analysis.change.counts import ENTERED, GONE, KEPT, LEFT, NEW, Counts, Key
from analysis.change.last import Last
from analysis.change.steps import STEPS, Course, Told
from analysis.corpus import language

#: The cause where two briefings have no article in common.
OTHER = "corpus"


class Comparison(NamedTuple):
    """What is known of the difference between a briefing and the last one.

    ``numbers`` has the course of each number, with the last briefing's first and today's at the end; between two neighbours
    lies one of ``causes``: one of ``STEPS``, or several that cannot be told apart, for which ``merged`` gives the reason.
    """

    brief: Brief
    problem: str  #: why nothing is compared; empty where something is
    last: Last | None = None
    stands: pd.DataFrame = pd.DataFrame()  #: every article of either briefing, and where it stands
    versions: Mapping[str, str] = {}
    causes: tuple[tuple[str, ...], ...] = ()
    numbers: Mapping[Key, Course] = {}
    merged: str = ""

    def parts(self, key: Key) -> dict[tuple[str, ...], int]:
        """Return what each cause moves a number by."""
        moved = (after - before for before, after in pairwise(self.numbers[key]))
        return dict(zip(self.causes, moved, strict=True))

    def n(self, *stands: str) -> int:
        """Return how many articles stand in some way."""
        return int(self.stands["stands"].isin(stands).sum())

    def differ(self, *names: str) -> list[str]:
        """Return which versions of these names are not the same in both briefings."""
        then = self.last.versions if self.last else {}
        return [name for name in names if then.get(name) != self.versions[name]]


def compare(opened: Brief) -> Comparison:
    """Compare a briefing with the one that its parameter ``last`` names."""
    name = opened.parameters.last
    if not name:
        return Comparison(
            opened, "No last briefing is named; the key last of the report file names its folder."
        )
    try:
        found = opening.read(report.ROOT / name, name)
    except opening.NoLast as error:
        return Comparison(opened, str(error))
    stands = _stands(opened, found)
    return _recounted(Comparison(opened, "", found, stands, inputs.versions(opened.parameters)), found)


def _stands(opened: Brief, found: Last) -> pd.DataFrame:
    """Return every article of either briefing with where it stands."""
    columns = list(opening.NEEDED["articles"])
    then = schema.frame(pq.read_table(found.table("articles"), columns=columns))
    now, known = opened.articles[columns], found.ids()
    first, final = found.period
    before, corpus = set(then["article_id"]), _corpus(opened)

    def stands(article: str, date: str) -> str:
        if article in before:
            return KEPT
        was_there = article in known if known is not None else not first <= date <= (final or "9999")
        return ENTERED if was_there else NEW

    marked = [stands(article, date) for article, date in zip(now["article_id"], now["date"], strict=True)]
    away = then[~then["article_id"].isin(set(now["article_id"]))]
    lost = [LEFT if article in corpus else GONE for article in away["article_id"]]
    return pd.concat([now.assign(stands=marked), away.assign(stands=lost)], ignore_index=True)


def _corpus(opened: Brief) -> set[str]:
    """Return the ids of all articles of today's corpus, in the period or not."""
    return set(opened.query("SELECT article_id FROM every_articles")["article_id"])


def _recounted(c: Comparison, found: Last) -> Comparison:
    """Count the last briefing, and today's as today, with the corrections of then, and with the lexicons of then as well."""
    regions, mine = found.regions, c.brief.parameters.regions

    def count(connection: duckdb.DuckDBPyConnection, folder: Path | None = None) -> Counts:
        return counts.count(connection, c.stands, counts.inside(regions, folder))

    def corrected(lines: tuple[overrides.Line, ...], folder: Path | None = None) -> Counts:
        inside = counts.inside(mine, folder)
        with counts.connect(_files(c.brief.parameters, folder), lines, inside) as connection:
            return count(connection, folder)

    with counts.tables({name: [found.table(name)] for name in opening.NEEDED}) as connection:
        then = counts.count(connection, c.stands, _inside_then(mine, found))
    now = lexed = old = count(c.brief.connection)
    before, why = overrides.read(), ""
    merged: tuple[str, ...] = STEPS[2:5]
    if not c.n(KEPT, LEFT):
        every = steps.rows(then, now, now, now)
        ends = {key: (course[0], course[-1]) for key, course in {**every, **_told(c, found, before)}.items()}
        return c._replace(causes=((OTHER,),), numbers=ends)
    try:
        if not found.versions:
            raise remeasure.NotMeasured(
                "the last briefing does not hold the lexicons and corrections that it was made with"
            )
        if c.differ("overrides"):
            lines = overrides.read(found.overrides)
            lexed = old = corrected(lines)
            before = lines
        merged = STEPS[2:4]
        if "elsewhere" in (c.versions["measured"], found.versions.get("measured")):
            raise remeasure.NotMeasured("tables were given ready, so that nobody knows what measured them")
        if c.differ("lexicons"):
            old = corrected(before, found.lexicons)
    except (remeasure.NotMeasured, overrides.OverrideError) as error:
        why = str(error)
    every = {**_told(c, found, before), **steps.rows(then, old, lexed, now)}
    kept = [i for i in range(len(STEPS) + 1) if not (why and 2 < i < 2 + len(merged))]
    return c._replace(
        causes=tuple(STEPS[a:b] for a, b in pairwise(kept)),
        numbers={key: tuple(course[i] for i in kept) for key, course in every.items()},
        merged=why,
    )


def _inside_then(regions: Iterable[str], found: Last) -> list[str]:
    """Return regions and what lies in them by the lexicons of then, or by today's where today's code cannot read those."""
    try:
        return counts.inside(regions, found.lexicons if found.versions else None)
    except (OSError, KeyError, ValueError):
        return counts.inside(regions)


def _files(parameters: report.Parameters, folder: Path | None) -> Callable[[str], list[Path]]:
    """Return where today's tables lie, as measured: with the lexicons of a folder, or with today's.

    Raises ``remeasure.NotMeasured``.
    """
    given = report.ROOT / parameters.tables
    if parameters.tables and not (given / "loaded.json").exists():
        return lambda name: [given / f"{name}.parquet"]
    if parameters.tables:
        corpus = tables.Corpus(tables.Store(given.parent.parent), given)
    else:
        corpus = brief.STORE.corpus(report.ROOT / parameters.corpus, parameters.settings)
    if folder is None:
        return corpus.files
    measured = corpus.store.folder / "shards" / remeasure.version(corpus, folder)
    return lambda name: (
        corpus.shards
        if name == "articles"
        else [measured / shard.stem / f"{name}.parquet" for shard in corpus.shards]
    )


def _told(c: Comparison, found: Last, before: Iterable[overrides.Line]) -> dict[Key, Course]:
    """Return the courses of the numbers of articles and stories; ``before`` are the corrections of then.

    Only articles that share a story in either briefing are compared anew: an article that has none to share tells its own.
    """
    stands = dict(zip(c.stands["article_id"], c.stands["stands"], strict=True))
    then = pq.read_table(found.table("articles"), columns=["article_id", "language"]).to_pylist()
    was = pq.read_table(found.table("stories"), columns=["article_id", "story_id", "n_articles"]).to_pylist()
    now = c.brief.query("SELECT article_id, story_id FROM every_stories WHERE n_articles > 1")
    told_now = dict(zip(now["article_id"], now["story_id"], strict=True))
    corpus = _corpus(c.brief)
    known = found.ids() or {one for one in corpus if stands.get(one) != NEW}
    shared = {*told_now, *(row["article_id"] for row in was if row["n_articles"] > 1)} & corpus & known
    lines, were = ([line for line in some if line.kind == "stories"] for some in (overrides.read(), before))
    is_alone = known != corpus or c.n(GONE)
    common = counts.told(c.brief.connection, shared, lines) if is_alone or lines != were else told_now
    return steps.articles(
        {row["article_id"]: stands[row["article_id"]] for row in then if row["language"] in language.READ},
        {one: stands[one] for one in c.brief.read["article_id"]},
        Told(
            {row["article_id"]: row["story_id"] for row in was},
            counts.told(c.brief.connection, shared, were) if lines != were else common,
            common,
            told_now,
        ),
        same_code=bool(found.versions) and not c.differ("code", "libraries"),
    )
