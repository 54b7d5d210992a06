"""A review as one ZIP. The same review gives the same bytes, here and on any other machine with the same packages."""

from typing import Final

import msgspec

from contacts.codes.shapes import LANGUAGES
from contacts.rendering.apart import Apart, CannotRender
from contacts.rendering.archive import zipped
from contacts.rendering.booklet import booklet
from contacts.rendering.commentary import Unshown, unshown_numbers
from contacts.rendering.data_files import codes_csv, data_csv, data_json, datapackage_json
from contacts.rendering.drawing import chart_of, worded
from contacts.rendering.method import method_md
from contacts.rendering.page import page
from contacts.rendering.review import Review, frame_is_whole
from contacts.rendering.sheets import workbook
from contacts.rendering.telling import told

SECONDS: Final = 60.0
_CHARTS: Final = "contacts.rendering.charts_program"
_BOOKLET: Final = "contacts.rendering.booklet_program"
#: Of charts that stand alone.
_FONT: Final = "system-ui, sans-serif"


class SaysWhatIsHidden(Exception):
    """The analyst's words name numbers that no table shows."""

    def __init__(self, numbers: tuple[Unshown, ...]) -> None:
        super().__init__("numbers that are not shown")
        self.numbers = numbers


def rendered(review: Review, *, seconds: float = SECONDS) -> bytes:
    """The ZIP. Starts processes of its own and waits for them: call it in a thread.

    Raises `SaysWhatIsHidden`; `CannotRender` when a program failed or took longer than `seconds`.
    """
    frame = review.frame
    if not frame_is_whole(frame):
        raise CannotRender("a frame that holds more than it shows")
    if numbers := unshown_numbers(review.commentary, frame):
        raise SaysWhatIsHidden(numbers)
    charts = {table: chart for table in frame.tables if (chart := chart_of(frame, table))}
    with Apart(seconds=seconds) as apart:
        drawing = apart.start(_CHARTS, msgspec.json.encode(list(charts.values())))
        data = {"data.csv": data_csv(frame), "codes.csv": codes_csv(review)}
        data |= {"data.json": data_json(review), "datapackage.json": datapackage_json(review, data)}
        reviews = {language: told(review, charts, language) for language in LANGUAGES}
        sheets = {language: workbook(each) for language, each in reviews.items()}
        drawings = msgspec.json.decode(drawing.result(), type=dict[str, str])
        setting = apart.start(
            _BOOKLET, msgspec.json.encode([booklet(each, charts, drawings) for each in reviews.values()])
        )
        pages = {language: page(each, charts, drawings) for language, each in reviews.items()}
        pictures = {
            f"charts/{language}/{table.grid.id}.svg": worded(
                drawings[table.grid.id], charts[table.grid.id], table.chart, font=_FONT, prefix=""
            ).encode()
            for language, each in reviews.items()
            for section in each.sections
            for table in section.tables
            if table.chart is not None
        }
        method = method_md(review)
        booklets = msgspec.msgpack.decode(setting.result(), type=list[bytes])
    files = {"METHOD.md": method}
    files |= {f"review.{language}.pdf": octets for language, octets in zip(reviews, booklets, strict=True)}
    files |= {f"review.{language}.html": octets for language, octets in pages.items()}
    files |= {f"review.{language}.xlsx": octets for language, octets in sheets.items()}
    return zipped({**files, **data, **pictures})


__all__ = ["CannotRender", "SaysWhatIsHidden", "rendered"]
