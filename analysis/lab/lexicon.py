"""Questions to the lexicons: what they never match here, what they match most, and what they may lack."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from analysis import places, sharing
from analysis.corpus import language
from analysis.lab import lexicon_lines, trial
from analysis.lab.errors import LabError, suggestion
from analysis.lab.lexicon_lines import ALWAYS, COLUMNS
from analysis.lab.results import Table
from analysis.text import sentences

if TYPE_CHECKING:
    from analysis.lab.desk import Desk

#: Texts that are searched at most.
SEARCHED = 5_000
_AFTER_PREPOSITION = re.compile(
    r"\b(?:in|at|near|from|off|around|outside|across|towards?|over|beyond)\s+"
    r"((?:[A-Z][\w’'-]+)(?:\s(?:of\s(?:the\s)?)?[A-Z][\w’'-]+){0,3})"
)
_CALENDAR = re.compile(
    r"(?:(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)

#: Words, the article that they stand in, their sentence.
_Candidate = tuple[str, str, str]


class Lexicon:
    """The lexicons ``threats``, ``places`` and ``aliases`` against these articles."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def most_matched(self, name: str = "threats", most: int = 20) -> Table:
        """Return the terms that were found most often, each with its line in the file.

        >>> desk.lexicon.most_matched("places", 1).frame.loc[0, "term"]
        'North Korea'
        """
        lines, counts, key = lexicon_lines.of(name), self._counts(name), COLUMNS[name][0]
        found = sorted((term for term in counts if term in lines), key=lambda term: (-counts[term], term))
        rows = [{**lines[term], key: _short(term), "n_matches": counts[term]} for term in found[:most]]
        frame = pd.DataFrame(rows, columns=[key, "n_matches", *COLUMNS[name][1:], "line", "note"])
        return self._table(f"Terms of {name}.csv that are matched most", frame)

    def unmatched(self, name: str = "threats") -> Table:
        """Return the terms that are never found; those that only hide longer phrases are left out.

        >>> len(desk.lexicon.unmatched("places")) > 2000
        True
        """
        lines, counts, key = lexicon_lines.of(name), self._counts(name), COLUMNS[name][0]
        never = [
            line for term, line in lines.items() if not counts[term] and not lexicon_lines.hides(name, line)
        ]
        rows = [{**line, key: _short(line[key])} for line in never]
        frame = pd.DataFrame(rows, columns=[*COLUMNS[name], "line", *ALWAYS])
        return self._table(f"Terms of {name}.csv that are never matched", frame)

    def candidates(self, kind: str = "", most: int = 20) -> Table:
        """Return phrases that a lexicon may lack, the most frequent first, each with a sentence.

        ``threat``: what the reader takes for a threat and no term knows; ``place``: capitalised words after *in*, *near*, *off* and
        the like that are no place yet; ``name``: sources with a name in them whose speaker could not be told.

        >>> list(desk.lexicon.candidates("threat").frame.columns)
        ['candidate', 'words', 'n_times', 'n_articles', 'sentence']
        """
        sorts: dict[str, Callable[[], Iterator[_Candidate]]] = {
            "threat": self._threats, "place": self._places, "name": self._names,
        }  # fmt: skip
        if kind and kind not in sorts:
            near = suggestion(kind, sorts) or ";"
            raise LabError(f'no candidates of the kind "{kind}"{near} The kinds are {", ".join(sorts)}')
        rows = []
        for one in [kind] if kind else sorts:
            found: dict[str, list[_Candidate]] = {}
            for candidate in sorts[one]():
                found.setdefault(candidate[0].casefold(), []).append(candidate)
            for _, same in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))[:most]:
                words, _, sentence = same[0]
                rows.append([one, words, len(same), len({c[1] for c in same}), sharing.excerpt(sentence)])
        columns = ["candidate", "words", "n_times", "n_articles", "sentence"]
        return self._table("What the lexicons may lack", pd.DataFrame(rows, columns=columns))

    def try_term(self, name: str, term: str, **values: str) -> trial.Trial:
        """Try a new line of a lexicon: counts before and after, and three sentences, before anything is saved.

        The values are those of the lexicon's columns, such as ``category="coercion"``, ``id="JP"`` or ``speaker="Japan"``.

        >>> desk.lexicon.try_term("threats", "pragmatic move", category="coercion").examples()
        ['The interaction between Russia and North Korea seems more of a pragmatic move ...']
        """
        return trial.of(self._desk, dict(self._texts()), name, term, values)

    def _counts(self, name: str) -> Counter[str]:
        """Return how often each term is found."""
        if name == "threats":
            found = self._desk.brief.query(
                "SELECT term, count(*)::INTEGER AS n FROM threats WHERE term IS NOT NULL GROUP BY term"
            )
            return Counter(dict(zip(found["term"], found["n"].astype(int), strict=True)))
        counts: Counter[str] = Counter()
        lines = lexicon_lines.of(name)
        if name == "places":
            written = {term.casefold(): term for term in lines}
            for _, text in self._texts():
                words = (p.text.casefold().replace("’", "'") for p in places.find(text))
                counts.update(written[word] for word in words if word in written)
            return counts
        every = "|".join(sorted(map(re.escape, lines), key=len, reverse=True))
        for _, text in self._texts():
            counts.update(re.findall(rf"(?<!\w)(?:{every})(?!\w)", text))
        return counts

    def _texts(self) -> Iterator[tuple[str, str]]:
        """Yield id and text of the articles that are measured, at most ``SEARCHED`` of them."""
        found = self._desk.brief.query(
            "SELECT article_id, text FROM articles WHERE list_contains($read, language) "
            "ORDER BY date, path, record, article_id LIMIT $most",
            {"read": sorted(language.READ), "most": SEARCHED},
        )
        yield from zip(found["article_id"], found["text"], strict=True)

    def _table(self, caption: str, frame: pd.DataFrame) -> Table:
        n = len(self._desk.brief.read)
        remark = f"Texts were searched in the first {SEARCHED:,} of {n:,} articles." if n > SEARCHED else ""
        return Table(caption, frame, remark, is_searchable=self._desk.is_lab)

    def _threats(self) -> Iterator[_Candidate]:
        found = self._desk.brief.query(
            "SELECT rows.text AS words, article_id, articles.text[sentence_start + 1:sentence_end] AS sentence "
            "FROM threats AS rows JOIN articles USING (article_id) WHERE term IS NULL ORDER BY date, path, record, start"
        )
        yield from found.itertuples(index=False, name=None)

    def _places(self) -> Iterator[_Candidate]:
        speakers = set(self._desk.brief.numbers("attributions_by_speaker")["group"])
        for article, text in self._texts():
            known = [(p.start, p.end) for p in places.find(text)]
            cut = sentences(text)
            for match in _AFTER_PREPOSITION.finditer(text):
                start, end = match.span(1)
                is_known = any(s < end and start < e for s, e in known)
                if not is_known and match[1] not in speakers and not _CALENDAR.match(match[1]):
                    yield match[1], article, next(text[s:e] for s, e in cut if s <= start < e)

    def _names(self) -> Iterator[_Candidate]:
        found = self._desk.brief.query(
            "SELECT source AS words, article_id, rows.text AS sentence "
            "FROM attributions AS rows JOIN articles USING (article_id) "
            "WHERE speaker = '' AND regexp_matches(source, '[a-z,] [A-Z][a-z]|^[A-Z][a-z]+ [A-Z]') "
            "ORDER BY date, path, record, rows.start"
        )
        yield from found.itertuples(index=False, name=None)


def _short(term: str) -> str:
    """Return a term as a table shows it: some have hundreds of spellings, which the line in the file has."""
    return term if len(term) <= 80 else f"{term[:78].rstrip()} …"
