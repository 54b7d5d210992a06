"""Reviews: releases of anonymous statistics, built."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from config.counting import Counting
from config.office import Office
from config.resources import Resources, alarm
from contacts.attack.published import Published
from contacts.attack.released import released
from contacts.release.catalogue import Section
from contacts.release.frame import Frame
from contacts.rendering.commentary import unshown_numbers
from contacts.rendering.rendering import rendered
from contacts.rendering.review import Review
from contacts.reviews.asked import CannotBeMade, Commentary, Why
from contacts.reviews.ledger import Ledger
from contacts.reviews.loading import Loading
from contacts.reviews.reviews import Reviews
from contacts.reviews.tallies import Tallies


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """`reviews`: for analysts and leads; `loading`: facts of earlier years."""

    reviews: Reviews
    loading: Loading


def reviewing(res: Resources, people: Office, counted: Counting) -> Reviewing:
    """Build them; nothing is read or written yet."""
    service, country = res.settings.service_name, res.settings.country
    ledger = Ledger(app_key=res.app_key, deployment=res.deployment, clock=res.clock, alarm=alarm)
    tallies = Tallies(
        store=res.store,
        clock=res.clock,
        app_key=res.app_key,
        deployment=res.deployment,
        alarm=alarm,
        keys=people.statistics,
        book=counted.book,
    )

    def render(frame: Frame, commentary: Commentary, released: date) -> bytes:
        words = {Section(section): texts for section, texts in commentary.items()}
        unshown = tuple(each.text for each in unshown_numbers(words, frame))
        if unshown:
            raise CannotBeMade(Why.WORDS, unshown)
        return rendered(Review(frame=frame, service=service, released=released, country=country, commentary=words))

    return Reviewing(
        reviews=Reviews(
            store=res.store,
            clock=res.clock,
            zone=ZoneInfo(res.settings.zone),
            app_key=res.app_key,
            deployment=res.deployment,
            audit=people.audit,
            book=counted.book,
            tallies=tallies,
            ledger=ledger,
            render=render,
            read=read,
        ),
        loading=Loading(deployment=res.deployment, keys=people.statistics, tallies=tallies, ledger=ledger),
    )


def read(stored: bytes) -> Iterator[Published]:
    """What all files of a ZIP say, in every language. Raises `Unreadable`; `Disagreeing` when they say too much."""
    found = released(stored)
    if found.findings:
        raise Disagreeing
    yield found.published


class Disagreeing(Exception):
    """Files of one release give something away by themselves, or do not say the same."""
