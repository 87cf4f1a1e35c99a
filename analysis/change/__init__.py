"""What changed since the last briefing, and why: the answers of the chapter, from ``compare(b)``.

The report file names the last briefing's folder (``last``). Each headline's difference is split by its causes, and each part is
counted anew, never estimated (``analysis.change.steps`` says how).
"""

from collections.abc import Sequence

from markupsafe import Markup

from analysis import schema, sharing
from analysis.change import causes, differing, headlines
from analysis.change.comparison import OTHER, Comparison, compare
from analysis.change.counts import ENTERED, GONE, KEPT, LEFT, NEW
from analysis.change.headlines import Headline
from analysis.change.words import capital, is_, joined
from analysis.evidence import place_name
from analysis.show import Cell, caveat, clip, first_of, note, number, plain, sentence, table

__all__ = [
    "Comparison",
    "articles_table",
    "compare",
    "compared",
    "lines_table",
    "moved",
    "moves_table",
    "went_in",
]

#: Articles that are listed as new or gone, and lines of a file.
SHOWN = 20
#: Measures whose largest group is told where it is another one, with how it is said.
_LEADERS = {
    "threats_by_region": "Named most often with threats",
    "threats_by_category": "Most frequent category of threats",
    "threats_by_actor": "Named most often as the one who threatens",
    "attributions_by_expert": "Cited most often as an expert",
}


def compared(c: Comparison) -> Markup:
    """With which briefing this one is compared, and whether that one is as it was built."""
    if not c.last:
        return caveat(f"{c.problem} No comparison is made.") if c.brief.parameters.last else note(c.problem)
    said = sentence(
        "The last briefing is {title} in {name}; its manifest has the SHA-256 {hash}.",
        title=sharing.excerpt(str(c.last.parameters.get("title", ""))), name=c.brief.parameters.last,
        hash=Markup("<code>{}</code>").format(c.last.sha256),
    )  # fmt: skip
    if c.last.remarks:
        told = joined(c.last.remarks[:SHOWN])
        said += caveat(
            f"Since it was built, {told}; its tables and inputs, which are compared, are as its manifest says."
        )
    else:
        said += note("All its files are as its manifest says.")
    if c.causes == ((OTHER,),):
        said += caveat(
            "The two briefings have no article in common: their numbers stand side by side, and no cause is told."
        )
    if c.merged:
        apart = joined([causes.HEADS[name] for cause in c.causes if len(cause) > 1 for name in cause])
        said += caveat(f"What {apart} changed cannot be told apart: {c.merged}.")
    return said


def went_in(c: Comparison) -> Markup:
    """What went into this briefing and not into the last one, and the other way round."""
    if not c.last:
        return Markup("")
    return _list([_articles(c), _gone(c), _parameters(c), *_versions(c)])


def _articles(c: Comparison) -> str:
    parts = [f"{c.n(KEPT):,} that the last one had"] if c.n(KEPT) else []
    parts += [f"{c.n(NEW):,} that {is_(c.n(NEW))} new in the corpus"] if c.n(NEW) else []
    parts += [f"{c.n(ENTERED):,} that the other period lets in"] if c.n(ENTERED) else []
    return f"This briefing has {plain(c.n(KEPT, NEW, ENTERED), 'article')}: {joined(parts)}."


def _gone(c: Comparison) -> str:
    parts = [f"{plain(n, 'article')} of the last one {is_(n)} gone from the corpus" for n in [c.n(GONE)]]
    parts += (
        [f"{c.n(LEFT):,} {'lies' if c.n(LEFT) == 1 else 'lie'} outside of the other period"]
        if c.n(LEFT)
        else []
    )
    n = _corrected(c)
    more = f" {plain(n, 'of them is', 'of them are')} replaced by a new one in the same place: a text that is corrected counts as gone and as new."
    return f"{capital(' and '.join(parts))}." + (more if n else "")


def _corrected(c: Comparison) -> int:
    """Return how many articles that are gone have a new one of the same day under the same path or title."""
    new, gone = (schema.records(c.stands[c.stands["stands"] == stand]) for stand in (NEW, GONE))

    def named(row: dict[str, object]) -> list[tuple[object, ...]]:
        return [
            (row["date"], row["path"], row["record"]),
            (row["date"], *(sharing.excerpt(str(row[name])) for name in ("outlet", "title"))),
        ]

    there = {name for row in new for name in named(row)}
    return sum(any(name in there for name in named(row)) for row in gone)


def _parameters(c: Comparison) -> str:
    changed = [
        f"{name} was {_value(then)} and is {_value(now)}" for name, then, now in differing.parameters(c)
    ]
    return f"Parameters: {'; '.join(changed)}." if changed else "No parameter that a number rests on changed."


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "empty"
    return str(value) or "empty"


def _versions(c: Comparison) -> list[str]:
    if not c.last or not c.last.versions:
        return ["Which lexicons, corrections, code and weights the last briefing was made with was not kept."]
    changed = c.differ("code", "weights", "libraries")
    steps = "; ".join(f"{name} {then} is now {now}" for name, then, now in differing.versions(c))
    said = [
        f"Changed {is_(len(changed))} {joined([f'the {name}' for name in changed])}{f' ({steps})' if steps else ''}."
        if changed
        else "Code, weights and libraries are the same."
    ]
    for kind, one, many in (
        ("lexicons", "lexicon", "lexicons"),
        ("overrides", "file of corrections", "files of corrections"),
    ):
        files = [f"{file.name} ({plain(file.n, 'line')})" for file in differing.files(c, kind)]
        in_form = kind == "lexicons" and c.differ(kind)
        unsaid = "The lexicons differ, but not in their lines." if in_form else f"No {one} changed."
        said.append(f"{capital(plain(len(files), one, many))} changed: {joined(files)}." if files else unsaid)
    return said


def lines_table(c: Comparison) -> Markup:
    """The lines of lexicons and corrections that were added, removed or changed."""
    if not c.last:
        return Markup("")
    rows: list[list[Cell]] = [
        [f"{kind}/{file.name}", *(_some(lines) for lines in file[1:])]
        for kind in ("lexicons", "overrides")
        for file in differing.files(c, kind)
    ]
    return table("Lines that differ", ["File", "Added", "Removed", "Changed"], rows) if rows else Markup("")


def _some(lines: Sequence[str]) -> str:
    more = f" … {len(lines):,} in all" if len(lines) > SHOWN else ""
    return "; ".join(clip(line) for line in lines[:SHOWN]) + more


def articles_table(c: Comparison) -> Markup:
    """The articles that are new and gone, by date."""
    if not c.last:
        return Markup("")
    found = c.stands[c.stands["stands"].isin([NEW, GONE])].sort_values(
        ["date", "title", "article_id"], kind="stable"
    )
    rows: list[list[Cell]] = [
        [clip(row["title"]), row["outlet"], row["date"], row["stands"]]
        for row in schema.records(found.head(SHOWN))
    ]
    if not rows:
        return Markup("")
    more = first_of(len(found), SHOWN, "articles", "articles of the two briefings")
    return (
        table("Articles new in the corpus and gone from it", ["Title", "Outlet", "Date", "Stands"], rows)
        + more
    )


def moved(c: Comparison) -> Markup:
    """How each headline moved, with a clause for each cause; those that nothing moved in one line."""
    if not c.last:
        return Markup("")
    every = headlines.of(c)
    told = [_leader(c, measure) for measure in _LEADERS] + [
        _moved(c, h) for h in every if any(c.parts(h.key).values())
    ]
    still = [_noun(h, c.numbers[h.key][-1]) for h in every if not any(c.parts(h.key).values())]
    same = "The same in both" if c.causes == ((OTHER,),) else "Nothing moved these"
    told += [f"{same}: {joined(still)}."] if still else []
    return _list([line for line in told if line])


def _moved(c: Comparison, h: Headline) -> Markup:
    before, *_, now = c.numbers[h.key]
    is_now = Markup("There {} {}").format(is_(now), _linked(c, h, now))
    said = [] if c.causes == ((OTHER,),) else causes.clauses(c, c.parts(h.key))
    if before == now:
        return Markup("{}, as many as in the last briefing: {}.").format(is_now, joined(said))
    why = Markup(": {}").format(joined(said)) if said else ""
    return Markup("{}; the last briefing had {}{}.").format(is_now, f"{before:,}" if before else "none", why)


def _linked(c: Comparison, h: Headline, n: int) -> Markup:
    """Return a number with its noun, and with the link to its evidence if it has one: what is no count of rows has none."""
    counted = c.brief.number(*h.key)
    if not n or counted["n_rows"] != n:
        return Markup("{}").format(_noun(h, n))
    return Markup("{} {}").format(number(counted), h.noun(n))


def _noun(h: Headline, n: int) -> str:
    return plain(n, h.one, h.many)


def _leader(c: Comparison, measure: str) -> str:
    (then, _), (now, _) = ends = [headlines.leaders(c, measure, end) for end in (0, -1)]
    if then == now:
        return ""
    was, is_now = (_most(groups, n) for groups, n in ends)
    return f"{_LEADERS[measure]}: now {is_now}, in the last briefing {was}."


def _most(groups: Sequence[str], n: int) -> str:
    """Return who is named most often, and how often: *Japan and Taiwan (4 each)*; of many the first three."""
    if not groups:
        return "none"
    named = [place_name(group).replace("_", " ") for group in groups[:3]]
    named += [f"{len(groups) - 3:,} more"] if len(groups) > 3 else []
    return f"{joined(named)} ({n:,}{' each' if len(groups) > 1 else ''})"


def moves_table(c: Comparison) -> Markup:
    """Every headline that differs or was moved: last, now, the difference and the part of each cause."""
    if not c.last:
        return Markup("")
    shown = [h for h in headlines.of(c) if any(c.parts(h.key).values())]
    moving = [cause for cause in c.causes if any(c.parts(h.key)[cause] for h in shown) and cause != (OTHER,)]
    rows: list[list[Cell]] = []
    for h in shown:
        before, *_, now = c.numbers[h.key]
        counted = c.brief.number(*h.key)
        rows.append(
            [
                capital(h.many),
                before,
                number(counted) if counted["n_rows"] == now else now,
                now - before,
                *(c.parts(h.key)[cause] for cause in moving),
            ]
        )
    heads = ["Headline", "Last briefing", "This one", "Difference", *map(causes.head, moving)]
    return table("What moved each headline", heads, rows) if rows else Markup("")


def _list(lines: Sequence[str]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(line) for line in lines))
