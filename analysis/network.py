"""Which expert speaks of which region, and how sure each was on which day."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from analysis import charts, schema
from analysis.brief import Brief
from analysis.evidence import place_name
from analysis.schema import LIKELIHOODS
from analysis.show import Cell, clip, first_of, note, number, plain, table
from analysis.summary import JOIN, READ, UNNAMED, grid
from analysis.worldmap import class_of, classes

#: Experts and regions of the matrix, and experts of the timeline: those with the most.
EXPERTS, REGIONS, PANELS = 15, 10, 6


def matrix(brief: Brief) -> Markup:
    """Which expert speaks of which region's threats: the more mentions, the darker; every number with its evidence."""
    counts = grid(brief.summary, "expert_threats_by_region")
    if counts.empty:
        return note("No expert's statement names a threat to a region.")
    regions = list(counts.columns[:REGIONS])
    among = counts[regions].sum(axis=1)
    experts = sorted(among[among > 0].index, key=lambda name: (name == UNNAMED, -among[name], name))
    people = [*experts[: EXPERTS - 1], experts[-1]] if len(experts) > EXPERTS else experts
    found = classes(n for row in counts.loc[people, regions].to_numpy().tolist() for n in row if n)
    rows = [
        Markup('<tr><th scope="row"><bdi>{}</bdi></th>{}</tr>').format(
            person,
            Markup("").join(
                _cell(brief, person, region, int(counts.loc[person, region]), found) for region in regions
            ),
        )
        for person in people
    ]
    heads = Markup("").join(
        Markup('<th scope="col" class="num">{}</th>').format(place_name(region)) for region in regions
    )
    left = [plain(len(some) - len(kept), *words) for some, kept, words in (
        (counts.index, people, ("expert", "experts")), (counts.columns, regions, ("region", "regions")),
    ) if len(some) > len(kept)]  # fmt: skip
    more = (
        note(f"Left out: {' and '.join(left)} with fewer mentions; all of them are in the table summary.")
        if left
        else Markup("")
    )
    return Markup(
        '<table class="data matrix"><caption>{}</caption><thead><tr><th scope="col">Expert</th>{}</tr></thead><tbody>{}</tbody></table>{}'
    ).format("Which expert speaks of which region's threats, in mentions", heads, Markup("").join(rows), more)


def _cell(brief: Brief, person: str, region: str, n: int, found: Sequence[tuple[int, int]]) -> Markup:
    heat = f" heat-{class_of(n, found) + 1}" if n else " nothing"
    return Markup('<td class="num{}">{}</td>').format(
        heat, number(brief.number("expert_threats_by_region", person + JOIN + region))
    )


#: What named experts said with a term of likelihood. Copies of a story repeat it, so only the first of its articles that has it counts.
_SAID = f"""WITH read AS ( {READ}
), stated AS (
    SELECT id, date, story, number, start, speaker, likelihood, content
    FROM attributions JOIN read USING (article_id)
    WHERE is_expert AND speaker <> '' AND likelihood <> 'none'
), said AS (
    SELECT * FROM stated SEMI JOIN (SELECT speaker, likelihood, story, min(number) AS number FROM stated GROUP BY ALL)
    USING (speaker, likelihood, story, number)
)
"""
#: The steps of those who said so on two days or more, in the order of their statements; ``n`` is how many such experts there are.
_STEPS = f"""{_SAID}, several AS (
    SELECT speaker, count(*) AS statements, count(*) OVER () AS n
    FROM said GROUP BY speaker HAVING count(DISTINCT date) > 1
    ORDER BY statements DESC, speaker LIMIT {PANELS}
)
SELECT speaker, date, likelihood, any_value(n) AS n
FROM said JOIN several USING (speaker)
GROUP BY speaker, date, likelihood, statements
ORDER BY statements DESC, speaker, date, min(number), min(start), likelihood
"""


def timeline(brief: Brief) -> Markup:
    """How sure each expert was on which day, of those who said so on two days or more."""
    if len(brief.read) == 1:
        return note("There is one article: no timeline is drawn.")
    found = schema.records(brief.query(_STEPS))
    if not found:
        return note("No named expert states a likelihood on two days, so no timeline is drawn.")
    said: dict[str, list[tuple[str, str]]] = {}
    for row in found:
        said.setdefault(row["speaker"], []).append((row["date"], row["likelihood"]))
    return charts.steps(said, _finding(said)) + first_of(
        int(found[0]["n"]), PANELS, "experts who did so", "attributions"
    )


def _finding(said: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Return whose last statement lies farthest from the first one on the scale."""
    moves = []
    for name, steps in said.items():
        stated = [(day, LIKELIHOODS.index(band), band) for day, band in steps if band != "possible"]
        if stated and stated[0][0] != stated[-1][0]:
            moves.append((-abs(stated[-1][1] - stated[0][1]), name, stated[0], stated[-1]))
    if not moves or not min(moves)[0]:
        return f"{plain(len(said), 'expert states', 'experts state')} a likelihood on two days or more; none ends in another band than at first"
    _, name, (first, _, before), (last, _, after) = min(moves)
    return f"{name} goes farthest: from {before} ({first}) to {after} ({last})"


def timeline_table(brief: Brief, most: int = 60) -> Markup:
    """What the timeline rests on: every named expert's statement with a likelihood; each leads to its sentence."""
    (n,) = brief.query(f"{_SAID} SELECT count(*) AS n FROM said")["n"]
    said = schema.records(
        brief.query(f"{_SAID} SELECT * FROM said ORDER BY date, number, start, length(id), id LIMIT {most:d}")
    )
    rows: list[list[Cell]] = [
        [
            Markup("<time>{}</time>").format(row["date"]),
            Markup("<bdi>{}</bdi>").format(row["speaker"]),
            row["likelihood"],
            Markup('<a href="#e-{}">{}</a>').format(row["id"], clip(" … ".join(row["content"]))),
        ]
        for row in said
    ]
    return table(
        "How sure which expert was, day by day", ["Day", "Expert", "Band", "Statement"], rows
    ) + first_of(int(n), most, "statements", "attributions")
