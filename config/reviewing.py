"""Reviews: releases of anonymous statistics, built."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from config.counting import Counting
from config.office import Office
from config.resources import Resources, alarm
from contacts.attack.published import Key, Published
from contacts.release.catalogue import Section
from contacts.release.frame import Frame
from contacts.rendering.commentary import unshown_numbers
from contacts.rendering.rendering import rendered
from contacts.rendering.review import Review
from contacts.reviews.ledger import Ledger
from contacts.reviews.loading import Loading
from contacts.reviews.reviews import CannotBeMade, Commentary, Reviews, Why
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
    """What `data.csv` says."""
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        rows = csv.DictReader(io.StringIO(archive.read("data.csv").decode()))
        found: dict[Key, int | None] = {}
        for row in rows:
            for period, value, status in (
                (row["period"], row["value"], row["status"]),
                (f"{int(row['period'][:4]) - 1}{row['period'][4:]}", row["prev_value"], row["prev_status"]),
            ):
                if status in {"", "c"}:
                    found[_key(row, period)] = int(value) if status == "" else None
    yield found


def _key(row: Mapping[str, str], period: str) -> Key:
    pairs = ((row["dim1"], row["code1"]), (row["dim2"], row["code2"]))
    return Key(row["unit"], period, tuple(sorted(pair for pair in pairs if pair[1])))
