"""A review in one language, before it becomes a page, a document or a sheet. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from contacts.release.catalogue import SPECS, Counted, Section
from contacts.release.frame import Row, Status
from contacts.rendering import words_review as words
from contacts.rendering.drawing import Chart, Said, said
from contacts.rendering.grid import Grid, grid_of
from contacts.rendering.labels import label, period_before, period_label
from contacts.rendering.numbers import day, number, service, shown
from contacts.rendering.review import Review
from contacts.rendering.words import Texts

_OPEN: Final = frozenset(spec.id for spec in SPECS if spec.open)
_WITH_WITNESSES: Final = frozenset({Counted.CLIENTS, Counted.STOCK})


class Figure(Struct, frozen=True, kw_only=True):
    """A key figure: what, how many, and how many a year before."""

    label: str
    value: str
    before: str


class ToldTable(Struct, frozen=True, kw_only=True):
    """A table with its number ("1.2"), the notes below it, and its chart."""

    number: str
    grid: Grid
    notes: tuple[str, ...]
    chart: Said | None


class ToldSection(Struct, frozen=True, kw_only=True):
    """A chapter. `services`: numbers that stand in no table of the catalogue."""

    id: str
    number: str
    heading: str
    paragraphs: tuple[str, ...]
    tables: tuple[ToldTable, ...]
    services: tuple[tuple[str, str], ...] = ()


class Told(Struct, frozen=True, kw_only=True):
    """Everything that is read."""

    language: str
    title: str
    service: str
    released: str
    release: str
    lead: str
    figures: tuple[Figure, ...]
    sections: tuple[ToldSection, ...]
    method: str
    notes: tuple[str, ...]


def told(review: Review, charts: Mapping[str, Chart], language: str) -> Told:
    """A review in a language. `charts`: by table, those that are drawn."""
    frame = review.frame
    title = words.TITLE if frame.period[4:] else words.YEAR_TITLE
    return Told(
        language=language,
        title=title[language].format(period=period_label(frame.period, language)),
        service=review.service,
        released=words.RELEASED[language].format(date=day(review.released, language)),
        release=words.RELEASE[language].format(release=frame.release_id),
        lead=words.LEAD[language],
        figures=tuple(_figures(review, language)),
        sections=tuple(
            _section(review, charts, section, str(place), language)
            for place, section in enumerate(review.sections(), 1)
        ),
        method=words.METHOD_SHORT[language].format(k=frame.k),
        notes=(words.CHANGE_NOTE[language], words.CHART_NOTE[language]),
    )


def _figures(review: Review, language: str) -> list[Figure]:
    found: list[Figure] = []
    for section, tables in review.sections().items():
        if section is Section.SERVICE or not tables:
            continue
        total = next((row for row in review.frame.table(tables[0]) if not row.code1 and not row.code2), None)
        if total is None or total.value is None:
            continue
        before = ""
        if total.prev_value is not None:
            before = words.YEAR_BEFORE[language].format(number=number(total.prev_value, language))
        found.append(
            Figure(label=words.SECTIONS[section][language], value=number(total.value, language), before=before)
        )
    return found


def _section(review: Review, charts: Mapping[str, Chart], section: Section, place: str, language: str) -> ToldSection:
    services: tuple[tuple[str, str], ...] = ()
    if section is Section.SERVICE:
        services = tuple(
            (words.SERVICES[name][language], service(name, value, language)) for name, value in review.frame.services
        )
    return ToldSection(
        id=section.value,
        number=place,
        heading=words.SECTIONS[section][language],
        paragraphs=paragraphs(review.text(section, language)),
        tables=tuple(
            _table(review, charts.get(table), table, f"{place}.{at}", language)
            for at, table in enumerate(review.sections()[section], 1)
        ),
        services=services,
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """Parts of a text between empty lines."""
    return tuple(" ".join(each.split()) for each in text.split("\n\n") if each.strip())


def _table(review: Review, chart: Chart | None, table: str, place: str, language: str) -> ToldTable:
    grid = grid_of(review.frame, table, language, country=review.country)
    return ToldTable(
        number=place,
        grid=grid,
        notes=tuple(note[language] for note in _notes(review.frame.table(table), table)),
        chart=None if chart is None else _chart(review, chart, grid, language),
    )


def _notes(rows: Sequence[Row], table: str) -> list[Texts]:
    there = {each for row in rows for each in (row.status, row.prev_status)}
    found = [
        note
        for status, note in (
            (Status.HIDDEN, words.HIDDEN_NOTE),
            (Status.NOT_COUNTED, words.NOT_COUNTED_NOTE),
            (Status.IMPOSSIBLE, words.IMPOSSIBLE_NOTE),
        )
        if status in there
    ]
    if rows[0].unit in _WITH_WITNESSES and rows[0].dim1 != "kind":
        found.append(words.WITNESS_NOTE)
    return [*found, words.OPEN_NOTE] if table in _OPEN else found


def _chart(review: Review, chart: Chart, grid: Grid, language: str) -> Said:
    period = review.frame.table(chart.table)[0].period
    now, before = period_label(period, language), period_label(period_before(period), language)
    names = {bar.code: label(chart.dimension, bar.code, language, country=review.country) for bar in chart.bars}
    told_bars = [
        f"{names[bar.code]}: {now} {_or_sign(bar.now, bar.now_status, language)}, "
        f"{before} {_or_sign(bar.before, bar.before_status, language)}."
        for bar in chart.bars
    ]
    return said(
        chart,
        title=words.CHART_TITLE[language].format(title=grid.title),
        now=now,
        before=before,
        label=lambda code: names[code],
        number=lambda value: number(value, language),
        description=" ".join([*told_bars, words.CHART_NOTE[language]]),
    )


def _or_sign(value: int | None, status: Status, language: str) -> str:
    return status.value if value is None else number(value, language)


__all__ = ["Figure", "Told", "ToldSection", "ToldTable", "paragraphs", "shown", "told"]
