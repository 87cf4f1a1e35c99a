"""The page and the PDF that come out of a bound notebook."""

import io
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
import tinyhtml5
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from analysis.exporter import TEMPLATES, BriefingExporter
from analysis.exporter.clean import EVERYWHERE, HTML_TAGS, SVG_TAGS, contents, parse
from analysis.pdf import PdfUnavailable, missing_characters, render_pdf

SECRET = "code_that_nobody_sees"
SVG = "{http://www.w3.org/2000/svg}"

COVER = """<header class="cover"><p class="kicker">Regional threat briefing</p>
<h1>North Korean troops in Russia’s war: what the experts say</h1>
<p class="subtitle">Who is cited, how likely they call it, and which regions are named with which threats</p>
<dl class="facts"><dt>Corpus</dt><dd>1 article, 1 story, 0 rejected</dd>
<dt>Period</dt><dd>1 November 2024</dd><dt>Parameters</dt><dd>regions: all · watch list: none</dd>
<dt>Version</dt><dd>0.1.0</dd>
<dt>Content hash</dt>
<dd>9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08</dd></dl></header>"""
BOTTOM_LINE = """<div class="bottom-line"><h2>Bottom line</h2><ul>
<li><a class="n" href="#s-1">Two</a> named experts are cited;
both call a turn of the war <em>unlikely</em>.</li>
<li>Of <a class="n" href="#s-2">7</a> threats, <a class="n" href="#s-2">5</a> have North Korea as actor.</li>
<li>The corpus holds <strong>one article</strong>, so no trend is drawn.</li></ul></div>"""
CHART = """<figure class="chart"><svg xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 480 200"
 width="480pt" height="200pt" xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d">
<title id="t">Japan and South Korea are named most often</title>
<desc id="d">Bars: KP 5, JP 3, KR 3, TW 1.</desc>
<metadata><rdf>drop me</rdf></metadata>
<defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>
<clipPath id="p1"><rect x="60" y="10" width="400" height="160"/></clipPath></defs>
<g id="figure_1"><g id="patch_1" clip-path="url(#p1)">
<path d="M 60 20 L 440 20 L 440 45 L 60 45 z" style="fill: #0b5475"/>
<path d="M 60 60 L 288 60 L 288 85 L 60 85 z" style="fill: #c8601f"/></g>
<path id="tick" d="M 60 10 L 60 170" style="stroke: currentColor; stroke-width: 0.8; fill: none"/>
<use xlink:href="#tick" x="100"/>
<text style="font: 10px 'DejaVu Sans', sans-serif; text-anchor: end" x="54" y="36"
 fill="currentColor">KP</text>
<text style="font: bold 10px 'DejaVu Sans', sans-serif; text-anchor: end" x="54" y="76"
 fill="currentColor">JP</text>
</g></svg>
<figcaption>Mentions as target or actor; one article, so counts and no shares.</figcaption></figure>"""
TABLE = """<div class="table" tabindex="0" role="region" aria-label="Experts">
<table class="data">
<caption>Experts, what they are cited as, and how likely they call it</caption>
<thead><tr><th scope="col">Expert</th>
<th scope="col">Role and affiliation</th><th scope="col">Likelihood</th>
<th scope="col" class="num">Statements</th>
<th scope="col" class="num">Share</th></tr></thead><tbody>
<tr><th scope="row">Oliver Jia</th><td>an expert on North Korea and Japan</td><td>unlikely</td>
<td class="num"><a class="n" href="#s-1">3</a></td><td class="num">60 %</td></tr>
<tr><th scope="row">Leif-Eric Easley</th><td>professor, Ewha University, Seoul</td><td>not stated</td>
<td class="num"><a class="n" href="#s-2">2</a></td><td class="num">40 %</td></tr></tbody></table></div>"""
EVIDENCE = """<section class="evidence"><h2>Evidence</h2>
<div class="legend"><mark class="source">source</mark> <mark class="cue">cue</mark>
<mark class="content">content</mark> <mark class="threat">threat</mark> <mark class="region">region</mark>
<mark class="likelihood">likelihood</mark></div>
<h3>Oliver Jia</h3><article class="sentence" id="s-1"><p class="text">“<mark class="content">It is
<mark class="likelihood">unlikely</mark> that <mark class="region">Pyongyang</mark>’s
<mark class="threat">troops</mark> will tip the balance</mark>,” <mark class="cue">said</mark>
<mark class="source">Oliver Jia, an expert on North Korea and Japan</mark>.</p>
<p class="meta">Example Outlet · 2024-11-01 · <cite>A headline</cite> · characters 1204 to 1390</p>
<p class="counted-in">Counted in <a href="#experts">Experts</a>, <a href="#bottom-line">Bottom line</a></p>
</article><h3>Leif-Eric Easley</h3><article class="sentence" id="s-2">
<p class="text"><mark class="source">Easley</mark>
<mark class="cue">warned</mark> <mark class="content">that <mark class="region">Japan</mark> and
<mark class="region">South Korea</mark> face <mark class="threat">missile tests</mark></mark>.</p>
<p class="meta">Example Outlet · 2024-11-01</p></article></section>
<section><h2>Sources</h2><ul class="rows"><li>Example Outlet, 1 article</li><li>A second line</li></ul>
<p class="note">A note on how it was counted.</p>
<p class="caveat">One article is no sample.</p></section>"""


def html(data: str) -> object:
    return new_code_cell(
        SECRET, outputs=[new_output("display_data", {"text/html": data, "text/plain": SECRET})]
    )


def sample() -> nbformat.NotebookNode:
    """Every element that a briefing is made of, once or a few times."""
    svg = CHART[CHART.index("<svg") : CHART.index("<figcaption")]
    cells = [
        new_code_cell(f"{SECRET} = 1", metadata={"tags": ["parameters"]}),
        new_code_cell(f"{SECRET} = 2", metadata={"tags": ["injected-parameters"]}),
        new_markdown_cell(f"{SECRET} in a hidden cell", metadata={"tags": ["hide"]}),
        html(COVER),
        html(BOTTOM_LINE),
        new_markdown_cell(
            "## Experts\n\nThe article cites **two named experts** and one unnamed group; "
            "prices such as $5 and $6 are no formulas. " + "A plain sentence of prose. " * 12
        ),
        new_markdown_cell("### Who is cited?"),
        html(TABLE),
        new_markdown_cell(
            "### What do they say?\n\n> A short quotation.\n\n| Word | n |\n|:--|--:|\n| missile | 3 |"
        ),
        new_markdown_cell("## Threats by region & category\n\nHow often is *each* region named?"),
        html(CHART),
        new_code_cell(
            SECRET,
            outputs=[
                new_output("stream", name="stderr", text=SECRET),
                new_output("error", ename=SECRET, evalue=SECRET, traceback=[SECRET]),
                new_output("execute_result", {"image/svg+xml": svg, "text/plain": SECRET}, execution_count=7),
                new_output(
                    "display_data",
                    {"text/markdown": "Printed by **code**, [outside](https://example.org/a)."},
                ),
                new_output("display_data", {"application/javascript": SECRET}),
            ],
        ),
        new_markdown_cell("### Who is cited?\n\nThe same heading once more."),
        html(EVIDENCE),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    briefing = {
        "title": "North Korean troops: what the experts say",
        "subtitle": "A subtitle",
        "language": "en",
        "description": "Who is cited on which threat.",
        "date": "2024-11-01",
        "authors": ["A. Author"],
    }
    return new_notebook(cells=cells, metadata={"briefing": briefing})


def export(notebook: nbformat.NotebookNode) -> str:
    return BriefingExporter().from_notebook_node(notebook)[0]


class Page(HTMLParser):
    """A flat list of tags, read by another parser than the exporter's."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.charts = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.charts += tag == "svg"
        name = "desc" if tag == "title" and self.charts else tag  # a chart's title is not the page's
        self.tags.append((name, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self.charts -= tag == "svg"

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page() -> str:
    return export(sample())


@pytest.fixture(scope="module")
def read(page: str) -> Page:
    return Page(page)


def texts(page: str, tags: tuple[str, ...]) -> list[str]:
    tree = tinyhtml5.parse(page, namespace_html_elements=False)
    return [" ".join("".join(element.itertext()).split()) for element in tree.iter() if element.tag in tags]


def test_page_frame(page: str, read: Page) -> None:
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert [len(read.all(tag)) for tag in ("h1", "nav", "main", "footer", "title", "style")] == [1] * 6
    assert {meta.get("name") for meta in read.all("meta")} >= {"viewport", "description", "color-scheme"}
    assert page.index('class="skip"') < page.index("<header") < page.index("<nav") < page.index("<main")


def test_policy_allows_our_stylesheet_and_script_and_nothing_else(page: str, read: Page) -> None:
    def hashed(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    policy = next(meta["content"] for meta in read.all("meta") if "http-equiv" in meta)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    script = (TEMPLATES / "briefing" / "concordance.js").read_text(encoding="utf-8")
    assert policy == (
        f"default-src 'none'; style-src {hashed(style[1])}; script-src {hashed(script)};"
        " img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )
    assert not [attributes for _, attributes in read.tags if "style" in attributes]


def test_code_and_hidden_cells_are_not_shown(page: str) -> None:
    assert SECRET not in page
    assert "drop me" not in page
    assert "stroke-linecap: butt" not in page
    assert "$5 and $6 are no formulas" in page


def test_ids_are_unique_and_every_internal_link_has_a_target(read: Page) -> None:
    ids = Counter(attributes["id"] for _, attributes in read.tags if "id" in attributes)
    assert [name for name, n in ids.items() if n > 1] == []
    links = [a["href"] for _, a in read.tags if a.get("href", "").startswith("#")]
    assert links
    assert [link for link in links if unquote(link[1:]) not in ids] == []
    names = " ".join(a["aria-labelledby"] for _, a in read.tags if "aria-labelledby" in a).split()
    assert names
    assert set(names) <= set(ids)


def test_contents_are_the_headings(page: str) -> None:
    nav, main = page[page.index("<nav") : page.index("</nav>")], page[page.index("<main") :]
    assert texts(nav, ("a",)) == texts(main, ("h2", "h3"))
    assert texts(nav, ("a",)).count("Who is cited?") == 2
    assert 'href="#who-is-cited"' in nav
    assert 'href="#who-is-cited-2"' in nav


def test_charts_have_names_and_tables_scroll(read: Page) -> None:
    assert [svg["role"] for svg in read.all("svg")] == ["img", "img"]
    frames = [a for a in read.all("div") if a.get("class") == "table"]
    assert len(frames) == len(read.all("table")) == 2
    assert [a["aria-label"] for a in read.all("div") if a.get("class") == "scroll"] == ["Chart 1", "Chart 2"]
    assert [th.get("class") for th in read.all("th")][-2:] == [None, "num"]
    assert all(a["tabindex"] == "0" and a["role"] == "region" and a["aria-label"] for a in frames)
    assert all("scope" in th for th in read.all("th"))


def test_inline_styles_of_charts_become_attributes(page: str) -> None:
    assert 'fill="#0b5475"' in page
    assert 'font-weight="bold" font-size="10px" font-family="&#x27;DejaVu Sans&#x27;, sans-serif"' in page
    assert "url(#chart-1-p1)" in page
    assert 'href="#chart-2-tick"' in page
    assert 'id="patch_1"' not in page
    assert [svg["fill"] for svg in Page(page).all("svg")] == ["currentColor", "currentColor"]


@pytest.mark.parametrize(
    ("cells", "cover"),
    [
        ([], "<h1>T &lt;i&gt; &amp;</h1>"),
        ([new_markdown_cell("# Mine\n\n## One")], "<h1>Mine</h1>"),
        (
            [html('<header class="cover"><p class="kicker">K</p></header>')],
            '<p class="kicker">K</p><h1>T &lt;i&gt;',
        ),
        ([new_markdown_cell("# A\n\n# B")], "<h1>A</h1>"),
    ],
    ids=["nothing", "heading in prose", "cover without heading", "two"],
)
def test_there_is_one_h1_in_the_cover(cells: list, cover: str) -> None:
    out = export(new_notebook(cells=cells, metadata={"briefing": {"title": "T <i> &"}}))
    assert len(Page(out).all("h1")) == 1
    assert cover in out[out.index("<header") : out.index("</header>")]


def test_a_dead_link_is_cut_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    exporter = BriefingExporter()
    exporter.log.propagate = True
    out, _ = exporter.from_notebook_node(new_notebook(cells=[new_markdown_cell("[7](#nowhere) stays")]))
    assert "<a>7</a> stays" in out
    assert "#nowhere" in caplog.text


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script in svg": "<svg><script>alert(1)</script><g onload=alert(1)></g></svg>",
    "handler": "<img src=x onerror=alert(1)><p onclick='alert(1)' onmouseover=alert(1)>x</p>",
    "handler after slash": "<svg/onload=alert(1)><details/open/ontoggle=alert(1)>",
    "javascript link": "<a href='javascript:alert(1)'>x</a>",
    "spaced javascript link": "<a href=' java\tscr\nipt:alert(1)'>x</a>",
    "encoded javascript link": "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "data link": "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "vbscript link": "<a href='vbscript:alert(1)'>x</a>",
    "svg link": "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "svg animation": "<svg><a><animate attributeName=href values=javascript:alert(1) /></a><set to=x></svg>",
    "foreign object": "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "svg image": "<svg><image href='https://evil.example/x.png'/><use href='https://evil.example/x#y'/></svg>",
    "svg paint": "<svg><rect fill='url(https://evil.example/x)' style='fill: url(//evil.example)'/></svg>",
    "style element": "<style>@import 'https://evil.example'; body{background:url(//evil.example)}</style>",
    "style attribute": "<p style='background:url(https://evil.example)'>x</p>",
    "frame": "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "frameset": "<frameset><frame src=//evil.example></frameset>",
    "object": "<object data=x></object><embed src=//evil.example><applet code=x></applet>",
    "form": "<form action=//evil.example><button formaction=javascript:alert(1)>x</button></form>",
    "refresh": "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "base": "<base href=//evil.example><link rel=stylesheet href=//evil.example>",
    "remote image": "<img src=https://evil.example/x.png><img srcset=//evil.example/x>",
    "remote video": "<video poster=//evil.example><source src=//evil.example></video>",
    "data svg image": "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "markdown link": "[x](javascript:alert(1)) ![x](https://evil.example/x.png) [x](data:text/html,alert(1))",
    "attachment": "![x](attachment:x.png)",
    "math": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "title breakout": "<svg><title><g id='</title><img src=x onerror=alert(1)>'></g></title></svg>",
    "svg breakout": "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "raw text": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "plain text": "<xmp></xmp><plaintext>",
    "comment": "<!--><img src=x onerror=alert(1)>--><![CDATA[<img src=x onerror=alert(1)>]]>",
    "template": "{{ ''.__class__ }}{% raw %}<template><script>alert(1)</script></template>",
    "closing the page": "</main></body></html><script>alert(1)</script>",
    "escaped": "&lt;script&gt;alert(1)&lt;/script&gt;",
}
PLACES = {
    "html output": html,
    "markdown": new_markdown_cell,
    "heading": lambda text: new_markdown_cell(f"## {text}"),
    "html heading": lambda text: html(f"<h3>{text}</h3>"),
    "markdown output": lambda text: new_code_cell(
        "", outputs=[new_output("display_data", {"text/markdown": text})]
    ),
    "svg output": lambda text: new_code_cell(
        "", outputs=[new_output("display_data", {"image/svg+xml": text})]
    ),
}
FRAME_TAGS = {"html", "head", "meta", "title", "style", "body", "nav", "main"}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("attack", HOSTILE)
def test_nothing_hostile_survives(attack: str, place: str) -> None:
    out = export(new_notebook(cells=[PLACES[place](HOSTILE[attack]), new_markdown_cell("## The next cell")]))
    read = Page(out)
    frame = Counter(tag for tag, _ in read.tags if tag in FRAME_TAGS)
    assert frame == {**dict.fromkeys(FRAME_TAGS, 1), "meta": 5}
    allowed = {tag.lower() for tag in HTML_TAGS | SVG_TAGS} | FRAME_TAGS
    assert [tag for tag, _ in read.tags if tag not in allowed] == []
    for _, attributes in read.tags:
        assert [key for key in attributes if key.startswith("on") or key == "style"] == []
        for key in ("href", "src"):
            assert not re.match(r"\s*(javascript|vbscript|data:text|data:image/svg)", attributes.get(key, ""))
            assert "evil.example" not in attributes.get(key, "")
        assert "evil.example" not in attributes.get("fill", "")
    assert "The next cell" in texts(out, ("h2",))


@pytest.mark.parametrize(
    "metadata",
    [
        {"title": "</title><script>alert(1)</script>"},
        {"description": '"><script>'},
        {"language": '"><script>'},
        {"authors": "<script>"},
        {"date": "<script>"},
    ],
)
def test_metadata_is_text(metadata: dict[str, str]) -> None:
    assert "<script" not in export(new_notebook(metadata={"briefing": metadata}))


def test_every_attribute_is_on_a_list() -> None:
    markup = contents(parse("<p id=a title='<b>' data-x=1 aria-label=l onx=1 is=x>t</p>"))
    assert markup == '<p id="a" title="&lt;b&gt;" aria-label="l">t</p>'
    assert "style" not in EVERYWHERE


def test_very_deep_nesting_is_flattened() -> None:
    out = export(new_notebook(cells=[html("<div>" * 3000 + "the bottom")]))
    assert out.count("<div>") < 100
    assert "the bottom" in out


def test_same_notebook_same_bytes(page: str) -> None:
    assert export(sample()) == page


def test_nbconvert_finds_the_exporter(tmp_path: Path, page: str) -> None:
    nbformat.write(sample(), tmp_path / "sample.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "briefing", "sample.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "sample.html").read_text(encoding="utf-8") == page


# The PDF


@pytest.fixture(scope="module")
def pdf(page: str) -> bytes:
    try:
        return render_pdf(page)
    except PdfUnavailable as error:
        pytest.skip(str(error))


def test_pdf_is_tagged_named_and_undated(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert pdf.startswith(b"%PDF-1.7")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "North Korean troops: what the experts say"
    assert {"/CreationDate", "/ModDate"} & set(reader.metadata) == set()
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert b"Date" not in root["/Metadata"].get_data()
    assert len(reader.pages) >= 2


def test_pdf_outline_and_alternative_texts(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))

    def titles(items: list) -> list[str]:
        return [t for item in items for t in (titles(item) if isinstance(item, list) else [item.title])]

    assert titles(reader.outline)[1:5] == ["Bottom line", "Experts", "Who is cited?", "What do they say?"]
    alternatives = [item.get("/Alt") for item in objects(reader) if item.get("/S") == "/Figure"]
    assert alternatives == ["Japan and South Korea are named most often. Bars: KP 5, JP 3, KR 3, TW 1."] * 2


def objects(reader: PdfReader) -> list[dict]:
    """Every object of the file, whether the page tree reaches it or not."""
    numbers = range(1, int(reader.trailer["/Size"]))
    found = (reader.get_object(IndirectObject(number, 0, reader)) for number in numbers)
    return [item for item in found if isinstance(item, dict)]


def test_pdf_fonts_are_those_of_matplotlib(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    fonts = {
        font
        for item in objects(reader)
        if item.get("/Type") == "/FontDescriptor"
        for font in [(item["/FontName"], bool({"/FontFile2", "/FontFile3"} & set(item)))]
    }
    assert fonts
    assert all(re.match(r"/[A-Z]{6}\+DejaVu", name) and embedded for name, embedded in fonts), fonts


def test_pdf_is_the_same_in_another_folder_at_another_time(pdf: bytes, page: str, tmp_path: Path) -> None:
    program = "import sys, analysis.pdf as p; sys.stdout.buffer.write(p.render_pdf(sys.stdin.read()))"
    env = {**os.environ, "TZ": "Asia/Seoul", "SOURCE_DATE_EPOCH": "1", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    again = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program],
        input=page.encode(),
        cwd=tmp_path,
        env=env,
        check=True,
        capture_output=True,
    ).stdout
    assert again == pdf


def test_pdf_reads_no_file_and_no_network(
    pdf: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("p::after { content: 'read from disk' }")
    render_pdf(
        f"<!doctype html><html lang=en><title>x</title><link rel=stylesheet href='{secret.as_uri()}'>"
        "<img alt=x src='http://127.0.0.1:9/x.png'><p>x"
    )
    assert caplog.text.count("Failed to load") == 2


def test_a_character_without_a_shape_is_reported() -> None:
    assert missing_characters("Kim 김 \n Ωж 金正恩 习近平 あ ไทย") == ["ท", "ย", "ไ"]


def test_names_in_chinese_japanese_and_korean_are_set_in_fonts_that_have_them() -> None:
    def fonts(names: str) -> set[str]:
        page = f"<!doctype html><html lang=en><title>x</title><p style='font-family: DejaVu Serif'>{names}"
        read = PdfReader(io.BytesIO(render_pdf(page)))
        return {
            font.get_object()["/BaseFont"].split("+")[1]
            for font in read.pages[0]["/Resources"]["/Font"].values()
        }

    assert fonts("Kim Jong Un") == {"DejaVu-Serif"}
    assert fonts("Kim Jong Un (김정은, 金正恩), 習近平, あべ") == {
        "DejaVu-Serif",
        "Noto-Sans-SC",
        "NanumGothic",
    }


def test_missing_pango_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfUnavailable, match=re.escape("apt install libpango-1.0-0 ")):
        render_pdf("<p>x")
