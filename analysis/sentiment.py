"""The wording of sentences: polarity and subjectivity as TextBlob computes them. It is no judge of tone toward anyone."""

from typing import Any

from analysis.text import sentences


def rows(article_id: str, text: str) -> list[dict[str, Any]]:
    """Return the rows of ``sentences`` for one article, in order.

    Polarity lies in [-1, 1] and subjectivity in [0, 1]: means over the words that TextBlob's lexicon knows, 0 where it knows none.
    """
    from textblob.en import sentiment  # takes seconds, which a notebook that measures nothing need not wait

    found = []
    for number, (start, end) in enumerate(sentences(text), 1):
        polarity, subjectivity = sentiment(text[start:end])
        found.append(
            {
                "article_id": article_id, "start": start, "end": end, "text": text[start:end],
                "polarity": min(1.0, max(-1.0, float(polarity))), "subjectivity": min(1.0, max(0.0, float(subjectivity))),
                "id": f"{article_id}-s{number}",
            }
        )  # fmt: skip
    return found
