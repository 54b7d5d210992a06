"""What typst is given for `review.LANGUAGE.pdf`: the told review as plain strings, charts as SVG. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from contacts.rendering import words_review as words
from contacts.rendering.drawing import Chart, worded
from contacts.rendering.numbers import shown
from contacts.rendering.telling import Told, ToldTable

#: Inside the typst package, so that machines agree.
FONTS: Final = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
_NAMES: Final = {
    "key_figures": words.KEY_FIGURES,
    "contents": words.CONTENTS,
    "method": words.METHOD_HEADING,
    "services": words.SERVICES_TITLE,
}


def booklet(told: Told, charts: Mapping[str, Chart], drawings: Mapping[str, str]) -> dict[str, Any]:
    """The data of the template."""
    return {
        "language": told.language,
        "fonts": FONTS,
        "title": told.title,
        "service": told.service,
        "released": told.released,
        "release": told.release,
        "lead": told.lead,
        "method": told.method,
        "notes": told.notes,
        "names": {name: texts[told.language] for name, texts in _NAMES.items()},
        "figures": [{"label": each.label, "value": each.value, "before": each.before} for each in told.figures],
        "sections": [
            {
                "number": section.number,
                "heading": section.heading,
                "paragraphs": section.paragraphs,
                "services": section.services,
                "tables": [_table(table, told.language, charts, drawings) for table in section.tables],
            }
            for section in told.sections
        ],
    }


def _table(table: ToldTable, language: str, charts: Mapping[str, Chart], drawings: Mapping[str, str]) -> dict[str, Any]:
    grid = table.grid
    totals = [place for place, line in enumerate(grid.lines) if not line.code]
    drawn = None
    if table.chart is not None:
        svg = worded(drawings[grid.id], charts[grid.id], table.chart, font=FONTS[0], prefix="")
        drawn = {
            "svg": svg,
            "height": charts[grid.id].height,
            "description": f"{table.chart.title}. {table.chart.description}",
        }
    return {
        "number": table.number,
        "title": grid.title,
        "corner": grid.corner,
        "groups": grid.groups,
        "header": 2 if grid.groups else 1,
        "columns": [column.heading for column in grid.columns],
        "changes": any(value.is_change for line in grid.lines for value in line.values),
        "total": totals[0] if totals else None,
        "lines": [
            {
                "label": line.label,
                "total": not line.code,
                "values": [shown(value, language) for value in line.values],
            }
            for line in grid.lines
        ],
        "notes": table.notes,
        "chart": drawn,
    }
