"""Measure a corpus with other lexicons, in a process of its own: ``python -m analysis.change.remeasure STORE CORPUS``.

What was measured is kept in the store under the version that these lexicons make, so that it is measured once: in the build of
the last briefing, most of the time.
"""

import os
import subprocess
import sys
from pathlib import Path

from analysis import lexicons, measure, report, tables


class NotMeasured(Exception):
    """Lexicons that this version cannot measure with; the message is what it says of them."""


def version(corpus: tables.Corpus, folder: Path) -> str:
    """Measure a loaded corpus with the lexicons of a folder; return the version under which it is kept. Raises ``NotMeasured``."""
    command = [
        sys.executable,
        "-m",
        "analysis.change.remeasure",
        str(corpus.store.folder),
        str(corpus.folder),
    ]
    with_them = {**os.environ, lexicons.ELSEWHERE: str(folder.resolve())}
    done = subprocess.run(
        command, cwd=report.ROOT, env=with_them, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it stopped"])[-1].replace(f"{folder.resolve()}/", "")
        raise NotMeasured(f"this version cannot measure with the lexicons of the last briefing ({said})")
    return done.stdout.split()[-1]


#: A text that no measure can read without its lexicons: what is wrong with them is said before a corpus is measured.
_EVERY_LEXICON = "Mara Voss, an analyst, said that a missile attack by North Korea on Japan is likely. The army warned of war."

if __name__ == "__main__":
    store, loaded = map(Path, sys.argv[1:])
    try:
        measure.measure({"article_id": "", "text": _EVERY_LEXICON})
        tables.Corpus(tables.Store(store), loaded).measure()
    except (OSError, KeyError, ValueError, tables.TablesError) as error:
        sys.exit(" ".join(str(error).split()))
    print(measure.version())
