"""Who a source is: one canonical speaker per article, with type, role and affiliation, by rules in the open.

What cannot be resolved stays empty rather than guessed. Rules follow the annotation guide: the credential may stand
anywhere in the article, *retired* officers and former ministers who speak for a think tank or university are experts.
"""

import re
from functools import cache
from typing import NamedTuple

from analysis import lexicons, places

_PARTICLES = frozenset("de da del der van von bin ibn al el la le ben abu dos di ter ten of".split()) - {"of"}
_WORD = r"[A-ZÀ-Þ][\w’'.-]*"
_CAPITALS = re.compile(rf"{_WORD}(?:\s+(?:(?:de|da|del|der|van|von|bin|ibn|al|el|la|le|ben|abu|dos|di|ter|ten)\s+)*{_WORD})*")
_BODY = re.compile(  # a capitalised name of a body; *Ministry of Foreign Affairs*, *Institute for the Study of War*
    rf"{_WORD}(?:\s+(?:(?:of|for|and|on|de|the|du|für|&)\s+)*(?:{_WORD}))*"
)
_BODY_WORDS = frozenset(
    "university institute institution college school academy center centre council committee commission ministry department "
    "agency bureau office party government army navy command force forces staff union organisation organization association "
    "foundation group forum observatory society initiative project lab laboratory network service services authority bank "
    "company corporation court parliament senate congress house league federation alliance guard police chamber board "
    "directorate secretariat programme program fund trust movement front chiefs intelligence regime administration cabinet "
    "junta coastguard newspaper times post gazette herald tribune courier chronicle journal news radio television tv "
    "line lines shipping monitor watch academy embassy mission dispatch observer examiner record ledger mail wire".split()
)
_THINK_TANK = re.compile(
    r"\b(?:University|Institut[eo]?|Institution|College|School of|Academy|Cent(?:er|re)|Think[ -]?tank|think[ -]?tank|"
    r"Council on|Foundation|Forum|Observatory|Studies|Chatham House|RAND|RUSI|Carnegie|Brookings|Programme|Lab|Policy|Polytechnic)\b"
)
_OFFICIAL_BODY = re.compile(r"\b(?:Ministry|ministry|Department of|Government|government|Parliament|parliament|Cabinet|Embassy)\b")
_TITLE_ADJECTIVES = frozenset(
    "foreign prime defence defense deputy former retired chief senior acting vice assistant interior finance first lt lt. col "
    "col. gen gen. maj maj. capt capt. sgt adm adm. brig brig. dr dr. prof prof. mr mr. mrs mrs. ms ms. sir dame lord lady "
    "rear lead then-president ex-president political military security regional independent veteran defense-minister "
    "interim outgoing incoming state national rep rep. sen sen. gov gov. president's young elderly local father sister sheikh "
    "ayatollah imam king queen prince princess emir junior principal independent naval maritime".split()
)
_TITLE_TYPES = {"gen": "military", "col": "military", "maj": "military", "capt": "military", "lt": "military",
                "sgt": "military", "adm": "military", "brig": "military", "prof": "expert", "rep": "official",
                "sen": "official", "gov": "official"}  # fmt: skip
_HONORIFICS = frozenset("dr mr mrs ms sir dame lord lady".split())
_SINGULAR = frozenset("he she his her him himself herself".split())
_LEADING = re.compile(r"(?i)^(?:the|a|an|one|this|that|another|its|their|his|her|our|some|many|most|several|two|three|four|few|both)\s+")


class Speaker(NamedTuple):
    """A resolved source. ``speaker`` is empty where the text names nobody; role and affiliation only for the named."""

    speaker: str
    source_type: str
    is_named: bool
    role: str
    affiliation: str


_NOBODY = Speaker("", "other", False, "", "")


@cache
def _nouns() -> tuple[re.Pattern[str], dict[str, str]]:
    types = {line["term"].lower(): line["source_type"] for line in lexicons.read("sources", "term", "source_type")}
    ordered = sorted(types, key=lambda t: (-len(t), t))
    pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, ordered))})(?:e?s(?![\w-])|(?![\w-]))", re.IGNORECASE)
    return pattern, types


def _types(text: str) -> list[tuple[int, str]]:
    """Return the source types of the nouns in ``text`` with their places, in order."""
    pattern, types = _nouns()
    return [(m.start(), types[m[1].lower()]) for m in pattern.finditer(text)]


def source_type(role: str, affiliation: str = "") -> str:
    """Return the source type of a credential such as *a professor at Ewha University in Seoul*; ``other`` where unknown.

    A credential of scholarship or a think tank makes an expert whatever else the person was; else the first noun decides.
    """
    found = _types(role)
    head = re.split(r"\b(?:at|of|for|with|from|in|on|who|to)\b", role, maxsplit=1)[0]
    heads = [kind for _, kind in _types(head)]
    if "expert" in heads or (_THINK_TANK.search(f"{role} {affiliation}") and not _OFFICIAL_BODY.search(role)):
        return "expert"
    former = re.search(r"(?i)\b(?:former|retired|ex-)\b", role)
    if former and any(kind == "expert" for _, kind in found):
        return "expert"
    ranked = heads or [kind for _, kind in found]
    intelligence = [kind for _, kind in found if kind == "intelligence"]
    if intelligence and ranked and ranked[0] in ("official", "military", "organisation", "intelligence"):
        return "intelligence"
    if re.search(r"(?i)\b(?:army|navy|naval|military|air force|armed forces|general staff|defence staff|joint chiefs)\b", role):
        if ranked and ranked[0] in ("official", "military"):
            return "military"
    return ranked[-1] if ranked and role[:1].islower() and len(ranked) > 1 and not _LEADING.match(role) else (ranked[0] if ranked else "other")


def affiliation(role: str) -> str:
    """Return the body named in a credential: *Ewha University* in *a professor at Ewha University in Seoul*."""
    for match in re.finditer(r"\b(?:at|of|for|with|from|by|to)\s+(?:the\s+|a\s+|its\s+)?", role):
        body = _BODY.match(role, match.end())
        if body and _is_body(body[0]):
            return _trim(body[0])
    for match in _BODY.finditer(role):
        if match.start() < len(role) * 0.6 and _is_body(match[0]):
            return _trim(match[0])
    return ""


def _is_body(name: str) -> bool:
    words = {w.lower().strip(".’'") for w in name.split()}
    return bool(words & _BODY_WORDS) or bool(re.fullmatch(r"[A-Z]{3,}", name)) or bool(_THINK_TANK.search(name))


def _trim(name: str) -> str:
    return re.sub(r"[’']s?$", "", name.strip(" ,")).rstrip(".") if not name.endswith("Inc.") else name


class Register:
    """The persons and bodies of one article, filled while its sources are resolved from first to last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._people: dict[str, Speaker] = {}
        self._last: tuple[int, str] | None = None

    def resolve(self, start: int, end: int) -> Speaker:
        """Return who the source ``text[start:end]`` of the article is."""
        source = self._text[start:end].strip(" ,")
        found = self._pronoun(source, start) or self._coordinated(source, start) or self._one(source, start)
        if found.is_named and found.speaker in self._people:
            self._last = (start, found.speaker)
        return found

    def _pronoun(self, source: str, start: int) -> Speaker | None:
        if source.lower() in ("they", "we", "it", "i", "you", "who", "others", "those"):
            return _NOBODY
        if source.lower() not in _SINGULAR:
            return None
        named = self._last_person(start)
        return named or _NOBODY

    def _last_person(self, start: int, limit: int = 900) -> Speaker | None:
        """Return the person who spoke last, if not too far above."""
        if self._last and start - self._last[0] <= limit:
            return self._people[self._last[1]]
        return None

    def _coordinated(self, source: str, start: int) -> Speaker | None:
        """*Japan and South Korea*, *Warsame and Jimale*: one row, the names joined by '; '."""
        parts = re.split(r",\s+and\s+|,\s+|\s+and\s+", source)
        if len(parts) < 2 or not all(re.fullmatch(rf"(?:the\s+)?{_WORD}(?:\s+{_WORD}){{0,3}}", p) for p in parts):
            return None
        if _is_body(source) and not all(_state(p) for p in parts):
            return None
        each = [self._one(p, start) for p in parts]
        if not all(e.speaker for e in each):
            return None
        kinds = {e.source_type for e in each}
        return Speaker("; ".join(e.speaker for e in each), kinds.pop() if len(kinds) == 1 else "other", True, "", "")

    def _one(self, source: str, start: int) -> Speaker:
        head, _, rest = source.partition(",")
        apposition = rest.strip(" ,")
        if re.match(r"(?i)(?:who|which|whose)\b", apposition):
            apposition = ""
        if state := _state(_LEADING.sub("", head)):
            return Speaker(state, "state", True, "", "")
        document = self._document(head)
        if document:
            return document
        before, name, after = _person(head)
        if name:
            return self._named_person(name, before, apposition or after)
        if apposition and (inner := _person(apposition)[1]) and not _is_body(inner) and not _state(inner):
            return self._named_person(inner, head, "")
        return self._body_or_unnamed(head, apposition, start)

    def _document(self, head: str) -> Speaker | None:
        core = re.split(r"\b(?:of|by|from|on|among|between|in|for|published|released|conducted|at|to|about|commissioned)\b", head, maxsplit=1)[0]
        kinds = _types(core)
        if not kinds or kinds[-1][1] != "document":
            return None
        issuer = re.search(rf"\b(?:by|from)\s+(?:the\s+|a\s+|its\s+)?({_BODY.pattern}(?:\s+(?:intelligence|government|army|police|ministry))?)", head)
        body = issuer[1] if issuer else ""
        if not body:
            own = re.match(rf"(?i)(?:the\s+)?({_BODY.pattern})[’']s?\s", head)
            body = _trim(own[1]) if own and own[1][0].isupper() else ""
        state = _state(body) if body else None
        speaker = state or _trim(body)
        return Speaker(speaker, "document", bool(speaker), "", "")

    def _named_person(self, name: str, title: str, apposition: str) -> Speaker:
        full = self._full_name(name)
        if full is None:
            return Speaker("", source_type(title), False, "", "")
        known = self._people.get(full)
        role = apposition or (known.role if known else "") or self._credential(full) or _as_role(title)
        body = affiliation(role) or affiliation(title) or (known.affiliation if known else "")
        kind = source_type(role, body) if role else "other"
        if kind == "other" and title:
            kind = source_type(title, body)
        if kind == "other":
            kind = next((_TITLE_TYPES[w] for w in re.findall(r"\w+", title.lower()) if w in _TITLE_TYPES), kind)
        if known and kind == "other":
            kind = known.source_type
        person = Speaker(full, kind, True, role, body)
        self._people[full] = person
        return person

    def _full_name(self, name: str) -> str | None:
        """Return the full name behind a surname, the name itself where it stands alone, None where two people share it."""
        if " " in name and name not in self._people:
            return name
        if name in self._people:
            return name
        last = name.split()[-1]
        known = [p for p in self._people if p.split()[-1] == last]
        if len(known) == 1:
            return known[0]
        if len(known) > 1:
            return None
        longer = {m[0] for m in re.finditer(rf"\b{_WORD}(?:\s+{_WORD}){{0,2}}\s+{re.escape(name)}\b", self._text)}
        names = {_person(found)[1] for found in longer}
        names = {n for n in names if n and " " in n and not _is_body(n)}
        return names.pop() if len(names) == 1 else (name if not names else None)

    def _credential(self, name: str) -> str:
        """Return the credential that the article gives the person anywhere: NAME, CREDENTIAL, ... or CREDENTIAL NAME."""
        match = re.search(rf"{re.escape(name)},\s+((?:an?|the|who is|former|head|director|president|professor)\s[^.;“”\"]+?)(?=,|[.;]|\s+(?:said|says|told|warned|argued|noted)\b)", self._text)
        if match:
            return match[1].removeprefix("who is ")
        title = re.search(rf"((?:{_WORD}\s+|[a-z]+\s+){{1,6}}){re.escape(name)}\b", self._text)
        return _as_role(title[1]) if title and _types(title[1]) else ""

    def _body_or_unnamed(self, head: str, apposition: str, start: int) -> Speaker:
        bare = _LEADING.sub("", head)
        kind = source_type(head)
        definite = re.match(r"(?i)the\s+([\w-]+(?:\s+[\w-]+)?)$", head)
        if definite and bare.islower() and not bare.endswith("s"):
            person = self._last_person(start)
            if person and (person.source_type == kind or definite[1].lower() in person.role.lower()):
                return person
        named = re.search(rf"{_BODY.pattern}", bare)
        if named and (_is_body(bare) or kind in ("organisation", "media", "military", "intelligence", "official")):
            plural = re.search(r"(?:officials?|sources?|analysts|experts|soldiers?|residents|diplomats?|officers?|troops|observers|spokes\w+|ministers?|\w+ists|voters|people|villagers|fishermen|sailors|commanders?)$", bare.split(" at ")[0].split(" of ")[0].split(" for ")[0].split(" in ")[0])
            if not plural:
                return Speaker(_trim(bare), kind if kind != "other" else "organisation", True, "", "")
        return Speaker("", kind, False, "", "")


def _state(name: str) -> str | None:
    """Return the English short name of the state that ``name`` (or a capital that stands for its government) is, else None."""
    found = places.find(name)
    if len(found) != 1 or found[0].kind == "demonym":
        return None
    if name[: found[0].start].strip().lower() not in ("", "the") or name[found[0].end :].strip():
        return None
    return places.name(found[0].id)


def _as_role(title: str) -> str:
    """Return what stands before a name as a credential, honorifics apart; empty where it is none."""
    words = [w for w in title.split() if w.lower().rstrip(".") not in _HONORIFICS]
    text = " ".join(words).strip(" ,")
    return text if _types(text) or any(w.lower().rstrip(".") in _TITLE_TYPES for w in words) else ""


def _person(head: str) -> tuple[str, str, str]:
    """Cut *retired general John Smith of the Institute* into title, name and what follows; the name is empty where there is none."""
    for match in _CAPITALS.finditer(head):
        words = match[0].split()
        first = 0
        while first < len(words) - 1 and _is_title(" ".join(words[: first + 1]), words[first]):
            first += 1
        name = " ".join(words[first:])
        if first == len(words) - 1 and _is_title(name, words[first]) and not head[: match.start()].strip():
            continue
        if _is_body(name) or _is_body(match[0]) and first == 0 or _state(name) or _types(name) or name.isupper():
            continue
        if re.search(r"[’']s?$", name) or places.find(name) and len(name.split()) == 1:
            continue
        lead = head[: match.start()].strip()
        if match.start() and re.search(r"\b(?:at|of|for|with|from|in|on|by|and|to|near)(?:\s+the)?$", lead):
            continue
        after = head[match.end() :].strip()
        if after and not re.match(r"(?:of|at|from|with|who|for|in)\b", after):
            continue
        title = " ".join([lead, *words[:first]]).strip()
        return title, name, _credential_after(after)
    return "", "", ""


def _credential_after(after: str) -> str:
    return after if affiliation(after) else ""


def _is_title(run: str, word: str) -> bool:
    bare = word.lower().rstrip(".").rstrip("’'s") if word.endswith(("’s", "'s")) else word.lower().rstrip(".")
    if bare in _TITLE_ADJECTIVES or f"{bare}." in _TITLE_ADJECTIVES or _types(word):
        return True
    if word.endswith(("’s", "'s")):
        return True
    return bool(places.find(word)) or word.lower() in _BODY_WORDS
