"""Names in other scripts than Latin, marked with their language as far as the script alone tells it."""

import re
from xml.etree.ElementTree import Element

from analysis.exporter.clean import SVG

_EAST = "\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
#: Letters by script. Only Hangul and Kana tell a language: Cyrillic may be Russian or Ukrainian, Han Chinese or Japanese.
SCRIPTS = {
    "und-Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "und-Cyrl": "\u0400-\u052f",
    "und-Armn": "\u0531-\u058f",
    "und-Hebr": "\u0590-\u05ff",
    "und-Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "und-Deva": "\u0900-\u097f",
    "und-Thai": "\u0e00-\u0e7f",
    "und-Geor": "\u10a0-\u10ff",
    "und-Hani": _EAST,
}
_RUN = re.compile("|".join(f"([{letters}]+(?:[ .·’'‐-]+[{letters}]+)*)" for letters in SCRIPTS.values()))
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff]")


def language(run: str) -> str:
    """Return the language of a run of letters of one script: *ko*, *ja*, or *und* with the script (BCP 47)."""
    if _HANGUL.search(run):
        return "ko"
    if _KANA.search(run):
        return "ja"
    match = _RUN.match(run)
    return list(SCRIPTS)[match.lastindex - 1] if match and match.lastindex else ""


def mark(element: Element) -> None:
    """Put each such run within an element into a ``bdi`` with its language, whose direction is its own.

    What says its language already is left alone, and so are charts.
    """
    if element.tag.startswith(SVG) or "lang" in element.attrib:
        return
    element.text, inner = _split(element.text)
    for child in list(element):
        mark(child)
        child.tail, after = _split(child.tail)
        inner += [child, *after]
    element[:] = inner


def _split(text: str | None) -> tuple[str | None, list[Element]]:
    """Return what stands before the first run, and the runs, each with what follows it."""
    found = list(_RUN.finditer(text or ""))
    if not text or not found:
        return text, []
    runs = []
    for match, end in zip(found, [*(m.start() for m in found[1:]), len(text)], strict=True):
        run = Element("bdi", {"lang": language(match[0])})
        run.text, run.tail = match[0], text[match.end() : end]
        runs.append(run)
    return text[: found[0].start()], runs
