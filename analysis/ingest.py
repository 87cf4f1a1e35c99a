"""The ingest log: which files were read, with which bytes, by which version. Lines are added and never changed."""

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis import __version__
from analysis.corpus import Item
from analysis.corpus.files import Mark


class Log:
    """The ingest log: a line for each file that is read for the first time with these bytes and this version."""

    def __init__(self, log: Path | None) -> None:
        self.log, self.announced = log, 0
        self.files: dict[tuple[str, str], tuple[Mark, int]] = {}

    def seen(self, read: Iterator[Item]) -> Iterator[Item]:
        """Pass items on, count them, and keep what is to be said of their files."""
        for item in read:
            self.announced += 1
            if self.log and item.mark.sha256:
                file = item.file, item.mark.sha256
                self.files[file] = item.mark, self.files.get(file, (item.mark, 0))[1] + 1
            yield item

    def write(self) -> None:
        """Append the new lines, all at once; other processes that load wait."""
        if not self.log:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a+", encoding="utf-8") as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            log.seek(0)
            known, text = set(), ""
            for text in log:
                one = _line(text)
                known.add((one.get("path"), one.get("sha256"), one.get("version")))
            if text and not text.endswith("\n"):  # a full disk or a kill cut it
                log.write("\n")
            for (path, digest), (mark, n) in self.files.items():
                if (path, digest, __version__) not in known:
                    line = {"path": path, "sha256": digest, "bytes": mark.bytes, "modified": mark.modified}
                    log.write(
                        json.dumps({**line, "records": n, "version": __version__}, ensure_ascii=False) + "\n"
                    )


def _line(text: str) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except ValueError:
        return {}
