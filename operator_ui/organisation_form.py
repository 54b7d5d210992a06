"""The form of one organisation: from what was posted to an entry and back, mistakes with the fields they are about."""

import re
from collections.abc import Iterable

from contacts.organisations.checks import Mistake
from contacts.organisations.organisation import Channel, Entry, Scope
from contacts.organisations.profile import MOST_PHONES, Phone, Profile, Text
from operator_ui.lead_words import LeadWords
from operator_ui.posted import Posted
from operator_ui.slips import Remark

PARTS = ("name", "description", "hours")
_PHONE = re.compile(r"phones\[(\d+)\]\.(number|languages)")
_TEXT = re.compile(r"texts\.([a-z]+)(?:\.([a-z]+))?")
_CODES = re.compile(r"[\s,;]+")


def read_entry(sent: Posted, before: Entry | None) -> Entry:
    """What was typed, right or wrong. Texts in languages the form does not show stay as they were `before`."""
    kept = before.profile.texts if before is not None else {}
    shown = set(sent.all("text"))
    texts = {code: text for code, text in kept.items() if code not in shown}
    for code in sorted(shown):
        text = Text(**{part: _lines(sent.one(f"text-{code}-{part}")) for part in PARTS})
        if not text.empty:
            texts[code] = text
    phones = (
        Phone(number=number, languages=_codes(sent.one(f"phone-{place}-languages")))
        for place in range(MOST_PHONES)
        if (number := sent.one(f"phone-{place}-number"))
    )
    return Entry(
        name=sent.one("name"),
        profile=Profile(
            texts=texts,
            phones=tuple(phones),
            languages=tuple(dict.fromkeys(code for code in sent.all("languages") if code)),
            website=sent.one("website"),
        ),
        listed="listed" in sent,
        takes=frozenset(scope for scope in Scope if scope in sent.all("takes")),
        channels=frozenset(channel for channel in Channel if channel in sent.all("channels")),
        email=sent.one("email"),
        recipient=sent.one("recipient"),
    )


def remarks_of(words: LeadWords, mistakes: Iterable[Mistake]) -> list[Remark]:
    """Mistakes in words, each beside its field."""
    found = []
    for one in mistakes:
        field, label = _field(words, one.path)
        text = words.say(f"org.wrong_{one.wrong}", field=label)
        found.append(Remark(text, field, f"#{field}", refuse=True))
    return found


def _field(words: LeadWords, path: str) -> tuple[str, str]:
    """The id of a field, and what it is called."""
    if phone := _PHONE.match(path):
        label = words.say("org.phone_number" if phone[2] == "number" else "org.phone_languages")
        return f"phone-{phone[1]}-{phone[2]}", f"{label} {int(phone[1]) + 1}"
    if text := _TEXT.match(path):
        part = text[2] or "name"
        return f"text-{text[1]}-{part}", f"{words.say(f'org.text_{part}')} ({words.language_name(text[1])})"
    name = re.split(r"[.\[]", path)[0]
    key = {"phones": "phone-0-number", "texts": "name"}.get(name, name)
    return key, words.say(f"org.{'phone_number' if name == 'phones' else key}")


def _codes(typed: str) -> tuple[str, ...]:
    return tuple(code.lower() for code in _CODES.split(typed) if code)


def _lines(typed: str) -> str:
    """Forms send line ends as CR LF."""
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip()
