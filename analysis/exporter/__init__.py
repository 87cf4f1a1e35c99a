"""An executed notebook in, one self-contained HTML page out: ``jupyter nbconvert --to briefing``."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import mistune
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Config

from analysis.exporter.page import Page, lay_out

TEMPLATES = Path(__file__).resolve().parents[2] / "reports" / "template"
HIDDEN_TAGS = {"parameters", "injected-parameters", "hide"}
SHOWN = ("text/html", "text/markdown", "image/svg+xml")  # the richest first; nothing else is shown
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
FURNITURE = {
    "en": {"skip": "Skip to the briefing", "contents": "Contents", "table": "Table", "chart": "Chart"},
    "de": {"skip": "Zum Inhalt springen", "contents": "Inhalt", "table": "Tabelle", "chart": "Diagramm"},
    "fr": {"skip": "Aller au contenu", "contents": "Sommaire", "table": "Tableau", "chart": "Graphique"},
}

to_html = mistune.create_markdown(escape=False, plugins=["table", "strikethrough"])


class BriefingExporter(HTMLExporter):
    """Export the prose and the results of a notebook, never its code.

    ``metadata["briefing"]`` of the notebook gives title, subtitle, language, description, date and authors.
    Nothing is taken from the clock, the machine or the network: the same notebook gives the same bytes.
    """

    export_from_notebook = "Briefing (HTML)"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "briefing"

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [str(TEMPLATES)]

    @property
    def default_config(self) -> Config:
        """The parent's settings; cells tagged as hidden are removed before anything is rendered."""
        config = super().default_config.copy()
        config.merge(
            {
                "TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": HIDDEN_TAGS},
                "HighlightMagicsPreprocessor": {"enabled": False},
            }
        )
        return config

    def default_filters(self) -> Iterable[tuple[str, Any]]:
        """The parent's filters and ``briefing``, which turns a notebook into what the template prints."""
        yield from super().default_filters()
        yield "briefing", self.briefing

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render the template; the parent's second pass over the finished page is left out."""
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

    def briefing(self, nb: NotebookNode) -> dict[str, Any]:
        """Everything that the template prints."""
        facts = dict(nb.metadata.get("briefing", {}))
        authors = facts.get("authors") or []
        facts["authors"] = [authors] if isinstance(authors, str) else [str(author) for author in authors]
        language = str(facts.get("language", "en"))
        if not LANGUAGE.fullmatch(language):
            self.log.warning("%r is not a language code; the page is marked as English", language)
            language = "en"
        furniture = str(facts.get("furniture", language)).split("-")[0].lower()
        furniture = furniture if furniture in FURNITURE else "en"
        words = FURNITURE[furniture]
        page: Page = lay_out(
            fragments(nb),
            title=str(facts.get("title", "Briefing")),
            subtitle=str(facts.get("subtitle", "")),
            words=words,
        )
        for warning in page.warnings:
            self.log.warning("%s", warning)
        style, script = (
            self.environment.loader.get_source(self.environment, name)[0]
            for name in ("briefing.css", "concordance.js")
        )
        return {
            "facts": facts,
            "language": language,
            "furniture": furniture,
            "words": words,
            "page": page,
            "style": style,
            "style_hash": _hash(style),
            "script": script,
            "script_hash": _hash(script),
        }


def _hash(text: str) -> str:
    """Return the hash by which a page's Content-Security-Policy allows a style or a script, and no other."""
    return b64encode(sha256(text.encode()).digest()).decode()


def fragments(nb: NotebookNode) -> Iterator[str]:
    """Each shown piece of the notebook as HTML that is not yet trusted."""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            yield str(to_html(cell.source))
        elif cell.cell_type == "code":
            for output in cell.outputs:
                data = output.get("data", {})  # streams and errors have none
                kind = next((kind for kind in SHOWN if kind in data), None)
                if kind:
                    yield str(to_html(data[kind])) if kind == "text/markdown" else data[kind]
