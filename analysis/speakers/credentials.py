"""What a credential says: the type of a source and the body it belongs to, by the nouns of a lexicon.

A credential is a noun phrase (*a former general now at the Orrin Institute*) or a clause (*who studies sea law*).
The last noun of its head decides. Scholarship or a think tank makes an expert whatever else the person was.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from analysis import lexicons, places

_PREFIX = r"(?:(?:[Aa]l|[Aa]n|[Ee]l|[Aa]s|[Aa]t|[Aa]r|[Uu]l)[-’'])?"
_ABBREVIATED = r"(?:Gen|Col|Lt|Maj|Capt|Sgt|Cpl|Adm|Cmdr|Brig|Dr|Mr|Mrs|Ms|Prof|Rep|Sen|Gov|St|Jr|Sr)\.(?=\s)"
WORD = (  # of a name: *el-Tom*, *d’Arc*, *U.N.*, *J.*, *Gen.*
    rf"(?:(?:[A-Z]\.){{2,}}|[A-Z]\.(?=\s[A-Z])|{_ABBREVIATED}|{_PREFIX}(?:[dDlL][’'])?[A-ZÀ-ÞĀ-ŽȘȚ][\w’'-]*)"
)
_JOIN = r"(?:of the|for the|on the|and the|of|for|and|on|the|de la|del|de|di|du|do|da|des|la|le|y|et|für|pour|voor|for|in|&)"
_BODY = re.compile(rf"{WORD}(?:\s+(?:{_JOIN}\s+)?{WORD})*")  # *Institute for the Study of War*
BODY_WORDS = frozenset(
    "church university universidad universidade université universität institute instituto institut institution college school academy "
    "center centre council committee commission ministry department agency bureau office party government army navy command "
    "force forces staff union organisation organization association foundation fund trust group forum observatory society "
    "initiative project lab laboratory network service services authority bank company corporation court parliament senate "
    "congress house league federation alliance guard guards police chamber board directorate secretariat programme program "
    "movement front chiefs intelligence regime administration cabinet junta coastguard times post gazette herald tribune courier "
    "chronicle journal news radio television line lines shipping monitor watch embassy mission dispatch observer examiner "
    "record ledger mail wire ministers media press circle daily weekly review desk unit polytechnic faculty hospital club "
    "corps brigade regiment division battalion fleet militia tank think panel crescent cross nations pact treaty consortium "
    "cooperative syndicate chancellery presidency airlines airways ports holdings group partners consulting advisory analytics "
    "station studies museum archive registry assembly duma knesset majlis bundestag diet politburo research project workshop "
    "branch advisors advisers strategies solutions insights technologies technology industries semiconductor semiconductors "
    "systems motors shipyard shipyards tankers logistics insurance underwriters securities capital ventures investments energy oil "
    "petroleum mining steel electronics inspectorate tribunal coalition caucus brotherhood cartel syndicate commando hub "
    "foresight forensics secretariat marine fisheries customs headquarters papers survey index collective clinic guild".split()
)
_SMALL_BODY = re.compile(  # *the general staff*, *the town council*, *the 58th brigade*
    r"\b(?:of|for|with|at|from|on|in|advis\w+|chairs?|heads?|leads?|joined)\s+(?:the|his|her|its)?\s*((?:\d+(?:st|nd|rd|th)\s+|(?!same\b|new\b|old\b)[a-z-]+\s+){0,2}"
    r"(?:council|corps|brigade|battalion|regiment|division|general staff|joint staff|ministry|command|agency|army|navy|administration|"
    r"authority|commission|committee|parliament|cabinet|observatory|police|coast ?guard|company|union|service))\b"
)
THINK_TANK = re.compile(
    r"\b(?:Universi\w+|Institut\w*|Institution|College|School of|\w+ School|Academy|Cent(?:er|re|ro)|[Tt]hink[ -]?tank|Council on|Foundation|"
    r"Forum|Observatory|Studies|Lab|Laborator\w+|Chatham House|Crisis Group|Think|Polytechnic|Graduate|Workshop|Collective|Clinic|Stiftung|Zentrum|"
    r"Project|(?<!Rights )Watch|Analytic(?:s|al)|Forensics|Foresight|Insights|Strategies|Advisor[sy]|Advisers|Group for|Initiative (?:for|on)|"
    r"Programme (?:for|on)|Program (?:for|on)|Network (?:for|on) \w+ (?:Research|Analysis)|"
    r"(?:Policy|Strateg\w+|Research|Conflict|Peace|Risk|Security|Defen[cs]e|Arms|Violence|Maritime|Legal|Nuclear|Missile|Military|Governance|Control|Analysis|Threats?|Crisis|Crime|Terror\w*|Cyber|Intelligence|Energy|Sanctions|Geopolitical|Political|Foreign|International|Global|Disarmament|Deterrence|Ocean|Arctic) "
    r"(?:House|Unit|Desk|Group|Circle|Project|Programme|Program|Network|Monitor|Board|Initiative|Partnership|Advis[eo]rs?|Room|Hub|Watch|Society|Trust|Archive|Papers|Tracker|Index|Bureau|Team|Partners|Associates|Consult\w+)|"
    r"Borders Programme|Fundaci[oó]n|Fondation|Fundação|Akadem\w+|Kolleg|Hochschule|Observatori?o|Observatoire)\b"
)
_SCHOLARLY = re.compile(
    r"\bwho (?:(?:now|has long|has|also) )?(?:studie[sd]|teach(?:es)?|taught|lecture[sd]?|lectures|research(?:es|ed)|follow(?:s|ed)|track(?:s|ed)|maps?|monitors?|charts?|models?|documents?|anal[yz]s?es|observes|edits|speciali[sz]es)\b"
)
_LEADS = re.compile(
    r"\bwho (?:heads|leads|directs|runs) (?:the|its|a) [\w -]*?(?:programme|program|desk|research|project)\b"
)
_SERVES = re.compile(
    r"\b(?:now|advises|runs|edits|heads|leads|teaches|chairs|writes for|works for|directs|founded)\b"
)
_BE = re.compile(
    r"^who (?:now |once |also )?(?:is|was|serves as|served as|works as|worked as)\s+(?:an?\s|the\s)?(?!(?:now\s)?(?:at|with|in)\b)(?=\w+\s)"
)
_MANY = re.compile(
    r"(?i)(?:(?:an?|the|some|several|many|one|two|three|small|large|growing)\s+)*(?:groups?|number|handful|dozens?|scores|hundreds|thousands|majority|"
    r"minority|couple|crowds?|half|most|some|many|one|two|three|few|\d+)\s+of\s+(?=\w+)"
)
_SCIENCE = re.compile(
    r"\w+(?:ologist|icist|omist|ographer|ometrician)$"
)  # *volcanologist*: the lexicon goes first
_OFFICIAL_BODY = re.compile(r"(?i)\b(?:ministry|department of|government|parliament|cabinet|embassy)\b")
_FORMER = re.compile(r"(?i)\b(?:former(?:ly)?|one-?time|erstwhile|retired|retd?|ex-\w+|once|served|spent)\b")
_HEAD_END = re.compile(
    r"\b(?:at|of|for|with|from|in|on|near|who|to|that|whose|which|about|by|named|called|aboard|under|behind|across|along|off|outside|inside)\b"
)
_ARMED = re.compile(r"(?i)\b(?:army|navy|naval|military|air force|armed forces|general staff|joint chiefs)\b")
_CIVIL = re.compile(
    r"(?i)\b(?:government|minister|ministry|secretary|administration|junta|council|governor|ruler|prosecutor|court)\b"
)
_TRADING = re.compile(
    r"\b(?:Company|Lines?|Shipping|Port|Ports|Airlines|Airways|Bank|Holdings|Corporation|Corp|Inc|Ltd|Union|Federation|Association|Chamber|Church|Hospital|Times|Post|News|Herald|Television|Radio|"
    r"Party|Movement|Front|Council of Ministers|Security Council)\b"
)
_LEADERS = frozenset({"director", "founder", "executive director", "coordinator"})
_GENERIC_HEADS = frozenset(
    "secretary director manager executive chairman chairwoman chair chairperson president representative member".split()
) | {
    "chief executive",
    "executive director",
    "managing director",
    "deputy director",
    "chairman of the board",
    "leader",
}
_BUSINESS = frozenset({"chief executive", "chief executive officer", "managing director", "manager", "CEO"})
_NO_BODY = frozenset(
    "TV GOP CEO CFO DC HB House Party Council Court Post Times News Service Office Front Press".split()
)
_OFFICES = frozenset(
    "Chairman Chairwoman Chair Speaker Leader Judge Director President Secretary Spokesman Spokeswoman Chief Executive Editor Professor Minister Commissioner Member Majority Minority".split()
)
_TOKEN = re.compile(r"[^\W_]+(?:[’'](?!s\b)[^\W_]+)*(?:\.(?=[^\W_]))?(?:[^\W_]+\.?)?")
_SOMEBODY = frozenset(
    "source sources contact contacts friend friends acquaintance insider insiders colleague colleagues interlocutor person".split()
)
_LOWLY = frozenset("student pupil cook cleaner porter driver janitor gardener caretaker".split())


class Noun(NamedTuple):
    """A noun of the lexicon in a phrase: its type, its term and where it stands."""

    type: str
    term: str
    start: int
    end: int


@cache
def _terms() -> dict[str, list[tuple[list[str], str, str]]]:
    """Return the terms of ``sources.csv`` by their first word in small letters, the longest first."""
    found: dict[str, list[tuple[list[str], str, str]]] = {}
    for line in lexicons.read("sources", "term", "source_type"):
        words = _words(line["term"])
        found.setdefault(words[0].lower(), []).append((words, line["source_type"], line["term"]))
    return {
        first: sorted(terms, key=lambda t: (-len(t[0]), t[2].islower())) for first, terms in found.items()
    }


@cache
def _group_names() -> frozenset[str]:
    return frozenset(line["term"].lower() for line in lexicons.read("actors", "term", "actor"))


def is_named_group(name: str) -> bool:
    """Say whether a name is that of an armed group."""
    return name.lower() in _group_names()


def _words(phrase: str) -> list[str]:
    return [m[0].rstrip(".") for m in _TOKEN.finditer(phrase)]


def _singulars(word: str) -> tuple[str, ...]:
    forms = [word]
    if word.endswith("men"):
        forms.append(word[:-3] + "man")
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("s"):
        forms += [word[:-1], word[:-2]] if word.endswith("es") else [word[:-1]]
    return tuple(forms)


def _same(word: str, want: str) -> bool:
    """A term's capital must stand in the text: *UN* and *Post* are bodies, *un*, *post* and *Posts* are not."""
    if not want.islower():
        return word == want
    return any(f == want or (want.islower() and f.lower() == want) for f in _singulars(word))


@lru_cache(8192)
def nouns(phrase: str) -> tuple[Noun, ...]:
    """Return the nouns of ``phrase`` that the lexicon knows, in order; of two at one place the longest."""
    tokens, found, at = list(_TOKEN.finditer(phrase)), [], 0
    words = [t[0].rstrip(".") for t in tokens]
    while at < len(words):
        hit = _term_at(words, at)
        if hit:
            n, kind, term = hit
            found.append(Noun(kind, term, tokens[at].start(), tokens[at + n - 1].end()))
            at += n
            continue
        if any(_SCIENCE.match(f) for f in _singulars(words[at])):
            found.append(Noun("expert", words[at], tokens[at].start(), tokens[at].end()))
        at += 1
    return tuple(found)


def _term_at(words: list[str], at: int) -> tuple[int, str, str] | None:
    for first in _singulars(words[at].lower()):
        for term, kind, name in _terms().get(first, ()):
            if len(term) <= len(words) - at and all(
                _same(w, t) for w, t in zip(words[at : at + len(term)], term, strict=True)
            ):
                return len(term), kind, name
    return None


@lru_cache(8192)
def source_type(role: str) -> str:
    """Return the source type of a credential such as *a professor at Ewha University in Seoul*; ``other`` where unknown."""
    role = _BE.sub("", role)
    if many := _MANY.match(role):
        return source_type(role[many.end() :])
    end = _HEAD_END.search(role)
    head = role[: end.start()] if end else role
    if re.match(
        r"(?:\w+\s)?(?:\S+ (?:per cent|percent)|[\d.]+%|(?:\w+\s)?(?:one|two|three|four|six|seven|eight|nine|\d+) in (?:ten|five|four|three|\d+))\b",
        role,
    ):
        return "witness"
    known = nouns(role)
    begun = [n for n in known if n.start < len(head)]  # *captain of the trawler* goes over the head's end
    heads, every = [n.type for n in begun], [n.type for n in known]
    last = begun[-1].term if begun else ""
    if last in _BUSINESS and "official" not in every and not THINK_TANK.search(role):
        return "other"  # who runs a company speaks for a trade, not for a body
    if last in _GENERIC_HEADS and not THINK_TANK.search(role):
        for kind in every[len(heads) :] + heads[:-1][::-1]:
            if kind in ("official", "military", "intelligence", "media", "organisation"):
                return kind
    if (
        (
            last in ("president", "vice president", "secretary", "chief")
            and (body := affiliation(role))
            and body[0].isupper()
        )
        and not any(n.type in ("official", "military") for n in nouns(body))
        and not THINK_TANK.search(role)
    ):
        return "organisation"
    if (
        last in ("adviser", "advisor")
        and re.search(r"\bat (?:the )?[A-Z]", role)
        and not _OFFICIAL_BODY.search(role)
    ):
        return "expert"
    if last.startswith("spokes"):  # who speaks for an army is military
        if is_named_group(bare(role[end.end() :])) if end else False:
            return "organisation"
        whose = [t for t in every if t in ("military", "intelligence", "organisation", "official")]
        whose = [t for t in whose if t != "official"] if "official" not in every[len(heads) :] else whose
        return "official" if not whose or "official" in every[len(heads) :] else whose[0]
    if "expert" in heads or _SCHOLARLY.search(role) or _LEADS.search(role):
        return "expert"
    if THINK_TANK.search(role) and not _OFFICIAL_BODY.search(role) and last not in _LOWLY:
        return "expert"
    if _FORMER.search(role) and "expert" in every:
        return "expert"
    found = heads[-1:] or every[:1]
    if last in _SOMEBODY and (where := re.search(r"\s(?:in|at|inside|within|from)\s", role)):
        inside = [n.type for n in nouns(role) if n.start > where.start()]
        if inside and inside[0] in ("official", "military", "intelligence"):
            return inside[0]  # *a source in the general staff*
    if _speaks_for_unknown(role, head, found):
        return "expert"
    if not found:
        return "other"
    if re.match(r"who sits (?:on|in)\b", role) and "expert" not in every:
        return "official"
    if (
        found[0] == "organisation"
        and "official" in heads
        and last in ("committee", "commission", "council", "panel")
    ):
        return "official"
    if "intelligence" in every and found[0] in ("official", "military", "organisation"):
        return "intelligence"
    if found[0] in ("official", "organisation") and _ARMED.search(head) and not _CIVIL.search(head):
        return "military"
    if found[0] == "witness" and "military" in every and last in ("pilot", "mechanic", "driver", "engineer"):
        return "military"
    return found[0]


def _speaks_for_unknown(role: str, head: str, found: list[str]) -> bool:
    """Say whether an officer who left, or somebody whose trade no lexicon knows, speaks for a body of no known sort."""
    body = affiliation(role)
    if not body[:1].isupper() or re.fullmatch(r"(?:[A-Z]\.?)+", body) or bare(role).startswith(body):
        return False
    left = _FORMER.search(role) and found[:1] and found[0] in ("military", "official", "intelligence")
    known = {"official", "military", "intelligence", "organisation", "media"}
    if left:  # *a retired brigadier now with the Bosporus Council*: a council or a review of any sort
        known -= set() if _TRADING.search(body) else {"organisation", "media"}
    if is_named_group(body) or _OFFICIAL_BODY.search(body) or any(n.type in known for n in nouns(body)):
        return False
    if not (is_body(body) or f"the {body}" in role or f"at {body}" in role):
        return False
    last = nouns(head)[-1] if nouns(head) else None
    leads = last and last.term in _LEADERS and not _TRADING.search(body)
    return bool(
        not found or (last and last.end < len(head.rstrip(" ,"))) or leads or left or _SERVES.search(role)
    )


@lru_cache(8192)
def affiliation(role: str) -> str:
    """Return the body named in a credential: *Ewha University* in *a professor at Ewha University in Seoul*.

    Of two bodies the one after *now* counts, else the first.
    """
    now = re.search(r"\bnow\b", role)
    if (
        whole := re.search(
            r"(?:[A-Z][\w’'-]+\s+)+(?:administration|government|regime|army|navy|movement)\b", role
        )
    ) and re.search(r"\b(?:for|of|with|from|at|in)(?:\s+the)?\s*$", role[: whole.start()]):
        return bare(whole[0])
    for part in (role[now.start() :], role) if now else (role,):
        for match in _BODY.finditer(part):
            name = _cut(match[0])
            if name in _NO_BODY or (name.isupper() and places.find(name)):
                continue
            lead = part[: match.start()].rstrip()
            named = re.search(
                r"\b(?:at|with|for|of|from|advises|heads|leads|directs|chairs|runs|joined)(?:\s+the)?$", lead
            )
            if re.search(r"[’']s?$", name) or (_is_place(name) and not is_body(name)):
                continue
            if (
                is_body(name)
                or (
                    named
                    and re.search(
                        r"\b(?:at|with|for|advises|joined|heads|leads|directs|chairs|runs|edits|founded)\s+the$",
                        lead,
                    )
                    and " " in name
                )
                or (named and re.search(r"\b(?:at|with|advises)$", lead) and " " in name)
            ):
                return bare(name)
    small = _SMALL_BODY.search(role)
    return small[1] if small else ""


def _is_place(name: str) -> bool:
    return any(p.start == 0 and p.end == len(name) for p in places.find(name))


def _cut(name: str) -> str:
    """Leave the place away that a body is in, and an office behind it: *Una Centre in Banja Luka*, *Senate Committee Chairman*."""
    words = re.split(r"\s+in\s+(?!the\s)", name)[0].split()
    while len(words) > 1 and words[-1] in _OFFICES:
        words = words[:-1]
    return " ".join(words)


def behind(tail: str) -> str:
    """Return the body that stands right behind a name: *Orrin Policy Workshop* in *of the Orrin Policy Workshop*."""
    match = re.match(rf"(?:of|at|from|with)\s+(?:the\s+)?({_BODY.pattern})", tail)
    name = _cut(match[1]) if match else ""
    if not name or _is_place(name) or (" " not in name and not is_body(name)) or re.search(r"[’']s?$", name):
        return affiliation(tail)
    return bare(name)


@lru_cache(8192)
def is_body(name: str) -> bool:
    """Say whether a capitalised name is that of a body rather than of a person or a place."""
    words = {w.lower().strip(".’'") for w in re.split(r"[\s-]+|[’']s\b", name) if w[:1].isupper()}
    return bool(
        words & BODY_WORDS
        or (
            (found := nouns(name))
            and found[0].term == name
            and found[0].type in ("expert", "organisation", "media")
        )
        or re.fullmatch(r"(?:[A-Z]\.?){2,}[\d-]*", name)
        or THINK_TANK.search(name)
    )


def bare(name: str) -> str:
    """Return a name without article and possessive ending."""
    return re.sub(r"[’']s?$", "", re.sub(r"^[Tt]he\s+", "", name.strip(" ,")))
