"""What a successor knows of a colleague's consents while the visitor has not let them read on: that they are there."""

from sqlalchemy import select, update

from contacts.contact import Wish
from contacts.tables_audit import audit
from contacts.tables_log import contacts
from storage.engine import Store
from tests.contacts.conftest import database_url, kept_database, store
from tests.contacts.forwarding.scene import Scene
from tests.stores import told
from tests.whole.test_consent import Desk, at_desk, giving, talking

__all__ = ["database_url", "kept_database", "store", "told"]


async def handed_over(here: Scene, contact: str, *, reads_from: int, to: str | None = None) -> None:
    """The next operator accepted; above 1 the visitor has not let them read."""
    values: dict[str, object] = {"reads_from": reads_from} | ({} if to is None else {"operator": to})
    async with here.store.write() as conn:
        await conn.execute(update(contacts).where(contacts.c.id == contact).values(**values))


async def everything(desk: Desk, consent: str, forwarding: str, ask: str) -> list[int]:
    """What tells, or sends, what a colleague composed."""
    sent = {"permission": consent, "channel": "email", "seen": "0" * 64}
    answers = [
        await desk.get(f"/forwardings/preview/{consent}"),
        await desk.get(f"/forwardings/preview/{consent}/pdf"),
        await desk.get(f"/forwardings/to-tell/{consent}"),
        await desk.get(f"/forwardings/{forwarding}/told-to"),
    ]
    statuses = [answer.status_code for answer in answers]
    statuses += [(await desk.refused("/forwardings", sent))[0]]
    statuses += [(await desk.refused("/forwardings/spoken", {"permission": consent, "told_to": "Virta"}))[0]]
    statuses += [(await desk.refused(f"/asks/{ask}/consent", giving()))[0]]
    statuses += [(await desk.refused(f"/asks/{ask}/answer", {"said": "yes"}))[0]]
    return statuses


async def test_a_successor_who_may_not_read_on_sees_that_there_is_a_consent_and_can_only_stop_it(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        door, bertil = here.worker.house.visitor_door, await here.worker.on_duty("bertil")
        ask = await desk.ask()
        await door.consented(talk, ask["id"], "yes")
        (consent,) = (await desk.give(ask["id"]))["consents"]
        spoken = {"permission": consent["id"], "told_to": "Päivystäjä Virta"}
        await desk.post("/forwardings/spoken", spoken)
        (forwarding,) = (await desk.tab())["consents"][0]["forwardings"]
        other = await desk.ask(fields=["age"])
        await door.consented(talk, other["id"], "yes")
        await handed_over(here, talk.contact, reads_from=9, to=bertil.staff_id)

        async with at_desk(here.worker, "bertil", talk.contact) as his:
            tab = await his.tab()
            assert tab["asks"] == []
            (seen,) = tab["consents"]
            assert (seen["veiled"], seen["to"], seen["live"]) == (True, "Majakka ry", True)
            assert (seen["fields"], seen["giver"], seen["channels"]) == ([], None, [])
            assert "Linh" not in str(tab)
            assert "form" not in str(tab["consents"])
            assert await everything(his, consent["id"], forwarding["id"], other["id"]) == [404] * 8

            await handed_over(here, talk.contact, reads_from=1)
            (seen,) = (await his.tab())["consents"]
            assert (seen["veiled"], seen["fields"]) == (False, ["age", "called", "form", "summary"])
            assert (await his.get(f"/forwardings/preview/{consent['id']}")).status_code == 200
            assert (await his.get(f"/forwardings/{forwarding['id']}/told-to")).json()["told_to"] == "Päivystäjä Virta"

            await handed_over(here, talk.contact, reads_from=9)
            (seen,) = (await his.post(f"/consents/{consent['id']}/withdraw"))["consents"]
            assert (seen["live"], seen["forwardings"][0]["notice"]) == (False, "queued")
            assert (await his.post("/wish", {"wish": Wish.ANONYMOUS.value}))["wish"] == "anonymous"
        async with here.store.read() as conn:
            lines = (await conn.execute(select(audit.c.actor).where(audit.c.action == "withdrawal"))).scalars().all()
        assert list(lines) == [bertil.staff_id]


async def test_what_one_recorded_oneself_stays_readable_and_so_does_what_waits_to_be_fetched(store: Store) -> None:
    async with talking(store) as (here, talk, desk):
        ask = await desk.ask()
        await here.worker.house.visitor_door.consented(talk, ask["id"], "yes")
        (consent,) = (await desk.give(ask["id"]))["consents"]
        await handed_over(here, talk.contact, reads_from=9)
        seen = (await desk.get(f"/forwardings/preview/{consent['id']}")).json()["seen"]
        wanted = {"permission": consent["id"], "channel": "download", "seen": seen}
        queued = (await desk.post("/forwardings", wanted))["forwarding"]
        bertil = await here.worker.on_duty("bertil")
        await handed_over(here, talk.contact, reads_from=9, to=bertil.staff_id)
        async with at_desk(here.worker, "bertil", talk.contact) as his:
            assert (await his.refused(f"/forwardings/{queued}/download"))[0] == 404
            assert (await his.refused(f"/forwardings/{queued}/again"))[0] == 404
            (seen,) = (await his.tab())["consents"]
            assert seen["forwardings"][0]["veiled"]
            await his.post(f"/forwardings/{queued}/take-back")
            assert (await his.tab())["consents"][0]["forwardings"][0]["state"] == "withdrawn"
