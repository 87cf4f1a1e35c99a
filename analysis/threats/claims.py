"""What the clause claims of a threat: that it happened or is feared, that it is denied, how likely it is."""

import re

from analysis import likelihood
from analysis.threats.terms import Term

_FUTURE = re.compile(
    r"(?i)\b(?:(?-i:may)|might|could|would|will|shall|should|can|cannot|can[’']t|won[’']t|if|to(?=\s+(?!the\b|an?\b|its\b|their\b|his\b|this\b|that\b)[\w’-]+\s+(?:[\w’-]+\s+){0,4}$|\s*$)|unless|whether|risk\w*|fear\w*|warn\w*|"
    r"possib\w+|potential\w*|plan\w*|prepar\w+|prospects?|danger\w*|threat\w*|deter\w*|prevent\w*|avert\w*|avoid\w*|likely|unlikely|"
    r"expect\w*|intend\w*|intention|consider\w*|vow\w*|pledg\w*|promis\w*|propos\w*|chances?|odds|future|imminent|looming|before any|spectre|specter|"
    r"in case of|in the event of|contemplat\w*|rehears\w*|simulat\w*|ready|readiness|poised|about to|set to|probab\w+|deterrence|predict\w*|"
    r"foresee\w*|forecast\w*|rule[sd]? out|doubts?|announc\w+|offer\w*|sure about|worr\w+ (?:about|more|less)|concern\w* (?:about|over)|afraid of|peril|need|sees? (?:no|little|a|an|further|more)|sign of|indication of|preparations? for|expected|wants?|calls? for|urge\w*|brac\w+ for|"
    r"hopes?|likelihood|probability|puts? the|rates?|deems?|a return of|step toward|on the eve of|invite\w*|encourag\w*|nobody|another|further|next)\b"
)
_FUTURE_AFTER = re.compile(
    r"(?i)[^,;.]{0,30}\b(?:planned|feared|expected|looms?|would|could|will|may|might|likely|unlikely|probable|improbable|possible|impossible|imminent|excluded|conceivable|"
    r"comes next|to come|certain|out of the question|remote|ruled out)\b"
)
_DEFINITE = re.compile(
    r"(?i)\b(?:the|this(?! week)|these|those|this week[’']s|yesterday[’']s|last \w+[’']s)\s+(?:\w+\s+)?$"
)
_TURN = re.compile(r"\b(?:after|since|while|when|because)\b")
_ANOTHER = re.compile(
    r"(?i)(?:an?\s+)?(?:another|further|more|renewed|future|wider|bigger|possible|potential|next|new round|second|seventh|full-scale|large-scale|all-out|limited)\b"
)
#: *this deployment is unlikely to have an impact* doubts the impact, not the deployment.
_EFFECT = re.compile(
    r"(?i)\s*(?:is|are|was|were|seems?|appears?)\s+(?:\w+\s+)?(?:likely|unlikely)\s+to\s+(?:have|host|alter|change|tip|affect|make|turn|help|bring)\b"
)
_INDEFINITE = re.compile(r"(?i)an?\b")
_TOLD = re.compile(
    r"(?i)\s*(?:\w+\s+){0,3}?(?:has|have|had|was|were|killed|began|broke out|erupted|hit|struck|went|came|took|left|is under way|entered|since|last|yesterday|this week|overnight|on \w+day|in which|that killed|that has|that had)\b"
)
_THIS = re.compile(r"(?i)(?:the|this|these|those)\b")
_PERFECT = re.compile(
    r"(?i)\b(?:may|might|could|must|would)\s+(?:\w+\s+)?have\s+(?:been\s+)?(?:\w+\s+){0,2}$"
)
_PAST_VERB = re.compile(
    r"(?i)^(?:has |have |had |was |were )?(?!need|feed|seed|speed|embed)\w+ed\b|^(?:has|have|had|was|were)\b|^(?:struck|hit|hits|shot|blew|sent|drove|fell|flew|took|burnt|sank|cut|broke|held|began|killed|fought|threw|tore)\b"
)
_HEDGED = re.compile(r"(?i)\b(?:if|unless|whether|would|could|might|may|will|be|to|not be)\s+(?:\w+\s+)?$")
_NEGATION = re.compile(
    r"(?i)\b(?:no|not|never|without|nothing|nobody|no one|denie[sd]|deny|denying|reject(?:s|ed|ing)?|rule[sd]? out|ruling out|dismiss(?:es|ed|ing)?|"
    r"ended|foil(?:s|ed|ing)?|thwart(?:s|ed|ing)?|doubt(?:s|ed)? (?:that )?there|lift(?:ed|s|ing)?|withdrew|withdrawn|withdraw(?:s|ing)?|cancel(?:s|led|ling|ed)?|call(?:ed|s|ing)? off|halt(?:ed|s|ing)?|"
    r"suspend(?:ed|s|ing)?|refrain(?:ed|s)? from|abandon(?:ed|s|ing)?|free of|absence of|none of|repelled the idea of|rather than|dropped|"
    r"clear(?:ed|s|ing)? of|insist(?:s|ed)? (?:that )?it (?:has|had|does|did)(?:n[’']t| not)|disband(?:ed|s)?|instead of|far from)\b|n[’']t\b"
)
_NOT_DENIED = re.compile(
    r"(?i)\b(?:not only|no doubt|no matter|(?:cannot|can[’']t|can not|could not|not) be (?:ruled out|excluded)|(?:cannot|can[’']t|could not|not|n[’']t) (?:rule|exclude)\w*(?: out)?|"
    r"(?:not|n[’']t) ruled? out|(?:not|n[’']t) den(?:y|ied)|no longer just|not just|not merely|not simply|not least|nor? less|no group claimed|no chance|not (?:very )?likely|not the first|no longer|no end (?:to|of)|not (?:stop|end|halt)\w*)\b"
)
_DENIED_AFTER = re.compile(
    r"(?i)^[^,;.]{0,40}?\b(?:(?:has|have|had|was|were|is|are|been)\s+(?:(?!not\b)\w+\s+)?(?:denied|rejected|called off|cancelled|canceled|lifted|ended|withdrawn|halted|"
    r"averted|suspended|cleared|removed|dismantled|over(?!\s+\w)|gone)|did not (?:happen|take place|materialise|materialize)|never (?:came|happened|materialised)|"
    r"(?:is|was) not (?:planned|intended|what)|threatens? nobody|does not exist|exists? no)\b"
)
_WITHDRAWN = re.compile(r"(?i)^(?:withdr[ae]w\w*|withdrawal|pulled back|pulling back|repelled|repulsed)\b")
_NOBODY = re.compile(r"(?i)\b(?:nobody|no one|no state|no country)$")
_CHANCE = re.compile(
    r"(?i)\b(?:no|little|scant|slim|small) (?:\w+ )?(?:chance|likelihood|probability|prospect)s?\b"
)


def kind(text: str, clause: tuple[int, int], span: tuple[int, int], term: Term, *, is_uncertain: bool) -> str:
    """Return ``threat`` where the clause looks ahead or doubts, else ``act``; *the attacks* have happened, whatever may come."""
    if term.kind:
        return term.kind
    before, after = text[clause[0] : term.start], text[term.end : clause[1]]
    near = _TURN.split(before[-90:])[-1]
    phrase = text[span[0] : term.start]
    if term.part in ("strife", "event") and _ANOTHER.match(phrase) and not _TOLD.match(after):
        return "threat"
    if is_uncertain and term.part != "force" and _FUTURE_AFTER.match(after) and not _EFFECT.match(after):
        return "threat"
    if term.part == "strife" and _INDEFINITE.match(phrase) and not _TOLD.match(after):
        return "threat"
    if _PERFECT.search(near) or _DEFINITE.search(near) or _THIS.match(text, span[0], term.end):
        return "act"
    if term.part == "force" and _PAST_VERB.match(text[term.start : term.end]) and not _HEDGED.search(near):
        return "act"
    ahead = is_uncertain or _FUTURE.search(near) or _FUTURE_AFTER.match(after)
    return "threat" if ahead else "act"


def is_negated(text: str, clause: tuple[int, int], span: tuple[int, int], term: Term) -> bool:
    """Tell whether the text denies the threat, or says that it has ended or was withdrawn."""
    phrase = text[span[0] : span[1]]
    if _WITHDRAWN.match(text[term.start : term.end]) or _NOBODY.search(phrase):
        return True
    near = _CHANCE.sub("", _NOT_DENIED.sub("", text[clause[0] : term.start]))[-70:]
    near = near[near.rfind(",") + 1 :]
    return bool(_NEGATION.search(near) or _DENIED_AFTER.search(text[term.end : clause[1]]))


def estimate(
    text: str, clause: tuple[int, int], span: tuple[int, int], term: Term
) -> likelihood.Estimate | None:
    """Return the estimate of the clause that speaks of the threat: the nearest, a probability before a mere possibility."""
    found = [e for e in likelihood.find(text, *clause) if _speaks_of(text, e, span, term)]
    return min(found, key=lambda e: _distance(text, e, span), default=None)


_PARTED = re.compile(r",|\band\b|\byet\b|\bthan\b")


def _distance(text: str, one: likelihood.Estimate, span: tuple[int, int]) -> int:
    low, high = (span[1], one.start) if one.start >= span[1] else (one.end, span[0])
    parted = len(_PARTED.findall(text, min(low, high), high))
    return max(0, high - low) + 40 * parted + 60 * (one.likelihood == "possible")


def _speaks_of(text: str, one: likelihood.Estimate, span: tuple[int, int], term: Term) -> bool:
    """An adjective speaks of the noun beside it only; nothing speaks beyond a new clause, or of what it introduces."""
    if one.scope == "phrase":
        return term.start - 25 <= one.end <= term.end
    if term.part == "strife" and _BACKGROUND.match(text, span[0]):
        return 0 <= one.start - span[1] < 15
    if one.start < term.end:
        return True
    return not re.search(r"\b(?:who|which|whose)\b", text[term.end : one.start]) and not text[
        one.start : one.end
    ].endswith("that")


_BACKGROUND = re.compile(r"(?i)(?:the|this) (?:war|conflict|fighting|attacks|killing)\b")
