"""Answers without a database: from what a process remembers, spooled first, and asking nobody for a number."""

from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from contacts.app_key import AppKey, SettingSecrets
from contacts.framing import Deployment
from hotline.apart import PATIENCE, STARTS_WITHIN, Apart
from hotline.prompts import read_prompts
from hotline.reports import Report
from hotline.spool import Spool
from hotline.twiml import Links, Twiml
from hotline.verbs import Step
from storage.clock import ManualClock
from storage.ids import StaffId
from tests.hotline.exchange import NOON

CALL, LEG = "c" * 32, "1" * 32
NUMBERS = {"aino": "+46846500421", "eero": "+46846500422", "kaisa": "+46846500423"}


class Remembered:
    """Aino and Eero in the first tier, Kaisa in the second."""

    numbers = NUMBERS
    looked = True
    tiers: tuple[tuple[StaffId, ...], ...] = ((StaffId("aino"), StaffId("eero")), (StaffId("kaisa"),))

    def remembered(self, _now: datetime) -> tuple[tuple[StaffId, ...], ...]:
        return self.tiers


class Line:
    """One process that cannot reach its database."""

    def __init__(self, folder: Path) -> None:
        secrets = SettingSecrets(app_key=AppKey.fresh(), deployment=Deployment("d"))
        prompts = read_prompts(("fi", "sv", "en"))
        self.on_call = Remembered()
        self.spool = Spool(folder=folder / "spool", secrets=secrets)
        self._apart = Apart(
            clock=ManualClock(NOON),
            spool=self.spool,
            on_call=self.on_call,  # type: ignore[arg-type]  # as much of it as is asked
            twiml=Twiml(links=Links(base="https://line.example"), prompts=prompts, own_number="+46846500412"),
            languages=prompts.languages,
            staff_language="fi",
            ring_seconds=25,
        )

    def hears(self, step: Step, *, spool: bool = True, **more: object) -> list[Element]:
        """The verbs of the answer to this report."""
        report = Report(step=step, provider_call="CA1", contact=CALL, **more)  # type: ignore[arg-type]
        return list(fromstring(self._apart.answered(CALL, report, spool=spool)))

    def tags(self, step: Step, **more: object) -> list[str]:
        return [verb.tag for verb in self.hears(step, **more)]  # type: ignore[arg-type]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path)


def rung(verbs: list[Element]) -> list[str | None]:
    """Numbers that the provider is asked to ring."""
    return [number.text for number in verbs[-1]] if verbs[-1].tag == "Dial" else []


def test_who_calls_is_warned_connected_and_spooled_at_once(line: Line) -> None:
    verbs = line.hears(Step.VOICE)
    assert [verb.tag for verb in verbs] == ["Say"] * 7 + ["Dial"]
    assert rung(verbs) == [NUMBERS["aino"], NUMBERS["eero"]]
    assert verbs[-1].get("callerId") == "+46846500412"
    assert len(line.spool.waiting) == 1


def test_tiers_are_rung_one_after_the_other_then_each_person_alone_then_the_truth_is_told(line: Line) -> None:
    asked = [rung(line.hears(Step.DIALLED, turn=turn)) for turn in range(1, 4)]
    assert asked == [[NUMBERS["kaisa"]], [NUMBERS["aino"]], [NUMBERS["eero"]]]
    told = line.hears(Step.DIALLED, turn=4)
    assert [verb.tag for verb in told] == ["Say"] * 6 + ["Hangup"]


def test_a_talk_that_is_over_rings_nobody_again(line: Line) -> None:
    assert line.tags(Step.DIALLED, turn=1, bridged=True) == ["Hangup"]
    assert line.tags(Step.LEFT, bridged=True) == ["Hangup"]


@pytest.mark.parametrize("step", [Step.VOICE, Step.LEFT])
def test_a_process_that_has_just_started_asks_to_wait_before_it_says_that_nobody_is_there(
    line: Line, step: Step
) -> None:
    line.on_call.tiers, line.on_call.looked = (), False
    waits = [line.tags(step) for _ in range(STARTS_WITHIN)]
    assert waits == [["Say"] * 3 + ["Pause", "Redirect"]] * STARTS_WITHIN
    assert line.tags(step)[-1] == "Hangup"
    line.on_call.tiers, line.on_call.looked = Remembered.tiers, True
    assert line.tags(step)[-1] == "Dial"


def test_with_nobody_remembered_the_truth_is_told_at_once(line: Line) -> None:
    line.on_call.tiers = ()
    assert line.tags(Step.VOICE)[-1] == "Hangup"


def test_who_waits_in_the_queue_waits_a_little_and_is_then_dialled_for_directly(line: Line) -> None:
    assert line.tags(Step.LANGUAGE, digits="1") == ["Say", "Enqueue"]
    waits = [line.tags(Step.WAIT) for _ in range(PATIENCE + 1)]
    assert waits == [["Pause", "Redirect"]] * PATIENCE + [["Leave"]]
    assert rung(line.hears(Step.LEFT)) == [NUMBERS["aino"], NUMBERS["eero"]]


@pytest.mark.parametrize(
    "step", [Step.OFFER, Step.BACK_SAME, Step.BACK_NUMBER, Step.BACK_WHEN, Step.BACK_SAFE], ids=lambda step: step.value
)
def test_nobody_is_asked_for_a_number_that_could_not_be_sealed(line: Line, step: Step) -> None:
    assert line.tags(step, digits="1") == ["Say", "Say", "Say", "Hangup"]


def test_who_has_left_a_message_is_thanked_and_who_has_not_is_told_so(line: Line) -> None:
    said = [line.hears(Step.MESSAGE_LEFT, recording=name)[2].text or "" for name in ("RE1", None)]
    assert [text.split(".")[0] for text in said] == ["Thank you", "Nothing was recorded"]


def test_staff_are_screened_and_the_first_who_presses_1_has_the_call(line: Line) -> None:
    other = "2" * 32
    assert line.tags(Step.SCREEN, leg=LEG) == ["Gather", "Hangup"]
    assert line.tags(Step.ACCEPT, leg=LEG, digits="") == ["Hangup"]
    assert line.tags(Step.ACCEPT, leg=LEG, digits="1") == ["Say", "Dial"]
    assert line.tags(Step.ACCEPT, leg=LEG, digits="1") == ["Say", "Dial"]
    assert line.tags(Step.ACCEPT, leg=other, digits="1") == ["Say", "Hangup"]
    assert line.tags(Step.LEG_DONE, leg=LEG) == ["Hangup"]


def test_whom_the_provider_rings_by_itself_is_screened_too(line: Line) -> None:
    assert line.tags(Step.SCREEN_APART) == ["Gather", "Hangup"]
    assert line.tags(Step.ACCEPT_APART, digits="1") == []
    assert line.tags(Step.ACCEPT_APART, digits="2") == ["Hangup"]


def test_states_are_spooled_and_answered_with_nothing_to_do(line: Line) -> None:
    assert line.tags(Step.STATUS, status="over", sequence=1) == []
    assert line.tags(Step.JOINING, spool=False) == []
    assert len(line.spool.waiting) == 1
