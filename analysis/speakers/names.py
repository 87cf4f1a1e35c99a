"""The grammar of a source: which part of a noun phrase is a person's name, which a credential, which a body."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from analysis import places
from analysis.speakers.credentials import WORD, affiliation, is_body, nouns, source_type

_LINK = (
    r"(?:de la|de|da|del|della|der|den|van|von|bin|ibn|bint|al|el|la|le|ben|abu|dos|di|ter|ten|ag|ould|zu)"
)
_INITIAL = r"[A-Z]\.(?=\s[A-Za-z]|,|$)"
NAME = re.compile(rf"{WORD}(?:\s+(?:{_LINK}\s+)*(?:{_INITIAL}|{WORD}))*")
_TITLES = frozenset(
    "foreign prime defence defense deputy former retired chief senior acting vice assistant interior finance energy transport "
    "information first lt col gen maj capt cpl sgt adm cmdr brig dr prof mr mrs ms mx sir dame lord lady rear lead political military "
    "security regional independent veteran interim outgoing incoming state national rep sen gov young elderly local father "
    "sister mullah sheikh sheik ayatollah imam rabbi king queen prince princess emir sultan pope archbishop bishop cardinal junior principal naval "
    "maritime comandante count countess baron baroness viscount duke duchess emperor senator councillor constable inspector superintendent detective commissioner commander warrant officer petty lance corporal private staff squadron wing flight environment "
    "health education trade justice culture mme monsieur señor herr frau hajji haji ex".split()
)
#: Of other languages, no part of a name where they begin it: *Daw Khin Lay Mon*; *Dorothy Daw* keeps hers. None that is a
#: name as often: *Pak*, *Pan*, *Ko*, *Don*.
_COURTESIES = frozenset(
    "u daw malam mallam alhaji hadja shri shrimati smt dato' dato’ datuk datin ustad ustaz maulana mawlana mevlana pandit "
    "begum señora señorita doña signor signora fräulein mlle madame gospodin bwana mzee ibu bapak kyai hojatoleslam".split()
)
_HONORIFICS = _COURTESIES | frozenset(
    "dr mr mrs ms mx sir dame lord lady mullah sheikh sheik mme monsieur hajji haji".split()
)
KIN = re.compile(
    r"(?i)\b(?:cousin|brother|sister|mother|father|husband|wife|neighbou?r|colleague|friend|son|daughter|uncle|aunt|grandson|"
    r"granddaughter|nephew|niece|widow|widower|classmate|one of (?:them|the \w+))$"
)
OWNER = re.compile(r"(?i)^(?:my|our|your|his|her|its|their|the|a|an)\s")
_CREDENTIAL = re.compile(  # what an apposition must begin with to be one
    r"(?i)(?:an?|the|his|her|its|their|one of|former|retired|currently|now|who|whose|himself|herself|of|from|at|with|[A-ZÀ-Þ][\w’'-]*[’']s?)\s"
)
_NO_CREDENTIAL = re.compile(
    r"(?i)who (?:asked|declined|spoke|requested|did not|wished|refused|insisted|is not|was not|gave|would|said)\b|"
    r"(?:who|whose)\b.*\b(?:anonymity|not be named)\b"
)
_STOP = frozenset(
    "The A An In On At But And For If When While As After Before That This These Those It He She They We I His Her Its Their Our My "
    "Your Not Now Then There Here What Who Why How Yet So Or To From With By Of According Even Only Some Many Most Both Other One "
    "Two Three Until Since Once Under Over About Question Answer Asked Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February "
    "March July September October November December Mister Still Perhaps Nobody Somebody Someone Anybody Anyone Everybody Everyone Later Earlier Such Last Next Another "
    "No Yes Like Between Near Across Against During Among Because Although Though Whether Where Whatever Whoever Instead Meanwhile "
    "However Moreover Also Each Every All Any Few Several Western Eastern Northern Southern".split()
)


_LETTERS = frozenset("KC QC MP MEP PhD CBE OBE MBE JD MD II III IV Jr Sr".split())  # behind a name


_ARTICLES = frozenset(a + mark for a in ("al", "an", "el", "as", "at", "ar", "ul") for mark in "-’'")
_CAPITAL = re.compile("[A-ZÀ-ÞĀ-ŽȘȚ]")


def runs(text: str) -> Iterator[re.Match[str]]:
    """Yield the runs of capitalised words of a text, names or not, in order: what ``NAME.finditer`` finds, but sooner."""
    after = 0
    for capital in _CAPITAL.finditer(text):
        at = capital.start()
        if at < after:
            continue
        if text[at - 3 : at].lower() in _ARTICLES and not text[at - 4 : at - 3].isalnum():
            at -= 3
        if not text[at - 1 : at].isalnum() and (match := NAME.match(text, at)):
            yield match
            after = match.end()


_GOES_ON = re.compile(
    r"(?:(?:and|who|and who|but|is) )?(?:now|currently|today|since|formerly|previously|later|until)\b|and (?:an?|the|former|head|director|author|now)\b|(?:at|of|with|in) (?:the )?[A-Z]|who (?:teaches|heads|leads|directs|runs|chairs|advises|works|writes)\b"
)


#: How what follows a name without a comma begins; before another noun it is none: *Lorry drivers*.
TAIL = re.compile(r"(?:of|at|from|with|who|whose|for|in|on|and|aboard|near|behind|himself|herself)\b")


class Person(NamedTuple):
    """A person in a noun phrase: the name, what stands before it, and what follows it without a comma."""

    title: str
    name: str
    tail: str


def segments(source: str) -> list[str]:
    """Cut a noun phrase at its commas; those inside brackets or quotation marks stay."""
    parts, depth, last = [], 0, 0
    for match in re.finditer(r"[(\[“]|[)\]”]|,\s", source):
        if match[0][0] == ",":
            if not depth:
                parts.append(source[last : match.start()])
                last = match.end()
        else:
            depth = max(0, depth + (1 if match[0] in "([“" else -1))
    return [p.strip(" ,") for p in [*parts, source[last:]] if p.strip(" ,")]


@lru_cache(8192)
def person(phrase: str) -> Person | None:
    """Cut *retired general John Smith of the Institute* into title, name and what follows; None where no person is named.

    A name never stands directly behind *the*, and never before another noun.
    """
    for match in NAME.finditer(phrase):
        words, lead = match[0].split(), phrase[: match.start()].strip()
        while len(words) > 1 and words[-1].rstrip(".") in _LETTERS:
            words = words[:-1]
        tail = re.sub(r"^\([^)]*\)\s*", "", phrase[match.end() :].strip())
        first = _first(words)
        while first < len(words) - 1 and (
            words[first] in _STOP or words[first].lower().rstrip(".") in _COURTESIES
        ):
            first += 1
        if first >= len(words):
            continue
        name = " ".join(words[first:])
        name = name if re.search(r"\s[A-Z]\.$", name) else name.rstrip(".")
        title = " ".join([lead, *words[:first]]).strip()
        if re.search(r"(?i)\b(?:government|administration|regime|party|family|rule) of\b", lead):
            return None
        if (
            len(words) - first > 5
            or any(w in _STOP for w in words[first:])
            or not _may_be_person(name)
            or (len(words) - first == 1 and words[first] in _STOP)
        ):
            continue
        if re.search(r"\b(?:on|at|in|from|aboard|near|behind)\s", lead):
            continue
        if not first and re.search(
            r"(?i)\b(?:the|at|of|for|with|from|in|on|by|and|to|near|an?|this|some|other)$", lead
        ):
            continue
        within = re.match(r"(.*\b[A-Z].*) (?:of|for|on)(?: the)?$", lead)
        if len(words) - first == 1 and within and is_body(within[1]):
            return None  # *the Joint Committee on Defence Stocks*
        if tail and not TAIL.match(tail):
            continue
        if (
            len(words) - first == 1
            and lead
            and not first
            and not (
                nouns(lead) or KIN.search(lead) or lead.lower().endswith(("call sign", "named", "called"))
            )
        ):
            continue
        return Person(title, name, tail)
    return None  # fmt: skip


_NO_SURNAMES = frozenset(  # last words of places, prizes, trains and the like: *Jaffar Express*, *Army Region*
    "street avenue boulevard square palace airport airbase stadium strait straits peninsula province district region regions "
    "mountains island islands gulf valley river corridor highway express prize award cup festival summit "
    "accord accords agreement declaration convention memorandum act constitution republic kingdom empire era".split()
)


def _may_be_person(name: str) -> bool:
    if (
        is_body(name)
        or name.split()[-1].lower() in _NO_SURNAMES
        or name.isupper()
        or re.search(r"\b(?!Mc|Mac|De|Le|La|Di|Du|Fitz|Van)[A-Z][a-z]+[A-Z]", name)
        or re.search(r"[’']s?$", name)
    ):
        return False
    found = places.find(name)
    if any(p.start == 0 and p.end == len(name) for p in found):
        return False
    last = nouns(name)
    return not last or (last[-1].end < len(name) and " " in name and name.split()[0] not in _STOP)


def _first(words: list[str]) -> int:
    """Return the place of the first word of a name in a run of capitals: after ranks, offices, demonyms and possessives."""
    first = 0
    for i, word in enumerate(words[:-1]):
        bare = word.lower().rstrip(".")
        if (i >= first and (bare in _TITLES or word.endswith(("’s", "'s", "s’")) or _is_noun(word))) or (
            i == first
            and (found := places.find(word))
            and (
                found[0].kind == "demonym"
                or _is_noun(words[i + 1])
                or (i + 2 < len(words) and _is_noun(words[i + 2]))
            )
        ):
            first = i + 1
        elif (
            i == first
            and i + 2 < len(words)
            and any(_is_noun(w) or w.lower() in _TITLES for w in words[i + 1 : i + 3])
            and word not in _STOP
        ):
            first = i + 1  # *Security Minister*, *Russian Senator*
    return first  # fmt: skip


def _is_noun(word: str) -> bool:
    found = nouns(word)
    return (
        bool(found)
        and found[0].start == 0
        and word != "Dean"
        and (found[0].type != "witness" and found[0].type != "document")
    ) or bool(re.fullmatch(r"[A-Z]{2,}", word) and word not in _LETTERS)


def title_role(title: str) -> str:
    """Return what stands before a name as a credential, honorifics apart; empty where it is none or kinship alone."""
    words = title.split()
    while words and words[0].lower().rstrip(".") in {"whose", *_HONORIFICS}:
        words = words[1:]
    role = " ".join(words)
    if re.search(r"[’']s?$", role) or not role or (KIN.search(role) and not nouns(KIN.sub("", role))):
        return ""
    role, found = re.sub(r"\s--$", "", role), nouns(role)
    ends = found and found[-1].end >= len(re.sub(r"\s*\([\w.]+\)$", "", role).rstrip(".")) - 1
    return (
        role
        if ends
        or (found and re.match(r"(?i)(?:the|an?|his|her|its|[A-Z])", role) and not _LOOSE.search(role))
        else ""
    )


def role(parts: list[str]) -> str:
    """Return the credential among the appositions of a name, as it stands; empty where there is none."""
    for i, part in enumerate(parts):
        if _NO_CREDENTIAL.match(part) or re.match(
            r"(?i)(?:which|(?:his|her|its|their) [\w -]+ (?:\w+ed|on|in|still\b.*)$|the other\b|\d+$)", part
        ):
            continue
        if _CREDENTIAL.match(part) or nouns(part) or affiliation(part):
            for more in parts[i + 1 :]:  # *a former minister, now a fellow at the Orrin Institute*
                if not (_GOES_ON.match(more) and (nouns(more) or affiliation(more))) or _NO_CREDENTIAL.match(
                    more
                ):
                    break
                part = f"{part}, {more}"
            return part
    return ""


def is_weak(role: str) -> bool:
    """Say whether an apposition names neither office nor trade nor body, *who lost the vote*: a title goes before it."""
    return role.startswith("whose ") or not (nouns(role) or affiliation(role))


_LOOSE = re.compile(
    r"\b(?:of|for|in|like|including|by|to|with|about|where|which|that|who|would|has|have|is|was|shows|reports)\b"
)
_TRADE = re.compile(
    r"who (?:runs|sells|lives|lived|owns|keeps|works|worked|grows|drives|drove|fishes|farms|repairs|fled|left|stayed|survived)\b|whose (?:house|home|shop|farm|field|son|daughter|husband|wife|brother|family|boat|village)\b"
)


def is_told(role: str) -> bool:
    """Say whether what follows a name elsewhere in the article is a credential rather than a part of the story."""
    if role.startswith(("who ", "whose ")):
        return bool(
            _TRADE.match(role)
            or source_type(role) == "expert"
            or (
                affiliation(role)
                and re.match(
                    r"who (?:is|was|has been|heads|leads|directs|runs|chairs|advises|works|served)\b", role
                )
            )
        )
    return not is_weak(role) or bool(re.match(r"an?\s", role))


def is_name(phrase: str) -> bool:
    """Say whether a phrase is a capitalised name and nothing else, *the* apart."""
    return re.fullmatch(rf"(?:[Tt]he\s+)?{NAME.pattern}", phrase) is not None
