"""Whether the headlines stand, as the briefing says it: without any one outlet, and in other ways of counting."""

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from analysis import sensitivity
from analysis.brief import Brief
from analysis.certainty import listing, spoken
from analysis.sensitivity import HEADLINES, THRESHOLDS, Examined, First, Headline, Omission
from analysis.show import Cell, listed, note, number, plain, sentence, table
from analysis.summary import JOIN


def headlines(brief: Brief) -> list[Examined]:
    """Return the headlines that the briefing has, each counted in every other way."""
    names = sensitivity.outlets(brief.connection)
    found = [sensitivity.examine(brief.connection, headline, names) for headline in HEADLINES]
    return [one for one in found if one.first.groups]


def outlets(brief: Brief, found: Sequence[Examined]) -> Markup:
    """Whether each headline stands when any one outlet is left out."""
    names = sensitivity.outlets(brief.connection)
    if not found:
        return sentence("Nothing was counted that a headline could rest on.")
    if not names:
        return sentence("No article that was read states its outlet, so none can be left out.")
    if len(names) == 1 and (brief.read["outlet"] == names[0]).all():
        return sentence(
            "All articles come from one outlet, {outlet}: without it nothing is left.", outlet=names[0]
        )
    fallen = [
        Markup("{} ({})").format(_inside(one.headline), _falls(one.headline, one.outlets.falls))
        for one in found
        if one.outlets.falls
    ]
    if not fallen and len(names) == 1:
        said = sentence(
            "{stand} without the one outlet that is stated, {outlet}, too.",
            stand=_all_stand(found),
            outlet=names[0],
        )
    elif not fallen:
        said = sentence(
            "{stand} whichever of the {n} is left out.",
            stand=_all_stand(found),
            n=plain(len(names), "outlet"),
        )
    else:
        said = sentence(
            "{n} on a single outlet: {which}.",
            n=_of(len(fallen), len(found), "hangs", "hang"),
            which=Markup("; ").join(fallen),
        )
    return said + _outlets_table(brief, found)


def _of(n: int, every: int, one: str, many: str) -> str:
    """Return a number of headlines with its verb: *2 of 5 headlines hang*, *The one headline hangs*."""
    return f"The one headline {one}" if every == 1 else f"{n} of {every} headlines {one if n == 1 else many}"


def _all_stand(found: Sequence[Examined]) -> str:
    return "The one headline stands" if len(found) == 1 else f"All {len(found)} headlines stand"


def _inside(headline: Headline) -> str:
    return headline.title[0].lower() + headline.title[1:]


def _falls(headline: Headline, falls: Iterable[Omission], most: int = 3) -> Markup:
    """Return who is first instead, and without what: *Japan without The Post or The Times*."""
    by_place: dict[tuple[str, ...], list[str]] = {}
    for one in falls:
        by_place.setdefault(one.first.groups, []).append(one.part)
    told = []
    for groups, parts in by_place.items():
        shown = [*parts[:most], plain(len(parts) - most, "other")] if len(parts) > most else parts
        told.append(Markup("{} without {}").format(_names(headline, groups), Markup(" or ").join(shown)))
    return listed(told)


def _outlets_table(brief: Brief, found: Sequence[Examined]) -> Markup:
    rows: list[list[Cell]] = []
    for one in found:
        most = one.outlets.most or Omission("none that is stated", one.first.n, one.first)
        falls = _falls(one.headline, one.outlets.falls) if one.outlets.falls else "the same"
        rows.append([one.headline.title, _linked(brief, one), most.part, most.n, falls])
    heads = [
        "Headline",
        "First",
        "Outlet that it owes most to",
        "Count without it",
        "First without one outlet",
    ]
    return table("Headlines without any one outlet", heads, rows)


def other_counts(brief: Brief, found: Sequence[Examined]) -> Markup:
    """How the headlines move in other units, without the largest outlet, without one term, and where the reader must be surer."""
    if not found:
        return sentence("Nothing was counted, so there is nothing to count in another way.")
    return _said(brief, found) + _table(brief, found) + note(
        "In bold: the headline falls, for its group is no longer first, alone or with others. The term left out is the one that the headline "
        "owes most to, or one without which it falls; the reader might find some of its rows again, so that the loss is the largest possible. "
        "What the reader gives is its probability of a row; rows that a rule alone found have none and stay."
    )  # fmt: skip


def _ways(brief: Brief, one: Examined) -> Iterator[tuple[str, First | None, str]]:
    """Yield each other way of counting, the first place in it, None where there is none, and the term left out for it."""
    if brief.n_stories > 1:
        yield from ((f"in {unit}", one.units[unit], "") for unit in ("articles", "stories"))
    if one.largest:
        yield f"without {one.largest.part}, the largest outlet", one.largest.first, ""
    left_out = min(one.terms.falls, key=lambda o: o.n, default=one.terms.most) if one.terms else None
    term = (sensitivity.short(left_out.part) or NO_TERM) if left_out else ""
    yield "without one term", left_out.first if left_out else None, term
    yield from ((f"{SURER}{t}", one.surer[t], "") for t in THRESHOLDS)


SURER = "where the reader gives at least "
#: What is left out with the rows that no term of the lexicon found.
NO_TERM = "what the reader alone found"


def _said(brief: Brief, found: Sequence[Examined]) -> Markup:
    lines = []
    for one in found:
        by_place: dict[tuple[str, ...], list[str]] = {}
        for way, place, term in _ways(brief, one):
            if place and not sensitivity.stands(one.first, place):
                by_place.setdefault(place.groups, []).append(_without(term) if term else way)
        if by_place:
            then = [
                Markup("{} {}").format(_names(one.headline, groups), _ways_said(ways))
                for groups, ways in by_place.items()
            ]
            here = _names(one.headline, one.first.groups)
            lines.append(Markup("{}: {}, but {}.").format(one.headline.title, here, Markup("; ").join(then)))
    if not lines:
        return sentence("{stand} in every other way of counting.", stand=_all_stand(found))
    return sentence(
        "{n} in some other way of counting.", n=_of(len(lines), len(found), "falls", "fall")
    ) + listing(lines)


def _ways_said(ways: Sequence[str]) -> Markup:
    """Join ways of counting, those of a surer reader in one: *in stories and where the reader gives at least 0.7 or 0.9*."""
    surer = [way.removeprefix(SURER) for way in ways if way.startswith(SURER)]
    told = [way for way in ways if not way.startswith(SURER)]
    if surer:
        told.append(SURER + " or ".join(filter(None, [", ".join(surer[:-1]), surer[-1]])))
    return listed(told)


def _without(term: str) -> Markup:
    return Markup("without {}" if term == NO_TERM else "without <em>{}</em>").format(term)


def _table(brief: Brief, found: Sequence[Examined]) -> Markup:
    rows: dict[str, list[Cell]] = {"as counted": [_linked(brief, one) for one in found]}
    for one in found:
        for way, place, term in _ways(brief, one):
            rows.setdefault(way, []).append(_cell(one, place, term))
    body: list[list[Cell]] = [[name[0].upper() + name[1:], *cells] for name, cells in rows.items()]
    return table(
        "Headlines in other ways of counting", ["Counted", *(one.headline.title for one in found)], body
    )


def _cell(one: Examined, place: First | None, term: str) -> Cell:
    if place is None:
        return "rests on no term"
    names = _names(one.headline, place.groups)
    told = (
        Markup("{}, {:,} each" if len(place.groups) > 1 else "{} {:,}").format(names, place.n)
        if place.groups
        else names
    )
    if term:
        told += Markup(", {}").format(_without(term))
    return told if sensitivity.stands(one.first, place) else Markup("<strong>{}</strong>").format(told)


def _names(headline: Headline, groups: Sequence[str], most: int = 3) -> Markup:
    """Return the groups that share a first place."""
    told = [spoken(headline.measure, group) for group in groups[:most]]
    rest = len(groups) - len(told)
    return listed([*told, plain(rest, "other")] if rest else told, empty="nothing")


def _linked(brief: Brief, one: Examined, most: int = 3) -> Markup:
    """Return the groups in the first place with their numbers, which link to the rows counted."""
    told = []
    for group in one.first.groups[:most]:
        named = group + JOIN + "negative" if one.headline.measure == "tones_by_target" else group
        count = number(brief.number(one.headline.measure, named))
        told.append(Markup("{} {}").format(spoken(one.headline.measure, group), count))
    rest = len(one.first.groups) - len(told)
    return listed([*told, plain(rest, "other")] if rest else told)
