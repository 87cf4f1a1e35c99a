"""Whom a pronoun or a description points back to: *she*, *both scholars*, *the expert*, *the forum*."""

import re
from bisect import bisect_left

from analysis.speakers import bodies, names
from analysis.speakers.bodies import NOBODY, Speaker, joined
from analysis.speakers.credentials import THINK_TANK, source_type
from analysis.speakers.mentions import Mentions
from analysis.speakers.people import People, fits
from analysis.speakers.trail import Trail

_GENERIC = {
    "expert": frozenset("expert scholar analyst researcher academic specialist professor scientist author consultant".split()),
    "military": frozenset("officer soldier".split()),
    "witness": frozenset("man woman resident witness villager".split()),
    "official": frozenset("official diplomat politician".split()),
}  # fmt: skip
_SHORT = {  # ranks and offices as they stand before a name: *the General* is *Lt. Gen. Bo Vale*
    "general": "gen", "colonel": "col", "captain": "capt", "major": "maj", "admiral": "adm", "lieutenant": "lt",
    "sergeant": "sgt", "corporal": "cpl", "brigadier": "brig", "commander": "cmdr", "professor": "prof", "doctor": "dr",
    "senator": "sen", "governor": "gov", "representative": "rep",
}  # fmt: skip


def _says(told: str, word: str) -> bool:
    """Say whether a credential has a word or, before a full stop, its short form. A pattern for each word would cost more."""
    told = told.lower()
    for form, is_short in ((word, False), (f"{_SHORT.get(word, '')}.", True)):
        at = told.find(form) if len(form) > 1 else -1
        while at >= 0:
            after = told[at + len(form) : at + len(form) + 1]
            if not (at and _IN_WORD.match(told, at - 1)) and (is_short or not _LETTER.match(after)):
                return True
            at = told.find(form, at + 1)
    return False


_IN_WORD, _LETTER = re.compile(r"[\w-]"), re.compile(r"\w")


class Pointers:
    """What points back in one article, by who was cited and who was named above."""

    def __init__(self, mentions: Mentions, trail: Trail, people: People) -> None:
        self._mentions = mentions
        self._trail = trail
        self._people = people

    def _candidates(self, start: int) -> list[tuple[int, Speaker]]:
        """Return the persons above ``start``, cited or brought in, the last first; each once."""
        cited = [(h.start, h.who) for h in self._trail.near(start) if h.kind == "person"]
        named = [(at, name) for at, name in self._mentions.recent(start)]
        merged: list[tuple[int, Speaker | str]] = [*cited, *named]
        found: list[tuple[int, Speaker]] = []
        seen: set[str] = set()
        for at, who in sorted(merged, key=lambda c: -c[0]):
            name = who if isinstance(who, str) else who.speaker or f"@{at}"
            if name not in seen:
                seen.add(name)
                found.append((at, self._people.known(who) if isinstance(who, str) else who))
        return found  # fmt: skip

    def pronoun(self, start: int, gender: str) -> Speaker:
        """Return the person named last above, cited or brought in; a person known to be of the other sex is passed over."""
        found = [
            who for _, who in self._candidates(start)
            if not who.speaker or self._people.gender_of(who.speaker) in ("", gender)
        ]  # fmt: skip
        pair: list[Speaker] = []
        for h in self._trail.near(start):  # of several cited together: *Ana Ruiz and Bo Vale … she*
            if h.kind == "several" and h.who.speaker:
                each = [p for n in h.who.speaker.split("; ") if (p := self._people.get(n))]
                each = [e for e in each if self._people.gender_of(e.speaker) in ("", gender)]
                if each and (not found or found[0] in each):
                    pair = each
                    found = [
                        *found[:1],
                        *[e for e in each if e not in found[:1]],
                        *[f for f in found[1:] if f not in each],
                    ]
                break
        if not found:
            name = self._mentions.last_named(start) or self._mentions.only(start)
            may_be = name and self._people.gender_of(name) in ("", gender)
            return self._people.known(name) if may_be else NOBODY
        best = found[0]
        unlikely = ("", gender) if best not in pair or gender == "m" else (gender,)
        if (
            best.speaker
            and not self._people.gender_of(best.speaker)
            and self._people.likely(best.speaker) not in unlikely
        ):
            other = [
                w
                for w in found[1:3]
                if w.speaker
                and fits(self._people.gender_of(w.speaker) or self._people.likely(w.speaker), gender)
            ]
            best = other[0] if other else best
        if best.speaker and self._people.likely(best.speaker) in ("", gender):
            self._people.settle(best.speaker, gender)
        return best  # fmt: skip

    def both(self, source: str, start: int) -> Speaker:
        """*both scholars*, *the two governments*: the last two persons or the last two states above."""
        if re.search(r"(?i)governments|states|countries|capitals|sides|neighbours|allies|powers", source):
            states = self._mentions.states
            low = bisect_left(states, (start, ""))
            ids = list(dict.fromkeys(i for _, i in reversed(states[max(0, low - 40) : low])))[:2]
            if len(ids) == 2:
                return Speaker("; ".join(bodies.state_name(i) for i in reversed(ids)), "state", True)
            return Speaker("", "state", False)
        last = self._trail.persons()[:2]
        if len(last) < 2:
            return Speaker("", source_type(source), False)
        return joined([self._people.known(name) for name in reversed(last)])

    def described(self, head: str, start: int) -> tuple[Speaker, str] | None:
        """*the expert*, *the former colonel*, *the forum*: the person or body named last whose credential or name says so."""
        match = re.fullmatch(
            r"(?:[Tt]he|[Tt]his|[Tt]hat)\s+((?:[A-Za-z-]+\s+){0,2}?)([A-Za-z][a-z]+)(?:\s+(?:himself|herself|itself))?(?:\s+(?:who|at)\s.*)?",
            head,
        )
        if not match:
            return None
        noun, kind = match[2], source_type(head)
        if (
            (
                body := self._mentions.body(noun, start)
                if noun not in ("government", "army", "ministry") or not match[1]
                else ""
            )
            and not match[1]
            and noun in body.lower().split()
            and noun in bodies.NOUNS
        ):
            return bodies.resolve(body), "body"
        if not match[1] and (called := self._mentions.called(noun, start)):
            found = bodies.known(called, "") or bodies.resolve(called, noun)
            if found.source_type in ("other", "witness"):
                found = found._replace(source_type=source_type(noun))
            return found._replace(speaker=found.speaker or called, is_named=True), "body"
        if noun.endswith("s"):
            return None
        people = [w for _, w in self._candidates(start) if w.speaker]
        people += [self._people.known(n) for n in self._trail.persons()]
        seen = {w.speaker for w in people}
        low = bisect_left(self._mentions.introduced, (start, ""))
        far = [n for _, n in self._mentions.introduced[max(0, low - 60) : low][::-1] if n not in seen]
        former = bool(re.match(r"(?i)(?:former|retired|ex)", match[1]))
        words = [f"{match[1]}{noun}".lower(), noun.lower()]
        for word in words:
            for name in dict.fromkeys([*(w.speaker for w in people), *far]):
                if _says(self._people.told(name), word):
                    return self._people.known(name), "person"
        if former and (
            old := [w for w in people if re.search(r"(?i)\b(?:former|retired|retd?|served)\b", w.role)]
        ):
            return self._people.known(old[0].speaker), "person"
        if noun.lower() in _GENERIC.get(kind, ()):
            same = [w for w in people if w.source_type == kind]
            if same:
                return self._people.known(same[0].speaker), "person"
        if ranked := [
            w for w in people if (kind == "military" and noun[:3] in re.findall(r"[a-z]{3}", w.role.lower()))
        ]:
            return self._people.known(ranked[0].speaker), "person"
        return self._new_word(head, people, start)

    def _new_word(self, head: str, people: list[Speaker], start: int) -> tuple[Speaker, str] | None:
        """*The historian* behind *Ana Ruiz counts herself among the pessimists*: a name without a credential gets one."""
        last = next(iter(self._mentions.recent(start, 400)), None)
        if (
            not last
            or not people
            or people[0].speaker != last[1]
            or (
                (told := self._people.told(last[1]).strip())
                and not (told.startswith("whose ") and names.is_weak(told))
            )
        ):
            return None
        kind = source_type(head)
        if kind not in ("expert", "witness") or (kind == "expert" and THINK_TANK.search(head)):
            return None
        who = self._people.named(names.Person("", last[1], ""), head, [], start)
        return who, "person"
