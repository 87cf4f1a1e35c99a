"""Validation by people: a blind sample for two coders, its scores, and counts corrected for the machine's errors.

``draw`` and ``save`` make the sheets, ``score`` and ``tell`` read them, ``section`` is what a briefing says of them.
"""

from pathlib import Path

from analysis.coding.drawing import ADJUDICATE, CODERS, FRAME, KEY, Sample, coder_folder, draw, save
from analysis.coding.errors import CodingError
from analysis.coding.page import section
from analysis.coding.questions import SHEETS
from analysis.coding.scoring import Scores, score
from analysis.coding.telling import as_json, report
from analysis.coding.telling import save as tell
from analysis.coding.writing import WORKBOOK

__all__ = [
    "SHEETS",
    "CodingError",
    "Sample",
    "Scores",
    "as_json",
    "draw",
    "files",
    "report",
    "save",
    "score",
    "section",
    "tell",
]


def files(folder: Path) -> list[Path]:
    """Return every file that the scores of a coding folder rest on, there or not, in order."""
    own = [folder / name for name in (KEY, FRAME, ADJUDICATE)]
    sheets = [WORKBOOK, *(f"{name}.csv" for name in SHEETS)]
    return own + [folder / coder_folder(coder) / name for coder in CODERS for name in sheets]
