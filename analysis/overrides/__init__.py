"""Corrections as files: what a person says of a row, put between what was measured and what is counted.

A correction is a line of ``data/overrides/*.csv``. Lines are written by ``add`` (or by hand) and taken back by ``undo`` (or by
deleting the line). ``apply`` replaces the relations of a connection by corrected ones, so nothing is measured anew::

    overrides.add("threats", row, "category", "terror", who="A. Reader", when="2024-11-05", why="a bomb in a market",
                  article=article)

``row`` is a row of the table (a dict or a pandas row) and ``article`` its row of ``articles``, by which a line finds the article
again when its text was corrected. What may be said is in ``ACTIONS``:

=============  ==================================================================================================
kind           action, and its value
=============  ==================================================================================================
attributions   ``remove``; ``speaker`` (a name, or empty: nobody is named); ``source_type`` (one of the schema's)
threats        ``remove``; ``category``; ``kind``; ``regions`` (ids joined by ``; ``, or a list); ``actor``
tones          ``remove`` (no mention of the target); ``tone``
places         ``remove`` (the words are not this place); ``place`` (the id of the place that they are)
aliases        ``speaker`` (the one name for all of the corpus); the row needs only ``speaker``
stories        ``merge``, ``split`` (the id of another article); the row needs only ``article_id``
=============  ==================================================================================================

A row of ``places`` is any mention: ``article_id, start, end, text``. All else that ``add`` is given is refused by
``OverrideError``, which says what is allowed.
"""

from analysis.overrides.applying import Applied, Outcome, apply
from analysis.overrides.lines import ACTIONS, KINDS, Line, OverrideError, read
from analysis.overrides.writing import add, undo

__all__ = ["ACTIONS", "KINDS", "Applied", "Line", "Outcome", "OverrideError", "add", "apply", "read", "undo"]
