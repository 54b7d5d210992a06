"""What a receiver reads: the payload and who agreed to it, laid out as pages. Pure."""

from typing import Literal

from msgspec import Struct

from contacts.forwarding.document_words import WORDS, day_in_words
from contacts.forwarding.payload import Day, Payload, Receiver, Sender
from contacts.forwarding.typesetting import Document, Section


class Agreed(Struct, frozen=True, kw_only=True):
    """Who said yes, how and when: the codes of `contacts.forwarding.tables.consents`."""

    giver: Literal["self", "representative", "professional"]
    how: Literal["card", "spoken", "form"]
    on: Day


class Acted(Struct, frozen=True, kw_only=True):
    """Without consent, in an emergency: the codes of `contacts.forwarding.tables.emergencies`."""

    reason: Literal["danger_to_life", "danger_to_health", "child_at_risk", "others_at_risk"]
    basis: Literal["vital_interests", "child_welfare_duty", "serious_offence_duty", "rescue_duty"]
    on: Day


class Cover(Struct, frozen=True, kw_only=True):
    """What the receiver is told beside the payload. `reference`: names this forwarding to both sides, nothing else."""

    reference: str
    permission: Agreed | Acted


def reference_of(forwarding: str) -> str:
    """A short name that can be read aloud, from a random id of at least 12 hexadecimal characters: 3F2A-91BC-77D0."""
    letters = forwarding[:12].upper()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def laid_out(payload: Payload, cover: Cover) -> Document:
    """A referral or a proposal."""
    language, words = payload.language, WORDS[payload.language]
    details = Section(
        heading=words["details"],
        paragraphs=() if payload.items else (words["no_details"],),
        rows=tuple((item.label, item.shown) for item in payload.items),
    )
    summary = (Section(heading=words["summary"], paragraphs=(payload.summary,)),) if payload.summary else ()
    return _document(
        language,
        title=words[payload.scope],
        sender=payload.sender,
        reference=cover.reference,
        facts=(
            (words["to"], payload.receiver.name),
            (words["from"], f"{payload.sender.name}, {payload.sender.telephone}"),
            (words["reference"], cover.reference),
            (words["sent_until"], day_in_words(payload.until, language)),
        ),
        sections=(
            details,
            *summary,
            _permission(cover.permission, payload),
            Section(heading=words["duty"], paragraphs=(words["duty_text"],)),
            Section(heading="", lead=words["same_data"]),
        ),
    )


def _permission(permission: Agreed | Acted, payload: Payload) -> Section:
    words = WORDS[payload.language]
    on = day_in_words(permission.on, payload.language)
    if isinstance(permission, Agreed):
        given = words[permission.giver].format(how=words[permission.how], on=on)
        return Section(heading=words["consent"], lead=given, paragraphs=(payload.purpose.text,))
    told = words["acted"].format(on=on, reason=words[permission.reason], basis=words[permission.basis])
    return Section(heading=words["ground"], paragraphs=(told,))


def notice_of_withdrawal(
    *, language: str, sender: Sender, receiver: Receiver, reference: str, withdrawn_on: Day
) -> Document:
    """Tells a receiver that consent was withdrawn. Names nobody: the reference says which."""
    words = WORDS[language]
    on = day_in_words(withdrawn_on, language)
    return _document(
        language,
        title=words["withdrawal"],
        sender=sender,
        reference=reference,
        facts=(
            (words["to"], receiver.name),
            (words["from"], f"{sender.name}, {sender.telephone}"),
            (words["reference"], reference),
        ),
        sections=(Section(heading="", paragraphs=(words["withdrawn_text"].format(on=on),)),),
    )


def _document(
    language: str,
    *,
    title: str,
    sender: Sender,
    reference: str,
    facts: tuple[tuple[str, str], ...],
    sections: tuple[Section, ...],
) -> Document:
    words = WORDS[language]
    return Document(
        language=language,
        title=title,
        service=sender.name,
        confidential=words["confidential"],
        footer=words["page"].format(title=title, reference=reference),
        missing=words["missing"],
        facts=facts,
        sections=sections,
    )
