"""The phrase that carries a threat: from a term to its noun phrase or its verb with subject and object, and what it claims.

No parser: closed lists of function words and of the adjectives and verbs that such texts use decide where a phrase ends.
"""

import re

from analysis.threats.terms import Term

_BREAK = re.compile(
    r"[;:—–()]|,\s+(?=which\b|who\b)|,?\s+\b(?:(?<!\ball )but|while|whereas|although|though|because|so that)\b|,\s+(?:and|or)\s+(?=\w+\s+\w+ed\b)"
)
_WORD_BEFORE = re.compile(r"((?:\d+,)*[\w’'.-]+)[”\"]?\s+[“‘\"]?$")
_DETERMINERS = frozenset(
    "a an the this these those its their his her our my your any some every each such".split()
)
_QUANTITY = frozenset(
    "more further another other new fresh additional extra many several few dozens hundreds scores thousands first second third fourth "
    "fifth sixth seventh eighth ninth tenth next last latest two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dozen "
    "one half both all repeated recent earlier later previous".split()
)
_ADJECTIVES = frozenset(
    "renewed armed planned limited feared alleged threatened attempted failed suspected continued sustained coordinated unprovoked "
    "unarmed unmanned combined so-called looming growing rising continuing ongoing impending escalating crushing devastating drifting "
    "joint large larger big bigger small smaller major minor full open wide wider broad broader long short deep heavy light fierce bitter "
    "bloody deadly violent brutal swift quick sharp sudden surprise direct fatal deliberate possible potential likely probable "
    "imminent serious grave great greater real main old modern elite foreign hostile enemy secret covert rare quiet slow private "
    "public local cross-border large-scale small-scale all-out full-scale mock live near border ground land air sea naval drone missile "
    "rocket artillery car truck suicide bomb terror rebel militia mercenary government army police guerrilla gang cyber hacker winter spring "
    "summer autumn night weekend coast guard supply patrol survey fighter enemy state oil gas grain fuel power cable test satellite separatist "
    "loyalist paramilitary tank trade revenge reprisal proxy desert island town village street mountain jungle coastal deep-sea data undersea "
    "subsea underwater harbour harbor rail railway bridge port week year-long day-long day long-range short-range medium-range legal "
    "illegal paid false hacked captured stray unbalanced unintended dangerous economic punitive targeted tit-for-tat".split()
)
_SUFFIX = re.compile(r"^[a-z-]{2,}(?:[nrvtcidu]al|ic|ive|ous|ary|ern|ful|less|ible|able|ean|ian|ese|ish)$")
_NO_ADJECTIVE = frozenset(
    "capital rival festival hospital arrival denial official officials signal trial traffic olive give receive drive five arrive believe "
    "leave survive music logic republic critic panic table cable trouble enable general musical people journal animal tribal public".split()
)
_STOP = frozenset(
    "a an the and or but nor if when while as that which who whom whose where because since until before after than then so not no never "
    "is are was were be been being am has have had having do does did will would shall should can could may might must cannot ought "
    "of on against between with by toward towards into upon to for from through in at near off over around inside across along within "
    "outside during without under about amid among despite per via he she it they we i you there here this these those what how why "
    "also only even still just again soon now later today yesterday tomorrow already almost nearly too very quite perhaps both either "
    "said says say told tells added adds warned warns saw sees see took takes take made makes make came comes come went goes go began "
    "begins got get gets gave gives left leaves fell falls grew grows rose rises drew hurt kept keep keeps led leads lost loses met put "
    "ran runs sent set shows showed stood stands think thinks thought want wants won look looks remain remains seem seems become becomes "
    "became follow follows continue continues increase fail fails end ends start starts bring brings brought cut cuts cost costs hit hits "
    "killed kills struck strikes happen happens resume resumed last lasted lasts loom looms appear appears depend depends mean means".split()
)
_PREPOSITION = re.compile(
    r"\s+(of|on|against|between|with|by|toward|towards|into|upon|to|for|from|through|in|at|near|off|over|around|inside|across|along|outside)\s+"
)
_TIME = re.compile(
    r"(?i)(?:the |this |next |last |a |an |one |two |three |\w+ )?(?:\d|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|January|February|March|April|May\b|June|July|"
    r"August|September|October|November|December|year|month|week|day|hour|time|end\b|summer|winter|autumn|spring|dawn|night|morning|evening|future|"
    r"past\b|answer\b|return\b|fact\b|peacetime|reply\b|response\b|retaliation\b|order\b|decade|while|turn\b|number|general|particular|question|sight|doubt)"
)
_TOKEN = re.compile(r"[“‘\"]?(?:[^\W_][\w’'-]*(?:\.[A-Z]\.)?)[”\"]?")
#: Which prepositions belong to a noun of each part; those of ``_PLACED`` only before a name or *the*, *its*.
_TAKES = {
    "event": frozenset("of on against between by toward towards into upon with to".split()),
    "strife": frozenset("of between against with for".split()),
    "material": frozenset("of from for".split()),
    "state": frozenset("to of for in".split()),
}
_PLACED = frozenset(
    "in at near off over around inside across along through from into outside for on toward towards".split()
)
_AUXILIARY = re.compile(
    r"(?:\b(?:has|have|had|was|were|is|are|been|being|be|did|does|do|also|again|already|reportedly|once|twice|later|then)\s+)+$"
)
_CLAUSE_START = re.compile(
    r"(?:^|[,;:—–(“‘\"]|\b(?:that|when|while|after|before|and|but|because|said|says|as|where|if|hours|whether))\s*$"
)
_FINITE = re.compile(
    r"(?i)^(?!being|been|be\b)\w+(?:ed|s)\b|^(?:struck|hit|shot|blew|sent|drove|fell|flew|took|burnt|sank|cut|broke|held|began|left|fought|threw|tore|fled)\b"
)


def clause(text: str, sentence: tuple[int, int], term: Term) -> tuple[int, int]:
    """Return the part of the sentence that the term stands in, between breaks that turn to something else."""
    start, end = sentence
    for match in _BREAK.finditer(text, start, end):
        if match.end() <= term.start:
            start = match.end()
        elif match.start() >= term.end:
            return start, match.start()
    return start, end


def span(text: str, sentence: tuple[int, int], term: Term) -> tuple[int, int]:
    """Return the phrase of a term: a noun with what stands before it and its complements, a verb with subject and object."""
    if term.part == "force":
        end = _object(text, term, sentence[1])
        return _subject(text, sentence[0], term), end
    return _before(text, sentence[0], term.start), _complements(text, term, sentence[1])


def _before(text: str, floor: int, start: int) -> int:
    """Walk left over adjectives, numbers and names to the determiner or possessive that begins the noun phrase."""
    possessive = False
    for _ in range(8):
        match = _WORD_BEFORE.search(text, max(floor, start - 30), start)
        if not match:
            break
        word = match[1]
        low = word.lower()
        at = match.start(1)
        if low in _DETERMINERS:
            start = at
            break
        if possessive:
            if not word[0].isupper() and low not in ("last", "this", "next"):
                break
            start = at
        elif low.endswith(("’s", "'s", "s’", "s'")):
            possessive, start = True, at
        elif (
            low in _QUANTITY
            or low in _ADJECTIVES
            or low[0].isdigit()
            or "-" in low
            or _is_name(word, at, floor)
            or (_SUFFIX.match(low) and low not in _NO_ADJECTIVE and low not in _STOP)
        ):
            start = at
        else:
            break
    if text[start] in '“‘"':
        start += 1
    return start


def _is_name(word: str, at: int, floor: int) -> bool:
    return (
        word[0].isupper()
        and word.lower() not in _STOP
        and not word.endswith(".")
        and (at > floor or len(word) > 3)
    )


def _complements(text: str, term: Term, limit: int) -> int:
    """Walk right over the prepositional phrases that belong to the noun: *on the capital*, *between A and B*."""
    end = term.end
    takes = _TAKES.get(term.part, frozenset())
    for n in range(2):
        match = _PREPOSITION.match(text, end, limit)
        if not match or _TIME.match(text, match.end(), limit):
            break
        word = match[1]
        follows = text[match.end() : match.end() + 6]
        placed = word in _PLACED and (
            follows[:1].isupper()
            or re.match(r"the [A-Z]" if term.part != "event" else r"(?:the|its|their) ", follows)
        )
        if not (placed or (word in takes and n == 0) or (n and word in ("on", "by"))):
            break
        stop = _noun_phrase(text, match.end(), limit, pair=word in ("between", "with", "of"))
        if stop == match.end():
            break
        end = stop
    return end


def _noun_phrase(text: str, start: int, limit: int, *, pair: bool = False) -> int:
    """Return where the noun phrase that begins at ``start`` ends."""
    end, is_named = start, False
    for n, token in enumerate(_TOKEN.finditer(text, start, min(limit, start + 90))):
        if token.start() > end + (1 if n else 0):
            break
        word = token[0].strip('“”‘"').lower()
        if word in _DETERMINERS and n == 0:
            end = token.end()
            continue
        if pair and n and word in ("and", "or") and _SECOND.match(text, token.end()):
            end, pair = token.end(), False
            continue
        is_verb = is_named and token[0][0].islower() and word.endswith(("ed", "ing"))
        if word in _STOP or is_verb or n > 5:
            break
        end, is_named = token.end(), True
    return end if is_named else start


_SECOND = re.compile(r"\s+(?:the\s+|its\s+)?[A-Z]|\s+\w+\s+(?:units|forces|troops)")


def _object(text: str, term: Term, limit: int) -> int:
    """Return where the object of a force verb ends; the term holds its head already, or it follows at once."""
    words = text[term.start : term.end].split()
    if (
        len(words) == 1
        or _VERB.search(words[-1])
        or words[-1].lower() in ("into", "on", "at", "against", "to", "down")
    ):
        space = re.compile(r"\s+").match(text, term.end, limit)
        if space and not _TIME.match(text, space.end(), limit):
            stop = _noun_phrase(text, space.end(), limit)
            return stop if stop > space.end() else term.end
        return term.end
    if (more := re.compile(r"\s+(?:of|on|at)\s+").match(text, term.end, limit)) and not _TIME.match(
        text, more.end(), limit
    ):
        stop = _noun_phrase(text, more.end(), limit)
        return stop if stop > more.end() else term.end
    return term.end


_VERB = re.compile(r"(?i)(?:ed|ing)$|^(?:struck|hit|shot|flew|left|took|burnt|fought|fell)$")


def _subject(text: str, floor: int, term: Term) -> int:
    """Return where a finite verb's subject begins, if it is a short noun phrase that opens its clause; else the verb."""
    words = text[term.start : term.end]
    if term.category == "military_buildup" or not (_FINITE.match(words) or _VERB.search(words.split()[-1])):
        return term.start
    floor = max(floor, term.start - 70)
    left = text[floor : term.start]
    if auxiliary := _AUXILIARY.search(left):
        left = left[: auxiliary.start()]
    start = end = floor + len(left)
    for _ in range(6):
        match = _WORD_BEFORE.search(text, max(floor, start - 30), start) if start > floor else None
        if not match or match[1].lower() in _STOP - _DETERMINERS:
            break
        start = match.start(1)
    return start if start < end and _CLAUSE_START.search(text[max(floor, start - 12) : start]) else term.start
