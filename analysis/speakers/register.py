"""Which speaker each source of an article is: names, pronouns, descriptions, bodies, documents, several together."""

import re
from collections.abc import Iterable, Sequence

from analysis.reader import Entity
from analysis.speakers import bodies, names
from analysis.speakers.bodies import NOBODY, Speaker, joined
from analysis.speakers.credentials import WORD, bare, is_body, nouns, source_type
from analysis.speakers.documents import document
from analysis.speakers.mentions import Mentions
from analysis.speakers.people import People
from analysis.speakers.pointers import Pointers
from analysis.speakers.trail import Trail

_PLURAL_HEAD = re.compile(
    r"(?i)^(?:the\s+|both\s+|all\s+|some\s+|many\s+|other\s+|two\s+|three\s+|several\s+)*(?:[\w’'-]+\s+){0,3}?[\w’'-]+(?:s|men|people|troops|police)\b"
)
_NO_ONE = frozenset(
    "we i you who others those nobody none everyone everybody no-one all many some most somebody someone anyone which that".split()
)
_BOTH = re.compile(
    r"(?i)(?:both|the (?:two|pair|duo))(?:\s+of them)?(?:\s+(?:governments|states|countries|capitals|sides|neighbours|allies|powers|\w+s|men|women))?"
)


_CALLED = re.compile(
    r"^(?:who (?:uses the name|goes by(?: the name)?(?: of)?|gave (?:his|her) name as|is known as|calls (?:himself|herself))|known as|called|named|call ?sign|"
    r"nom de guerre)\s+"
)


_ASIDE = re.compile(
    r"\s[–—-]{1,2}\s[^–—]+?\s[–—-]{1,2}(?=\s|,|$)"
)  # *Ana Ruiz – no relation – of the Orrin Centre*
_GROUPED = re.compile(  # *Two analysts, Ana Ruiz and Bo Vale,*
    r"(?i)(?:two|both|the|his|her|its|their|other)\s[^,]+,\s+(?:that is,?\s+|namely\s+)?(?=[^,]+(?:,\s[^,]+)*\s+and\s)"
)


#: *Newlyweds Ana and Bo Vale*, *the brothers Bo and Cem Vale*: one surname for two.
_COUPLE = re.compile(
    rf"(?:the\s+)?(?i:newlyweds|couple|spouses|brothers|sisters|siblings|twins|cousins|parents|pensioners|honeymooners)\s+"
    rf"({WORD})\s+and\s+({WORD})\s+({WORD})"
)


#: What follows a name where the source is no person but what the person leads: *the Kim Jong Un regime*.
_OF_A_PERSON = re.compile(
    r"(?:[’']s?)?\s+[a-z-]*\s*(?:regime|government|administration|cabinet|campaign|camp|team|office)\b"
)
#: What precedes a name where the source is no person but somebody or something beside it: *a teacher from Lund*.
_NOT_HIMSELF = re.compile(r"\b(?:in|at|on|of|from|near|aboard|behind)\s+(?:the\s+)?(?:[\w-]+\s+)?$|[“\"‘]$")


class Register:
    """The speakers of one article, filled while its sources are resolved from first to last.

    Entities only add candidates. What ``contents`` hold names nobody whom a pronoun outside of them could mean.
    """

    def __init__(
        self,
        text: str,
        entities: Iterable[Entity] = (),
        contents: Iterable[tuple[int, int]] = (),
        starts: Sequence[int] | None = None,
    ) -> None:
        self._text = text
        self._mentions = Mentions(text, entities, contents, starts)
        self._trail = Trail(self._mentions)
        self._people = People(self._mentions, self._trail)
        self._pointers = Pointers(self._mentions, self._trail, self._people)

    def resolve(self, start: int, end: int) -> Speaker:
        """Return who the source ``text[start:end]`` of the article is; sources come in the order of the text."""
        source = _ASIDE.sub("", self._text[start:end].strip(" ,"))
        lead = len(self._text[start:end]) - len(self._text[start:end].lstrip(" ,"))
        start += lead
        found, kind = self._resolve(source, start)
        if kind:
            self._trail.add(start, found, kind)
        return found

    def _resolve(self, source: str, start: int) -> tuple[Speaker, str]:
        word = source.lower()
        if word in ("he", "she", "his", "her", "him"):
            return self._pointers.pronoun(start, "f" if word in ("she", "her") else "m"), "person"
        if word in ("they", "their", "them"):
            return self._trail.they(start), "several"
        if word in ("it", "its"):
            return self._trail.it(start), "body"
        if re.fullmatch(r"A|Answer", source) and self._text[
            start + len(source) : start + len(source) + 2
        ].strip().startswith(":"):
            who = self._mentions.interviewee
            return (self._people.known(who), "person") if who else (NOBODY, "")
        if word == "who" and (name := self._mentions.before(start)):
            return self._people.known(name), "person"
        if not source or word in _NO_ONE:
            return NOBODY, ""
        if re.match(r"(?i)(?:one|some|two|many|most) of (?:them|the (?:two|three|other)\b)", source):
            tail = names.segments(source)[1:]
            kind = source_type(source)
            kind = self._trail.they(start).source_type if kind == "other" else kind
            if tail and (person := names.person(tail[0])):
                return self._people.named(person, "", tail[1:], start, kind), "person"
            return Speaker("", kind, False), "person" if word.startswith("one") else "several"
        if _BOTH.fullmatch(source):
            return self._pointers.both(source, start), "several"
        if several := self._several(source, start):
            return several, "several"
        return self._one(source, start)

    def _one(self, source: str, start: int) -> tuple[Speaker, str]:
        parts = names.segments(source)
        head = parts[0] if parts else source
        head = head if bodies.known(head, self._text) else self._mentions.spelled_out(head)
        plain = (
            re.sub(r"[’']s?$", "", head)
            if re.fullmatch(r"[^\s].*[’']s?", head) and not re.search(r"s[’']$", head)
            else head
        )
        if known := bodies.known(plain, self._text):
            return known, "body"
        if document := self._document(source, start):
            return document, "body"
        if re.fullmatch(r"[Tt]he (?:(?:report|study|survey|paper)[’']s )?authors?", source) and (
            name := self._reported(start)
        ):
            return Speaker(name, "document", True), "body"
        small = self._in_small_letters(head, start)
        head, plain = small, small if head == plain else plain
        if person := self._person(plain if nouns(head) == () else head, parts, start):
            return person, "person"
        if pointed := self._pointers.described(plain, start):
            return pointed
        return self._body(plain, parts[1:], start)  # fmt: skip

    def _in_small_letters(self, head: str, start: int) -> str:
        """Return a name that a transcript gives in capitals as others write it: *Senator KATZ*, *ANA RUIZ:*, then *RUIZ:*."""
        label = " " in head and self._text.startswith(":", start + len(head)) and not is_body(head)
        if head.isupper() and len(head) > 3 and (label or (" " not in head and self._known(head.title()))):
            return head.title()
        return re.sub(
            r"(?:(?<=^Senator )|(?<=^Minister )|(?<=^Chair )|(?<=^M[rs] ))[A-Z]{3,}$",
            lambda m: m[0].title(),
            head,
        )

    def _person(self, head: str, parts: list[str], start: int) -> Speaker | None:
        """*Ana Ruiz, an analyst*; *the minister, Bo Vale*; *her colleague Anli*; *a medic, call sign Lark*."""
        end = start + len(head)
        hints = self._mentions.persons_in(start, end)
        found = names.person(head)
        if not found and hints and not is_body(head):
            at = head.find(hints[0])
            hint = names.person(hints[0])
            if (
                at >= 0
                and hint
                and not _OF_A_PERSON.match(head, at + len(hints[0]))
                and not _NOT_HIMSELF.search(head[:at])
                and not (
                    re.match(r"\s[a-z]", rest := head[at + len(hints[0]) :])
                    and not names.TAIL.match(rest.strip())
                )
            ):
                found = names.Person(
                    (head[:at] + hint.title).strip(), hint.name, head[at + len(hints[0]) :].strip()
                )
        if found and self._mentions.is_organisation(found.name) and not self._known(found.name):
            return None
        if found and (found.title or " " in found.name or not self._common(found.name, parts, start)):
            return self._people.named(found, "", parts[1:], start)
        if called := re.fullmatch(rf"(.+?)\s+{_CALLED.pattern[1:]}({names.NAME.pattern})", head):
            return self._people.named(names.Person("", called[2], ""), called[1], parts[1:], start)
        for i, part in enumerate(parts[1:2], 1):
            part, called_so = re.subn(_CALLED, "", part)
            inner = names.person(part)
            if not inner and called_so and names.is_name(part):
                inner = names.Person("", part, "")  # *call sign Librarian*
            if (
                inner
                and not re.match(r"(?:which|who|whose)\b", part)
                and (" " in inner.name or part != inner.name or not bodies.known(part, self._text))
            ):
                role = names.title_role(head)
                if (
                    names.OWNER.match(head)
                    and not re.match(r"(?i)(?:the|an?)\s", head)
                    and names.role(parts[i + 1 :])
                ):
                    role = ""  # *her former teacher, Bo Vale, a fellow of the Orrin Centre*
                elif (lead := names.title_role(inner.title)) and (
                    names.KIN.search(head) or lead.startswith("the ")
                ):
                    role = ""  # *her colleague, the physicist Bo Vale*
                elif not role and not names.KIN.search(head) and re.match(r"(?i)(?:the|an?)\s", head):
                    role = head
                return self._people.named(inner, role, parts[i + 1 :], start, owner=head)
        return None

    def _known(self, word: str) -> bool:
        """Say whether a word is a part of the name of a person of the article."""
        return bool(self._mentions.full_names(word)) or self._people.is_part(word)

    def _common(self, word: str, parts: list[str], start: int) -> bool:
        """*Dealers*, *Islanders*: a capital that only begins a sentence is no name."""
        if (
            self._mentions.full_names(word)
            or self._mentions.persons_in(start, start + len(word))
            or self._people.is_part(word)
        ):
            return False
        if nouns(word):
            return True
        plural = re.search(r"(?:[a-z]s|men|folk|people)$", word) and not word.endswith(
            ("is", "us", "as", "os", "ss")
        )
        begins = (
            start == 0
            or self._text[start - 1] == "\n"
            or bool(re.search(r"[.!?:;“\"‘]\s*$", self._text[max(0, start - 3) : start]))
        )
        return bool(plural and begins and not (len(parts) > 1 and re.match(r"an?\s|who\s|\d", parts[1])))  # fmt: skip

    def _body(self, head: str, parts: list[str], start: int) -> tuple[Speaker, str]:
        if match := re.match(r"(?i)(its|their)\s+(.+)", head):
            owner = (self._trail.it(start) if match[1].lower() == "its" else self._trail.they(start)).speaker
            kind = source_type(match[2])
            if parts and names.is_name(parts[0]) and (is_body(parts[0]) or not names.person(parts[0])):
                return bodies.resolve(parts[0]), "body"
            if re.fullmatch(r"authors?|writers", match[2]) and (owner := self._reported(start) or owner):
                return Speaker(owner, "document", True), "body"
            if owner and bodies.is_state_body(match[2]) and kind != "other" and ";" not in owner:
                return Speaker(f"{self._whose(owner)} {match[2]}", kind, True), "body"
            return Speaker("", kind, False), "several" if _PLURAL_HEAD.match(head) else "body"
        match = re.match(r"(?i)(the (?:north|south))[’'](s\s+.+)", head)
        if match and (alias := bodies.known(match[1], self._text)):
            head = f"{alias.speaker}’{match[2]}"
        if (
            parts
            and not names.person(head)
            and names.is_name(parts[0])
            and (is_body(parts[0]) or parts[0].lower().startswith("the "))
        ):
            return bodies.resolve(parts[0], head), "body"
        if re.search(r"\b(?:call|calls|calling) (?:themselves|itself) ", " ".join(parts)):
            called = re.search(rf"(?:themselves|itself) (?:the )?({names.NAME.pattern})", " ".join(parts))
            if called:
                kind = source_type(head)
                return Speaker(
                    called[1], "organisation" if kind in ("other", "witness") else kind, True
                ), "body"
        if bodies.is_bare_state_body(head) and (
            country := bodies.country(self._mentions.states, start, self._text)
        ):
            noun = re.sub(r"^(?i:the)\s+", "", head)
            return Speaker(f"{self._whose(country)} {noun}", source_type(head), True), "body"
        found = bodies.resolve(head)
        if found.source_type == "other" and parts and re.match(r"an?\s", parts[0]):
            found = found._replace(source_type=source_type(parts[0]))
        if found.is_named:
            return found, "body"
        if (
            re.match(r"(?i)(?:an?|one|the|his|her|my|our)\s", head)
            and not _PLURAL_HEAD.match(head.split(" who ")[0])
            and found.source_type not in ("organisation", "document", "media", "state")
        ):
            return found, "person"
        return found, "several" if _PLURAL_HEAD.match(head) else "body"  # fmt: skip

    def _whose(self, owner: str) -> str:
        mark = "’" if "’" in self._text else "'"
        return f"{owner}{mark}" if owner.endswith("s") else f"{owner}{mark}s"

    def _document(self, source: str, start: int) -> Speaker | None:
        """*a report by the Meridian Institute*, *the forum's paper*: a document, whose speaker is the body that issued it."""
        found = document(source)
        if not found or found.speaker:
            return found
        head = names.segments(source)[0]
        if re.match(r"(?i)its\s", head):
            owner = self._trail.it(start)
            return Speaker(owner.speaker, "document", bool(owner.speaker))
        back = re.match(r"(?i)the\s+(?:[a-z]+\s+)?([a-z]+)[’']s?\s", head) or re.search(
            r"\b(?:by|from|of)\s+the\s+([a-z]+)$", head
        )
        name = self._mentions.body(back[1], start) if back else ""
        if not back and re.match(
            r"(?i)(?:the|this)\s+\w+(?:$|,)", source
        ):  # *the report*: the one cited above
            name = self._reported(start)
        return Speaker(name, "document", bool(name))

    def _reported(self, start: int) -> str:
        """Return the body whose document was cited last above ``start``, or that was cited in a sentence on one."""
        for heard in self._trail.near(start):
            if heard.who.source_type == "document":
                return heard.who.speaker
            before = self._text[max(0, heard.start - 60) : heard.start].rsplit(". ", 1)[-1]
            if heard.kind == "body" and re.search(r"\b(?:report|study|survey|paper)\b", before):
                return heard.who.speaker
        return ""

    def _several(self, source: str, start: int) -> Speaker | None:
        """*Japan and South Korea*; *Ana Ruiz, an analyst, and Bo Vale, a baker*; *Ruiz and Vale of the Policy Lab*."""
        if " and " not in source and not re.search(r"\sas well as\s|\s&\s", source):
            return None
        source = re.sub(r"^(?i:both)\s+|\s+(?:alike|together|both)$", "", source)
        if grouped := _GROUPED.match(source):
            lead = grouped[0].strip(" ,")
            if not names.person(lead) and (
                _PLURAL_HEAD.match(lead) or "that is" in lead or re.search(r"(?:trio|pair|duo)\b", lead)
            ):
                together = self._several(source[grouped.end() :], start)
                if together and together.speaker.count("; "):
                    kind = source_type(lead) if together.source_type == "other" else together.source_type
                    return together._replace(source_type=kind)
        head = names.segments(source)[0]
        states = re.split(r",\s+and\s+|,\s+|\s+and\s+", source)
        if not all(bodies.known(p, self._text) for p in states):
            states = re.split(r"\s+and\s+", head)
        if len(states) > 1 and all(bodies.known(p, self._text) for p in states):
            return joined([x for p in states if (x := bodies.known(p, self._text))])
        if bodies.is_one_body(head) and not re.search(r",\s+and\s+[A-ZÀ-Þ]", source):
            return None
        halves = re.split(
            r",?\s+(?:and|as well as)\s+(?=[A-ZÀ-Þ]|(?:al|el)-|(?:his|her|its|the|an?)\s)", source
        )
        if len(halves) > 2 and re.search(
            r",\s+and\s+[A-ZÀ-Þ]", source
        ):  # *… of the Institute for Peace and Arms, and Bo Vale*
            halves = re.split(r",\s+and\s+(?=[A-ZÀ-Þ])", source)
        if len(halves) < 2:
            return None
        tail = re.search(r"\s+(?:of|at|from)\s+(?:the\s+)?([A-ZÀ-Þ].+)$", halves[-1])
        shared = bare(names.segments(tail[1])[0]) if tail and is_body(tail[1]) and "," not in source else ""
        if couple := _COUPLE.fullmatch(source):
            halves = [f"{couple[1]} {couple[3]}", f"{couple[2]} {couple[3]}"]
        cut = [names.segments(h) for h in halves]
        people = [names.person(c[0]) for c in cut if c]
        if any(
            p and " " not in p.name and not p.title and " " in people[0].name and not self._known(p.name)
            for p in people[1:]
            if people[0]
        ):
            return None  # *a fellow of the Observatory on Crime and Violence*
        if len(people) != len(halves) or not all(people):
            whole = [bodies.resolve(c[0]) for c in cut if c]
            if (
                len(whole) == len(halves)
                and all(w.is_named for w in whole)
                and all(
                    (re.match(r"(?i)the\s|.*[’']s?\s", c[0]) or is_body(c[0]) or bodies.state(c[0]))
                    for c in cut
                )
            ):
                return joined(whole)
            return None
        each: list[Speaker] = []
        for person, parts in zip(people, cut, strict=True):
            assert person is not None
            if shared and not person.tail:
                person = person._replace(tail=f"of {shared}")
            one = self._people.named(person, "", parts[1:], start)
            if re.search(r"\bit$", one.role) and each:
                one = one._replace(affiliation=each[-1].affiliation)
                if one.source_type != "expert" and each[-1].source_type == "expert":
                    one = one._replace(source_type="expert")
                self._people.keep(one)
            each.append(one)
        return joined(each) if all(e.speaker for e in each) else None  # fmt: skip
