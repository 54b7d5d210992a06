"""What a chart shows, and how the finished SVG is put into words. Pure; `charts_program` draws in between.

A chart has a pair of bars for each category of which anything is shown: this period dark, the year before light with an
outline, so that they differ without colour. It is drawn once for all languages, with marks in place of words ("@3@"), and put into each
language after: no width depends on a word, because labels stand above their bars.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final

from msgspec import Struct

from contacts.release.frame import Frame, Row, Status
from contacts.rendering.grid import codes_in, is_by_period

WIDTH: Final = 300
#: Room for a number behind the longest bar.
MARGIN: Final = 56
ROW: Final = 54
LEGEND: Final = 26
#: Colours are named once more in the style sheet, which changes them for the dark.
INK: Final = "#1d2733"
QUIET: Final = "#556270"
BAR: Final = "#1f5673"
BAR_BEFORE: Final = "#cfdde5"

_MARK = re.compile(r">@(\d+)@<")
_FONT = re.compile(r'font-family="[^"]*"')


class Bar(Struct, frozen=True, kw_only=True):
    """A category: the numbers that are shown, or None and their status. `code`: of the chart's dimension."""

    code: str
    now: int | None
    before: int | None
    now_status: Status = Status.SHOWN
    before_status: Status = Status.SHOWN


class Chart(Struct, frozen=True, kw_only=True):
    """A drawing without words. `dimension`: whose codes its bars are."""

    table: str
    dimension: str
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """In pixels."""
        return LEGEND + ROW * len(self.bars)

    @property
    def most(self) -> int:
        """What the longest bar stands for."""
        return max(max(bar.now or 0, bar.before or 0) for bar in self.bars)

    @property
    def marks(self) -> dict[str, int]:
        """What stands at each mark: what -> number of the mark."""
        named = ["now", "before"]
        for bar in self.bars:
            named += [f"label {bar.code}", f"now {bar.code}", f"before {bar.code}"]
        return {name: place for place, name in enumerate(named)}


def chart_of(frame: Frame, table: str) -> Chart | None:
    """The chart of a table: of its only dimension, or of the margin of the longer one. None: nothing to draw."""
    rows = frame.table(table)
    if is_by_period(rows):
        return None
    second = len(codes_in(rows, second=True)) > len(codes_in(rows)) and bool(rows[0].dim2)
    margin = [row for row in rows if not (row.code1 if second else row.code2)]
    bars = tuple(_bar(row, second=second) for row in margin if (row.code2 if second else row.code1))
    told = tuple(bar for bar in bars if bar.now is not None or bar.before is not None)
    if not any((bar.now or 0) + (bar.before or 0) for bar in told):
        return None
    return Chart(table=table, dimension=rows[0].dim2 if second else rows[0].dim1, bars=told)


def _bar(row: Row, *, second: bool) -> Bar:
    return Bar(
        code=row.code2 if second else row.code1,
        now=row.value,
        before=row.prev_value,
        now_status=row.status,
        before_status=row.prev_status,
    )


class Said(Struct, frozen=True, kw_only=True):
    """A chart in one language. `words`: what -> text; `title`, `description`: for those who do not see it."""

    words: Mapping[str, str]
    title: str
    description: str


def said(
    chart: Chart,
    *,
    title: str,
    now: str,
    before: str,
    label: Callable[[str], str],
    number: Callable[[int], str],
    description: str,
) -> Said:
    """Words for every mark; what is not shown is its sign."""
    words = {"now": now, "before": before}
    for bar in chart.bars:
        words[f"label {bar.code}"] = label(bar.code)
        words[f"now {bar.code}"] = bar.now_status.value if bar.now is None else number(bar.now)
        words[f"before {bar.code}"] = bar.before_status.value if bar.before is None else number(bar.before)
    return Said(words=words, title=title, description=description)


def worded(elements: str, chart: Chart, words: Said, *, font: str, prefix: str) -> str:
    """The SVG in a language, with a title and a description. `prefix`: makes its ids the only ones of a page."""
    by_number: Sequence[str] = [words.words[name] for name in chart.marks]
    put = _MARK.sub(lambda found: f">{escape(by_number[int(found[1])], quote=False)}<", elements)
    put = _FONT.sub(f'font-family="{font}"', put)
    width, name = WIDTH + MARGIN, f"{prefix}{chart.table}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {chart.height}" width="{width}" '
        f'height="{chart.height}" role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(words.title, quote=False)}</title>'
        f'<desc id="{name}-desc">{escape(words.description, quote=False)}</desc>{put}</svg>'
    )
