"""Organisations and wordings, built."""

from dataclasses import dataclass

from config.office import Office
from config.resources import Resources, alarm
from contacts.organisations.organisation import Entry
from contacts.organisations.organisations import Organisations
from contacts.organisations.wordings import Wordings
from storage.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Partners:
    """Whom people may be referred to, and in which words they are asked."""

    store: Store
    organisations: Organisations
    wordings: Wordings

    async def listed(self) -> list[Entry]:
        """What visitors may see now."""
        async with self.store.read() as conn:
            return [one.entry for one in await self.organisations.listed(conn)]


def partners(held: Resources, people: Office) -> Partners:
    """Build them; nothing is read yet."""
    app_key, deployment, clock = held.app_key, held.deployment, held.clock
    return Partners(
        store=held.store,
        organisations=Organisations(
            app_key=app_key,
            marks=held.marks,
            deployment=deployment,
            clock=clock,
            alarm=alarm,
            audit=people.audit,
        ),
        wordings=Wordings(
            app_key=app_key,
            deployment=deployment,
            clock=clock,
            alarm=alarm,
            audit=people.audit,
            people=people.people,
        ),
    )
