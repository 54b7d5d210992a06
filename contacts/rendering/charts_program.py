"""Draws charts: `Chart`s as JSON on stdin, their SVG elements by table on stdout. vl-convert draws what Vega-Lite describes.

All stand on one sheet, one below the other, which is cut afterwards: drawing once takes a tenth of the time. A process of
its own: a JavaScript engine starts in it, and the others have their hands free meanwhile.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Final

import msgspec
import vl_convert

from contacts.forwarding.apart import talked
from contacts.rendering.drawing import BAR, BAR_BEFORE, INK, LEGEND, MARGIN, QUIET, ROW, WIDTH, Chart

CPU_SECONDS: Final = 60
#: Where things stand in the row of a category, from its top.
_LABEL, _NOW, _BEFORE, _THICK = 17, 22, 36, 12
_SQUARE = 11
_THIN = 0.01
_GAP = 6
_RECT = re.compile(r'<path d="[^"]*" fill="#[^"]*" stroke="#[^"]*" stroke-width="1"/>')
_TEXT = re.compile(r"<text [^>]*>@\d+@</text>")

Marks = list[dict[str, Any]]


def drawn(given: bytes) -> bytes:
    """Table -> elements of its SVG."""
    charts = msgspec.json.decode(given, type=list[Chart])
    return msgspec.json.encode(elements(charts) if charts else {})


def elements(charts: Sequence[Chart]) -> dict[str, str]:
    """What stands in each chart, moved to where it begins."""
    tops = [0, *accumulate(chart.height for chart in charts)]
    rects = [list(_rects(chart, top)) for chart, top in zip(charts, tops, strict=False)]
    texts = [list(_texts(chart, top)) for chart, top in zip(charts, tops, strict=False)]
    sheet = _sheet([each for some in rects for each in some], [each for some in texts for each in some], tops[-1])
    drawn_rects, drawn_texts = iter(_RECT.findall(sheet)), iter(_TEXT.findall(sheet))
    found: dict[str, str] = {}
    for chart, top, its_rects, its_texts in zip(charts, tops, rects, texts, strict=False):
        inside = [next(drawn_rects) for _ in its_rects] + [next(drawn_texts) for _ in its_texts]
        found[chart.table] = f'<g transform="translate(1,{-top})">{"".join(inside)}</g>'
    if next(drawn_rects, None) or next(drawn_texts, None):
        raise ValueError("more was drawn than was asked for")
    return found


def _sheet(rects: Marks, texts: Marks, height: int) -> str:
    svg: str = vl_convert.vegalite_to_svg(described(rects, texts, height))
    return svg


def described(rects: Marks, texts: Marks, height: int) -> dict[str, Any]:
    """The sheet in Vega-Lite, as altair would write it (a test asks altair): importing altair takes as long as drawing."""
    place = {"type": "quantitative", "scale": None, "axis": None}
    corner = {"x": {"field": "x", **place}, "y": {"field": "y", **place}}
    bars = {
        "data": {"values": rects},
        "mark": {"type": "rect", "strokeWidth": 1},
        "encoding": corner
        | {
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
            "stroke": {"value": BAR},
        },
    }
    words = {
        "data": {"values": texts},
        "mark": {"type": "text", "align": "left", "baseline": "alphabetic", "fontSize": 13},
        "encoding": corner
        | {
            "text": {"field": "text", "type": "nominal"},
            "color": {"field": "fill", "type": "nominal", "scale": None},
        },
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH + MARGIN,
        "height": height,
        "autosize": {"type": "none"},
        "config": {"aria": False, "font": "sans-serif", "view": {"continuousWidth": 300, "continuousHeight": 300}},
        "layer": [bars, words],
    }


def _rects(chart: Chart, above: int) -> Iterator[dict[str, object]]:
    """Only of what is shown; nought has no width, so it has no bar. First the two of the legend."""
    for left, fill in ((0, BAR), (WIDTH // 2, BAR_BEFORE)):
        yield {"x": left, "x2": left + _SQUARE, "y": above + 3, "y2": above + 3 + _SQUARE, "fill": fill}
    for place, bar in enumerate(chart.bars):
        for value, start, fill in ((bar.now, _NOW, BAR), (bar.before, _BEFORE, BAR_BEFORE)):
            top = above + LEGEND + place * ROW + start
            if value:
                yield {"x": 0, "x2": _long(chart, value), "y": top, "y2": top + _THICK, "fill": fill}


def _texts(chart: Chart, above: int) -> Iterator[dict[str, object]]:
    marks = chart.marks
    for name, left in (("now", 0), ("before", WIDTH // 2)):
        yield {"x": left + _SQUARE + _GAP, "y": above + 2 + _SQUARE, "text": f"@{marks[name]}@", "fill": QUIET}
    for place, bar in enumerate(chart.bars):
        top = above + LEGEND + place * ROW
        yield {"x": 0, "y": top + _LABEL, "text": f"@{marks[f'label {bar.code}']}@", "fill": INK}
        for name, value, start in (("now", bar.now, _NOW), ("before", bar.before, _BEFORE)):
            yield {
                "x": _long(chart, value or 0) + _GAP,
                "y": top + start + _THICK - 1,
                "text": f"@{marks[f'{name} {bar.code}']}@",
                "fill": QUIET if value is None or name == "before" else INK,
            }


def _long(chart: Chart, value: int) -> float:
    """In pixels. Five beside a million are a bar too: one without width would be no shape."""
    return max(round(value * WIDTH / chart.most, 2), _THIN) if value else 0


if __name__ == "__main__":
    sys.exit(talked(drawn, cpu_seconds=CPU_SECONDS))
