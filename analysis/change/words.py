"""Words in the right number, as plain text: whoever displays them escapes them."""

from collections.abc import Sequence


def joined(parts: Sequence[str]) -> str:
    """Join parts as prose does: *a*, *a and b*, *a, b and c*; *none* of none."""
    *first, last = parts or ["none"]
    return f"{', '.join(first)} and {last}" if first else last


def is_(n: int) -> str:
    """Return the verb for ``n`` things."""
    return "is" if n == 1 else "are"


def capital(text: str) -> str:
    """Return a text whose first letter is a capital."""
    return text[:1].upper() + text[1:]
