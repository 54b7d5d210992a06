from pathlib import Path

import pytest
from structlog.types import EventDict

from contacts.app_key import AppKey, SettingSecrets
from contacts.framing import Deployment
from contacts.words import Words
from hotline.reports import Report
from hotline.spool import Spool
from hotline.verbs import Step


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    secrets = SettingSecrets(app_key=AppKey.fresh(), deployment=Deployment("d"))
    return Spool(folder=tmp_path / "spool", secrets=secrets)


def report_of(number: int) -> Report:
    return Report(step=Step.VOICE, provider_call=f"CA{number}", digits="1", number=Words("+46313900601"))


async def test_reports_come_back_in_order_once_and_without_a_number(spool: Spool) -> None:
    for number in range(12):
        spool.keep(report_of(number), 1000 + number // 5)
    found: list[tuple[Report, int]] = []

    async def take(report: Report, at: int) -> None:
        found.append((report, at))

    assert await spool.take_over(take) == 12
    assert await spool.take_over(take) == 0
    assert [report.provider_call for report, _ in found] == [f"CA{number}" for number in range(12)]
    assert found[11] == (Report(step=Step.VOICE, provider_call="CA11", digits="1"), 1002)


async def test_what_could_not_be_taken_over_stays(spool: Spool) -> None:
    spool.keep(report_of(1), 1000)

    async def fails(_report: Report, _at: int) -> None:
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        await spool.take_over(fails)
    assert len(spool.waiting) == 1


async def test_a_file_that_is_not_ours_is_put_aside_and_stops_nothing(spool: Spool, told: list[EventDict]) -> None:
    spool.keep(Report(step=Step.STATUS, provider_call="CA1"), 1000)
    [path] = spool.waiting
    path.write_bytes(b"something else")
    spool.keep(Report(step=Step.STATUS, provider_call="CA2"), 1001)
    found: list[Report] = []

    async def take(report: Report, _at: int) -> None:
        found.append(report)

    assert await spool.take_over(take) == 1
    assert [report.provider_call for report in found] == ["CA2"]
    assert [event["event"] for event in told] == ["spool_not_ours"]


def test_nothing_readable_lies_on_the_disk(spool: Spool) -> None:
    spool.keep(report_of(7), 1000)
    [path] = spool.waiting
    assert b"CA7" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
