"""Damage files of every format and read them: each record must come back as an article or as a reason, and nothing else may happen.

``python tests/benchmarks/fuzz.py`` reads 10,000 and ends with 1 where one crashed, took over 30 seconds, or left a file behind.
"""

import argparse
import contextlib
import gzip
import io
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from analysis import corpus
from analysis.corpus import Record, Settings, Unreadable

FIXTURES = Path(__file__).parents[1] / "fixtures"
LONGEST = 30
ROW = {
    "title": "Ships near the strait",
    "date": "2024-05-06",
    "text": "Two ships were seen on Monday, officials said. A war is unlikely, an analyst in Seoul warned.",
}
#: Texts that have harmed readers of their format: entities that multiply, that name files or machines, and the like.
KNOWN = {
    "laughs.xml": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><rss><channel><item><title>&j;</title><description>x</description></item></channel></rss>",
    "entity.xml": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item>'
    b"<title>t</title><pubDate>Mon, 06 May 2024 07:00:00 GMT</pubDate><description>&x;</description></item></channel></rss>",
    "bomb.md": b"---\na: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 9)) for i in range(9)
    ) + b"title: t\ndate: 2024-05-06\n---\n\nText.\n",
    "formula.csv": b'title,date,text\n"=HYPERLINK(""http://x"")",2024-05-06,"@SUM(A1) +cmd|calc"\n',
    "deep.html": b"<div>" * 100_000 + b"x",
    "deep.jsonl": b"[" * 100_000,
    "long.txt": b"date 2024-05-06 T\n\n" + b"a" * 5_000_000,
    "nul.csv": b"title,date,text\n\0,2024-05-06,x\n",
}  # fmt: skip


def seeds() -> dict[str, bytes]:
    """Return whole files of every format by name."""
    found = {path.name: path.read_bytes() for path in sorted(FIXTURES.rglob("*")) if path.is_file()}
    found |= KNOWN
    found["article.txt"] = b"date 2024-05-06 Ships\n\nBy Jo Doe\n\n" + ROW["text"].encode()
    document = docx.Document()
    for line in (
        "Ships near the strait",
        "The Post",
        "May 6, 2024 Monday",
        "Length: 17 words",
        "Body",
        ROW["text"],
        "End of Document",
    ):
        document.add_paragraph(line)
    found["nexis.docx"] = _bytes(document.save)
    book = openpyxl.Workbook()
    for row in (list(ROW), list(ROW.values())):
        book.active.append(row)
    found["table.xlsx"] = _bytes(book.save)
    found["table.parquet"] = _bytes(lambda file: pq.write_table(pa.Table.from_pylist([ROW]), file))
    found["pages.warc"] = _warc(found["page.html"])
    every = list(found.items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in every[:12]:
            archive.writestr(f"a/{name}", content)
        archive.writestr("../outside.txt", b"x")
    found["all.zip"] = packed.getvalue()
    found["all.zip.gz"] = gzip.compress(found["all.zip"])
    found["news.jsonl.zst"] = zstandard.ZstdCompressor().compress(found["news.jsonl"])
    found["bomb.zip.gz"] = gzip.compress(gzip.compress(b"\0" * 300_000_000))
    return found


def _bytes(save: object) -> bytes:
    file = io.BytesIO()
    save(file)  # type: ignore[operator]
    return file.getvalue()


def _warc(page: bytes) -> bytes:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        "WARC-Date: 2024-05-06T07:00:00Z\r\nWARC-Target-URI: https://example.org/a\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def damaged(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Return a file with a few kinds of damage, one after the other."""
    for _ in range(chance.randint(1, 3)):
        kind, n = chance.randrange(8), len(content)
        at = chance.randrange(n + 1)
        if kind == 0:
            flipped = bytearray(content)
            for _ in range(chance.randint(1, 20) if n else 0):
                flipped[chance.randrange(n)] ^= 1 << chance.randrange(8)
            content = bytes(flipped)
        elif kind == 1:
            content = content[:at]
        elif kind == 2:
            content = content[:at] + content[chance.randrange(at, n + 1) :]
        elif kind == 3:
            content = content[:at] + content[at : at + 2000] * chance.randint(2, 20) + content[at:]
        elif kind == 4:
            content = content.decode("utf-8", "replace").encode(
                chance.choice(["utf-16", "cp1252", "cp1251", "shift_jis"]), "replace"
            )
        elif kind == 5:
            other = chance.choice(others)
            content = content[:at] + other[chance.randrange(len(other) + 1) :][:5000]
        elif kind == 6:
            content = (
                content[:at]
                + chance.choice([b"\0", b"\xff\xfe", b"]]>", b'"', b"\r", b"\x1b[2J", b"{{7*7}}", b"&x;"]) * 3
                + content[at:]
            )
        else:
            content = chance.choice(others)
    return content[:20_000_000]


def packed(name: str, content: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Return a file as it is, or in an archive, or in an archive in an archive."""
    for _ in range(chance.choice([0, 0, 0, 0, 1, 1, 2, 3])):
        kind = chance.choice(["zip", "gz", "zst"])
        if kind == "zip":
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(
                    chance.choice([name, f"../{name}", f"/{name}", f"d/{name}", f"d\\{name}"]), content
                )
            name, content = f"{name}.zip", out.getvalue()
        elif kind == "gz":
            name, content = f"{name}.gz", gzip.compress(content, 1)
        else:
            name, content = f"{name}.zst", zstandard.ZstdCompressor(1).compress(content)
    return name, content


@contextlib.contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise ``TimeoutError`` after so many seconds."""

    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def main() -> None:
    """Damage and read, print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("times", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    whole = seeds()
    names, others = sorted(whole), [content[:200_000] for content in whole.values()]
    seen: Counter[str] = Counter()
    slowest = (0.0, "")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as work:
        folder = Path(work) / "corpus"
        folder.mkdir()
        for i in range(given.times):
            name = names[i % len(names)]
            content = whole[name] if i < len(names) else damaged(whole[name], chance, others)
            name, content = packed(chance.choice([name] * 4 + names), content, chance)
            path = folder / name.replace("/", "_")
            path.write_bytes(content)
            began = time.monotonic()
            try:
                with limited(LONGEST):
                    found = list(corpus.items(folder, Settings()))
                bad = [one for one in found if not isinstance(one.found, Record | Unreadable)]
                outcome = "nothing" if not found else "neither" if bad else ""
                seen["articles"] += sum(isinstance(one.found, Record) for one in found)
                seen["reasons"] += sum(isinstance(one.found, Unreadable) for one in found)
                seen[
                    f"reason: {next((str(one.found.args[0])[:40] for one in found if isinstance(one.found, Unreadable)), '-')}"
                ] += 0
            except corpus.CorpusError as error:
                outcome = f"no corpus: {error}"
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                outcome = f"{type(error).__name__}: {error}"
            slowest = max(slowest, (time.monotonic() - began, name))
            left = [p.name for p in Path(work).rglob("*") if p != path and p != folder]
            if outcome or left:
                seen["faults"] += 1
                kept = Path(tempfile.gettempdir()) / f"fuzz-fault-{i}-{name}"
                kept.write_bytes(content)
                print(f"{i}: {name}: {outcome or left}; kept as {kept}", file=sys.stderr, flush=True)
            path.unlink()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    kinds = sum(key.startswith("reason: ") for key in seen)
    print(
        f"{given.times:,} files: {seen['articles']:,} articles, {seen['reasons']:,} records with a reason ({kinds} kinds), {seen['faults']} faults; "
        f"slowest {slowest[0]:.1f} s ({slowest[1]}); {memory} MB"
    )
    raise SystemExit(1 if seen["faults"] else 0)


if __name__ == "__main__":
    main()
