"""The desk: one open briefing, kept up with the files that a researcher edits, and the words to ask it with."""

import os
import re
from pathlib import Path

from IPython.display import HTML, display

from analysis import brief, report
from analysis.brief import Brief
from analysis.corpus import language
from analysis.lab import chapters, fresh
from analysis.lab.compare import Compare
from analysis.lab.corrections import Correct
from analysis.lab.errors import plainly
from analysis.lab.experts import Experts
from analysis.lab.explore import Explore
from analysis.lab.lexicon import Lexicon
from analysis.lab.results import script_of_tables
from analysis.lab.show import Show
from analysis.lab.threats import Threats
from analysis.lab.tone import Tone
from analysis.show import plain

_STYLE = Path(__file__).with_name("style.css")


class Desk:
    """An open briefing. Where a lexicon or an override is edited, the next question sees it."""

    def __init__(self, parameters: report.Parameters) -> None:
        self.parameters = parameters
        #: Whether somebody sits before it: in a notebook of JupyterLab, and not in a briefing that is being built.
        self.is_lab = "JPY_SESSION_NAME" in os.environ and not parameters.tables
        self._opened, self._seen = brief.make(parameters), fresh.edited()
        self.experts, self.threats, self.tone, self.show = (
            Experts(self),
            Threats(self),
            Tone(self),
            Show(self),
        )
        self.compare, self.correct, self.lexicon, self.explore = (
            Compare(self),
            Correct(self),
            Lexicon(self),
            Explore(self),
        )
        self.chapters, self.new_chapter, self.build = chapters.every, chapters.new_chapter, chapters.build
        if self.is_lab:
            display(HTML(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>{script_of_tables()}"))

    @property
    def brief(self) -> Brief:
        """The briefing as its parameters, the lexicons and the overrides now say."""
        if not self.parameters.tables and (now := fresh.edited()) != self._seen:
            with plainly():
                if now.lexicons != self._seen.lexicons:
                    fresh.forget()
                self._opened = brief.make(self.parameters)
            self._seen = now
        return self._opened

    def __repr__(self) -> str:
        b = self.brief
        days = [b.articles["date"].min(), b.articles["date"].max()] if len(b.articles) else []
        when = f", {' to '.join(dict.fromkeys(days))}" if days else ""
        said = plain(int(b.number("attributions")["n_rows"]), "attribution")
        named = plain(int(b.number("threats")["n_rows"]), "threat mention")
        return f"{plain(len(b.read), 'article')} of {self.parameters.corpus}{when}: {said}, {named}"

    def ids(self, table: str, condition: str, most: int, value: str = "") -> list[str]:
        """Return the ids of the first rows of a table that meet a condition, in the order of their articles and places."""
        found = self.brief.query(
            f"SELECT id FROM {table} AS rows JOIN articles USING (article_id) WHERE {condition} "
            'ORDER BY date, path, record, article_id, start, rows."end", length(id), id LIMIT $most',
            {"most": most} | ({"value": value} if "$value" in condition else {}),
        )
        return list(found["id"])

    def ids_in(self, table: str, article: str) -> list[str]:
        """Return the ids of all rows that a table has of an article."""
        return list(self.brief.query(f"SELECT id FROM {table} WHERE article_id = $id", {"id": article})["id"])

    def words(self) -> set[str]:
        """Return the words of at most a thousand articles, in small letters: to say what is near to a word that is not there."""
        texts = self.brief.query(
            "SELECT text FROM articles WHERE list_contains($read, language) ORDER BY date, path, record, article_id LIMIT 1000",
            {"read": list(language.READ)},
        )["text"]
        return {word for text in texts for word in re.findall(r"\w{3,}", text.lower())}
