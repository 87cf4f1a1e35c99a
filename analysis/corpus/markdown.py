"""Markdown with YAML front matter: ``date``, ``title`` and perhaps ``author``, ``source`` and ``url`` between lines of dashes."""

import html
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import mistune
import yaml

from analysis.corpus import columns, markup, plain_yaml
from analysis.corpus.decoding import text_of
from analysis.corpus.record import Record, Settings, Unreadable

#: Characters of an article with its front matter; parsers of Markdown take a time that grows with the square of it.
LONGEST = 250_000
LONGEST_FRONT = 20_000
_FRONT = re.compile(r"\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_WIKI = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")  # clippers link names: [[Jo Doe]]
_REMEDY = "begin the file with front matter: a line ---, the lines date: YYYY-MM-DD and title: TITLE, and a line ---"
_parse = mistune.create_markdown(renderer=None, plugins=["table", "strikethrough", "footnotes"])


def read(file: BinaryIO, settings: Settings) -> Iterator[Record | Unreadable]:
    """Yield the one article of a Markdown file; its text is what a reader of the page reads.

    Emphasis, links and HTML leave their text, pictures nothing. Values of the front matter are texts: *NO* is Norway. Raises
    ``Unreadable`` where there is no front matter.
    """
    text = text_of(file).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST:
        raise Unreadable(
            f"{len(text):,} characters, more than an article in Markdown has (limit {LONGEST:,})",
            "cut it into one file an article",
        )
    front = _FRONT.match(text)
    if not front:
        raise Unreadable("no front matter", _REMEDY)
    values = _values(front[1])
    chosen = columns.choose(values, settings, required=())
    chosen.pop("text", None)
    yield columns.article(values, chosen, settings, body=plain(text[front.end() :]))


def plain(text: str) -> str:
    """Return Markdown as paragraphs of plain text, parted by empty lines."""
    try:
        return "\n\n".join(part for part in _blocks(_parse(text)) if part.strip())
    except RecursionError as error:
        raise Unreadable("quotations or lists nested too deep", "save the article as plain text") from error


def _blocks(tokens: Any) -> Iterator[str]:
    for token in tokens:
        kind = token["type"]
        if kind in ("paragraph", "block_text", "heading"):
            yield _inline(token["children"])
        elif kind == "block_code":
            yield token["raw"]
        elif kind == "block_html":
            yield markup.plain(token["raw"])
        elif kind in ("table_head", "table_row"):
            yield " ".join(_inline(cell["children"]) for cell in token["children"])
        elif kind == "list":
            yield from _list(token)
        else:
            yield from _blocks(token.get("children", []))


def _list(token: Any) -> Iterator[str]:
    """Yield the items of a list without their marks; ``1914. War broke out.`` is a sentence, and keeps its year."""
    start = token["attrs"].get("start", 1)
    for number, item in enumerate(token["children"], start=start):
        parts = [part for part in _blocks(item["children"]) if part.strip()]
        if start > 1 and parts:
            parts[0] = f"{number}. {parts[0]}"
        yield from parts


def _inline(tokens: Any) -> str:
    return "".join(_inline_token(token) for token in tokens)


def _inline_token(token: Any) -> str:
    kind = token["type"]
    if kind in ("softbreak", "linebreak"):
        return " " if kind == "softbreak" else "\n"
    if kind in ("image", "inline_html", "footnote_ref"):
        return ""
    if "children" in token:
        return _inline(token["children"])
    return str(token["raw"]) if kind == "codespan" else html.unescape(token["raw"])


class _NoAliases(plain_yaml.Texts):
    """YAML in which nothing stands for something else."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias (*name): write the value out")
        return super().compose_node(parent, index)


def _unlinked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unlinked(v) for key, v in value.items()}
    if isinstance(value, list):
        return [_unlinked(v) for v in value]
    return _WIKI.sub(r"\1", value) if isinstance(value, str) else value


def _values(front: str) -> dict[str, Any]:
    if len(front) > LONGEST_FRONT:
        raise Unreadable(f"front matter of {len(front):,} characters (limit {LONGEST_FRONT:,})", _REMEDY)
    try:
        values = _unlinked(plain_yaml.load(front, _NoAliases))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = " ".join(str(error).split())[:200] or type(error).__name__
        raise Unreadable(
            f"front matter is no YAML ({problem})", 'put values with a colon between quotes: title: "A: B"'
        ) from error
    if not isinstance(values, dict):
        raise Unreadable("front matter without lines of the form key: value", _REMEDY)
    return columns.flat(values)
