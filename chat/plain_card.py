"""The card that asks for consent as a row of the endless document, for browsers without JavaScript.

What was pressed before is known when the document begins, so that a card shows only the presses that still mean something.
"""

from collections.abc import Callable, Mapping
from datetime import date

from markupsafe import Markup

from chat.consent_card import Card, Said, answer_id, closing_id, withdrawal_id
from chat.sentences import Sentences
from contacts.contact import Line

_Say = Callable[[str], str]
_BUTTON = Markup('<button class="{0}" name="answer" value="{1}">{2}</button>')


def card_piece(sentences: Sentences, language: str, card: Card, ask: str, presses: Mapping[str, str]) -> str:
    """The row. `presses`: id of an answer -> its code, as far as there are any."""

    def say(part: str) -> str:
        return sentences.card(language, part)

    rows = [(say("to"), Markup("{0}").format(card.to))]
    if card.items:
        listed = Markup("").join(
            Markup('<li><span dir="auto">{0}</span>: <strong dir="auto">{1}</strong></li>').format(
                item.label, item.value
            )
            for item in card.items
        )
        rows.append((say("what"), Markup("<ul>{0}</ul>").format(listed)))
    if card.summary:
        rows.append((say("summary"), Markup('<p class="kept" dir="auto">{0}</p>').format(card.summary)))
    rows.append((say("until"), Markup("{0}").format(sentences.day(language, date.fromisoformat(card.until)))))
    listed_rows = Markup("").join(Markup("<dt>{0}</dt><dd>{1}</dd>").format(*row) for row in rows)
    return Markup(
        '<li class="consent"><h2>{0}</h2><p class="kept" dir="auto" lang="{1}">{2}</p><dl>{3}</dl>{4}</li>\n'
    ).format(say("heading"), card.lang, card.wording, listed_rows, _presses(say, language, ask, presses))


def _presses(say: _Say, language: str, ask: str, presses: Mapping[str, str]) -> Markup:
    answered = presses.get(answer_id(ask))
    if answered == Line.CONSENT_YES and withdrawal_id(ask) not in presses:
        buttons = _BUTTON.format("second", "withdraw", say("take_back"))
        hint = say("back")
    elif answered is None and closing_id(ask) not in presses:
        buttons = Markup("").join(
            _BUTTON.format("main" if said is Said.YES else "second", said.value, say(said.value)) for said in Said
        )
        hint = say("back")
    else:
        return Markup("")
    return Markup(
        '<form method="post" action="/{0}/consent"><input type="hidden" name="card" value="{1}">'
        '<div class="presses">{2}<p class="small">{3}</p></div></form>'
    ).format(language, ask, buttons, hint)
