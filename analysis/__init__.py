"""From a folder of news articles to a briefing that can be defended."""

from importlib.metadata import version

__version__ = version("regional-threat-briefing")
