"""All charts of a briefing on one page, each with its finding and, in words, what it shows: offline, without script."""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from markupsafe import Markup

from analysis.show import plain

_STYLE = (
    "body{font:1rem/1.5 'DejaVu Sans',sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "h1{font-size:1.5rem}figure{margin:2.5rem 0;padding-top:1rem;border-top:1px solid #c8c8c8}"
    "figcaption{font-weight:bold;margin-bottom:.8rem}img{max-width:100%;height:auto}p{color:#444;overflow-wrap:anywhere}"
)
_PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; style-src 'sha256-{hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: charts</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}: charts</h1>
<p>{many}. Below each stands in words what it shows, for those who do not see it.</p>
{figures}
</main>
</body>
</html>
""")
_FIGURE = Markup(
    '<figure><figcaption>{title}</figcaption><img src="{name}.svg" alt="{title}: {words}"><p>{words}</p></figure>'
)


def page(title: str, charts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the page that shows charts, given the names of their files, without the ending, and their SVG.

    The finding is an SVG's ``<title>``, what it shows in words its ``<desc>``, as ``analysis.figures`` writes them.
    """
    figures = [
        _FIGURE.format(name=name, title=_part(svg.decode(), "title"), words=_part(svg.decode(), "desc"))
        for name, svg in charts
    ]
    style = Markup(_STYLE)
    return _PAGE.format(
        hash=b64encode(sha256(_STYLE.encode()).digest()).decode(), title=title, style=style,
        many=plain(len(figures), "chart").capitalize(), figures=Markup("\n").join(figures),
    ).encode()  # fmt: skip


def _part(svg: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", svg, re.DOTALL)
    return Markup(found[1]).unescape() if found else ""
