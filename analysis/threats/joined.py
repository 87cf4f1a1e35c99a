"""Join the threat mentions that the reader found with those of the lexicon: each knows what the other misses.

Where both found one, the row has the lexicon's term, which an analyst can read and change; its category is the reader's, and so is
where it begins and ends, unless that cuts the term. What the lexicon alone found counts where the reader does not think it
harmless.
"""

import re

from analysis.reader import Reading, Threat
from analysis.threats import phrases
from analysis.threats.scene import Mention, Range, Scene
from analysis.threats.terms import Term

#: Probability of danger below which a mention that the lexicon alone found is left out: low, for an analyst chose its terms. With
#: 0.1 in the mean over its words the F1 of half the words and the category is 0.01 better on texts that the reader does not know,
#: but the real article's *sent troops* is lost.
HARMLESS = 0.05


def bodies(reading: Reading | None) -> list[Range]:
    """Return the characters of the organisations that a reading names, groups among them that no lexicon knows."""
    return [(e.start, e.end) for e in reading.entities if e.label == "organisation"] if reading else []


def joined(scene: Scene, lexical: list[Mention], reading: Reading) -> list[Mention]:
    """Return all mentions in order, without overlaps; each with what the reader thinks of it, its actor and its places."""
    judged = zip(lexical, reading.danger([m.span for m in lexical]), strict=True)
    known = [m for m, p in judged if p.likeliest >= HARMLESS]
    found: list[Mention] = []
    for threat in reading.threats:
        same = [i for i, m in enumerate(known) if m.span[0] < threat.end and threat.start < m.span[1]]
        for i in same:
            known[i] = known[i]._replace(term=known[i].term._replace(category=threat.category))
        if len(same) == 1 and _is_phrase_of(threat, known[same[0]]):
            known[same[0]] = known[same[0]]._replace(span=(threat.start, threat.end))
        if same or scene.is_source(threat.start) or not _says_more_than_a_name(scene.text, threat):
            continue
        cut = next(((s, e) for s, e in scene.sentences if s <= threat.start < e), (threat.start, threat.end))
        term = _term(scene.text, threat)
        found.append(Mention(term, cut, phrases.clause(scene.text, cut, term), (threat.start, threat.end)))
    every = sorted(known + found, key=lambda m: m.span)
    spans = [m.span for m in every]
    actors = _probable(spans, "actor", [(p.actor, (p.start, p.end)) for p in scene.parties], reading)
    places = _probable(spans, "region", [(p.id, (p.start, p.end)) for p in scene.named], reading)
    dangers = reading.danger(spans)
    return [
        m._replace(p=p.mean, actors=who, places={name: q for name, q in where.items() if name})
        for m, p, who, where in zip(every, dangers, actors, places, strict=True)
    ]


def _probable(
    spans: list[Range], to: str, named: list[tuple[str, Range]], reading: Reading
) -> list[dict[str, float]]:
    """Return for each mention how probable each name is over all of its places, and nobody, called ``""``."""
    found = []
    for *each, nobody in reading.pointed(spans, to, [at for _, at in named]):
        probable = {"": nobody}
        for (name, _), p in zip(named, each, strict=True):
            probable[name] = probable.get(name, 0.0) + p
        found.append(probable)
    return found


def _is_phrase_of(threat: Threat, mention: Mention) -> bool:
    """Tell whether the reader's words are a phrase, within the sentence, that holds the lexicon's term."""
    term, sentence = mention.term, mention.sentence
    holds = threat.start <= term.start and term.end <= threat.end
    return holds and sentence[0] <= threat.start and threat.end <= sentence[1]


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
