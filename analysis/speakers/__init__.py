"""Who a source is: one canonical speaker per article, with type, role and affiliation, by rules in the open.

What cannot be resolved stays empty rather than guessed. The credential may stand anywhere in the article; *retired*
officers and former ministers who speak for a think tank or a university are experts.
"""

from analysis.speakers.bodies import Speaker
from analysis.speakers.credentials import affiliation, source_type
from analysis.speakers.register import Register

__all__ = ["Register", "Speaker", "affiliation", "source_type"]
