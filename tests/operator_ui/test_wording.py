"""The staff pages' sentences: all there, all used."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from duty import hours_history, roster_history
from duty.clock_times import Interval
from duty.dated_exceptions import Kind
from duty.findings import CODES
from duty.preview import Differs
from duty.roster_warnings import Code
from duty.roster_words import PROBLEMS, SENTENCES
from duty.shifts import Channel
from operator_ui.lead_words import LeadWords
from operator_ui.wording import LANGUAGES, Wording, best_language

ROOT = Path(__file__).parents[2] / "operator_ui"
LINES = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording()


def test_every_language_has_every_sentence(wording: Wording) -> None:
    for language in LANGUAGES:
        sentences = wording.for_browser(language)
        assert all(sentences.values())
        assert len(sentences) > 150


def test_every_key_named_in_templates_and_modules_exists(wording: Wording) -> None:
    sources = [*ROOT.glob("templates/*.html"), *ROOT.glob("static/js/**/*.js")]
    for path in sources:
        for key in re.findall(r'(?:say|count)\("([a-z_]+\.[a-z_]+)"', path.read_text()):
            if key.endswith("_"):  # put together where it stands
                assert any(known.startswith(key) for known in wording.keys), (path.name, key)
            else:
                assert key in wording.keys or f"{key}.other" in wording.keys, (path.name, key)


def test_every_line_and_error_of_the_protocol_has_a_sentence(wording: Wording) -> None:
    lines = LINES.split("## Codes of lines")[1].split("##")[0]
    errors = LINES.split("## Errors")[1].split("##")[0]
    for code in re.findall(r"^`(\w+)`|, `(\w+)`", lines.replace("\n", " ").replace("  ", "\n")):
        assert f"code.{code[0] or code[1]}" in wording.keys
    for code in re.findall(r"^\| `(\w+)` \|", errors, re.MULTILINE):
        assert code in {"blank", "id_taken", "locked"} or {f"error.{code}", f"calls.error_{code}"} & set(wording.keys)


def test_values_are_left_for_the_browser_to_put_in(wording: Wording) -> None:
    assert wording.for_browser("fi")["command.take"] == "Ota jonosta {tag} ({spoken})"
    assert wording.text("sv", "enrol.login_is", login="<b>") == "Du loggar in med namnet <b>."


@pytest.mark.parametrize(
    ("chosen", "accepted", "spoken", "expected"),
    [
        ("sv", "fi", ("fi",), "sv"),
        ("xx", "fi", (), "fi"),
        (None, "sv;q=0.5, fi", (), "fi"),
        (None, "sv", ("fi", "en"), "fi"),
        (None, "en", ("fi", "en"), "en"),
        (None, "", ("so",), "en"),
    ],
)
def test_the_device_decides_then_the_browser_within_the_account(
    chosen: str | None, accepted: str, spoken: tuple[str, ...], expected: str
) -> None:
    assert best_language(chosen=chosen, accepted=accepted, spoken=spoken) == expected


def test_every_remark_refusal_and_warning_about_hours_and_roster_has_a_sentence(wording: Wording) -> None:
    told = {f"finding.{code}" for code in CODES} | {f"problem.{code}" for code in PROBLEMS}
    told |= {f"warning.{code}" for code in SENTENCES if code is not Code.language_not_covered}
    told |= {f"warning.language_not_covered_{channel}" for channel in Channel}
    told |= {f"deed.{action}" for action in hours_history.Action}
    told |= {f"event.{action}" for action in roster_history.Action}
    told |= {f"differs.{kind}" for kind in Differs} | {f"exception.{kind}" for kind in Kind}
    assert told - set(wording.keys) == set()


def test_times_are_written_as_each_language_writes_them(wording: Wording) -> None:
    for language, day in {"fi": "0.00–24.00", "sv": "00.00–24.00", "en": "00:00–24:00"}.items():
        words = LeadWords(wording=wording, language=language, zone=ZoneInfo("Europe/Helsinki"), names={})
        assert words.span(Interval(0, 24 * 60)) == day
