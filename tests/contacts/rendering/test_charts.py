"""Charts: what is drawn, and how it is described."""

import re

import altair as alt

from contacts.rendering.charts_program import Marks, described, elements
from contacts.rendering.drawing import BAR, INK, Bar, Chart


def chart(*bars: tuple[int | None, int | None]) -> Chart:
    named = tuple(Bar(code=str(place), now=now, before=before) for place, (now, before) in enumerate(bars))
    return Chart(table="decisions", dimension="decision", bars=named)


def test_the_description_is_what_altair_would_write() -> None:
    rects: Marks = [{"x": 0, "x2": 11, "y": 3, "y2": 14, "fill": BAR}]
    texts: Marks = [{"x": 17, "y": 13, "text": "@0@", "fill": INK}]
    told = described(rects, texts, 40)
    assert alt.LayerChart.from_dict(told).to_dict(validate=True)["layer"][0]["mark"] == told["layer"][0]["mark"]


def test_five_beside_a_million_are_a_bar_too() -> None:
    drawn = elements([chart((1_000_000, 5), (None, 0))])["decisions"]
    bars = re.findall(r'd="M0,\d+h([\d.]+)v12h-([\d.]+)Z"', drawn)
    assert bars == [("300", "300"), ("0.01", "0.01")]
