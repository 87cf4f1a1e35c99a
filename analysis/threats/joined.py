"""Join the threat mentions that the reader found with those of the lexicon: each knows what the other misses.

Where both found one, the row is the lexicon's, which an analyst can read and change; but where it begins and ends the reader
says. What the lexicon alone found counts where the reader does not think it harmless.
"""

import re
from collections.abc import Callable, Iterable

from analysis.reader import Danger, Threat
from analysis.threats import phrases
from analysis.threats.scene import Mention, Range, Scene
from analysis.threats.terms import Term

#: Probability of danger below which a mention that the lexicon alone found is left out: low, for an analyst chose its terms. From
#: 0.02 to 0.5 the F1 on ``data/gold/dev.jsonl`` moved by 0.004.
HARMLESS = 0.02

#: Words of the longest phrase of the reader that takes the place of the lexicon's: a longer one is no smallest phrase. On the
#: project's gold passages the F1 of half the words and the category rose by 0.06, on ``data/gold/dev.jsonl`` by 0.007.
LONGEST = 8


def joined(
    scene: Scene,
    lexical: list[Mention],
    read: Iterable[Threat],
    danger: Callable[[list[Range]], list[Danger]],
) -> list[Mention]:
    """Return all mentions in order, without overlaps; each with its mean probability of danger."""
    judged = zip(lexical, danger([m.span for m in lexical]), strict=True)
    known = [m for m, p in judged if p.likeliest >= HARMLESS]
    found: list[Mention] = []
    for threat in read:
        same = [i for i, m in enumerate(known) if m.span[0] < threat.end and threat.start < m.span[1]]
        if len(same) == 1 and _is_phrase_of(threat, known[same[0]], scene.text):
            known[same[0]] = known[same[0]]._replace(span=(threat.start, threat.end))
        if same or scene.is_source(threat.start) or not _says_more_than_a_name(scene.text, threat):
            continue
        cut = next(((s, e) for s, e in scene.sentences if s <= threat.start < e), (threat.start, threat.end))
        term = _term(scene.text, threat)
        found.append(Mention(term, cut, phrases.clause(scene.text, cut, term), (threat.start, threat.end)))
    every = sorted(known + found, key=lambda m: m.span)
    return [m._replace(p=p.mean) for m, p in zip(every, danger([m.span for m in every]), strict=True)]


def _is_phrase_of(threat: Threat, mention: Mention, text: str) -> bool:
    """Tell whether the reader's words are a short phrase, within the sentence, with words of the lexicon's term."""
    term, sentence = mention.term, mention.sentence
    holds = threat.start < term.end and term.start < threat.end
    is_within = sentence[0] <= threat.start and threat.end <= sentence[1]
    return holds and is_within and len(text[threat.start : threat.end].split()) <= LONGEST


def _says_more_than_a_name(text: str, threat: Threat) -> bool:
    """Tell whether a phrase has a word of its own: *North Korea* alone is who, not what."""
    words = _WORD.findall(text[threat.start : threat.end])
    return any(word[0].islower() and len(word) > 3 for word in words)


def _term(text: str, threat: Threat) -> Term:
    """Return the term that carries a threat: the head of its phrase."""
    start, end = _head(text, threat.start, threat.end)
    part = "force" if _ACT.fullmatch(text[start:end]) else _PART.get(threat.category, "event")
    return Term(start, end, threat.category, "", part, "")


_PART = {"military_buildup": "material", "instability": "state"}
_WORD = re.compile(r"[\w’'-]+")
_PREPOSITION = re.compile(
    r"(?i)(?:of|on|against|between|in|at|near|by|to|from|for|with|along|over|across|inside|into|toward|towards|off|around|through|under|that|which|who)"
)
_ACT = re.compile(
    r"(?i)(?!(?:need|feed|seed|speed|red|armed|united|renewed|planned|feared|alleged|limited|threatened)$)(?:\w{3,}ed"
    r"|struck|hit|hits|shot|blew|sent|drove|fell|flew|took|burnt|sank|cut|broke|held|fought|threw|tore|seized?|fired?|killed?)"
)


def _head(text: str, start: int, end: int) -> Range:
    """Return the characters of the word that carries a phrase: its verb of force, else the last word before a preposition."""
    words = list(_WORD.finditer(text, start, end))
    if not words:
        return start, end
    for word in words:
        if _ACT.fullmatch(word[0]):
            return word.span()
    last = words[0]
    for word in words[1:]:
        if _PREPOSITION.fullmatch(word[0]):
            break
        last = word
    return last.span()
