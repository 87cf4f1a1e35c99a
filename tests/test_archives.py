"""Archives: every member yields its bytes or the reason why not, and no archive unpacks beyond its limits."""

import gzip
import io
import random
import struct
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard

from analysis.corpus import archives, page
from analysis.corpus.record import Record, Settings, Unreadable
from analysis.corpus.unpacking import Limits

LIMITS = Limits()
pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def tarred(*files: tuple[str, bytes, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind, content in files:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(content), "/etc/passwd"
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def listed(content: bytes, name: str, limits: Limits = LIMITS) -> list[tuple[str, bytes | str]]:
    """Return what an archive yields: bytes of a member, or the reason why it is not read."""
    return [
        (path, found.reason if isinstance(found, Unreadable) else found.read())
        for path, found in archives.members(io.BytesIO(content), name, limits)
    ]


TWO = zipped(("a.txt", b"A"), ("in/b.txt", b"B"))
TAR = tarred(
    ("./a.txt", tarfile.REGTYPE, b"A"), ("in", tarfile.DIRTYPE, b""), ("in/b.txt", tarfile.REGTYPE, b"B")
)
ZST = zstandard.compress
READ = [
    (TWO, "x.zip", ["x.zip/a.txt", "x.zip/in/b.txt"], "a ZIP"),
    (TAR, "x.tar", ["x.tar/a.txt", "x.tar/in/b.txt"], "a TAR"),
    (gzip.compress(TAR), "d/x.tar.gz", ["d/x.tar.gz/a.txt", "d/x.tar.gz/in/b.txt"], "a packed TAR"),
    (ZST(TAR), "x.tar.zst", ["x.tar.zst/a.txt", "x.tar.zst/in/b.txt"], "a TAR packed otherwise"),
    (gzip.compress(TAR), "x.TGZ", ["x.TGZ/a.txt", "x.TGZ/in/b.txt"], "its short ending"),
    (zipped(("n.zip", TWO)), "x.zip", ["x.zip/n.zip/a.txt", "x.zip/n.zip/in/b.txt"], "a ZIP in a ZIP"),
    (zipped(("d/", b""), ("d\\a.txt", b"A"), ("b.txt", b"B")), "x.zip", ["x.zip/d/a.txt", "x.zip/b.txt"], "folders and backslashes"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "name", "paths", "why"), READ, ids=[r[3] for r in READ])
def test_members_are_read_as_if_they_lay_in_the_folder(
    content: bytes, name: str, paths: list[str], why: str
) -> None:
    assert archives.is_archive(name)
    assert listed(content, name) == list(zip(paths, (b"A", b"B"), strict=True)), why


def test_streams_of_several_parts_are_whole() -> None:
    text = b'{"a": 1}\n'
    assert listed(gzip.compress(text) * 3, "a.jsonl.gz") == [("a.jsonl.gz/a.jsonl", text * 3)]
    assert listed(ZST(text) * 3, "d/a.jsonl.zst") == [("d/a.jsonl.zst/a.jsonl", text * 3)]
    assert not archives.is_archive("a.jsonl")


REFUSED = [
    ("../b.txt", "leads out", "a folder above"), ("a/../../b.txt", "leads out", "one above, from within"),
    ("/etc/b.txt", "leads out", "an absolute name"), ("C:\\b.txt", "leads out", "a drive"),
    ("..\\b.txt", "leads out", "a folder above, in another way"), ("\\\\host\\b.txt", "leads out", "another machine"),
    ("a.txt", "second member", "a name given twice"), ("./a.txt", "second member", "the same name, written otherwise"),
    ("b\x1b[2J.txt", "", "a name with control characters"), (".", "no file can have", "no name"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "reason", "why"), REFUSED, ids=[r[2] for r in REFUSED])
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_lead_nowhere(kind: str, name: str, reason: str, why: str) -> None:
    files = (("a.txt", b"A"), (name, b"B"), ("z.txt", b"Z"))
    content = zipped(*files) if kind == "zip" else tarred(*((n, tarfile.REGTYPE, c) for n, c in files))
    first, (path, found), last = listed(content, f"x.{kind}")
    assert (first[1], last[1]) == (b"A", b"Z")
    assert path.isprintable()
    assert (isinstance(found, str) and reason in found) if reason else found == b"B", why


@pytest.mark.parametrize(
    "name", [".hidden.txt", "d/.git/x.txt", "__MACOSX/a.txt", "__MACOSX/._a.txt", "d\\.b.txt"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_hidden_files_are_no_members(kind: str, name: str) -> None:
    files = (("a.txt", b"A"), (name, b"B"))
    content = zipped(*files) if kind == "zip" else tarred(*((n, tarfile.REGTYPE, c) for n, c in files))
    assert listed(content, f"x.{kind}") == [(f"x.{kind}/a.txt", b"A")]


def test_a_name_with_nul_is_refused() -> None:
    content = zipped(("a.txt", b"A"), ("b_.txt", b"B")).replace(b"b_.txt", b"b\0.txt")
    assert listed(content, "x.zip")[1] == ("x.zip/b\\x00.txt", "a name that no file can have")


def test_links_encrypted_members_and_other_methods_are_refused() -> None:
    link = zipfile.ZipInfo("l.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert listed(out.getvalue(), "x.zip") == [("x.zip/l.txt", "a link instead of a file")]
    locked = bytearray(TWO)
    locked[TWO.index(b"PK\1\2") + 8] |= 1
    assert listed(bytes(locked), "x.zip") == [
        ("x.zip/a.txt", "an encrypted member"),
        ("x.zip/in/b.txt", b"B"),
    ]
    packed = zipped(("a.txt", b"A" * 99), method=zipfile.ZIP_BZIP2)
    assert listed(packed, "x.zip") == [("x.zip/a.txt", "packed in a way other than deflate")]
    kinds = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
    found = listed(tarred(*((f"{n}", kind, b"") for n, kind in enumerate(kinds))), "x.tar")
    assert [reason for _, reason in found] == ["a link instead of a file"] * 2 + ["no ordinary file"] * 2


ZEROS = b"0" * 20_000_000
BOMBS = [
    (zipped(("a.txt", ZEROS), ("b.txt", b"B")), "x.zip", 2), (gzip.compress(ZEROS), "a.txt.gz", 1), (ZST(ZEROS), "a.txt.zst", 1),
    (zipped(("n.zip", zipped(("a.txt", ZEROS)))), "x.zip", 1), (gzip.compress(gzip.compress(ZEROS)), "a.txt.gz.gz", 1),
    (gzip.compress(tarred(("a.txt", tarfile.REGTYPE, ZEROS))), "x.tgz", 1),
]  # fmt: skip


@pytest.mark.parametrize(("content", "name", "n"), BOMBS, ids=[b[1] for b in BOMBS])
def test_bombs_are_not_unpacked(content: bytes, name: str, n: int) -> None:
    found = listed(content, name)
    assert len(found) == n
    assert all("more than 100 times its size" in str(reason) for _, reason in found)


def test_limits_count_what_is_unpacked_and_not_what_headers_claim() -> None:
    small = Limits(member=1000, total=1500)
    assert listed(zipped(("a", b"x" * 1000), ("b", b"x" * 1001), ("c", b"x")), "x.zip", small) == [
        ("x.zip/a", b"x" * 1000),
        ("x.zip/b", "a member of more than 1,000 bytes"),
        ("x.zip/c", "the archive unpacks to more than 1,500 bytes"),
    ]
    lying = zipped(("a.txt", b"y" * 5000)).replace(struct.pack("<L", 5000), struct.pack("<L", 10))
    ((_, reason),) = listed(lying, "x.zip")
    assert "damaged or cut off" in str(reason)


def test_archives_are_opened_two_deep() -> None:
    nested = zipped(("ok.txt", b"1"))
    for n in (1, 2, 3):
        nested = zipped((f"{n}.zip", nested), (f"{n}.txt", b"2"))
    found = dict(listed(nested, "x.zip"))
    assert found["x.zip/3.zip/2.zip/1.zip"] == "an archive within 3 archives"
    assert sorted(found)[1:] == ["x.zip/3.zip/2.txt", "x.zip/3.zip/2.zip/1.txt", "x.zip/3.zip/2.zip/1.zip"]
    assert listed(zipped(("n.zip", zipped())), "x.zip") == [("x.zip/n.zip", "an archive without files")]


DAMAGED = [
    (gzip.compress(b"hello")[:-9], "a.txt.gz", "damaged or cut off", "a cut gzip file"),
    (ZST(b"hello" * 9)[:-3], "a.txt.zst", "damaged or cut off", "a cut Zstandard file"),
    (b"x", "a.txt.zst", "damaged or cut off", "no Zstandard file"),
    (TAR[:700], "x.tar", "members may be missing", "a TAR cut in a member"),
    (TAR[:2048], "x.tar", "members may be missing", "a TAR without its end"),
    (TAR[:1024] + b"x" + TAR[1025:], "x.tar", "members may be missing", "a TAR with a damaged header"),
    (zipped(("n.zip", TWO[:-30])), "x.zip", "no such archive", "a cut ZIP in a ZIP"),
]


@pytest.mark.parametrize(("content", "name", "reason", "why"), DAMAGED, ids=[d[3] for d in DAMAGED])
def test_damage_is_said(content: bytes, name: str, reason: str, why: str) -> None:
    assert reason in str(listed(content, name)[-1][1]), why


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.warc"])
@pytest.mark.parametrize("content", [b"", b"no archive" * 200, TWO[:-30]], ids=["nothing", "text", "cut"])
def test_what_is_no_archive_is_an_error(name: str, content: bytes) -> None:
    with pytest.raises(Unreadable, match="no such archive"):
        listed(content, name)


def test_a_member_is_closed_when_the_next_is_asked_for_and_no_file_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = [member for _, member in archives.members(io.BytesIO(TWO), "x.zip")]
    assert all(not isinstance(member, Unreadable) and member.closed for member in found)
    assert list(tmp_path.iterdir()) == []


def answer(n: int, body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    http = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{n:08}-0000-4000-8000-000000000000>\r\n"
        f"WARC-Date: 2024-11-09T00:00:00Z\r\nWARC-Target-URI: https://courier.example/{n}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


HTML = (
    "<html><head><title>Café closes</title><meta name=date content=2024-11-01></head><body><article><h1>Café closes</h1>"
    "<p>The café on the quay of Veskar will close in January, its owner said on Friday after the vote.</p></article></body></html>"
).encode("windows-1252")
LATIN = "text/html; charset=windows-1252"
ANSWERS = [
    answer(1, HTML, Content_Type=LATIN),
    answer(2, HTML, "404 Not Found", Content_Type=LATIN),
    answer(3, b"GIF", Content_Type="image/gif"),
    answer(4, gzip.compress(HTML), Content_Type=LATIN, Content_Encoding="gzip"),
    answer(5, b"%x\r\n%b\r\n0\r\n\r\n" % (len(HTML), HTML), Content_Type=LATIN, Transfer_Encoding="chunked"),
]


def pages(content: bytes, name: str) -> Iterator[Record | Unreadable]:
    for _, member in archives.members(io.BytesIO(content), name):
        yield from [member] if isinstance(member, Unreadable) else page.read(member, Settings())


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
def test_pages_of_a_crawl_keep_address_and_encoding(name: str) -> None:
    pytest.importorskip("fastwarc")
    content = b"".join(gzip.compress(a) if name.endswith("gz") else a for a in ANSWERS)
    first, missing, *others = pages(content, name)
    assert isinstance(missing, Unreadable)
    assert "status 404" in missing.reason
    assert len(others) == 2
    for n, found in ((1, first), (4, others[0]), (5, others[1])):
        assert isinstance(found, Record), found
        assert (found.date, found.title, found.url) == (
            "2024-11-01",
            "Café closes",
            f"https://courier.example/{n}",
        )


def test_a_crawl_that_is_cut_off_says_so() -> None:
    pytest.importorskip("fastwarc")
    for cut in (40, len(ANSWERS[4]) - 100):
        *_, (_, last) = listed(b"".join(ANSWERS)[:-cut], "x.warc")
        assert last == "an answer that is cut off"
    bomb = answer(1, gzip.compress(ZEROS), Content_Type=LATIN, Content_Encoding="gzip")
    assert "100 times its size" in str(listed(bomb, "x.warc")[0][1])


def test_without_fastwarc_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    with pytest.raises(Unreadable) as error:
        listed(b"".join(ANSWERS), "x.warc")
    assert error.value.remedy == "pip install regional-threat-briefing[warc]"
    assert listed(zipped(("c.warc", ANSWERS[0])), "x.zip")[0][0] == "x.zip/c.warc"


WHOLE = {
    "x.zip": zipped(("a.txt", b"A" * 99), ("n.zip", TWO), ("t.tar", TAR)),
    "x.tar": tarred(("a.txt", tarfile.REGTYPE, b"A" * 99), ("n.zip", tarfile.REGTYPE, TWO)),
    "x.tar.gz": gzip.compress(TAR), "x.csv.zst": ZST(b"abc" * 99), "x.warc": b"".join(ANSWERS),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_damaged_bytes_are_members_or_rejected(name: str) -> None:
    if name == "x.warc":
        pytest.importorskip("fastwarc")
    whole, chance = WHOLE[name], random.Random(7)
    for _ in range(150):
        damaged = bytearray(whole[: chance.randrange(len(whole))] if chance.random() < 0.4 else whole)
        for _ in range(chance.randrange(9)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with suppress(Unreadable):
            assert all(isinstance(found, bytes | str) for _, found in listed(bytes(damaged), name))
