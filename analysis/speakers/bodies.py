"""Sources that are no persons: states, bodies, and groups that nobody can name."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from analysis import lexicons, places
from analysis.speakers.credentials import BODY_WORDS, THINK_TANK, bare, is_body, nouns, source_type
from analysis.speakers.names import NAME

ARTICLE = re.compile(
    r"(?i)^(?:the|a|an|one|this|that|another|its|their|his|her|our|some|many|most|several|two|three|four|few|both)\s+"
)
#: A noun that ends the name of a body and points back to it: *the forum*.
NOUNS = frozenset(
    "institute centre center forum group observatory agency commission committee council monitor programme program project lab "
    "union association organisation organization foundation company line firm ministry army navy police front movement party "
    "network society academy college university school initiative court panel mission alliance bloc service bank fund authority newspaper unit".split()
)
_STATE_BODY = re.compile(  # bodies of which every state has one
    r"(?i)\b(?:ministry|army|navy|air force|armed forces|military|government|parliament|senate|cabinet|junta|presidency|general staff|"
    r"joint chiefs(?: of staff)?|(?:security|intelligence) service|coast ?guard|central bank|frontier command|border guard|defence forces?|"
    r"transitional council|presidential office|supreme court|constitutional court|police|army command|high command|prosecutor(?:’s|'s) office|election commission|security council|"
    r"space agency|nuclear agency|civil defence|national guard|statistics office|navy command|customs service|intelligence agency)$"
)
_OCCUPATION = re.compile(r"[a-z](?:er|or|man|woman|ist|eer|ess|wife|smith|wright|herd|hand|mate)$")
_OFFICE = re.compile(
    r"(?i)\b(?:agency|office|service|bureau|directorate|department|authority|board|commission|committee|council|headquarters|customs|panel)\b"
)
_HOLDER = re.compile(  # an office that one person holds
    r"(?i)\b(?:minister|president|premier|chancellor|king|queen|ambassador|high commissioner|ruler|envoy|commissioner|secretary|chief|governor|"
    r"leader|head|chair|chairman|chairwoman|boss|owner|captain|bishop|archbishop|imam|rabbi|priest|speaker|nominee|candidate|director|spokes\w+|attorney general|general secretary|emir|sultan|prince|pope|mayor|commander)\b"
)
_OFFICER = re.compile(  # who, at the end of a noun phrase, is one person
    r"(?i)\b(?:coroner|inspector|judge|magistrate|ombuds(?:man|woman)|rapporteur|consul|registrar|sheriff|constable|"
    r"superintendent|editor|host|presenter|correspondent|columnist|delegate|representative|negotiator|deputy|senator|lawmaker|cardinal|sergeant|general|admiral|colonel|major|brigadier|marshal|professor|witness)$"
)
_PEOPLE = re.compile(  # plurals and offices that name nobody: *Ukrainian officials*, *a Kremlin spokesman*
    r"(?i)(?:officials?|sources?|analysts?|experts?|soldiers?|residents?|diplomats?|officers?|troops|observers?|spokes\w+|ministers|\w+ists?|"
    r"voters|people|villagers?|\w*fishermen|fisherman|sailors?|commanders|peacekeepers|researchers?|scholars?|\w+makers?|generals?|services|agencies|media|"
    r"intelligence services|leaders|refugees?|farmers?|critics|politicians?|prosecutors|aides?|hosts|pilots|guards|envoys|deputies|monks|clerics|mediators|advis[eo]rs?|drivers|traders|\w+(?:ers|ors|men|ants|ents|ians))$"
)


_MOOD = re.compile(
    r"^(?!United\b)\w[\w-]*(?:ous|ed|ant|ent|gry|ary|ful)\s+(?=[A-ZÀ-Þ])"
)  # *Furious Athens*, *a defiant Tehran*
_TAIL = re.compile(
    r"\s(?:at|of|for|in|from|on|to|by|who|near|along|with|waiting|stuck|close|sent|based|aboard|[a-z]{3,}ed)\s"
)


class Speaker(NamedTuple):
    """A resolved source. ``speaker`` is empty where the text names nobody; role and affiliation only for the named."""

    speaker: str
    source_type: str
    is_named: bool
    role: str = ""
    affiliation: str = ""


NOBODY = Speaker("", "other", False)


@cache
def _aliases() -> dict[str, Speaker]:
    """Return the speakers of ``aliases.csv``, which users extend, by their aliases."""
    lines = lexicons.read("aliases", "alias", "speaker", "source_type", "affiliation")
    return {
        x["alias"]: Speaker(x["speaker"], x["source_type"] or "other", True, "", x["affiliation"])
        for x in lines
    }


@cache
def _groups() -> dict[str, str]:
    """Return the armed groups of the lexicon that are no states, by their terms."""
    return {
        line["term"]: line["term"] if line["actor"] == "".join(w[0] for w in line["term"].split()) else line["actor"]
        for line in lexicons.read("actors", "term", "actor")
        if ((not line["actor"].isupper() or len(line["actor"]) > 2) and line["term"][:1].isupper())
        or line["term"].startswith("al-")
    }  # fmt: skip


def group(name: str) -> str | None:
    """Return the armed group that ``name`` is, else None."""
    return _groups().get(name)


@lru_cache(8192)
def state(name: str) -> str | None:
    """Return the English short name of the state or region that ``name`` is (a capital stands for its government), else None."""
    found = places.find(name)
    if len(found) != 1 or found[0].kind == "demonym":
        return None
    before, after = name[: found[0].start].strip().lower(), name[found[0].end :].strip()
    return state_name(found[0].id) if before in ("", "the") and not after else None


def known(head: str, text: str) -> Speaker | None:
    """Return the speaker that a phrase is by the lexicons: an alias, a state, an armed group; else None.

    An alias that begins with *the* (*the North*) counts only where the article names its speaker.
    """
    name = re.sub(r"^The\s", "the ", head)
    if (found := _aliases().get(name)) and name.startswith("the "):
        if found.speaker in text:
            return found
    elif bare(head)[:1].isupper() and (alias := _aliases().get(bare(head))):
        return alias
    plain = ARTICLE.sub("", head)
    if side := re.fullmatch(r"[Tt]he (\w+(?: \w+)?) side", head):
        of = [p for p in places.find(side[1]) if p.start == 0 and p.end == len(side[1])]
        if of and places.kind(of[0].id) == "state":
            return Speaker(state_name(of[0].id), "state", True)
    if place := state(plain) or state(_MOOD.sub("", plain)):
        return Speaker(place, "state", True)
    called = group(plain) or group(
        re.sub(r"\s(?:front|group|movement|militia|rebels|militants|leadership)$", "", plain)
    )
    return Speaker(called, "organisation", True) if called else None


@cache
def states_by_alias() -> dict[str, str]:
    """Return the states that only ``aliases.csv`` knows, by their aliases."""
    return {
        a: s.speaker for a, s in _aliases().items() if s.source_type == "state" and not a.startswith("the ")
    }


@cache
def state_name(place: str) -> str:
    """Return the English short name of a place id."""
    return places.name(place)


def is_state_body(phrase: str) -> bool:
    """Say whether a phrase ends in a body of a state: *foreign ministry*, *armed forces*."""
    return _STATE_BODY.search(phrase) is not None


def is_bare_state_body(head: str) -> bool:
    """*the army*, *the interior ministry*: a body of a state whose name the phrase leaves away."""
    match = re.fullmatch(
        r"(?i:the)\s+((?:[a-z-]+\s+){0,3}[a-z]+|Joint Chiefs of Staff|(?:Foreign|Defen[cs]e|Interior|Finance|Health) Ministry)",
        head,
    )
    return bool(
        match
        and is_state_body(match[1])
        and not re.search(r"\b(?:local|state-run|rebel|regional)\b", match[1])
    )


def country(states: list[tuple[int, str]], start: int, text: str) -> str:
    """Return the state whose army *the army* is: that of the dateline, else the one named most, where it clearly leads."""
    dateline = re.match(
        r"[^\n]{0,200}?\n*([A-ZÀ-Þ][A-ZÀ-Þ’' -]{3,30})(?:, [\w .]+?)?(?: \([^)\n]{2,30}\))? (?:[—–-]|--) ",
        text,
    )
    if dateline and states and dateline.start(1) <= states[0][0] < dateline.end():
        return state_name(states[0][1])
    counts = Counter(i for _, i in states).most_common(2)
    if not counts or counts[0][1] < 2 or (len(counts) > 1 and counts[0][1] < 2 * counts[1][1]):
        return ""
    return state_name(counts[0][0])


def is_one_body(head: str) -> bool:
    """*Ministry of Health and Welfare*: an *and* inside one name."""
    if (
        re.fullmatch(r"[Tt]he\s+[\w’'-]+\s+and\s+[A-Z].+", head)
        and is_body(head.split(" and ")[-1])
        and not re.search(r"and\s+(?:the|its|his)\s|[’']s\s", head)
    ):
        return True  # *the Baltic and Orient Union*
    match = re.fullmatch(r"(?:[Tt]he\s+)?(.+?)\s+and\s+(.+)", head)
    return bool(match and is_body(match[1]) and not is_body(match[2]) and " of " in f"{match[1]} ")


def resolve(head: str, noun: str = "") -> Speaker:
    """A body, *South Korea's Joint Chiefs of Staff*, or somebody unnamed, *analysts*; ``noun`` is what the text calls it."""
    head = re.split(r"\s(?:that|which|who|whom)\s", head)[0]
    if re.fullmatch(
        r"(?:UN|U\.N\.) (?:observers|experts|investigators|inspectors|monitors|peacekeepers)", head
    ):
        return Speaker(head, "organisation", True)
    if re.match(
        r"(?i)an?\s+(?:UN|U\.N\.|United Nations|EU|NATO|African Union|OSCE)\s+(?:[\w-]+\s+)*(?:panel|group|mission|agency|committee|commission|body|team|force)\b",
        head,
    ):
        return Speaker(ARTICLE.sub("", head), _type(head, noun), True)
    if re.search(
        r"[’']s?\s(?:\w+\s)?(?:wife|husband|mother|father|brother|sister|son|daughter|widow|cousin|uncle|aunt|family|friends?|neighbou?rs?)$",
        head,
    ):
        return Speaker("", "witness", False)
    placed = re.fullmatch(r"(?i:the)\s+((?:[a-z-]+\s+){0,3}[a-z]+)\s+in\s+([A-ZÀ-Þ][\w’'-]+)", head)
    if (
        placed
        and re.search(r"(?:command|staff|ministry)$|^ministry of [a-z]+$", placed[1])
        and is_state_body(placed[1].split(" of ")[0])
        and (where := places.find(placed[2]))
        and where[0].kind == "capital"
    ):
        return Speaker(f"{state_name(where[0].id)}'s {placed[1]}", _type(head, noun), True)
    if re.fullmatch(
        r"(?i)(?:(?:the|other|some|many|most)\s)?(?:\w+\s)?(?:capitals|countries|nations|powers)", head
    ):
        return Speaker("", "state", False)
    if re.fullmatch(r"[Tt]he\s(?:North|South|East|West)", head):
        return Speaker("", "other", False)
    single = nouns(head) if " " not in head else ()
    if (single and single[0].term.islower()) or (
        re.fullmatch(r"(?:[a-z]+\s)?[A-Z][a-z]+(?:s|men)", head) and not group(head) and not single
    ):
        return Speaker("", _type(head, noun), False)  # *Police*, *Republicans*
    plain, kind = ARTICLE.sub("", head), _type(head, noun)
    outlet = re.search(rf"\b(?:in|on|by|from)\s+(?:the\s+)?({NAME.pattern})$", plain)
    if outlet and kind == "media" and is_body(outlet[1]):
        return Speaker(outlet[1], "media", True)  # *an editorial in the Harbour Post*
    owner = re.match(rf"({NAME.pattern})[’']s?\s+(?:own\s+)?(.+)", plain)
    first = re.split(_TAIL, plain)[0]
    if owner and (place := state(owner[1]) or group(owner[1])):
        if kind in ("organisation", "other") and _OFFICE.search(owner[2]):
            kind = "official"
        named = not _holds(_core(owner[2])) and (
            is_body(owner[2])
            or _OFFICE.search(first)
            or is_state_body(first)
            or first.split()[-1].lower() in BODY_WORDS
        )
        if named and not re.search(
            r"(?i)(?:officials|leaders|ministers|generals|officers|diplomats|people)$", first
        ):
            mark = plain[len(owner[1])]
            own = places.find(owner[1])
            lead = place if own and own[0].kind == "capital" else owner[1]
            ending = (
                f"{mark}s"
                if plain[len(owner[1]) + 1 : len(owner[1]) + 2] == "s" or lead != owner[1]
                else mark
            )
            return Speaker(f"{lead}{ending} {owner[2]}", kind, True)
    body = is_body(first) or is_body(re.split(r"\s(?:in|at|near)\s", plain)[0]) or THINK_TANK.search(first)
    capitals = [
        m[0]
        for m in NAME.finditer(plain if body else first)
        if m.start()
        or " " in m[0]
        or plain is not head
        or is_body(m[0])
        or places.find(m[0])
        or re.search(r"[a-z][A-Z]", m[0])
    ]
    demonym = [p for p in places.find(plain) if p.kind == "demonym"]
    if (
        demonym
        and re.fullmatch(r"\w+(?:s|ese|ish|ch)?(?:\s+themselves)?", plain)
        and len(capitals) == 1
        and not body
    ):
        return Speaker("", "witness" if kind == "other" else kind, False)
    unnamed = (
        not capitals
        or _holds(first)
        or ((_PEOPLE.search(first) or _HOLDER.search(first)) and not _proper(first))
        or (
            re.match(
                r"(?i)(?:an?|some|many|several|its|their|western|other|one|two|three|four|half|my|our)\s",
                head,
            )
        )
    )
    if (
        unnamed
        and kind == "other"
        and re.match(r"(?i)(?:an?|one|another)\s", head)
        and _OCCUPATION.search(first)
        and not nouns(first)
    ):
        kind = "witness"  # *a loss adjuster*: somebody with a trade
    if unnamed or (
        kind == "other"
        and not body
        and not owner
        and not re.match(r"(?i)the\s+[A-Z]", head)
        and len(capitals) != 1
    ):
        return Speaker("", kind, False)
    last = re.fullmatch(rf"(?:[A-Za-z-]+\s+)*?(?:[a-z-]+)\s+({NAME.pattern})", plain)
    name = (
        last[1]
        if last
        and not is_state_body(plain)
        and not re.search(r"\b(?:of|for|on|and|the|to|in|at)\s+$", plain[: last.start(1)])
        and (nouns(plain[: last.start(1)]) or group(last[1]))
        and not demonym_only(last[1])
        else plain
    )
    name = re.sub(r"\s+itself$", "", name)
    kind = "organisation" if kind == "other" or (kind == "witness" and body) else kind
    if demonym and (called := group(bare(plain[demonym[0].end :].strip()) if demonym[0].start == 0 else "")):
        name = called
    return Speaker(re.sub(r"[’']$", "", name), kind, True)  # fmt: skip


def demonym_only(name: str) -> bool:
    """Say whether a name is a place's: *the government in Kyiv* is not called Kyiv."""
    return state(name) is not None


def _core(phrase: str) -> str:
    return re.split(_TAIL, phrase)[0]


def _holds(first: str) -> bool:
    """*Federal Prosecutor*, *ambassador*: an office that one person holds ends the noun phrase, capitals or not."""
    return _OFFICER.search(first) is not None or any(
        match.end() == len(first) for match in _HOLDER.finditer(first)
    )


def _proper(first: str) -> bool:
    """*Rapid Support Forces*, *Baltic Seafarers*: all words capitalised, so a name though it ends in people."""
    words = first.split()
    return len(words) > 1 and all(w[0].isupper() for w in words) and (is_body(first) or len(words) > 2)


def _type(head: str, noun: str = "") -> str:
    kind = source_type(head)
    if kind == "other" and noun:
        kind = source_type(noun)
    return kind


def joined(each: list[Speaker]) -> Speaker:
    """Return one row for several speakers, names, roles and bodies joined by '; ', each once."""

    def join(values: Iterable[str]) -> str:
        return "; ".join(dict.fromkeys(v for v in values if v))

    kinds = {e.source_type for e in each}
    return Speaker(
        join(e.speaker for e in each), each[0].source_type if len(kinds) == 1 else "other", True,
        join(e.role for e in each), join(e.affiliation for e in each),
    )  # fmt: skip
