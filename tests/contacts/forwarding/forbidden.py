"""What nobody may do to consents and what leaves, in every way SQL offers: each of these must be refused."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Executable, Table, delete, insert, literal, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from contacts.forwarding.tables import consent_asks, consents, emergencies, forwardings, notices, outbox
from storage.engine import Dialect
from tests.contacts.forwarding.gate_world import D2, DAY, World

#: What it is, and the statements that attempt it one after the other (only the last one is forbidden).
Attempt = tuple[str, list[Executable]]


def attempts(world: World, dialect: Dialect) -> Iterator[Attempt]:
    """All of them for one database."""
    yield from _inserting(world)
    yield from _sending(world)
    yield from _repointing(world)
    yield from _consents(world)
    yield from _asks(world)
    yield from _emergencies(world)
    yield from _outbox(world)
    yield from _replacing(world, dialect)
    yield from _sqlite_only(world) if dialect == "sqlite" else _postgresql_only(world)


def raw(table: Table, values: dict[str, Any], verb: str = "INSERT INTO", tail: str = "") -> Executable:
    """The statement as somebody types it."""
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    return text(f"{verb} {table.name} ({names}) VALUES ({marks}) {tail}").bindparams(**values)


def _inserting(world: World) -> Iterator[Attempt]:
    wrong: dict[str, dict[str, Any]] = {
        "no consent at all": {"consent": None},
        "a consent that is not there": {"consent": "none"},
        "a withdrawn consent": {"consent": "withdrawn"},
        "an expired consent": {"consent": "expired"},
        "an expired consent, back-dated": {"consent": "expired", "queued_at": world.now - 10 * DAY},
        "an expired consent, a little back-dated": {"consent": "expired", "queued_at": world.now},
        "another organisation": {"organisation": "o2"},
        "another contact": {"contact": "c2"},
        "a wider scope": {"fields": "age,name,needs"},
        "a narrower scope": {"fields": "age"},
        "a proposal instead of a referral": {"scope": "proposal"},
        "another payload": {"digest": D2},
        "an emergency without one": {"scope": "emergency"},
        "an emergency instead of a consent": {"consent": None, "emergency": "danger"},
        "an emergency and a consent": {"emergency": "danger", "scope": "emergency"},
        "an emergency with a consent's scope": {"consent": None, "emergency": "danger", "fields": "where"},
        "an emergency and more fields": {
            "consent": None,
            "emergency": "danger",
            "scope": "emergency",
            "fields": "name,where",
        },
        "an emergency of the day before": {
            "consent": None,
            "emergency": "danger",
            "scope": "emergency",
            "fields": "where",
            "queued_at": world.now + DAY + 60,
        },
        "before its consent's time": {"queued_at": world.now - DAY},
        "after its consent's time": {"queued_at": world.now + 15 * DAY},
        "born sent": {"state": "sent", "sent_at": world.now},
        "born sent without a time": {"state": "sent"},
        "born queued with a time of sending": {"sent_at": world.now},
        "born accepted": {"state": "accepted", "sent_at": world.now, "decided_at": world.now},
        "born withdrawn": {"state": "withdrawn", "withdrawn_at": world.now},
        "an unknown state": {"state": "gone"},
        "nobody's": {"queued_by": "nobody"},
        "an analyst's": {"queued_by": "anna"},
    }
    for what, values in wrong.items():
        bad = world.forwarding("new", **values)
        good = dict.fromkeys(bad) | world.forwarding("good")
        yield f"insert: {what} (raw)", [raw(forwardings, bad)]
        yield f"insert: {what} (Core)", [insert(forwardings).values(bad)]
        yield f"insert: {what} (several rows)", [insert(forwardings).values([good, bad])]
    source = select(*(forwardings.c[name] for name in ("contact", "consent", "scope", "fields", "digest", "channel")))
    yield (
        "insert: from a select, to another organisation",
        [
            insert(forwardings).from_select(
                [
                    "contact",
                    "consent",
                    "scope",
                    "fields",
                    "digest",
                    "channel",
                    "id",
                    "organisation",
                    "queued_by",
                    "state",
                    "queued_at",
                ],
                source.add_columns(
                    literal("new"), literal("o2"), literal("otso"), literal("queued"), literal(world.now)
                ).where(forwardings.c.id == "queued"),
            )
        ],
    )


def _sending(world: World) -> Iterator[Attempt]:
    for what, forwarding in (("withdrawn", "too-late"), ("expired", "over")):
        for at in (world.now, world.now - 3 * DAY, world.now + 3, None):
            mine = update(forwardings).where(forwardings.c.id == forwarding)
            yield f"send: its consent is {what}, at {at} (Core)", [mine.values(state="sent", sent_at=at)]
    yield (
        "send: its consent is expired (raw)",
        [text(f"UPDATE forwardings SET state = 'sent', sent_at = {world.now} WHERE id = 'over'")],
    )
    yield (
        "send: everything at once",
        [update(forwardings).where(forwardings.c.state == "queued").values(state="sent", sent_at=world.now)],
    )
    sending: tuple[tuple[str, dict[str, Any]], ...] = (
        ("without a time", {"state": "sent"}),
        ("only the time", {"sent_at": world.now}),
        ("back-dated", {"state": "sent", "sent_at": world.now - DAY}),
        ("after the consent's time", {"state": "sent", "sent_at": world.now + 15 * DAY}),
    )
    for what, values in sending:
        yield f"send: {what}", [update(forwardings).where(forwardings.c.id == "queued").values(values)]
    for state, forwarding, values in (
        ("queued", "sent", {}),
        ("queued", "sent", {"sent_at": None}),
        ("queued", "accepted", {}),
        ("queued", "stopped", {"withdrawn_at": None}),
        ("sent", "stopped", {"sent_at": world.now}),
        ("sent", "recalled", {}),
        ("accepted", "queued", {"sent_at": world.now, "decided_at": world.now}),
        ("acknowledged", "queued", {"acknowledged_at": world.now}),
        ("acknowledged", "accepted", {"acknowledged_at": world.now}),
        ("accepted", "sent", {}),
        ("withdrawn", "sent", {}),
    ):
        yield (
            f"go from {forwarding} to {state} with {sorted(values)}",
            [update(forwardings).where(forwardings.c.id == forwarding).values(state=state, **values)],
        )
    for what, forwarding, times in (
        ("unsent", "sent", {"sent_at": None}),
        ("sent earlier", "sent", {"sent_at": world.now - 100}),
        ("sent later", "sent", {"sent_at": world.now + 100}),
        ("decided later", "accepted", {"decided_at": world.now + 100}),
        ("an outcome afterwards", "accepted", {"outcome": "cannot_help"}),
        ("withdrawn later", "stopped", {"withdrawn_at": world.now + 100}),
    ):
        yield f"times: {what}", [update(forwardings).where(forwardings.c.id == forwarding).values(times)]


def _repointing(world: World) -> Iterator[Attempt]:
    for name, value in (
        ("id", "other"),
        ("contact", "c2"),
        ("consent", "withdrawn"),
        ("consent", None),
        ("emergency", "danger"),
        ("organisation", "o2"),
        ("scope", "proposal"),
        ("fields", "age,name,needs"),
        ("digest", D2),
        ("channel", "download"),
        ("told_to", 5),
        ("queued_by", "leena"),
        ("queued_at", world.now - 60),
    ):
        mine = update(forwardings).where(forwardings.c.id == "queued")
        yield f"repoint: {name} -> {value!r}", [mine.values({name: value})]
        yield (
            f"repoint while sending: {name} -> {value!r}",
            [mine.values({name: value, "state": "sent", "sent_at": world.now})],
        )
    yield "repoint: all at once", [update(forwardings).values(organisation="o2")]
    yield "delete a forwarding", [delete(forwardings).where(forwardings.c.id == "sent")]
    yield "delete every forwarding", [text("DELETE FROM forwardings")]


def _consents(world: World) -> Iterator[Attempt]:
    edits: dict[str, Any] = {
        "id": "other",
        "ask": "a-yes",
        "contact": "c2",
        "organisation": "o2",
        "scope": "proposal",
        "fields": "age,name,needs",
        "digest": D2,
        "payload": 2,
        "wording": "w2",
        "wording_version": 2,
        "language": "sv",
        "how": "spoken",
        "interpreter": "yes",
        "giver": "professional",
        "minor": "unknown",
        "lead": "leena",
        "until": world.now + 60 * DAY,
        "recorded_by": "leena",
        "given_at": world.now - 60,
    }
    for name, value in edits.items():
        yield f"edit a consent: {name}", [update(consents).where(consents.c.id == "live").values({name: value})]
    yield "edit a consent: longer, raw", [text("UPDATE consents SET until = until + 86400 WHERE id = 'expired'")]
    yield "edit every consent", [update(consents).values(until=world.now + 60 * DAY)]
    yield (
        "give a consent back",
        [update(consents).where(consents.c.id == "withdrawn").values(withdrawn_at=None, withdrawn_by=None)],
    )
    yield "give every consent back", [text("UPDATE consents SET withdrawn_at = NULL, withdrawn_by = NULL")]
    for values in ({"withdrawn_at": world.now + 5}, {"withdrawn_by": "operator"}, {"withdrawn_staff": "otso"}):
        yield f"withdraw again: {sorted(values)}", [update(consents).where(consents.c.id == "withdrawn").values(values)]
    for at in (world.now - 10 * DAY, world.now - 1):
        yield (
            f"withdraw, back-dated by {world.now - at}",
            [update(consents).where(consents.c.id == "live").values(withdrawn_at=at, withdrawn_by="visitor")],
        )
    yield "delete a consent", [delete(consents).where(consents.c.id == "withdrawn")]
    yield "delete every consent", [text("DELETE FROM consents")]
    new: dict[str, tuple[str, dict[str, Any]]] = {
        "of a question with no answer": ("a-open", {}),
        "of a question answered with no": ("a-no", {}),
        "of a question that is not there": ("none", {}),
        "of a question that has one": ("a-live", {}),
        "that was withdrawn at birth": ("a-yes", {"withdrawn_at": world.now, "withdrawn_by": "visitor"}),
        "that is back-dated": ("a-yes", {"given_at": world.now - DAY}),
        "that is over": ("a-expired", {"until": world.now + 2}),
        "for longer than was asked": ("a-yes", {"until": world.now + 20 * DAY}),
        "for longer than 90 days": ("a-yes", {"until": world.now + 91 * DAY}),
        "to another organisation than asked": ("a-yes", {"organisation": "o2"}),
        "for another contact than asked": ("a-yes", {"contact": "c2"}),
        "for more than asked": ("a-yes", {"fields": "age,name,needs"}),
        "for something else than asked": ("a-yes", {"scope": "proposal"}),
        "for another payload than asked": ("a-yes", {"digest": D2}),
        "in words nobody approved": ("a-yes", {"wording_version": 2}),
        "in another language": ("a-yes", {"language": "sv"}),
        "asked in words nobody approved": ("a-draft", {"wording_version": 2}),
        "of a proposal to who takes none": ("a-proposal", {"scope": "proposal"}),
        "recorded by nobody": ("a-yes", {"recorded_by": "nobody"}),
        "recorded by an analyst": ("a-yes", {"recorded_by": "anna"}),
        "recorded by somebody who left": ("a-yes", {"recorded_by": "gone"}),
        "of a minor, no lead asked": ("a-minor", {"minor": "yes"}),
        "of a minor, a lead named who was not asked": ("a-minor", {"minor": "yes", "lead": "leena"}),
        "of a minor, another lead than was asked": ("a-minor-lead", {"minor": "yes", "lead": "lasse"}),
        "of a minor, the lead leaves themself out": ("a-minor-lead", {"minor": "yes"}),
        "of a minor, the lead records it": ("a-minor-lead", {"minor": "yes", "lead": "leena", "recorded_by": "leena"}),
        "of a minor as if of age": ("a-minor", {}),
    }
    mother = {"giver": "representative", "representative": "parent", "suspected": "no", "child_heard": "heard"}
    minor = {"minor": "yes", "lead": "leena"}
    for suspected in ("yes", "unknown", None):
        new[f"by a mother, suspected: {suspected}"] = ("a-minor-lead", minor | mother | {"suspected": suspected})
    new["by a mother, the child not heard"] = ("a-minor-lead", minor | mother | {"child_heard": None})
    new["by a mother, as if there were no child"] = ("a-minor-lead", minor | mother | {"child_heard": "no_child"})
    new["by a mother, without a lead"] = ("a-minor", {"minor": "yes"} | mother)
    new["by a representative who is nobody"] = ("a-minor-lead", minor | mother | {"representative": None})
    new["by a representative of an adult, suspected"] = ("a-yes", mother | {"suspected": "yes"})
    for what, (ask, values) in new.items():
        bad = world.consent("new", ask, **values)
        yield f"consent {what} (raw)", [raw(consents, bad)]
        yield f"consent {what} (Core)", [insert(consents).values(bad)]


def _asks(world: World) -> Iterator[Attempt]:
    for name, value in (
        ("organisation", "o2"),
        ("fields", "age,name,needs"),
        ("digest", D2),
        ("until", world.now + 60 * DAY),
        ("minor", "no"),
        ("asked_by", "leena"),
    ):
        yield (
            f"edit a question: {name}",
            [update(consent_asks).where(consent_asks.c.id == "a-minor").values({name: value})],
        )
    for what, ask, values in (
        ("change an answer", "a-no", {"answer": "yes"}),
        ("take an answer away", "a-no", {"answer": None, "answered_at": None}),
        ("answer before it was asked", "a-open", {"answer": "yes", "answered_at": world.now - 60}),
        ("a lead who is the one who asks", "a-minor", {"lead": "otso", "lead_at": world.now}),
        ("a lead who is none", "a-minor", {"lead": "anna", "lead_at": world.now}),
        ("a lead who left", "a-minor", {"lead": "gone", "lead_at": world.now}),
        ("another lead", "a-minor-lead", {"lead": "lasse"}),
    ):
        yield f"question: {what}", [update(consent_asks).where(consent_asks.c.id == ask).values(values)]
    yield "question: answered all at once", [update(consent_asks).values(answer="yes", answered_at=world.now)]
    for what, birth in (
        ("born answered", {"answer": "yes", "answered_at": world.now}),
        ("born agreed to", {"lead": "leena", "lead_at": world.now}),
        ("back-dated", {"asked_at": world.now - DAY}),
        ("for longer than 90 days", {"until": world.now + 91 * DAY}),
        ("by an analyst", {"asked_by": "anna"}),
    ):
        yield f"question: {what}", [insert(consent_asks).values(world.ask("new", **birth))]
    yield "question: deleted", [delete(consent_asks).where(consent_asks.c.id == "a-no")]


def _emergencies(world: World) -> Iterator[Attempt]:
    for what, values in (
        ("without a reason", {"reason": None}),
        ("with another reason", {"reason": "convenience"}),
        ("without a legal basis", {"basis": None}),
        ("with another legal basis", {"basis": "habit"}),
        ("back-dated", {"acted_at": world.now - DAY}),
        ("by an analyst", {"acted_by": "anna"}),
        ("as a referral", {"scope": "referral"}),
        ("born confirmed", {"confirmed_by": "leena", "confirmed_at": world.now, "verdict": "agreed"}),
    ):
        yield f"emergency {what}", [insert(emergencies).values(world.emergency("new", **values))]
    confirmed = {"confirmed_at": world.now, "verdict": "agreed"}
    for what, emergency, said in (
        ("confirmed by the one who acted", "danger", confirmed | {"confirmed_by": "otso"}),
        ("confirmed by no lead", "danger", confirmed | {"confirmed_by": "anna"}),
        ("confirmed by a lead who left", "danger", confirmed | {"confirmed_by": "gone"}),
        ("confirmed without a word", "danger", {"confirmed_by": "leena", "confirmed_at": world.now}),
        (
            "confirmed before it happened",
            "danger",
            confirmed | {"confirmed_by": "leena", "confirmed_at": world.now - 9},
        ),
        ("confirmed twice", "confirmed", confirmed | {"confirmed_by": "lasse"}),
        ("no longer agreed with", "confirmed", {"verdict": "disagreed"}),
        ("unconfirmed", "confirmed", {"confirmed_by": None, "confirmed_at": None, "verdict": None}),
        ("to another organisation", "danger", {"organisation": "o2"}),
        ("of more fields", "danger", {"fields": "name,where"}),
        ("of another time", "danger", {"acted_at": world.now + 60}),
    ):
        yield f"emergency {what}", [update(emergencies).where(emergencies.c.id == emergency).values(said)]
    yield "emergency deleted", [delete(emergencies).where(emergencies.c.id == "confirmed")]


def _outbox(world: World) -> Iterator[Attempt]:
    for what, forwarding, kind in (
        ("of what is sent", "sent", "document"),
        ("of what is withdrawn", "stopped", "document"),
        ("of nothing", "none", "document"),
        ("a notice of what was never sent", "stopped", "notice"),
        ("a notice of what is not withdrawn", "sent", "notice"),
        ("a second one", "queued", "document"),
    ):
        values = {"forwarding": forwarding, "kind": kind, "sealed": b"x", "made_at": world.now}
        yield f"outbox: {what}", [insert(outbox).values(values)]
    yield "outbox: changed", [update(outbox).values(sealed=b"other")]
    yield "outbox: repointed", [update(outbox).values(forwarding="too-late")]
    for what, notice in (
        ("of what was never sent", {"forwarding": "stopped"}),
        ("of what is not withdrawn", {"forwarding": "sent"}),
        ("born sent", {"forwarding": "recalled", "state": "sent", "sent_at": world.now}),
    ):
        yield f"notice: {what}", [insert(notices).values({"state": "queued", "queued_at": world.now} | notice)]
    yield "notice: deleted", [delete(notices)]
    yield (
        "notice: sent, and then queued again",
        [
            update(notices).values(state="sent", sent_at=world.now),
            update(notices).values(state="queued", sent_at=None),
        ],
    )
    yield "notice: repointed", [update(notices).values(forwarding="sent")]


def _replacing(world: World, dialect: Dialect) -> Iterator[Attempt]:
    make: Callable[..., Any] = sqlite.insert if dialect == "sqlite" else postgresql.insert
    rows: tuple[tuple[Table, dict[str, Any], dict[str, Any]], ...] = (
        (consents, world.consent("live", "a-live"), {"until": world.now + 60 * DAY}),
        (consents, world.consent("withdrawn", "a-withdrawn"), {"withdrawn_at": None, "withdrawn_by": None}),
        (consents, world.consent("withdrawn", "a-yes"), {"withdrawn_at": None, "withdrawn_by": None}),
        (consent_asks, world.ask("a-no"), {"answer": "yes"}),
        (emergencies, world.emergency("danger"), {"organisation": "o2"}),
        (forwardings, world.forwarding("queued"), {"organisation": "o2"}),
        (forwardings, world.forwarding("sent"), {"state": "queued", "sent_at": None}),
        (forwardings, world.forwarding("stopped"), {"state": "sent", "sent_at": world.now}),
        (outbox, {"forwarding": "queued", "kind": "document", "sealed": b"x", "made_at": 1}, {"sealed": b"x"}),
        (notices, {"forwarding": "recalled", "state": "queued", "queued_at": 1}, {"queued_at": 1}),
    )
    for table, values, changes in rows:
        keys = list(table.primary_key.columns)
        name = f"{table.name} {next(iter(values.values()))}"
        yield (
            f"upsert: {name} {sorted(changes)}",
            [make(table).values(values).on_conflict_do_update(index_elements=keys, set_=changes)],
        )
        set_ = ", ".join(f"{column} = excluded.{column}" for column in values)
        conflict = ", ".join(column.name for column in keys)
        yield f"upsert: {name} (raw)", [raw(table, values, tail=f"ON CONFLICT ({conflict}) DO UPDATE SET {set_}")]
        if dialect == "sqlite":
            for verb in ("INSERT OR REPLACE INTO", "REPLACE INTO"):
                yield f"{verb}: {name}", [raw(table, values, verb)]
    yield (
        "upsert: a consent by its question",
        [
            make(consents)
            .values(world.consent("new", "a-withdrawn"))
            .on_conflict_do_update(index_elements=[consents.c.ask], set_={"withdrawn_at": None, "withdrawn_by": None})
        ],
    )


def _sqlite_only(world: World) -> Iterator[Attempt]:
    yield (
        "UPDATE OR REPLACE: one consent over another",
        [text("UPDATE OR REPLACE consents SET id = 'withdrawn' WHERE id = 'live'")],
    )
    yield (
        "UPDATE OR REPLACE: one forwarding over another",
        [text("UPDATE OR REPLACE forwardings SET id = 'sent' WHERE id = 'queued'")],
    )
    yield (
        "UPDATE OR IGNORE: an expired one",
        [text(f"UPDATE OR IGNORE forwardings SET state = 'sent', sent_at = {world.now} WHERE id = 'over'")],
    )
    yield (
        "INSERT OR IGNORE: to another organisation",
        [raw(forwardings, world.forwarding("new", organisation="o2"), "INSERT OR IGNORE INTO")],
    )
    yield (
        "INSERT OR ROLLBACK: without consent",
        [raw(forwardings, world.forwarding("new", consent=None), "INSERT OR FAIL INTO")],
    )
    yield (
        "a consent of one's own in a temporary table",
        [
            text("CREATE TEMP TABLE consents AS SELECT * FROM main.consents"),
            text("UPDATE temp.consents SET withdrawn_at = NULL"),
            text(f"UPDATE main.forwardings SET state = 'sent', sent_at = {world.now} WHERE id = 'too-late'"),
        ],
    )


def _postgresql_only(world: World) -> Iterator[Attempt]:
    yield (
        "MERGE: an expired one",
        [
            text(
                "MERGE INTO forwardings USING (SELECT 'over' AS id) AS x ON forwardings.id = x.id"
                f" WHEN MATCHED THEN UPDATE SET state = 'sent', sent_at = {world.now}"
            )
        ],
    )
    yield (
        "MERGE: a consent edited",
        [
            text(
                "MERGE INTO consents USING (SELECT 'live' AS id) AS x ON consents.id = x.id"
                " WHEN MATCHED THEN UPDATE SET until = until + 86400"
            )
        ],
    )
    yield (
        "a consent deleted and put back in one statement",
        [
            text(
                "WITH gone AS (DELETE FROM consents WHERE id = 'withdrawn' RETURNING *)"
                " INSERT INTO consents SELECT * FROM gone"
            )
        ],
    )
    yield (
        "a consent of one's own in a temporary table",
        [
            text("CREATE TEMP TABLE consents ON COMMIT DROP AS SELECT * FROM public.consents"),
            text("UPDATE pg_temp.consents SET withdrawn_at = NULL"),
            text(f"UPDATE public.forwardings SET state = 'sent', sent_at = {world.now} WHERE id = 'too-late'"),
        ],
    )
    yield (
        "a function of one's own for the time",
        [
            text(
                "CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT to_timestamp(0)'"
            ),
            text(f"UPDATE forwardings SET state = 'sent', sent_at = {world.now} WHERE id = 'over'"),
        ],
    )
    for table in ("consent_asks", "consents", "emergencies", "forwardings", "notices"):
        yield f"TRUNCATE {table}", [text(f"TRUNCATE {table} CASCADE")]
