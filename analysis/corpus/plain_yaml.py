"""YAML whose values are all taken as text: *NO* is Norway, not false, and *007* no number. A key stands once."""

from typing import Any

import yaml


class Texts(yaml.BaseLoader):
    """YAML without types."""


def _mapping(loader: yaml.BaseLoader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.YAMLError("a key that is no text")
        if key in found:
            raise yaml.YAMLError(f"the key {key!r} stands twice")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


Texts.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(text: str, loader: type[Texts] = Texts) -> Any:
    """Return what a text holds: texts, lists and dicts. Raises ``yaml.YAMLError``."""
    return yaml.load(text, Loader=loader)
