"""The articles that were read as BibTeX: one entry each, with a key that no other article has."""

import re
import unicodedata
from functools import lru_cache

import pandas as pd
from pylatexenc.latexencode import RULE_DICT, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

from analysis import schema, sharing

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# BibTeX counts braces, also those after a backslash: a text must bring none of its own.
_BRACES = {ord("{"): r"{\textbraceleft}", ord("}"): r"{\textbraceright}"}
_LATEX = UnicodeToLatexEncoder(
    conversion_rules=[UnicodeToLatexConversionRule(RULE_DICT, _BRACES), "defaults"],
    non_ascii_only=False,
    unknown_char_policy="keep",
    unknown_char_warning=False,
)
#: Characters that an address holds; others are written in percent.
_ADDRESS = re.compile(r"[^A-Za-z0-9:/?#@!$&*+,;=._~%()\[\]-]")


def write(articles: pd.DataFrame, share: str) -> bytes:
    """Return the entries of articles, in their order. Names stand as the articles give them."""
    return "\n".join(entry(row, share) for row in schema.records(articles)).encode()


def entry(article: dict[str, str], share: str) -> str:
    """Return the entry of one article."""
    year, month, day = article["date"].split("-")
    texts = {name: _shared(article[name], share) for name in ("title", "byline", "outlet")}
    outlet = texts["outlet"]
    fields = {
        "author": _protected(texts["byline"]),
        "title": _protected(texts["title"]),
        "journal" if outlet else "howpublished": _protected(outlet or "News article"),
        "year": f"{{{year}}}",
        "month": MONTHS[int(month) - 1],
        "day": f"{{{int(day)}}}",
        "date": f"{{{article['date']}}}",
        "url": f"{{{address(article['url'])}}}" if address(article["url"]) else "",
        "note": f"{{Article {article['article_id']}; SHA-256 of the file {article['sha256_raw']}}}",
    }
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items() if value)
    return f"@{'article' if outlet else 'misc'}{{{key(article)},\n{lines}}}\n"


def key(article: dict[str, str]) -> str:
    """Return the key of an article: outlet or author, year, and the article's id, which makes it unique and lasting."""
    plain = (
        unicodedata.normalize("NFKD", article["outlet"] or article["byline"])
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join([*words[:2], article["date"][:4], article["article_id"]])


def address(url: str) -> str:
    """Return an address of the web as it may stand in a link; empty where it is none."""
    if not re.match(r"https?://[^\s/]", url, re.IGNORECASE):
        return ""
    return _ADDRESS.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), url)


def _shared(text: str, share: str) -> str:
    return text if sharing.is_full(share) else sharing.excerpt(text)


@lru_cache(4096)
def _protected(text: str) -> str:
    """Return a text as one piece: no name is parted at *and*, no capital is lost."""
    return f"{{{{{_LATEX.unicode_to_latex(' '.join(text.split()))}}}}}" if text.strip() else ""
