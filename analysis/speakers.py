"""Who a source is: one canonical speaker per article, with type, role and affiliation, by rules in the open.

What cannot be resolved stays empty rather than guessed. The credential may stand anywhere in the article; *retired*
officers and former ministers who speak for a think tank or a university are experts.
"""

import re
from functools import cache
from typing import NamedTuple

from analysis import lexicons, places

_WORD = r"[A-ZÀ-Þ][\w’'.-]*"
_LINK = r"(?:de|da|del|der|van|von|bin|ibn|al|el|la|le|ben|abu|dos|di|ter|ten|ag)"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:{_LINK}\s+)*{_WORD})*")
_BODY = re.compile(
    rf"{_WORD}(?:\s+(?:(?:of|for|and|on|the|&)\s+)*{_WORD})*"
)  # Institute for the Study of War
_BODY_WORDS = frozenset(
    "university institute institution college school academy center centre council committee commission "
    "ministry department agency bureau office party government army navy command force forces staff union "
    "organisation organization association foundation group forum observatory society initiative project lab "
    "laboratory network service services authority bank company corporation court parliament senate congress "
    "house league federation alliance guard police chamber board directorate secretariat programme program "
    "fund trust movement front chiefs intelligence regime administration cabinet junta coastguard times post "
    "gazette herald tribune courier chronicle journal news radio television line lines shipping monitor watch "
    "embassy mission dispatch observer examiner record ledger mail wire ministers media press circle".split()
)
_THINK_TANK = re.compile(
    r"\b(?:University|Institut[eo]?|Institution|College|School of|Academy|Cent(?:er|re)|[Tt]hink[ -]?tank|Council on|Foundation|"
    r"Forum|Observatory|Studies|Chatham House|RAND|RUSI|Carnegie|Brookings|Programme|Lab|Polytechnic)\b"
)
_SCHOLARLY = re.compile(r"\bwho (?:now )?(?:studies|teaches|lectures|researches)\b")
_OFFICIAL_BODY = re.compile(r"(?i)\b(?:ministry|department of|government|parliament|cabinet|embassy)\b")
_OFFICE = re.compile(
    r"\b(?:agency|office|service|bureau|directorate|department|authority|board|commission)\b"
)
_FORMER = re.compile(r"(?i)\b(?:former|retired|ex-\w+)\b")
_TITLE_WORDS = frozenset(
    "foreign prime defence defense deputy former retired chief senior acting vice assistant interior finance "
    "first lt col gen maj capt sgt adm brig dr prof mr mrs ms sir dame lord lady rear lead political military "
    "security regional independent veteran interim outgoing incoming state national rep sen gov young elderly "
    "local father sister sheikh ayatollah imam king queen prince princess emir junior principal naval "
    "maritime the".split()
)
_RANKS = {"gen": "military", "col": "military", "maj": "military", "capt": "military", "lt": "military", "sgt": "military",
          "adm": "military", "brig": "military", "prof": "expert", "rep": "official", "sen": "official", "gov": "official"}  # fmt: skip
_HONORIFICS = frozenset("dr mr mrs ms sir dame lord lady the".split())
_ARTICLE = re.compile(
    r"(?i)^(?:the|a|an|one|this|that|another|its|their|his|her|our|some|many|most|several|two|three|four|few|both)\s+"
)
_NO_ONE = frozenset(
    "we it i you who others those nobody none everyone everybody no-one all many some most".split()
)
_PEOPLE = re.compile(  # plurals and offices that name nobody: *Ukrainian officials*, *a Kremlin spokesman*
    r"(?i)(?:officials?|sources?|analysts?|experts?|soldiers?|residents?|diplomats?|officers?|troops|observers?|spokes\w+|ministers?|\w+ists?|"
    r"voters|people|villagers?|fishermen|fisherman|sailors?|commanders?|peacekeepers|researchers?|scholars?|\w+makers?|generals?|services|agencies|media|"
    r"intelligence services|leaders?|refugees?|farmers?|critics|politicians?|prosecutors?|aides?|advis[eo]rs?)$"
)


class Speaker(NamedTuple):
    """A resolved source. ``speaker`` is empty where the text names nobody; role and affiliation only for the named."""

    speaker: str
    source_type: str
    is_named: bool
    role: str = ""
    affiliation: str = ""


@cache
def _nouns() -> tuple[re.Pattern[str], dict[str, str]]:
    lines = lexicons.read("sources", "term", "source_type")
    ordered = sorted((line["term"] for line in lines), key=lambda t: (-len(t), t))
    choices = (
        re.escape(t) if t.isupper() else f"(?i:{re.escape(t)})" for t in ordered
    )  # UN is the United Nations, Un is not
    return re.compile(rf"(?<![\w-])({'|'.join(choices)})(?:e?s)?(?![\w-])"), {
        line["term"].lower(): line["source_type"] for line in lines
    }


def _types(text: str) -> list[str]:
    """Return the source types of the nouns in ``text`` that the lexicon knows, in order."""
    pattern, types = _nouns()
    return [types[m[1].lower()] for m in pattern.finditer(text)]


@cache
def _groups() -> dict[str, str]:
    """Return the armed groups of the lexicon that are no states, by their terms."""
    return {
        line["term"]: line["actor"]
        for line in lexicons.read("actors", "term", "actor")
        if not line["actor"].isupper() or len(line["actor"]) > 2
    }


def source_type(role: str) -> str:
    """Return the source type of a credential such as *a professor at Ewha University in Seoul*; ``other`` where unknown.

    Scholarship or a think tank makes an expert whatever else the person was; otherwise the head of the phrase decides.
    """
    head = re.split(r"\b(?:at|of|for|with|from|in|on|who|to|that|whose)\b", role, maxsplit=1)[0]
    heads, every = _types(head), _types(role)
    if (
        "expert" in heads
        or _SCHOLARLY.search(role)
        or (_THINK_TANK.search(role) and not _OFFICIAL_BODY.search(role))
    ):
        return "expert"
    if _FORMER.search(role) and "expert" in every:
        return "expert"
    found = heads or every
    if not found:
        return "other"
    if "intelligence" in every and found[0] in ("official", "military", "organisation"):
        return "intelligence"
    if found[0] == "official" and re.search(
        r"(?i)\b(?:army|navy|naval|military|air force|armed forces|general staff|joint chiefs)\b", role
    ):
        return "military"
    return found[0]


def affiliation(role: str) -> str:
    """Return the body named in a credential: *Ewha University* in *a professor at Ewha University in Seoul*."""
    bodies = [m[0] for m in _BODY.finditer(role) if _is_body(m[0])]
    return _bare(bodies[0]) if bodies else ""


def _is_body(name: str) -> bool:
    words = {w.lower().strip(".’'s") for w in name.split()} | {w.lower() for w in name.split()}
    return (
        bool(words & _BODY_WORDS) or bool(re.fullmatch(r"[A-Z]{3,}", name)) or bool(_THINK_TANK.search(name))
    )


def _bare(name: str) -> str:
    return re.sub(r"[’']s?$", "", re.sub(r"^[Tt]he\s+", "", name.strip(" ,")))


class Register:
    """The persons of one article, filled while its sources are resolved from first to last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._people: dict[str, Speaker] = {}
        self._heard: list[tuple[int, Speaker]] = []

    def resolve(self, start: int, end: int) -> Speaker:
        """Return who the source ``text[start:end]`` of the article is; sources come in the order of the text."""
        source = self._text[start:end].strip(" ,")
        found = self._resolve(source, start)
        if found.is_named:
            self._heard.append((start, found))
        return found

    def _resolve(self, source: str, start: int) -> Speaker:
        word = source.lower()
        if word in ("he", "she"):
            return self._pronoun(start)
        if word == "they":
            last = self._heard[-1][1] if self._heard else None
            return last if last and "; " in last.speaker else Speaker("", "other", False)
        if not source or word in _NO_ONE:
            return Speaker("", "other", False)
        return self._several(source, start) or self._one(source, start)

    def _pronoun(self, start: int) -> Speaker:
        """Return the person named last above, whether cited there or only mentioned; nobody where that is too far."""
        cited = next(((at, s) for at, s in reversed(self._heard) if s.speaker in self._people), None)
        mentioned = None
        for match in _NAME.finditer(self._text, max(0, start - 300), start):
            name = _person(match[0])[1]
            if (
                " " in name
                and (not cited or match.start() > cited[0] + 3)
                and self._text[match.end() : match.end() + 1] == ","
            ):
                mentioned = name
        if mentioned and (not cited or not cited[1].speaker.endswith(mentioned)):
            return self._named(mentioned, "", "")
        return cited[1] if cited and start - cited[0] <= 900 else Speaker("", "other", False)

    def _several(self, source: str, start: int) -> Speaker | None:
        """*Japan and South Korea*, *Warsan and Jimaleh of the Policy Lab*: one row, the names joined by '; '."""
        tail = re.search(r"\s+(?:of|at|from)\s+(?:the\s+)?(.+)$", source)
        body = _bare(tail[1]) if tail and _is_body(tail[1]) else ""
        parts = re.split(r",\s+and\s+|,\s+|\s+and\s+", source[: tail.start()] if tail and body else source)
        if len(parts) < 2 or not all(re.fullmatch(rf"(?:[Tt]he\s+)?{_NAME.pattern}", p) for p in parts):
            return None
        if not all(_state(p) for p in parts) and any(_is_body(p) for p in parts):
            return None
        each = [self._one(f"{p} of {body}" if body else p, start) for p in parts]
        if not all(e.speaker for e in each):
            return None
        kinds = {e.source_type for e in each}
        return Speaker(
            "; ".join(e.speaker for e in each), kinds.pop() if len(kinds) == 1 else "other", True, "", body
        )

    def _one(self, source: str, start: int) -> Speaker:
        head, _, rest = source.partition(",")
        head = re.sub(r"^The\s+(?=[A-Z])", "", head)
        apposition = "" if re.match(r"\s*(?:which|whose)\b", rest) else rest.strip(" ,")
        if state := _state(_ARTICLE.sub("", head)):
            return Speaker(state, "state", True)
        if group := _groups().get(_ARTICLE.sub("", head)):
            return Speaker(group, "organisation", True)
        if document := _document(head):
            return document
        title, name, after = _person(head)
        if name:
            return self._named(name, title, apposition or after)
        if (
            apposition
            and (inner := re.fullmatch(rf"(?:the\s+)?({_NAME.pattern})", apposition))
            and not _state(inner[1])
        ):
            if _is_body(inner[1]):
                return Speaker(
                    _bare(inner[1]), source_type(inner[1]) if _types(inner[1]) else "organisation", True
                )
            return self._named(inner[1], head, "")
        return self._definite(head) or _body(head)

    def _named(self, name: str, title: str, apposition: str) -> Speaker:
        full = self._full(name)
        if full is None:  # two people of one surname
            return Speaker("", source_type(title), False)
        known = self._people.get(full)
        tail, apposition = (
            (apposition, "") if re.match(r"(?:of|at|from|with)\b", apposition) else ("", apposition)
        )
        role = apposition or (known.role if known else "") or self._credential(full) or _as_role(title)
        body = (
            affiliation(role)
            or affiliation(title)
            or affiliation(tail)
            or (known.affiliation if known else "")
        )
        kind = source_type(f"{role} {body}") if role or body else "other"
        if kind == "other":
            kind = next(
                (_RANKS[w] for w in re.findall(r"\w+", title.lower()) if w in _RANKS), source_type(title)
            )
        if kind == "other" and re.match(r"(?:an?|who)\s", role) and not body:
            kind = "witness"  # an occupation that speaks for no body: *a pharmacist in Paju*
        if known and kind == "other":
            kind = known.source_type
        self._people[full] = Speaker(full, kind, True, role, body)
        return self._people[full]

    def _full(self, name: str) -> str | None:
        """Return the full name behind a part of it, the name itself where it is all there is, None where two people share it."""
        if name in self._people or " " in name:
            return name
        known = [p for p in self._people if name in p.split()]
        if not known:
            runs = {m[0] for m in _NAME.finditer(self._text) if name in m[0].split() and m[0] != name}
            known = sorted(
                {full for run in runs if " " in (full := _person(run)[1]) and name in full.split()}
            )
        return known[0] if len(known) == 1 else (None if known else name)

    def _credential(self, name: str) -> str:
        """Return the credential that the article gives a person anywhere: NAME, CREDENTIAL or CREDENTIAL NAME."""
        after = re.search(
            rf"{re.escape(name)},\s+((?:an?|the|former|head|director|president|professor)\s[^.;“”\"]+?)(?=,|[.;]|\s(?:said|says|told|warned)\b)",
            self._text,
        )
        if after:
            return after[1]
        before = re.search(rf"((?:(?:{_WORD}|[a-z]+)\s+){{1,6}}){re.escape(name)}\b", self._text)
        title = _as_role(" ".join(w for w in before[1].split() if w[0].isupper())) if before else ""
        return title

    def _definite(self, head: str) -> Speaker | None:
        """*the expert*, *the former colonel*: the person cited last whose credential says so."""
        match = re.fullmatch(r"(?i)the\s+((?:[a-z-]+\s+)?([a-z-]+))(?:\s+(?:himself|herself))?", head)
        if not match or not match[1].islower() or match[2].endswith("s"):
            return None
        people = [s for _, s in reversed(self._heard) if s.speaker in self._people]
        same = [
            s
            for s in people
            if match[2] in s.role.lower() or (_FORMER.match(match[1]) and _FORMER.search(s.role))
        ]
        kind = source_type(head)
        same += [s for s in people[:1] if kind == s.source_type and kind != "other"]
        return same[0] if same else None


def _state(name: str) -> str | None:
    """Return the English short name of the state or region that ``name`` is (a capital stands for its government), else None."""
    found = places.find(name)
    if len(found) != 1 or found[0].kind == "demonym":
        return None
    before, after = name[: found[0].start].strip().lower(), name[found[0].end :].strip()
    return places.name(found[0].id) if before in ("", "the") and not after else None


def _document(head: str) -> Speaker | None:
    """*a report by the Meridian Institute*: a document, whose speaker is the body that issued it."""
    core = re.split(
        r"\b(?:of|by|from|on|among|between|in|for|published|released|conducted|at|to|about)\b",
        head,
        maxsplit=1,
    )[0]
    kinds = _types(core)
    if not kinds or kinds[-1] != "document":
        return None
    issuer = re.search(
        rf"\b(?:by|from)\s+(?:the\s+)?({_BODY.pattern}(?:\s+(?:intelligence|government|army|police|ministry))?)",
        head,
    )
    owner = re.match(rf"({_BODY.pattern})[’']s?\s", core)
    body = _bare(issuer[1] if issuer else owner[1] if owner else "")
    speaker = _state(body) or body
    return Speaker(speaker, "document", bool(speaker))


def _body(head: str) -> Speaker:
    """A body, *South Korea's Joint Chiefs of Staff*, or somebody unnamed, *analysts*."""
    bare, kind = _ARTICLE.sub("", head), source_type(head)
    owner = re.match(rf"({_NAME.pattern})[’']s?\s", bare)
    if owner and _state(owner[1]) and kind in ("organisation", "other") and _OFFICE.search(bare):
        kind = "official"
    first = re.split(r"\s(?:at|of|for|in|from|on|who|near|along|with)\s", bare)[0]
    capitals = [
        m[0]
        for m in _NAME.finditer(bare)
        if m.start() or " " in m[0] or not head[:1].isupper() or _is_body(m[0]) or places.find(m[0])
    ]
    unnamed = (
        not capitals
        or _PEOPLE.search(first)
        or re.match(r"(?i)(?:an?|some|many|several|its|their|western|other)\s", head)
    )
    if unnamed or (kind == "other" and not _is_body(bare) and not owner and len(capitals) != 1):
        return Speaker("", kind, False)
    return Speaker(
        re.sub(r"[’']$", "", bare), "organisation" if kind == "other" and _is_body(bare) else kind, True
    )


def _as_role(title: str) -> str:
    """Return what stands before a name as a credential, honorifics apart; empty where it is none."""
    words = [w for w in title.split() if w.lower().rstrip(".") not in _HONORIFICS]
    return (
        " ".join(words)
        if _types(" ".join(words)) or any(w.lower().rstrip(".") in _RANKS for w in words)
        else ""
    )


def _person(head: str) -> tuple[str, str, str]:
    """Cut *retired general John Smith of the Institute* into title, name and what follows; the name is empty where there is none."""
    for match in _NAME.finditer(head):
        words = match[0].split()
        first = 0
        while first < len(words) - 1 and _is_title(words[first]):
            first += 1
        name, lead = " ".join(words[first:]), head[: match.start()].strip()
        after = head[match.end() :].strip()
        if _is_body(name) or _state(name) or _types(name) or name.isupper() or re.search(r"[’']s?$", name):
            continue
        if first == len(words) - 1 and (_is_title(name) or (not lead and not first and len(name) < 3)):
            continue
        if re.search(r"\b(?:at|of|for|with|from|in|on|by|and|to|near)(?:\s+the)?$", lead) or (
            after and not re.match(r"(?:of|at|from|with|who|for|in)\b", after)
        ):
            continue
        if len(words) - first == 1 and lead and not _types(lead) and not first:
            continue
        return " ".join([lead, *words[:first]]).strip(), name, after if affiliation(after) else ""
    return "", "", ""


def _is_title(word: str) -> bool:
    bare = word.lower().rstrip(".")
    return (
        bare in _TITLE_WORDS
        or word.endswith(("’s", "'s"))
        or bool(_types(word))
        or bool(places.find(word))
        or bare in _BODY_WORDS
    )
