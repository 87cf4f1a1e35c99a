"""What can be wrong with a coding folder."""


class CodingError(Exception):
    """A sample that cannot be drawn or sheets that cannot be scored; the message names file, row and remedy."""
