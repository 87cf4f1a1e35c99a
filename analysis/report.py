"""What defines one briefing: its parameters, and the report files that set them."""

import difflib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from analysis import places
from analysis.corpus import Record, Settings, plain_yaml

_M = TypeVar("_M", bound=BaseModel)

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "reports"
DATE_ORDERS = ("", "DMY", "MDY", "YMD")
LANGUAGES = ("en", "de", "fr")
SHARES = ("", "full")
CHAPTERS = (
    "02-experts",
    "03-tone",
    "04-threats",
    "05-trends",
    "06-change",
    "07-certainty",
    "01-corpus",
    "08-tradecraft",
)


class ReportError(Exception):
    """A report file or a parameter that cannot be used; the message names the file, the key and the remedy."""


def _day(text: str) -> str:
    if text:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise ValueError("write a day as YYYY-MM-DD, or leave it empty") from error
    return text


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError(f"one of {', '.join(LANGUAGES)}")
    return text


def _share(text: str) -> str:
    if text not in SHARES:
        raise ValueError("full, where whole texts may be shared, or empty")
    return text


def _columns(names: dict[str, str]) -> dict[str, str]:
    for name in names:
        if name not in Record._fields:
            raise ValueError(f"{name!r} is no field of an article; allowed: {', '.join(Record._fields)}")
    return names


def _date_order(text: str) -> str:
    if text not in DATE_ORDERS:
        raise ValueError(f"one of {', '.join(DATE_ORDERS[1:])}, or empty")
    return text


def _places(ids: list[str]) -> list[str]:
    known = places.ids()
    for place in ids:
        if place not in known:
            near = difflib.get_close_matches(place, known, 1)
            raise ValueError(
                f"{place!r} is no id of data/lexicons/regions.csv"
                + (f"; did you mean {near[0]!r}?" if near else "")
            )
    return ids


class Parameters(BaseModel):
    """The parameters of every notebook. Texts are texts and lists are lists: nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    corpus: str = "data/corpus"
    columns: Annotated[dict[str, str], AfterValidator(_columns)] = {}
    date_order: Annotated[str, AfterValidator(_date_order)] = ""
    tables: str = ""
    period_from: Annotated[str, AfterValidator(_day)] = ""
    period_to: Annotated[str, AfterValidator(_day)] = ""
    regions: Annotated[list[str], AfterValidator(_places)] = []
    watch_list: list[str] = []
    share: Annotated[str, AfterValidator(_share)] = ""
    last: str = ""
    coded: str = ""
    title: str = "Regional threat briefing"
    language: Annotated[str, AfterValidator(_language)] = "en"

    @model_validator(mode="after")
    def _in_order(self) -> "Parameters":
        if self.period_from and self.period_to and self.period_from > self.period_to:
            raise ValueError(f"period_from {self.period_from} lies after period_to {self.period_to}")
        return self

    @property
    def settings(self) -> Settings:
        """What is said of how the corpus is to be read."""
        return Settings(self.columns, self.date_order)


class Report(Parameters):
    """A report file: the parameters, a line that describes the briefing, and the chapters bound into it, in order."""

    description: str = ""
    chapters: list[str] = list(CHAPTERS)


NAMES = tuple(name for name in Parameters.model_fields)


def parameters(values: Mapping[str, Any], where: str = "the parameters cell") -> Parameters:
    """Return checked parameters. Raises ``ReportError`` for an unknown name or a value of another type."""
    return _checked(Parameters, values, where)


def from_namespace(namespace: Mapping[str, Any]) -> Parameters:
    """Return the parameters among the variables of a notebook (``globals()``)."""
    return parameters({name: namespace[name] for name in NAMES if name in namespace})


def load(path: Path) -> Report:
    """Read a report file, YAML whose values are all taken as text (*NO* is Norway, not false).

    Raises ``ReportError`` naming the file, the key and what is allowed.
    """
    try:
        values = plain_yaml.load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ReportError(f"{path}: not a YAML file in UTF-8 ({error})") from error
    if not isinstance(values, dict):
        raise ReportError(
            f"{path}: the file must hold lines of the form key: value; allowed keys: {_allowed(Report)}"
        )
    report = _checked(Report, values, str(path))
    for chapter in report.chapters:
        if "/" in chapter or not (ROOT / "notebooks" / f"{chapter}.ipynb").is_file():
            raise ReportError(f"{path}: chapters: there is no notebooks/{chapter}.ipynb")
    return report


def find(name: str | None = None) -> dict[str, Path]:
    """Return the report files by name, or the one that is asked for. Raises ``ReportError`` where there is none."""
    every = {path.stem: path for path in sorted(REPORTS.glob("*.yml"))}
    if name is None:
        return every
    if name not in every:
        raise ReportError(f"there is no reports/{name}.yml; the reports are: {', '.join(every) or 'none'}")
    return {name: every[name]}


def _checked(model: type[_M], values: Mapping[str, Any], where: str) -> _M:
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise ReportError("\n".join(f"{where}: {_message(model, one)}" for one in error.errors())) from error


def _message(model: type[BaseModel], error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, model.model_fields, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return f"unknown key {key!r}{hint}; allowed: {_allowed(model)}"
    wanted = {
        "string_type": "a text",
        "list_type": "a list of texts",
        "dict_type": "lines of the form field: column",
    }.get(error["type"])
    detail = (
        f"must be {wanted}, not {error['input']!r}" if wanted else error["msg"].removeprefix("Value error, ")
    )
    return f"{key}: {detail}" if key else detail


def _allowed(model: type[BaseModel]) -> str:
    return ", ".join(model.model_fields)
