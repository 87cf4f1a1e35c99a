"""What a name means in a briefing: who speaks, what is threatened, who threatens, which kind of threat, toward whom a tone is."""

from typing import NamedTuple

from analysis import places, schema
from analysis.brief import Brief
from analysis.evidence import place_name
from analysis.lab.errors import LabError, suggestion


class Sort(NamedTuple):
    """One sort of thing that can be asked for: the measure that counts it, its table and the condition for its rows."""

    measure: str
    table: str
    condition: str


#: In the order in which a name is looked up.
SORTS = {
    "speaker": Sort("attributions_by_speaker", "attributions", "speaker = $value"),
    "region": Sort("threats_by_region", "threats", "NOT is_negated AND list_contains(regions, $value)"),
    "actor": Sort("threats_by_actor", "threats", "NOT is_negated AND list_contains(string_split(actor, '; '), $value)"),
    "category": Sort("threats_by_category", "threats", "NOT is_negated AND category = $value"),
    "target": Sort("mentions_by_target", "tones", "target = $value"),
}  # fmt: skip


class Named(NamedTuple):
    """A name that was found: its sort, the value in the tables, how it is written, how many rows it has."""

    sort: str
    value: str
    name: str
    n: int


def known(brief: Brief, sort: str) -> dict[str, str]:
    """Return the names of a sort that the briefing counts, most counted first, each with its value in the tables."""
    values = list(brief.numbers(SORTS[sort].measure)["group"])
    return {_name(sort, value): value for value in values}


def every(brief: Brief, asked: str) -> list[Named]:
    """Return all that a name may mean here, in the order of ``SORTS``; those without rows too, where the briefing expects them."""
    found = []
    for sort, (measure, _, _) in SORTS.items():
        values = {name.casefold(): (name, value) for name, value in _expected(brief, sort).items()}
        values |= {value.casefold(): (name, value) for name, value in _expected(brief, sort).items()}
        if match := values.get(asked.casefold().strip()):
            found.append(Named(sort, match[1], match[0], int(brief.number(measure, match[1])["n_rows"])))
    return sorted(found, key=lambda one: one.n == 0)


def resolve(brief: Brief, asked: str, sort: str = "") -> Named:
    """Return what a name means: the first sort that has rows, or the sort that is asked for.

    Raises ``LabError`` with the names that look like it.
    """
    if not isinstance(asked, str):
        raise LabError(f"a name in quotation marks is needed, not {asked!r}")
    if sort and sort not in SORTS:
        raise LabError(f'there is no sort "{sort}"; the sorts are {", ".join(SORTS)}')
    for one in every(brief, asked):
        if sort in ("", one.sort):
            return one
    sorts = [sort] if sort else list(SORTS)
    for each in sorts:
        if did_you_mean := suggestion(asked, known(brief, each)):
            raise LabError(f'no {each} "{asked}"{did_you_mean}')
    some = [f'"{name}"' for each in sorts for name in list(known(brief, each))[: 2 if len(sorts) > 1 else 5]]
    what = sort or "speaker, region, actor, category or target"
    raise LabError(f'no {what} "{asked}"; there is {", ".join(dict.fromkeys(some)) or "nothing of the kind"}')


def _expected(brief: Brief, sort: str) -> dict[str, str]:
    """Return what may be asked for without an error although nothing was counted: the watch list, places, categories."""
    if sort == "speaker":
        more = {name: name for name in brief.parameters.watch_list}
    elif sort == "region":
        more = {place_name(place): place for place in places.ids()}
    elif sort == "category":
        more = {_name(sort, one): one for one in schema.CATEGORIES}
    else:
        more = {}
    return more | known(brief, sort)


def _name(sort: str, value: str) -> str:
    if sort in ("region", "actor"):
        return place_name(value)
    return value.replace("_", " ") if sort == "category" else value
