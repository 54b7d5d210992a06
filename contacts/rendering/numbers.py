"""Numbers and dates as a language writes them (babel). Pure."""

from datetime import date
from functools import cache

from babel.dates import format_date
from babel.numbers import format_decimal

from contacts.rendering.grid import Value
from contacts.rendering.words_review import NOT_TOLD, SECONDS

_MINUS = "\N{MINUS SIGN}"


@cache
def number(value: int, language: str) -> str:
    """Digits in groups of three."""
    return format_decimal(value, locale=language)


def shown(value: Value, language: str) -> str:
    """What stands in a cell: a number, or the sign of why there is none; a change that is not told is empty."""
    if value.number is None:
        return "" if value.is_change else value.status.value
    return percent(value.number, language) if value.is_change else number(value.number, language)


def percent(value: int, language: str) -> str:
    """A change: "+21 %". English writes no space."""
    sign = {True: "+", False: _MINUS}[value > 0] if value else ""
    return f"{sign}{number(abs(value), language)}{'' if language == 'en' else chr(0xA0)}%"


def service(name: str, value: int | None, language: str) -> str:
    """A number about the service; waits are seconds."""
    if value is None:
        return NOT_TOLD
    told = number(value, language)
    return SECONDS[language].format(number=told) if name.startswith("wait_") else told


def day(value: date, language: str) -> str:
    """A date in words of the language; in English as Europe writes it."""
    return format_date(value, "long", locale={"en": "en_GB"}.get(language, language))
