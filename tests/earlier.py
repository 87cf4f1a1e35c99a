"""Make the folder of an earlier briefing without page and PDF: its tables, inputs and manifest, as a build writes them.

``python tests/earlier.py FOLDER STORE PARAMETERS`` does so in a process of its own, with the lexicons that its environment names.
"""

import json
import sys
from pathlib import Path

from analysis import brief, exports, report, tables
from analysis.change import inputs


def make(folder: Path, **parameters: object) -> Path:
    opened = brief.make(report.parameters(parameters))
    folder.mkdir(parents=True)
    inputs.write(folder, opened)
    wanted = report.Report(**parameters)
    exports.finish(folder, folder.name, wanted, opened, exports.write(folder, wanted, opened))
    return folder


if __name__ == "__main__":
    brief.STORE = tables.Store(Path(sys.argv[2]))
    make(Path(sys.argv[1]), **json.loads(sys.argv[3]))
