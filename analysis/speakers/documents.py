"""Documents as sources: reports, polls, intercepted calls; whoever issued them is the speaker."""

import re

from analysis import places
from analysis.speakers.bodies import Speaker, state
from analysis.speakers.credentials import bare, is_body, nouns
from analysis.speakers.names import NAME

_DOCUMENT_CUT = re.compile(
    r"\b(?:of|by|from|on|among|between|in|for|published|released|conducted|commissioned|issued|at|to|about|over|with|that|which|who|whose|leaked|bought|used|kept|circulat\w+|seen|taken|made|done|drawn|written|given|sent|put|[a-z]{3,}ed)\b"
)


_MONTHS = frozenset(
    "January February March April May June July August September October November December".split()
)


def document(source: str) -> Speaker | None:
    """Return the speaker of a document, the body that issued it; None where the source is no document."""
    head = source.split(", ")[0]
    core = _DOCUMENT_CUT.split(head, maxsplit=1)[0]
    found = nouns(core)
    if not found or found[-1].type != "document" or found[-1].end < len(core.rstrip(" ’'s")) - 1:
        return None
    issuer = re.search(
        rf"\b(?:by|from|of)\s+(?:the\s+)?(?:[a-z-]+\s+){{0,3}}?({NAME.pattern}(?:\s+(?:of|for|on)\s+(?:the\s+)?{NAME.pattern})*(?:[’']s?\s+[a-z ]*?(?:office|ministry|service|army|police|government|agency|department))?(?:\s+(?:[a-z]+\s+){{0,2}}(?:intelligence|government|army|navy|police|ministry|service|agency|department|office|authority|command|coast ?guard))?)",
        source,
    )
    if issuer and re.search(
        r"\b(?:seen|obtained|reviewed|cited|quoted|read|viewed|examined|shown)\s+$", source[: issuer.start()]
    ):
        issuer = None  # who saw it did not write it
    kept = re.search(
        r"\b(?:kept|published|issued|released|conducted)\s+(?:\w+\s+){0,2}?by\s+the\s+([a-z]+ (?:office|agency|ministry|army|navy|police|service|authority))\b",
        source,
    )
    owner = re.match(
        rf"(?:[Tt]he\s+)?({NAME.pattern}(?:[’']s?\s+(?:[a-z]+\s+)*(?:ministry|army|navy|police|service|agency|office))?)[’']s?\s",
        core,
    )
    noun = re.match(rf"(?:[Aa]n?|[Tt]he)\s+({NAME.pattern})\s", core)
    name = bare(
        issuer[1]
        if issuer
        else owner[1]
        if owner
        else kept[1]
        if kept
        else noun[1]
        if noun and is_body(noun[1])
        else ""
    )
    place = state(name)
    if (noun and not issuer and not owner) or (
        place and issuer and not re.search(r"\b(?:by|from)\s", issuer[0])
    ):
        name = name if noun and not issuer and not owner else ""
        place = None
    if (issuer and re.search(r"\b(?:by|from)\s+an?\s", issuer[0])) or name in _MONTHS:
        name, place = "", None
    if issuer and issuer[0].startswith("of") and not is_body(name):
        name = ""
    if name and not place and places.find(name) and not is_body(name) and " " not in name:
        name = ""
    return Speaker(place or name, "document", bool(place or name))  # fmt: skip
