"""Who and what an article names, and where: an index that is built once for each article, before its sources are resolved."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, wraps
from typing import NamedTuple

from analysis import places
from analysis.reader import Entity
from analysis.speakers import names
from analysis.speakers.credentials import bare, is_body, nouns
from analysis.text import sentences

_NEAR = 900  # characters above a pronoun in which its person must be named
_AFTER = re.compile(  # NAME, CREDENTIAL
    r"(?:\s\([^)]{1,20}\))?,\s+(?=(?:an?|the|who|whose|former|retired|now|head|director|president|professor|chair|senior|(?:[\w-]+\s){1,3}(?:at|of|for|with))\s)"
    r"((?:[^.;:“”\"‘()\n—–]|\.(?=\S)|(?<=\b[A-Z])\.|(?<=\b(?:St|Dr|Mr))\.)+)"
)
_IS = re.compile(  # NAME is a CREDENTIAL; NAME teaches …
    r",?\s+(?:is|was)\s+((?:an?|the|head|director|president)\s[^,.;:“”\"\n—]+)|"
    r"\s+((?:teaches|studies|lectures|researches|(?:directs|heads|leads|advises|chairs)\s(?:the|an?|its))\s[^,.;:“”\"\n—]+)"
)
_IN_BODY = re.compile(  # *the* and *Centre for* before a run of capitals: no person
    r"(?:\b[Tt]he\s|\b[A-Z][\w-]*(?:entre|enter|nstitute|nstitut|niversity|chool|ollege|inistry|epartment|ouncil|ommittee|orum|aboratory|bservatory|gency|ffice|oundation|ociety|rogramme|rogram|roject)\s(?:of|for|on)(?:\sthe)?\s|\b(?:[Mm]ember|MP) for\s|"
    r"\b(?:think[- ]tank|ship|vessel|tanker|freighter|trawler|ferry|dhow|carrier)\s)$"
)
_PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er|him|himself|herself)\b")
_SAID = re.compile(
    r"\s+(?:said|says|told|tells|warned|warns|added|adds|argued|argues|explained|explains|believes|wrote)\b.*$"
)
_BEFORE = re.compile(  # CREDENTIAL NAME, the credential in small letters or with capitals of its own
    r"(?:(?:\b(?:the|an?|his|her|its|their|our|my)\s+)?(?:[\wÀ-ž’'-]+\.?\s+){0,4}?)((?:\([a-z]+\.?\)\s+)?)$"
)
_BODY_RUN = re.compile(
    r"[A-ZÀ-Þ][\w’'&-]*(?:\s+(?:(?:of the|for the|of|for|and|on|the|del|de|du)\s+)?[A-ZÀ-Þ][\w’'&-]*)*"
)


_SHIP = re.compile(
    r"\b(?:ship|vessel|tanker|freighter|trawler|ferry|bulk carrier|cargo|crew|coaster|dhow|tug|sailors?|deck)\b"
)
_WARSHIP = re.compile(
    r"\b(?:frigate|destroyer|corvette|warship|submarine) (?:captain|commander)\b|\b(?:army|navy) captain\b"
)
_BEFORE_NAME = re.compile(  # *the international envoy, Count Leopold Harrach*: what ends before a title and a name
    r"(?:^|[\s(])((?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ur|[A-Z][\w-]*[’']s?(?:\sown)?)\s[^,.;:“”\"()\n—–]{3,70}),\s+((?:[A-Z][\w-]*\.?\s+){0,3})$"
)


_BESIDE = r"(institute|gang|group|firm|company|movement|militia|party|agency|newspaper|charity|union|foundation|consultancy|broadcaster|network|operator|shipowner|faction|cartel)"
_BODY_BESIDE = re.compile(
    rf"\b(?:[Tt]he|[Aa]n?)\s(?:[\w-]+\s){{0,2}}?{_BESIDE}(?:\scalled)?\s({_BODY_RUN.pattern})|"
    rf"({_BODY_RUN.pattern}),\s(?:an?|the)\s(?:[\w-]+\s){{0,3}}?{_BESIDE}\b"
)


_BODY_SMALL = re.compile(  # *the European naval mission*
    r"\b[Tt]he\s([A-Z][\w-]+(?:\s[a-z-]+){0,2}?\s(mission|commission|tribunal))\b(?![’'-])"
)


_ACRONYM = r"[A-Z][\w&-]{0,6}[A-Z]"


def _once(find: Callable[["Mentions", str], str]) -> Callable[["Mentions", str], str]:
    """Look a thing about a person up in an article no more than once."""

    @wraps(find)
    def found(self: "Mentions", name: str) -> str:
        key = (find.__name__, name)
        if key not in self.told:
            self.told[key] = find(self, name)
        return self.told[key]

    return found


class _Mention(NamedTuple):
    """A person's name in the text: where it stands, and the full name."""

    start: int
    end: int
    name: str


@lru_cache(16384)
def _full_name(run: str) -> str:
    """Return the person's name of two or more words in a run of capitals, else nothing."""
    if " " not in run:
        return ""
    found = names.person(run)
    return found.name if found and not found.tail and " " in found.name else ""


class Mentions:
    """The persons and bodies of one text. An entity of the reader only adds candidates; without any, capitals must do."""

    def __init__(
        self,
        text: str,
        entities: Iterable[Entity] = (),
        contents: Iterable[tuple[int, int]] = (),
        starts: Sequence[int] | None = None,
    ) -> None:
        self._text = text
        self.starts = (
            [s for s, _ in sentences(text)] if starts is None else starts
        )  # where the sentences begin
        self.told: dict[tuple[str, str], str] = {}
        self._entities = sorted(
            (e.start, e.end, e.label) for e in entities if e.label in ("person", "organisation")
        )
        self._persons = [(s, e) for s, e, label in self._entities if label == "person"]
        self._organisations = {text[s:e] for s, e, label in self._entities if label == "organisation"}
        self._said = _merged(contents)

    @cached_property
    def people(self) -> list[_Mention]:
        """Return the full names of persons in the text and the surnames that stand for one of them, with their places."""
        found: dict[int, _Mention] = {}
        single = []
        for match in names.runs(self._text):
            if " " not in match[0]:
                single.append(match)
                continue
            name = _full_name(self._in_small_letters(match))
            if name and not self._is_thing(match.start(), match.end()):
                found[match.end() - len(name)] = _Mention(match.end() - len(name), match.end(), name)
            elif not name and (re.search(r"[Mm](?:r|rs|s)\.?\s(\S+)$", match[0])):
                single.append(match)
        whole = sorted(found.values())
        for start, end in self._persons:
            i = bisect_left(whole, _Mention(start, 0, ""))
            if i and whole[i - 1].end >= end:  # *Lesly Vale* of *Guy-Lesly Vale*
                continue
            hit = names.person(self._text[start:end])
            at = start + self._text[start:end].rfind(hit.name) if hit else -1
            if hit and " " in hit.name and at not in found and not self._is_thing(start, end):
                found[at] = _Mention(at, at + len(hit.name), hit.name)
        by_last: dict[str, set[str]] = {}
        for mention in found.values():
            by_last.setdefault(mention.name.split()[-1].lower(), set()).add(mention.name)
        for match in single:
            word = match[0].split()[-1]
            full = by_last.get(re.sub(r"[’']s$", "", word).lower(), ())
            if len(full) == 1:
                at = match.end() - len(word)
                found[at] = _Mention(at, match.end(), *full)
        return sorted(found.values())

    def _is_thing(self, start: int, end: int) -> bool:
        """Say whether a run of capitals names a body, a ship, a constituency or a work: *“The Ninth Hinge”*."""
        lead = self._text[max(0, start - 40) : start]
        quoted = re.search(r"[“\"‘](?:[Tt]he\s|An?\s)?$", lead) and re.match(
            r"[”\"]|’(?!s)", self._text[end : end + 2]
        )
        return bool(quoted or _IN_BODY.search(lead))

    def _in_small_letters(self, run: re.Match[str]) -> str:
        """Return a run of capitals, *SHRI BO VALE:*, as a name where the text calls the same person *Vale* elsewhere."""
        if not run[0].isupper() or not self._text.startswith(":", run.end()):
            return run[0]
        small = run[0].title()
        return small if re.search(rf"\b{re.escape(small.split()[-1])}\b", self._text) else run[0]

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        """Return the full names by each of their words, in small letters."""
        found: dict[str, list[str]] = {}
        for name in dict.fromkeys(m.name for m in self.people):
            for word in name.split():
                full = found.setdefault(word.lower(), [])
                if name not in full:
                    full.append(name)
        return found

    def full_names(self, name: str) -> list[str]:
        """Return the full names of which ``name`` is a part."""
        words = [w.lower() for w in name.split()]
        found = self._by_word.get(words[-1], [])
        return [f for f in found if f.lower() != name.lower() and set(words) <= set(f.lower().split())]

    @cached_property
    def introduced(self) -> list[tuple[int, str]]:
        """Return the persons whom the text itself brings in outside of what is said: with a credential or as a sentence's subject."""
        found = []
        for at, end, name in self.people:
            if self.inside(at):
                continue
            begins = self.starts[bisect_right(self.starts, at) - 1] if self.starts else 0
            lead = re.sub(
                r"^(?:One|Another) of (?:them|the \w+), ", "", self._text[max(begins, at - 70) : at]
            )
            subject = (
                not re.search(r"[,;:]|\b(?:of|to|for|in|with|by|from|against|on)\b", lead)
                and at - begins < 60
            )
            if (
                subject
                or _AFTER.match(self._text, end)
                or self._has_body(end)
                or self._titled(at)
                or self._apposed(at, end)
            ):
                found.append((at, name))
        return found

    def _has_body(self, end: int) -> bool:
        """Say whether the body of a person follows the name: *We spoke to Bo Vale of the Orrin Centre*."""
        body = re.compile(rf",?\s(?:of|at|from|with)\s(?:the\s)?({_BODY_RUN.pattern})").match(self._text, end)
        return bool(body and " " in body[1] and is_body(body[1]))

    def _titled(self, at: int) -> bool:
        lead = re.sub(r"\s*\([\w.]+\)\s*$", "", self._text[max(0, at - 50) : at].rsplit("\n", 1)[-1])
        found = nouns(lead)
        return bool(found) and found[-1].end >= len(lead.rstrip(" .")) - 1

    def last_named(self, start: int, reach: int = _NEAR) -> str:
        """Return the person named last above ``start`` in whatever part of a sentence, outside of what is said; else nothing."""
        i = bisect_left(self.people, _Mention(start, 0, ""))
        for at, _, name in reversed(self.people[max(0, i - 5) : i]):
            if start - at < reach and not self.inside(at):
                return name
        return ""

    def only(self, start: int) -> str:
        """Return the one person whom the whole text names, as an obituary does, where that is above ``start``; else nothing."""
        first = self.people[0] if self.people and self.people[0].start < start else None
        return first.name if first and all(m.name == first.name for m in self.people) else ""

    def before(self, start: int) -> str:
        """Return the person whose name ends directly before ``start``, a comma apart: *Bo Vale, who*; else nothing."""
        i = bisect_left(self.people, _Mention(start, 0, ""))
        last = self.people[i - 1] if i else None
        return last.name if last and re.fullmatch(r",?\s+", self._text[last.end : start]) else ""

    def inside(self, at: int) -> bool:
        """Say whether a place lies in what somebody is cited for."""
        i = bisect_right(self._said, (at, len(self._text))) - 1
        return i >= 0 and self._said[i][0] <= at < self._said[i][1]

    def recent(self, start: int, reach: int = _NEAR) -> list[tuple[int, str]]:
        """Return the persons brought in shortly above ``start``, the last first."""
        low = bisect_left(self.introduced, (start - reach, ""))
        return self.introduced[low : bisect_left(self.introduced, (start, ""))][::-1]

    @cached_property
    def _places_of(self) -> dict[str, list[_Mention]]:
        found: dict[str, list[_Mention]] = {}
        for mention in self.people:
            found.setdefault(mention.name, []).append(mention)
        return found

    @_once
    def credential(self, name: str) -> str:
        """Return the credential that the article gives a person anywhere: NAME, CREDENTIAL or CREDENTIAL NAME."""
        at = self._places_of.get(name, ())
        for _, end, _ in at:
            after = _AFTER.match(self._text, end)
            parts = [_SAID.sub("", part).strip() for part in names.segments(after[1])] if after else []
            if (role := names.role(parts)) and names.is_told(role):
                return role
        for start, end, _ in at:
            if copula := _IS.match(self._text, end):
                role = re.split(r"\s+and\s+(?:has|is|was|will|had|lives)\b", copula[1] or copula[2])[0]
                lead = names.title_role(_last_phrase(self._lead(start)))
                return f"{lead}; {role}" if lead and copula[2] else role
        for start, end, _ in at:
            if end - start == len(name) and (before := self._apposed(start, end)):
                return before
        for start, end, _ in at:
            if end - start < len(name):
                continue
            found = names.person(self._lead(start) + name)
            if found and found.name == name and (role := names.title_role(_last_phrase(found.title))):
                return role
        return ""

    def _apposed(self, start: int, end: int) -> str:
        """Return the credential that ends before a name: *the international envoy, Count NAME, …*."""
        match = _BEFORE_NAME.search(self._text[max(0, start - 110) : start])
        if not match or not re.match(r"[,.;:)]|\s(?:said|says|told|warned)\b|$", self._text[end : end + 8]):
            return ""
        role, title = _last_phrase(match[1]), match[2].strip()
        found = nouns(role)
        if not found or names.person(role) or names.KIN.search(role) or role[: found[-1].end].endswith("s"):
            return ""
        return f"{role}, {title}" if title and nouns(title) else role

    def _lead(self, start: int) -> str:
        """Return what stands before a place in the same phrase."""
        return re.split(
            r"(?<!\b[A-Z][a-z]{2})(?<!\bLt)[,.;:“”\"\n—](?:\s|$)", self._text[max(0, start - 80) : start]
        )[-1]

    @_once
    def story(self, name: str) -> str:
        """Return how the sentence that first gives a full name goes on, with the next one where that begins with *he* or *she*."""
        first = next(
            (
                m
                for m in self._places_of.get(name, ())
                if m.end - m.start == len(name) and not self.inside(m.start)
            ),
            None,
        )
        if not first:
            return ""
        i = bisect_right(self.starts, first.start)
        j = bisect_left(self.people, _Mention(first.end, 0, ""))
        other = next((m.start for m in self.people[j : j + 3] if m.name != name), len(self._text))
        end = self.starts[i] if i < len(self.starts) else len(self._text)
        if re.match(r"(?:He|She)\s", self._text[end : end + 4]):
            end = self.starts[i + 1] if i + 1 < len(self.starts) else len(self._text)
        return self._text[first.end : min(end, other, first.end + 300)]

    @_once
    def opening(self, name: str) -> str:
        """Return what the sentence that first gives a full name says before it: *At the Orrin Institute, …*."""
        first = next((m for m in self._places_of.get(name, ()) if m.end - m.start == len(name)), None)
        if not first or not self.starts:
            return ""
        begin = self.starts[max(0, bisect_right(self.starts, first.start) - 1)]
        return self._text[max(begin, first.start - 200) : first.start]

    @cached_property
    def interviewee(self) -> str:
        """Return who answers in an interview: the person with a credential in the opening or in the last lines, named most."""
        opening = re.search(r"(?m)^(?:Q|Question)\s*:", self._text)
        first = opening.start() if opening else 800
        known = [
            m.name
            for m in self.people
            if (m.start < first or m.start > len(self._text) - 600) and self.credential(m.name)
        ]
        return known[0] if known else next((m.name for m in self.people), "")

    @_once
    def gender(self, name: str) -> str:
        """Return ``f`` or ``m`` by the pronouns that follow a name in its sentence, where they clearly lead; else nothing."""
        votes = [0, 0]
        for start, last, _ in self._places_of.get(name, ()):
            i = bisect_right(self.starts, start)
            end = min(self.starts[i] if i < len(self.starts) else len(self._text), start + 250)
            j = bisect_left(self.people, _Mention(start + 1, 0, ""))
            end = min(end, self.people[j].start) if j < len(self.people) else end
            if found := _PRONOUN.search(self._text, last, end):
                votes[found[0].lower() in ("she", "her", "herself")] += 1
        return "f" if votes[1] > 2 * votes[0] else "m" if votes[0] > 2 * votes[1] else ""

    @cached_property
    def is_afloat(self) -> bool:
        """Say whether the text is about ships and not about a navy: *the captain* is a seaman then."""
        return len(_SHIP.findall(self._text)) > 1 and not _WARSHIP.search(self._text)

    def count(self, name: str) -> int:
        """Return how often the text gives a full name."""
        return sum(m.end - m.start == len(name) for m in self._places_of.get(name, ()))

    @_once
    def tail(self, name: str) -> str:
        """Return the body that stands behind a name anywhere in the article: *of the Orrin Centre*."""
        for _, end, _ in self._places_of.get(name, ()):
            rest = self._text[end : end + 90]
            if match := re.match(r",?\s+((?:of|at|from|with)\s(?:[^,.;:“”\"()\n—–]|\.(?=\S))+)", rest):
                return _SAID.sub("", match[1])
        return ""

    @cached_property
    def _bodies(self) -> dict[str, list[tuple[int, str]]]:
        """Return the named bodies by their last word and by their initials, in small letters."""
        found: dict[str, list[tuple[int, str]]] = {}
        for match in _BODY_RUN.finditer(self._text):
            name = bare(match[0])
            if " " not in name or not is_body(name):
                continue
            words = [w for w in re.split(r"[\s-]+", name) if w[0].isupper()]
            keys = {re.sub(r"[’']s?$", "", w.lower()) for w in words} | {"".join(w[0] for w in words).lower()}
            for key in keys:
                found.setdefault(key, []).append((match.start(), name))
        return found

    @cached_property
    def _acronyms(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for match in re.finditer(rf"({_BODY_RUN.pattern})\s\(({_ACRONYM})\)", self._text):
            name, letters = bare(match[1]), iter(re.split(r"[’']s?\s", bare(match[1]))[-1].upper())
            if next(letters, None) == match[2][0] and all(c in letters for c in match[2][1:].upper()):
                found.setdefault(match[2], name)
        return found

    def spelled_out(self, head: str) -> str:
        """Return *the Joint Chiefs of Staff* for *the Joint Chiefs of Staff (JCS)* and, where the text has that, for *the JCS*."""
        head = re.sub(rf"\s\({_ACRONYM}\)$", "", head)
        full = self._acronyms.get(bare(head))
        return f"the {full}" if full else head

    def body(self, noun: str, start: int) -> str:
        """Return the body that *the forum* points back to: the last one above with that word in its name."""
        known = self._bodies.get(noun.lower(), [])
        i = bisect_left(known, (start, ""))
        return known[i - 1][1] if i else ""

    @cached_property
    def _apposed_bodies(self) -> dict[str, list[tuple[int, str]]]:
        """Return the names of bodies by the noun that stands beside them: *the polling institute NAME*, *NAME, a gang*."""
        found: dict[str, list[tuple[int, str]]] = {}
        for match in _BODY_BESIDE.finditer(self._text):
            noun, name = (match[1], match[2]) if match[1] else (match[4], match[3])
            person = names.person(name)
            if not (person and person.title):
                found.setdefault(noun, []).append((match.start(), bare(name)))
        for match in _BODY_SMALL.finditer(self._text):
            found.setdefault(match[2], []).append((match.start(), match[1]))
        for places_ in found.values():
            places_.sort()
        return found

    def called(self, noun: str, start: int) -> str:
        """Return the body that the text, last above ``start``, calls a *gang*, an *institute*, else nothing."""
        known = self._apposed_bodies.get(noun.lower(), [])
        i = bisect_left(known, (start, ""))
        return known[i - 1][1] if i else ""

    def last_body(self, start: int, reach: int = 300) -> tuple[int, str]:
        """Return the body named last above ``start`` as the subject of a sentence or clause, and where."""
        low = bisect_left(self.starts, start - reach)
        for begin in reversed(self.starts[low : bisect_left(self.starts, start)]):
            match = re.compile(rf"(?:[Tt]he\s+)?({_BODY_RUN.pattern})").match(self._text, begin)
            if match and match.end() < start and is_body(bare(match[1])) and " " in bare(match[1]):
                return begin, bare(match[1])
        return -1, ""

    def last_people(self, start: int) -> tuple[int, str]:
        """Return where the sentence above ``start`` that speaks of people in the plural begins, and their type as sources."""
        i = bisect_right(self.starts, start) - 1
        for begin in self.starts[max(0, i - 1) : i + 1][::-1]:
            lead = re.split(r"[,;:“”]", self._text[begin : min(start, begin + 60)])[0]
            found = [
                n
                for n in nouns(lead)
                if lead[n.start : n.end].lower().endswith(("s", "men", "people", "police"))
                and n.type in ("official", "witness", "military", "expert")
            ]
            if found and not re.search(
                r"\b(?:of|for|to|in|by|at|with|against)\s+[\w\s’'-]*$", lead[: found[0].start]
            ):
                return begin, found[0].type
        return -1, "other"

    def last_state(self, start: int, aliases: Mapping[str, str], reach: int = 300) -> tuple[int, str]:
        """Return the state that is the subject of the last sentence above ``start`` that has one, and where."""
        low = bisect_left(self.starts, start - reach)
        for begin in reversed(self.starts[low : bisect_left(self.starts, start)]):
            lead = re.match(
                r"(?:[A-Z]{4,}[^—–]{0,20}\s[—–]\s)?(?:[Tt]he\s+)?", self._text[begin : begin + 40]
            )
            at = begin + (lead.end() if lead else 0)
            alias = next(
                (aliases[a] for a in aliases if self._text.startswith(a, at) and not a.startswith("the ")), ""
            )
            if alias:
                return begin, alias
            found = places.find(self._text[at : min(start, at + 60)])
            if found and not found[0].start and found[0].kind != "demonym":
                return begin, places.name(found[0].id)
        return -1, ""

    @cached_property
    def states(self) -> list[tuple[int, str]]:
        """Return the states that the text names, demonyms and cities included, with their places."""
        return [(p.start, p.id) for p in places.find(self._text) if places.kind(p.id) == "state"]

    def is_organisation(self, name: str) -> bool:
        """Say whether the reader holds a name for an organisation and never for a person."""
        return name in self._organisations and not any(self._text[s:e] == name for s, e in self._persons)

    def persons_in(self, start: int, end: int) -> list[str]:
        """Return the persons that the reader found in ``text[start:end]``."""
        i = bisect_left(self._persons, (start, start))
        found = []
        while i < len(self._persons) and self._persons[i][1] <= end:
            found.append(self._text[slice(*self._persons[i])])
            i += 1
        return found


def _last_phrase(title: str) -> str:
    """Leave what precedes the noun phrase that ends in a name: *told the analyst* → *the analyst*."""
    words = title.split()
    for i in range(len(words) - 1, -1, -1):
        if words[i].lower() in ("the", "a", "an", "his", "her", "its", "their", "our", "my"):
            return " ".join(words[i:])
        if re.fullmatch(
            r"(?:said|says|told|by|of|with|to|and|from|for|in|when|while|as|that|but|according|asked|which|where|who|like|including|along|reports|shows|would|has|have|had|is|was|were|out|than|[a-z]+(?:ed|ing)|[^\w]+)",
            words[i],
        ) and words[i] not in ("retired",):
            return " ".join(words[i + 1 :])
    return title


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
