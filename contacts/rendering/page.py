"""`review.LANGUAGE.html`: one file that needs nothing else: own style sheet, charts inside, no scripts, prints well."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from contacts.rendering import words_review as words
from contacts.rendering.drawing import Chart, worded
from contacts.rendering.numbers import shown
from contacts.rendering.telling import Told

TEMPLATES = Path(__file__).with_name("templates")


def page(told: Told, charts: Mapping[str, Chart], drawings: Mapping[str, str]) -> bytes:
    """The page. `drawings`: elements by table, from `charts_program`."""
    svgs = {
        table.grid.id: worded(
            drawings[table.grid.id], charts[table.grid.id], table.chart, font="inherit", prefix="chart-"
        )
        for section in told.sections
        for table in section.tables
        if table.chart is not None
    }
    written: str = _template().render(
        told=told,
        svgs=svgs,
        style=_style(),
        names={name: texts[told.language] for name, texts in _NAMES.items()},
        shown=lambda value: shown(value, told.language),
    )
    return written.encode()


_NAMES = {
    "key_figures": words.KEY_FIGURES,
    "contents": words.CONTENTS,
    "method": words.METHOD_HEADING,
    "total": words.TOTAL,
    "services": words.SERVICES_TITLE,
    "figure": words.FIGURE,
}


@cache
def _style() -> str:
    return (TEMPLATES / "review.css").read_text()


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only where pages are made

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("review.html")
