"""Look at the text: evidence of a name, a whole article with its spans, a word in its lines."""

import re
from typing import TYPE_CHECKING

import pandas as pd
from IPython.display import HTML
from markupsafe import Markup

from analysis import places, schema, sharing
from analysis import show as displaying
from analysis.corpus import language
from analysis.evidence import legend, marked, marks_of
from analysis.lab import names, passages
from analysis.lab.errors import LabError, nearest, suggestion
from analysis.lab.passages import Passages
from analysis.lab.results import Table

if TYPE_CHECKING:
    from analysis.lab.desk import Desk


class Show:
    """``show(...)`` displays results one below the other; its methods lead to the text."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def __call__(self, *parts: object) -> HTML:
        """Display tables, passages, sentences and charts, one below the other.

        >>> show = desk.show
        >>> "Experts by attributions" in show(desk.experts.most_cited()).data
        True
        """
        return displaying.show(
            *(Markup(part) if hasattr(part, "__html__") else Markup.escape(part) for part in parts)
        )

    def evidence(self, name: str, of: str = "", most: int = 20) -> Passages:
        """Return the rows that a name has, with their sentences: of a speaker, a region, an actor, a category, a target.

        Where a name means several of them, the first that has rows is shown, and what else it means is said below; ``of`` chooses.

        >>> desk.show.evidence("Oliver Jia")[0]
        Oliver Jia · expert · unlikely: Oliver Jia, an expert on North Korea and Japan, notes that ...
        >>> desk.show.evidence("Japan", of="region").caption
        'Threat mentions for Japan'
        >>> desk.show.evidence("Olivr Jia")
        Traceback (most recent call last):
        analysis.lab.errors.LabError: no speaker "Olivr Jia"; did you mean "Oliver Jia"?
        """
        found = names.resolve(self._desk.brief, name, of)
        sort = names.SORTS[found.sort]
        ids = self._desk.ids(sort.table, sort.condition, most, found.value)
        others = [one for one in names.every(self._desk.brief, name) if one.sort != found.sort and one.n]
        remark = "; ".join(
            f'of="{one.sort}" shows the {one.n:,} of {one.name} as {one.sort}' for one in others
        )
        caption = f"{_CAPTION[found.sort]} {found.name}"
        return passages.collect(self._desk, caption, sort.table, ids, found.n, remark)

    def articles(self, words: str = "") -> Table:
        """Return the articles, or those with these words in title, outlet, author or file.

        >>> len(desk.show.articles("russia"))
        1
        """
        every = self._desk.brief.articles
        columns = ["date", "outlet", "title", "byline", "n_words", "path", "article_id"]
        of = every[[*columns[1:4], "path"]].agg(" ".join, axis=1).str.casefold()
        frame = every[of.str.contains(words.casefold(), regex=False)][columns].reset_index(drop=True)
        return Table(
            "Articles" + (f' with "{words}"' if words else ""), frame, is_searchable=self._desk.is_lab
        )

    def article(self, which: str) -> HTML:
        """Return one article's text with its spans; ``which`` is its id, its file, or words of its title that no other has.

        Sources, cues, contents, likelihood, threats, targets of the tone and places are marked, each with an underline of its own and,
        in the lab, its name. Outside of the lab the whole text is shown only where the report says ``share: full``.

        >>> "Excerpt" in desk.show.article("new ally").data
        True
        """
        opened = self._desk.brief
        article = self._one(which)
        text = opened.texts([article["article_id"]])[article["article_id"]]
        head = Markup('<p><strong>{}</strong></p><p class="meta">{}</p>').format(
            article["title"], " · ".join(filter(None, [article["outlet"], article["date"], article["byline"], article["path"], article["article_id"]])),
        )  # fmt: skip
        if not (self._desk.is_lab or sharing.is_full(self._desk.parameters.share)):
            said = displaying.note(
                f"Excerpt of {displaying.EXCERPT} words; share: full in the report file shows the whole text."
            )
            return displaying.show(
                _SECTION.format(head, Markup('<p class="text">{}</p>').format(sharing.excerpt(text)), said)
            )
        rows = [
            (table, row)
            for table in ("attributions", "threats")
            for row in schema.records(opened.rows(table, self._desk.ids_in(table, article["article_id"])))
        ]
        named = ((p.start, p.end, "region") for p in places.find(text))
        marks = sorted({*marks_of(text, rows), *named})
        whole = Markup('<p class="text whole">{}</p>').format(marked(text, 0, len(text), marks))
        return displaying.show(_SECTION.format(head, legend(), whole))

    def concordance(self, words: str, most: int = 200) -> Table:
        """Return every place where words stand, in its line, by date; ``*`` at the end stands for any ending.

        >>> desk.show.concordance("ballistic *").frame.loc[0, "words"]
        'ballistic missile'
        """
        if not words.strip(" *"):
            raise LabError('a word or a phrase is needed, such as show.concordance("missile*")')
        parts = [re.escape(part).replace(r"\*", r"\w*") for part in words.split()]
        pattern = re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE)
        holding = self._desk.brief.query(
            "SELECT article_id, date, outlet, title, text FROM articles WHERE list_contains($read, language) AND contains(lower(text), $part) "
            "ORDER BY date, path, record, article_id",
            {"read": list(language.READ), "part": max(words.lower().replace("*", " ").split(), key=len)},
        )
        rows: list[tuple[str, ...]] = []
        n = 0
        for article in schema.records(holding):
            text = article["text"]
            for match in pattern.finditer(text):
                n += 1
                if len(rows) < most:
                    start, end = match.span()
                    first, last = displaying.window(text, start, end)
                    rows.append((text[first:start].strip(), match[0], text[end:last].strip(), article["date"], article["outlet"], article["title"]))  # fmt: skip
        remark = f"The first {most:,} of {n:,} lines." if n > most else ""
        if not n:
            near = nearest(words, self._desk.words())
            remark = f'No article has "{words}"' + (f"; there is {', '.join(near)}." if near else ".")
        frame = pd.DataFrame(rows, columns=["before", "words", "after", "date", "outlet", "title"])
        return Table(f'Concordance of "{words}" ({n:,})', frame, remark, is_searchable=self._desk.is_lab)

    def _one(self, which: str) -> dict[str, str]:
        every = self._desk.brief.articles
        low = which.casefold().strip()
        exact = every[
            (every["article_id"] == low)
            | (every["path"].str.casefold() == low)
            | (every["title"].str.casefold() == low)
        ]
        found = (
            exact
            if len(exact)
            else self._desk.brief.articles[every["title"].str.casefold().str.contains(low, regex=False)]
        )
        if not len(found) or not low:
            raise LabError(f'no article "{which}"{suggestion(which, every["title"])}')
        if len(found) > 1:
            named = "; ".join(
                f"{row['title']} ({row['article_id']})" for row in schema.records(found.head(5))
            )
            raise LabError(
                f'{len(found)} articles have "{which}" in their title: {named}; name one by its id'
            )
        return schema.records(found)[0]


_SECTION = Markup('<section class="evidence lab">{}{}{}</section>')
_CAPTION = {
    "speaker": "Attributions to", "region": "Threat mentions for", "actor": "Threat mentions by",
    "category": "Threat mentions of", "target": "Mentions of",
}  # fmt: skip
