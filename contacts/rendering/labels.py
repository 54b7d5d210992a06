"""Codes, dimensions, units and periods in words. Countries and languages by CLDR (babel). Pure."""

from collections.abc import Sequence
from functools import cache

from babel import Locale
from babel.dates import get_day_names, get_month_names

from contacts.codes.catalogue import LISTS
from contacts.codes.catalogue import label as code_label
from contacts.rendering.words import BY, CODES, DIMENSIONS, JOINED, UNITS


@cache
def label(dimension: str, code: str, language: str, *, country: str) -> str:
    """A code in words, beginning with a capital letter. KeyError for one that nobody named."""
    if (dimension, code) in CODES:
        return CODES[dimension, code][language].format(country=_country(country, language))
    if dimension == "weekday":
        return _capital(get_day_names("wide", "stand-alone", locale=language)[int(code) - 1])
    if dimension == "band":
        start, end = code.split("_to_")
        return f"{start}–{end}"
    if dimension == "language":
        return _capital(str(Locale(language).languages.get(code, code)))
    if dimension not in LISTS:
        raise KeyError(dimension, code)
    found = LISTS[dimension].code(code)
    if found is None:
        raise KeyError(dimension, code)
    return code_label(found, language, country=country)


def dimension_label(dimension: str, language: str) -> str:
    """The heading of a column of codes."""
    return DIMENSIONS[dimension][language]


def unit_label(unit: str, language: str) -> str:
    """What is counted, in the plural."""
    return UNITS[unit][language]


def table_title(unit: str, dimensions: Sequence[str], language: str) -> str:
    """A table's caption: "Proposals by referring party"."""
    ways = JOINED[language].join(BY[dimension][language] for dimension in dimensions)
    return {
        "fi": f"{unit_label(unit, language)} {ways} mukaan",
        "sv": f"{unit_label(unit, language)} efter {ways}",
        "en": f"{unit_label(unit, language)} by {ways}",
    }[language]


def period_label(period: str, language: str) -> str:
    """A half-year, a year or a month as people say it, short enough for a column."""
    year, rest = period[:4], period[4:]
    if rest.startswith("-"):
        return _capital(get_month_names("wide", "stand-alone", locale=language)[int(rest[1:])])
    if not rest:
        return year
    if language == "en":
        return f"{'January–June' if rest == 'H1' else 'July–December'} {year}"
    return f"{'1–6' if rest == 'H1' else '7–12'}/{year}"


def period_before(period: str) -> str:
    """The same half a year earlier."""
    return f"{int(period[:4]) - 1}{period[4:]}"


def _country(code: str, language: str) -> str:
    return str(Locale(language).territories.get(code, code))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
