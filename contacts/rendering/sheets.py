"""`review.LANGUAGE.xlsx`: a sheet a table, values as numbers; no formula, nothing hidden, no author, no time of making."""

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from contacts.rendering import words_review as words
from contacts.rendering.grid import Grid, Value
from contacts.rendering.telling import Told

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FONT = {"font_name": "Calibri", "font_size": 11}
#: Of a line, in points; and the letters that fit into one of the contents.
_LINE = 15
_LETTERS = 84
#: From so many columns on, a sheet is printed across.
_WIDE = 8
#: Caption, whose review it is, an empty row, headings.
_FIRST = 3


def workbook(told: Told) -> bytes:
    """The file."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - heavy, and needed only where sheets are made

    written = io.BytesIO()
    book = Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": told.title, "created": _NO_TIME})
    looks = _looks(book, told.language)
    _contents(book, told, looks)
    for section in told.sections:
        if section.services:
            sheet = _sheet(book, f"{section.number}.0")
            sheet.write_string(0, 0, words.SERVICES_TITLE[told.language], looks["title"])
            for place, (name, value) in enumerate(section.services):
                sheet.write_string(_FIRST + place, 0, name, looks["label"])
                sheet.write_string(_FIRST + place, 1, value, looks["sign"])
            sheet.set_column(0, 0, 48)
        for table in section.tables:
            sheet = _sheet(book, table.number)
            last = _table(sheet, table.grid, f"{told.service} · {told.title}", looks)
            for place, note in enumerate(table.notes):
                sheet.write_string(last + 1 + place, 0, note, looks["note"])
    book.close()
    return written.getvalue()


def _looks(book: "Workbook", language: str) -> dict[str, Any]:
    per_cent = "+0%;-0%;0%" if language == "en" else "+0 %;-0 %;0 %"
    line = {"bottom": 1, "bottom_color": "#C5CCD3"}
    head = {**_FONT, "bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2, "bottom_color": "#556270"}
    return {
        "title": book.add_format({**_FONT, "bold": True, "font_size": 14, "font_color": "#1F5673"}),
        "text": book.add_format({**_FONT, "text_wrap": True, "valign": "top"}),
        "note": book.add_format({**_FONT, "font_color": "#556270"}),
        "link": book.add_format({**_FONT, "font_color": "#1F5673", "underline": 1}),
        "corner": book.add_format(head),
        "head": book.add_format({**head, "align": "right"}),
        "group": book.add_format({**head, "align": "center", "bottom": 1}),
        "label": book.add_format({**_FONT, **line}),
        "count": book.add_format({**_FONT, **line, "num_format": "#,##0"}),
        "change": book.add_format({**_FONT, **line, "num_format": per_cent}),
        "sign": book.add_format({**_FONT, **line, "align": "right", "font_color": "#556270"}),
        "total_label": book.add_format({**_FONT, "bold": True, "bg_color": "#F2F5F7"}),
        "total_count": book.add_format({**_FONT, "bold": True, "bg_color": "#F2F5F7", "num_format": "#,##0"}),
        "total_change": book.add_format({**_FONT, "bold": True, "bg_color": "#F2F5F7", "num_format": per_cent}),
        "total_sign": book.add_format({**_FONT, "bg_color": "#F2F5F7", "align": "right"}),
    }


def _sheet(book: "Workbook", name: str) -> "Worksheet":
    sheet: Worksheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet


def _contents(book: "Workbook", told: Told, looks: dict[str, Any]) -> None:
    sheet = _sheet(book, words.CONTENTS[told.language])
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 90)
    lines = [(told.title, "title"), (told.service, "note"), (f"{told.released} · {told.release}", "note")]
    for place, (text, look) in enumerate(lines):
        sheet.write_string(place, 0, text, looks[look])
    row = len(lines) + 1
    for section in told.sections:
        sheet.write_string(row, 0, section.number, looks["title"])
        sheet.write_string(row, 1, section.heading, looks["title"])
        row += 1
        for text in section.paragraphs:
            _paragraph(sheet, row, text, looks)
            row += 1
        if section.services:
            row = _link(sheet, row, f"{section.number}.0", words.SERVICES_TITLE[told.language], looks)
        for table in section.tables:
            row = _link(sheet, row, table.number, table.grid.title, looks)
        row += 1
    for text in (told.method, *told.notes):
        _paragraph(sheet, row, text, looks)
        row += 1


def _paragraph(sheet: "Worksheet", row: int, text: str, looks: dict[str, Any]) -> None:
    """Programs do not make room for a wrapped text by themselves."""
    sheet.set_row(row, _LINE * (1 + len(text) // _LETTERS))
    sheet.write_string(row, 1, text, looks["text"])


def _link(sheet: "Worksheet", row: int, name: str, title: str, looks: dict[str, Any]) -> int:
    sheet.write_url(row, 0, f"internal:'{name}'!A1", looks["link"], name)
    sheet.write_string(row, 1, title, looks["text"])
    return row + 1


def _table(sheet: "Worksheet", grid: Grid, whose: str, looks: dict[str, Any]) -> int:
    """The number of the row below it."""
    sheet.write_string(0, 0, grid.title, looks["title"])
    sheet.write_string(1, 0, whose, looks["note"])
    top = _FIRST
    if grid.groups:
        at = 1
        for name, span in grid.groups:
            if span == 1:
                sheet.write_string(top, at, name, looks["group"])
            else:
                sheet.merge_range(top, at, top, at + span - 1, name, looks["group"])
            at += span
        top += 1
    sheet.write_string(top, 0, grid.corner, looks["corner"])
    for place, column in enumerate(grid.columns, 1):
        sheet.write_string(top, place, column.heading, looks["head"])
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(_FIRST, top)
    if len(grid.columns) > _WIDE:
        sheet.set_landscape()
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, len(grid.columns), 9 if grid.groups else 18)
    for place, line in enumerate(grid.lines, top + 1):
        kind = "" if line.code else "total_"
        sheet.write_string(place, 0, line.label, looks[f"{kind}label"])
        for across, value in enumerate(line.values, 1):
            _value(sheet, (place, across), value, kind, looks)
    return top + 1 + len(grid.lines)


def _value(sheet: "Worksheet", at: tuple[int, int], value: Value, kind: str, looks: dict[str, Any]) -> None:
    if value.number is None:
        if value.is_change:
            sheet.write_blank(*at, None, looks[f"{kind}sign"])
        else:
            sheet.write_string(*at, value.status.value, looks[f"{kind}sign"])
    elif value.is_change:
        sheet.write_number(*at, value.number / 100, looks[f"{kind}change"])
    else:
        sheet.write_number(*at, value.number, looks[f"{kind}count"])
