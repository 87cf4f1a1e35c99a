"""What a cause is called in a sentence, and what it does to a number: *2 new articles add 4*."""

from collections.abc import Iterable, Mapping

from analysis.change import differing
from analysis.change.comparison import OTHER, Comparison
from analysis.change.counts import GONE, NEW
from analysis.change.words import joined
from analysis.show import plain

#: What a cause is called at the head of a column.
HEADS = {
    "gone": "articles gone", "parameters": "parameters", "code": "code", "lexicons": "lexicons", "overrides": "corrections",
    "new": "articles new", OTHER: "another corpus",
}  # fmt: skip
#: What of the versions belongs to the step ``code``, each with whether it is a plural.
_CODE = {"code": False, "weights": True, "libraries": True}


def head(cause: Iterable[str]) -> str:
    """Return the head of a cause's column; of several that cannot be told apart, of all of them."""
    return ", ".join(HEADS[name] for name in cause)


def subject(c: Comparison, cause: tuple[str, ...]) -> tuple[str, bool]:
    """Return what a cause is called as the subject of a sentence, and whether that is a plural."""
    if len(cause) > 1:
        return f"{joined([HEADS[name] for name in cause])}, which cannot be told apart,", True
    (name,) = cause
    if name in ("gone", "new"):
        n = c.n(GONE if name == "gone" else NEW)
        return (
            plain(n, "article that is gone", "articles that are gone")
            if name == "gone"
            else plain(n, "new article"),
            n != 1,
        )
    if name == "parameters":
        changed = dict.fromkeys(
            key.partition("_")[0] for key, _, _ in differing.parameters(c) if key in differing.CUT
        )
        return f"the other {joined(list(changed) or ['parameters'])}", list(changed) != ["period"]
    if name == "code":
        changed = dict.fromkeys(c.differ(*_CODE))
        return (
            (f"the other {joined(list(changed))}", list(changed) != ["code"])
            if changed
            else ("a cause that is not known", False)
        )
    if name == "lexicons":
        files = [file.name for file in differing.files(c, name)]
        return (
            (f"the changed lexicon {files[0]}", False) if len(files) == 1 else ("the changed lexicons", True)
        )
    n = sum(file.n for file in differing.files(c, "overrides"))
    return plain(n, "changed line of corrections", "changed lines of corrections"), n != 1


def clauses(c: Comparison, parts: Mapping[tuple[str, ...], int]) -> list[str]:
    """Return a clause for each cause that moves a number; none where nothing does."""
    said = []
    for cause, n in parts.items():
        if not n:
            continue
        name, is_plural = subject(c, cause)
        verb = ("add" if is_plural else "adds") if n > 0 else ("take away" if is_plural else "takes away")
        said.append(f"{name} {verb} {abs(n):,}")
    return said
