"""Who an article names that may threaten: states, groups that the lexicon knows, and groups that their own name or noun gives away."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from analysis import lexicons
from analysis.places import Place

Range = tuple[int, int]


class Party(NamedTuple):
    """Somebody who may threaten: its characters, and a place id or the name of a group."""

    start: int
    end: int
    actor: str
    is_place: bool


#: What stands before *fighters*, *gangs*, *rebels* and says which: a name or nationality, who backs them, what they are or rob.
_WHICH = re.compile(
    r"(?:(?:(?!(?:The|These|Those|Some|Many|Most|Several|Suspected|Other|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|When|Whether|After|But|And|As|In|On|At|By|If|While|"
    r"Dozens|Hundreds|Local|Young|Both|All|No|Such|Former|His|Her|Their|Its|Our|One|An?|\w+day|January|February|March|April|May|June|July|August|September|October|November|"
    r"December)\b)[A-Z](?![\w’'-]*\d)[\w’'-]*\w(?<!’s)(?<!'s)|[\w’'-]+-(?:backed|aligned|led|linked|allied)|armed|masked|hooded|unknown|unidentified|separatist|secessionist|"
    r"jihadist|[Ii]slamist|clan|tribal|gold|cattle|drug|street|ethnic|nomad|prison|self-defence|self-defense|pro-\w+|anti-\w+|far-right|neo-Nazi|opposition|rebel|proxy) ){1,3}$"
)
#: The noun of a group that no lexicon need know, and what may follow it: *Front for the Defence of Tarim*.
_NOUN = re.compile(
    r"\b(?:Fronts?|Brigades?|Movement|Resistance|Militias?|Cartel|Commandos?|Clan|Fighters|Vanguard|Faction|Battalion|Legion|Syndicate|Mafia|Gang|Column|Phalanx|Rebels|"
    r"Insurgents|Guerrillas|Martyrs|Avengers|Sons|Soldiers|(?:Liberation|Resistance|Revolutionary|People’s|People's|Salvation|Independence|Defence|Defense) "
    r"(?:Army|Forces?|Council|Alliance)|(?:Army|Alliance)(?= (?:of|for) ))\b(?: (?:of|for) (?:the )?[A-Z][\w’'-]+(?: (?:(?:of|for|the) )*[A-Z][\w’'-]+){0,3})?"
)
_NAME_BEFORE = re.compile(r"(?:[A-Z][\w’'-]* (?:(?:of|for|the|and|de|del|y) )*(?:al-)?){1,5}$")
_NO_NAME = re.compile(r"(?:(?:The|An?|If|When|But|And|Its|Their|His|As|In|On|At|By|After) (?:the )?)+")
#: Of a state they are its aircraft or its own.
_AIRCRAFT = ("fighters",)
_IN_KOREA = ("the north", "the south")  # two states where the article speaks of Korea


@cache
def _groups() -> tuple[dict[str, re.Pattern[str]], dict[str, str]]:
    """Return the patterns of the lexicon's groups by their first word, and whom each term means."""
    lines = lexicons.read("actors", "term", "actor")
    patterns = lexicons.by_first_word(
        "actors", {line["term"]: _spelt(line["term"]) for line in lines}, r"(?!\w)"
    )
    return patterns, {line["term"].lower(): line["actor"] for line in lines}


def _spelt(term: str) -> str:
    """Return the pattern of a term; a name keeps its capitals, but for its article, and *the North Sea* is no *the North*."""
    if term.startswith("the "):
        return rf"[Tt]he {re.escape(term[4:])}(?! [A-Z])"
    return f"(?i:{re.escape(term)})" if term.islower() else re.escape(term)


def find(text: str, named: list[Place], bodies: Iterable[Range]) -> list[Party]:
    """Return who may threaten, in order: the lexicon's groups, states, and those ``bodies`` that are part of neither."""
    found = _of_lexicon(text, named)
    taken = {i for p in found for i in range(p.start, p.end)}
    names: list[Range] = []
    for m in _NOUN.finditer(text):
        before = _NAME_BEFORE.search(text, max(0, m.start() - 60), m.start())
        start = before.start() if before else m.start()
        if begins := _NO_NAME.match(text, start, m.start()):
            start = begins.end()
        if names and start < names[-1][1]:
            start = names.pop()[0]  # *the Tarim Martyrs* + *Brigade*
        if start < m.start() or " of " in m[0] or " for " in m[0]:
            names.append((start, m.end()))
    found += [Party(s, e, text[s:e], False) for s, e in names if taken.isdisjoint(range(s, e))]
    taken = {i for p in found for i in range(p.start, p.end)}
    for p in named:
        is_state = p.id.isupper() and p.kind != "city" and text[p.start - 1 : p.start] != "-"
        if is_state and p.start not in taken:
            found.append(Party(p.start, p.end, p.id, True))
    taken |= {i for p in named for i in range(p.start, p.end)}
    found += [Party(s, e, text[s:e], False) for s, e in bodies if taken.isdisjoint(range(s, e))]
    return sorted(found)


def _of_lexicon(text: str, named: list[Place]) -> list[Party]:
    states = [p for p in named if p.id.isupper()]
    is_korean = any(p.id in ("KP", "KR", "korean-peninsula") for p in named)
    found: list[Party] = []
    called: dict[str, str] = {}  # *the gunmen* are those who were named last, *Bedouin gunmen*
    patterns, means = _groups()
    for m in lexicons.matches(patterns, text, 0, len(text)):
        start, noun = m.start(), m[0].lower()
        actor = means[noun]
        if noun in _IN_KOREA and not is_korean:
            continue
        if actor.islower() and (which := _WHICH.search(text, max(0, start - 40), start)):
            if found and which.start() < found[-1].end:
                continue  # *Boko Haram fighters*
            if noun in _AIRCRAFT and any(which.start() <= p.start < start for p in states):
                continue  # *Chinese fighters*
            start = which.start()
            actor = called[noun] = text[start : m.end()]
        elif actor.islower():
            actor = called.get(noun, actor)
        found.append(Party(start, m.end(), actor, False))
    return found
