"""The researcher's seat in JupyterLab: a vocabulary for notebook cells that reads like the question.

Every notebook that uses it begins so, after its cell of parameters::

    from analysis import lab

    desk = lab.open(globals())
    experts, threats, tone, show = desk.experts, desk.threats, desk.tone, desk.show

Then a cell is a question (``experts.most_cited(10)``, ``show.evidence("Oliver Jia")``) and its result is displayed. The same
cells run in a briefing that is built: there tables are plain, numbers are links to their evidence, and no more than 25 words of
an article stand together.
"""

from collections.abc import Mapping
from typing import Any

from analysis import report
from analysis.lab.desk import Desk
from analysis.lab.errors import LabError, plainly

__all__ = ["Desk", "LabError", "open"]


def open(namespace: Mapping[str, Any]) -> Desk:
    """Open the briefing that the parameters among a notebook's variables (``globals()``) define.

    >>> desk = open({"corpus": "data/corpus"})
    >>> desk
    1 article of data/corpus, 2024-11-01: ... attributions, ... threat mentions

    Raises ``LabError`` in one line for a parameter that cannot be used and for a corpus that cannot be read.
    """
    with plainly():
        return Desk(report.from_namespace(namespace))
