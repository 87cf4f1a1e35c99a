"""The persons of one article: which of them a name means, with the credential and body that the article gives anywhere."""

import re

from analysis.speakers import names
from analysis.speakers.bodies import Speaker
from analysis.speakers.credentials import THINK_TANK, affiliation, bare, behind, is_body, nouns, source_type
from analysis.speakers.mentions import Mentions
from analysis.speakers.trail import Trail

_SHE = re.compile(
    r"(?i)\b(?:she|her|hers|herself|ms|mrs|mme|mlle|madame|daw|smt|shrimati|begum|señor(?:it)?a|doña|signora|frau|dame|lady|queen|princess|\w*woman|mother|sister|wife|widow|daughter|aunt|grandmother|midwife|housewife|girl|nun)\b"
)
_HE = re.compile(
    r"(?i)\b(?:he|his|him|himself|mr|sir|shri|malam|mallam|alhaji|señor|signor|herr|monsieur|lord|king|prince|\w*(?:sman|rman|liceman|hairman)|man|father|brother|husband|widower|son|uncle|grandfather|imam|priest|boy)\b"
)


_AGE = re.compile(
    r"(?:aged\s)?(?:\d+|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|eleven|twelve|\w+teen|eight|nine|ten)$"
)
_MEN = frozenset(  # whose names end as women's do
    "Joshua Luka Luca Nikola Nicola Ilya Sasha Mustafa Mustapha Musa Moussa Isa Issa Abba Yahya Zakaria Hamza Taha Talha Usama Osama "
    "Murtaza Mirza Baba Papa Mikita Nikita Danila Kuzma Foma Misha Vanya Kolya Petya Kostya Mattia Andrea Elia Juha Jukka Pekka Mika "
    "Aleksa Attila Csaba Gyula Krishna Aditya Surya Akira Shota Kenta Ryota Ezra Seth Keith Kenneth Garth".split()
)


_WOMEN = frozenset(  # whose names do not end as most women's do
    "Mary Emily Amy Nancy Betty Dorothy Judy Kelly Kimberly Lucy Molly Sally Wendy Sarah Hannah Leah Deborah Ruth Judith Joan Jean Susan "
    "Karen Helen Ellen Carmen Ann Carol Sharon Alison Allison Megan Erin Jennifer Heather Esther Margaret Harriet Janet Bridget "
    "Astrid Ingrid Sigrid Solveig Gudrun Dagmar Miriam Yasmin Maryam Shirin Nasrin Parvin Hanan Noor Nour Zeynep Elif Aylin Aigul Lyubov "
    "Mercedes Dolores Pilar Isabel Raquel Beatriz Inés Agnes Doris Iris Phyllis Gladys Frances Nicole Michelle Camille Odile Cécile "
    "Sylvie Sophie Marie Julie Nathalie Valérie Stéphanie Élodie Amélie Aurélie Eugénie Annie Katie Gwen Bronwen Siobhan Aoife Niamh Nino "
    "Consuelo Rosario Amparo Margo Shiho Miho Chiho Kaho".split()
)
_WOMAN = re.compile(r"(?:a|ine|nne|een|lyn|elle|ette|eth|ise|ice|isse)$")
_MAN = re.compile(
    r"(?:r[dt]o|ando|rio|dro|blo|ego|rlo|rco|lio|ico|ito|os|us|ard|ert|ald|old|rick|mir|slav|bek|ias|iy|ij)$"
)


class People:
    """The persons of one article, filled while its sources are resolved."""

    def __init__(self, mentions: Mentions, trail: Trail) -> None:
        self._mentions = mentions
        self._trail = trail
        self._people: dict[str, Speaker] = {}
        self._by_word: dict[str, list[str]] = {}
        self._gender: dict[str, str] = {}
        self._called: dict[str, str] = {}  # what stood before a name: *the retired colonel*

    def keep(self, who: Speaker) -> Speaker:
        """Note what is known of a person."""
        if who.speaker not in self._people:
            for word in who.speaker.lower().split():
                self._by_word.setdefault(word, []).append(who.speaker)
        self._people[who.speaker] = who
        return who

    def get(self, full: str) -> Speaker | None:
        """Return what is known of a person cited before, else None."""
        return self._people.get(full)

    def is_part(self, word: str) -> bool:
        """Say whether a word is a part of the name of a person cited before."""
        return word.lower() in self._by_word

    def settle(self, full: str, gender: str) -> None:
        """Note that a pronoun meant a person."""
        self._gender[full] = gender

    def named(
        self,
        found: names.Person,
        role: str,
        parts: list[str],
        start: int,
        kind: str = "",
        owner: str = "",
    ) -> Speaker:
        """Return the person with the credential given here, else with the one known from above or from elsewhere in the article."""
        full = self._full(found, start)
        if full is None:  # two people of one surname
            return Speaker("", source_type(found.title), False)
        known = self._people.get(full)
        tail, who = (found.tail, "") if not re.match(r"(?:who|whose)\b", found.tail) else ("", found.tail)
        if parts and re.match(r"(?:of|at|from|with)\s", parts[0]):
            tail, parts = parts[0], parts[1:]
        given = role or names.role([who, *parts] if who else parts)
        title = names.title_role(found.title)
        if title:
            self._called[full] = f"{self._called.get(full, '')} {title}"
        if title and given and names.is_weak(given):
            given = title
        role = given or (known.role if known else "") or self._mentions.credential(full) or title
        context = f"{found.title} {owner} {' '.join(parts)}"
        owned = re.search(r"([\w .]+)[’']s?$", found.title)
        body = self._affiliation(role, start) or behind(tail) or affiliation(title)
        if not body and owned and is_body(owned[1]):
            body = bare(owned[1])
        if not body and known:
            body = known.affiliation
        if not body:
            body = behind(self._mentions.tail(full))
        if (
            not body
            and (found_body := affiliation(self._mentions.story(full)))
            and THINK_TANK.search(found_body)
        ):
            body = found_body
        if not body and (lead := self._mentions.opening(full)):
            retired = re.search(r"(?i)\b(?:retired|retd?)\b", f"{found.title} {role} {' '.join(parts)}")
            body_before = affiliation(
                lead if re.match(r"(?:At|From)\s", lead) or not retired else f"from {lead}"
            )
            if THINK_TANK.search(body_before) and (retired or re.match(r"At\s", lead)):
                body = body_before
        if not body and re.search(r"(?i)\bcolleague\b", context):
            body = next((h.who.affiliation for h in self._trail.near(start) if h.who.affiliation), "")
        if re.match(r"(?i)its\s+spokes", role):
            owner_ = self._trail.it(start)
            if owner_.source_type in ("organisation", "military", "official"):
                kind, body = owner_.source_type, body or owner_.speaker
        if not kind:
            kind = self._type(role, title or found.title, body)
            if kind == "other" and known:
                kind = known.source_type
            if kind == "other" and (
                names.KIN.search(found.title) or names.KIN.search(owner) or (parts and _AGE.match(parts[0]))
            ):
                kind = "expert" if re.search(r"(?i)colleague", context) and body else "witness"
        for pattern, gender in ((_SHE, "f"), (_HE, "m")):
            if pattern.search(
                f"{re.sub(names.OWNER, '', found.title)} {re.sub(names.OWNER, '', role)} {' '.join(parts)}"
            ):
                self._gender.setdefault(full, gender)
        return self.keep(Speaker(full, kind, True, role, body))  # fmt: skip

    def _type(self, role: str, title: str, body: str) -> str:
        kind = (
            source_type(f"{role} at {body}" if body and body not in role else role)
            if role or body
            else "other"
        )
        if kind == "other":
            kind = source_type(title)
        if (
            kind == "military"
            and re.fullmatch(r"(?i)(?:the|its|their|ship.s) (?:captain|commander)", role)
            and self._mentions.is_afloat
        ):
            return "witness"
        if kind in ("document", "state"):  # a person is none: *a wargame designer*
            kind = "expert" if THINK_TANK.search(body) else "other"
        if kind == "other" and re.match(r"(?:an?|who|whose|[a-z]+)\s", role) and not body and not nouns(role):
            return "witness"  # an occupation that speaks for no body: *a pharmacist in Paju*
        return kind  # fmt: skip

    def _affiliation(self, role: str, start: int) -> str:
        """Return the body of a credential; *the programme*, *the same forum*, *it* point back to one named above."""
        if body := affiliation(role):
            full = self._mentions.body(body, start) if body.islower() and " " not in body else ""
            return full or body
        if back := re.search(
            r"\b(?:at|of|for|with|from|heads|leads|runs|directs|advises|chairs|joined|founded)\s+(?:the|that)(?:\s+same)?\s+([a-z]+)\b",
            role,
        ):
            return self._mentions.body(back[1], start)
        if re.match(r"(?i)(?:its|whose)\s", role) or re.search(
            r"\b(?:advises|heads|leads|runs|wrote|directs)\s+it\b", role
        ):
            last = self._mentions.last_body(start)[1]
            heard = next((h.who for h in self._trail.near(start, 400) if h.kind == "body"), None)
            if heard and heard.source_type in ("expert", "document", "organisation") and heard.speaker:
                return heard.speaker
            return (
                last if last and not re.search(r"(?i)envoy|minister|chief|ambassador|president", role) else ""
            )
        return ""  # fmt: skip

    def _full(self, found: names.Person, start: int) -> str | None:
        """Return the full name behind a part of it, the name itself where it is all there is, None where two people share it."""
        name = found.name
        if name in self._people and " " in name:
            return name
        known = [p for p in self._by_word.get(name.split()[-1].lower(), ()) if _part_of(name, p)]
        other = [p for p in self._mentions.full_names(name) if p not in known]
        if " " in name:  # *Kim Jong* of *Kim Jong Un*; two full names are two people
            longer = [
                p for p in known if p.lower().endswith(name.lower()) or p.lower().startswith(name.lower())
            ]
            return longer[0] if len(longer) == 1 else name
        if name in self._people and not known and not other:
            return name
        everyone = [p for p in known + other if not self._mentions.is_organisation(p)]
        if names.KIN.search(found.title) and re.match(r"(?i)(?:his|her|their|my)\s", found.title):
            return name
        if len(everyone) > 1 and len(known) == 1 and not any(_part_of(name, p, last=True) for p in other):
            everyone = known
        if len(everyone) > 1 and found.title:
            nouns_ = {n.term for n in nouns(found.title)}
            gender = "f" if _SHE.search(found.title) else "m" if _HE.search(found.title) else ""
            titled = [
                p
                for p in everyone
                if nouns_ & {n.term for n in nouns(self.role(p))} or (gender and self.gender_of(p) == gender)
            ]
            if not titled and gender:  # the one who may be: the others are of the other sex
                titled = [p for p in everyone if self.gender_of(p) in ("", gender)]
                titled = titled if len(titled) == 1 else [p for p in titled if self.likely(p) == gender]
            everyone = titled if len(titled) == 1 else everyone
        if len(everyone) > 1:
            counts = sorted(((self._mentions.count(p), p) for p in everyone), reverse=True)
            if counts[0][0] >= 3 and counts[0][0] >= 3 * counts[1][0]:  # the text is about one of them
                return counts[0][1]
        if len(everyone) > 1:
            last = [p for p in everyone if _part_of(name, p, last=True)]
            everyone = (
                last
                if len(last) == 1 and not any(p.split()[0].lower() == name.lower() for p in everyone)
                else everyone
            )
        return everyone[0] if len(everyone) == 1 else (None if everyone else name)  # fmt: skip

    def told(self, full: str) -> str:
        """Return a person's credential with what stood before the name wherever it was cited."""
        return f"{self.role(full)} {self._called.get(full, '')}"

    def role(self, full: str) -> str:
        """Return a person's credential."""
        return self._people[full].role if full in self._people else self._mentions.credential(full)

    def gender_of(self, full: str) -> str:
        """Return ``f`` or ``m`` where titles, credentials or pronouns before have told it."""
        if full not in self._gender:
            role = re.sub(names.OWNER, "", self.role(full))
            self._gender[full] = "f" if _SHE.search(role) else "m" if _HE.search(role) else ""
        return self._gender[full]

    def likely(self, full: str) -> str:
        """Return what sex the pronouns in its sentences and the first name suggest: a weak sign that only breaks a tie."""
        return self._mentions.gender(full) or _likely(full)

    def known(self, name: str) -> Speaker:
        """Return what the article says of a full name."""
        if name not in self._people:
            return self.named(names.Person("", name, ""), "", [], 0)
        return self._people[name]


def _part_of(name: str, full: str, last: bool = False) -> bool:
    words = full.lower().split()
    want = name.lower().split()
    if full.lower() == name.lower():
        return False
    return words[-len(want) :] == want if last else set(want) <= set(words)


def _likely(name: str) -> str:
    """Return what sex a first name suggests, a weak sign that only breaks a tie."""
    first = name.split()[0]
    if first in _WOMEN:
        return "f"
    if first in _MEN or _MAN.search(first):
        return "m"
    return "f" if _WOMAN.search(first) else ""


def fits(sign: str, gender: str) -> bool:
    """Say whether what is known or likely of a person's sex goes with a pronoun's; of unknown ones *he* is the guess."""
    return sign == gender or (gender == "m" and not sign)
