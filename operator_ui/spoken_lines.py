"""A line of a conversation or a note as a page of leads shows it: who, when, and the words, or the code in words."""

from datetime import UTC, datetime

from chat.shown import ShownEntry
from contacts.contact import Author, Kind
from operator_ui.lead_words import LeadWords


def shown_line(words: LeadWords, entry: ShownEntry) -> dict[str, str]:
    """Plain values for a template."""
    if entry.code is not None:
        text = words.say(f"code.{entry.code}") if f"code.{entry.code}" in words.wording.keys else ""
    elif entry.kind is Kind.CARD:
        text = words.say("closed.card")
    else:
        text = entry.text.reveal() if entry.text is not None else words.say("closed.unreadable")
    who = {
        Author.VISITOR: words.say("closed.by_visitor"),
        Author.WORKER: words.person(entry.staff),
        Author.HOUSE: words.say("audit.house"),
    }[entry.by]
    at = words.at(datetime.fromtimestamp(entry.at, UTC))
    return {"who": who, "at": words.time(at), "text": text, "kind": entry.kind.value}
