"""One direction of data flow: no module imports one downstream of it, and the measures never import each other."""

import ast
from pathlib import Path

import pytest

import analysis

ORDER = [
    {"text", "schema", "lexicons", "places", "worldmap", "cores", "drafts", "tags", "ids"},
    {"corpus", "reader", "likelihood"},
    {"speakers", "nested"},
    {"attributions", "threats", "sentiment", "tones"},
    {"measure", "stories", "ingest"},
    {"loading"},
    {"tables"},
    {"cluster"},
    {"summary", "report", "evaluate", "overrides"},
    {"intervals", "uncertainty", "sensitivity"},
    {"rates", "periods"},
    {"brief"},
    {"show", "figures", "exporter", "pdf", "gallery"},
    {"charts"},
    {"evidence", "methods", "risk", "sharing", "provenance"},
    {"trends", "network", "atlas"},
    {
        "coverage",
        "toward",
        "change",
        "coding",
        "corrections",
        "certainty",
        "robustness",
        "sources",
        "tradecraft",
    },
    {"say"},
    {"lab", "review"},
    {"exports"},
    {"kernels"},
    {"briefing"},
    {"cli"},
    {"__main__"},
]
MEASURES = {"attributions", "threats", "sentiment", "tones"}
RANK = {name: i for i, names in enumerate(ORDER) for name in names}
ROOT = Path(analysis.__file__).parent
MODULES = sorted({p.relative_to(ROOT).with_suffix("").parts[0] for p in ROOT.rglob("*.py")} - {"__init__"})


def imported(module: str) -> set[str]:
    paths = (
        [ROOT / f"{module}.py"] if (ROOT / f"{module}.py").exists() else sorted((ROOT / module).rglob("*.py"))
    )
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "analysis":
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis."):
                found.add(str(node.module).split(".")[1])
    return found - {module, "__version__"}


def test_every_module_has_its_place() -> None:
    assert set(MODULES) == set(RANK)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_upstream(module: str) -> None:
    assert {other for other in imported(module) if RANK[other] > RANK[module]} == set()


@pytest.mark.parametrize("module", sorted(MEASURES))
def test_the_measures_never_import_each_other(module: str) -> None:
    assert imported(module) & MEASURES == set()
