"""Aliases: one name for a person or a body that articles name differently, in all of the corpus."""

from collections.abc import Sequence

import pyarrow as pa

from analysis.overrides.lines import Line
from analysis.overrides.relations import Relations, within

#: What became of an alias: its status, no row, how many rows it renamed, and a note.
Renamed = tuple[str, str, int, str]


def apply(relations: Relations, lines: Sequence[Line]) -> dict[Line, Renamed]:
    """Let the relations have one name for all that are its aliases, and tell what became of each line.

    Speakers are renamed, also where several stand in one row, and targets that are persons or bodies. An alias of an alias
    is followed to the last name.
    """
    found: dict[Line, Renamed] = {}
    single = {line.quote: line for line in lines}
    for line in lines:
        other = next((one for one in lines if one.about == line.about and one.differs(line)), None)
        if other:
            found[line] = "contradictory", "", 0, f"{other.place} gives the same name to {other.value}"
        elif _last(line.quote, single) is None:
            found[line] = "contradictory", "", 0, "the aliases go round in a circle"
    last = {line.quote: str(_last(line.quote, single)) for line in lines if line not in found}
    counts = _rename(relations, last)
    for line in lines:
        if line not in found:
            n = counts.get(line.quote, 0)
            found[line] = ("applied", "", n, "") if n else ("stale", "", 0, "nobody has this name")
    return found


def _last(name: str, lines: dict[str, Line]) -> str | None:
    """Return the name that an alias leads to in the end; ``None`` where it leads back to itself."""
    seen = {name}
    while name in lines:
        name = lines[name].value
        if name in seen:
            return None
        seen.add(name)
    return name


def _rename(relations: Relations, last: dict[str, str]) -> dict[str, int]:
    """Rename in the relations; return how many rows each name had."""
    counts: dict[str, int] = {}
    for table, column in (("attributions", "speaker"), ("tones", "target"), ("speakers", "speaker")):
        if not last or table not in relations.queries:
            continue
        base = relations.queries[table]
        of = "target_type <> 'state'" if table == "tones" else "true"
        sql = f"SELECT {column}, count(*) FROM ({base}) WHERE {of} GROUP BY ALL"
        new = {}
        for name, n in relations.connection.execute(sql).fetchall():
            parts = (name or "").split("; ")
            if set(parts) & set(last):
                new[name] = "; ".join(dict.fromkeys(last.get(part, part) for part in parts))
                for part in set(parts) & set(last):
                    counts[part] = counts.get(part, 0) + (n if table != "speakers" else 0)
        if not new:
            continue
        kept = f"renamed_{table}"
        relations.keep(kept, pa.table({"old": list(new), "new": list(new.values())}))
        named = (
            f"SELECT one.* REPLACE (CASE WHEN {of} THEN coalesce(new, {column}) ELSE {column} END AS {column}) "
            f"FROM ({base}) AS one LEFT JOIN {kept} ON old = {column}"
        )
        relations.queries[table] = _together(base, named, new) if table == "speakers" else named
    return counts


def _together(base: str, named: str, new: dict[str, str]) -> str:
    """Return the query of ``speakers`` in which an article has one row for each, as when it is measured."""
    touched = f"article_id IN (SELECT article_id FROM ({base}) WHERE {within('speaker', new)})"
    return f"""
        SELECT * FROM ({base}) WHERE NOT {touched}
        UNION ALL
        SELECT * REPLACE (
            (sum(n_attributions) OVER same)::INTEGER AS n_attributions,
            coalesce(arg_min(role, start) FILTER (role <> '') OVER same, '') AS role,
            coalesce(arg_min(affiliation, start) FILTER (affiliation <> '') OVER same, '') AS affiliation
        )
        FROM ({named}) WHERE {touched}
        WINDOW same AS (PARTITION BY article_id, speaker, source_type)
        QUALIFY row_number() OVER (PARTITION BY article_id, speaker, source_type ORDER BY start, "end", text) = 1
    """
