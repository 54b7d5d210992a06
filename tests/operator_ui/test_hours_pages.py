"""The weekly editor: drafts, refusals, conflicts, history."""

import pytest

from tests.house import Worker
from tests.operator_ui.lead_site import HOURS, WEEK, browser_of, field, published, recorded, shown, week_fields

pytestmark = pytest.mark.anyio


async def test_a_week_is_saved_as_a_draft_and_told_in_words(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        page = await browser.followed(await browser.post(HOURS, week_fields()))
        text = shown(page)
        assert "The draft is saved" in text
        assert "This is a draft, saved by Kaisa" in text
        assert "ends Saturday" in text
        assert "Tu 13:00-15:00, Th 09:00-11:00,14:00-20:00, Fr 21:00-02:00" in text
        assert "Is this meant?" in text
        assert field(page, "row-5-starts") == "14:00"


@pytest.mark.parametrize(
    ("row", "sentence", "place"),
    [
        ((1, "13", "25"), "There is no time “25”", "row-2-ends"),
        ((1, "noon", "15"), "“noon” is not a time", "row-2-starts"),
        ((1, "13", "12"), "23 hours later", "row-2-ends"),
        ((3, "10", "12"), "10–12 and 9–11 overlap", "row-5-starts"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_its_place_and_kept(
    here: Worker, row: tuple[int, str, str], sentence: str, place: str
) -> None:
    async with browser_of(here, "kaisa") as browser:
        answer = await browser.post(HOURS, week_fields([row, *WEEK[1:]]))
        assert answer.status_code == 422
        assert "<title>Error:" in answer.text
        assert "The draft is not saved." in shown(answer)
        assert sentence in shown(answer)
        assert f'href="#{place}"' in answer.text
        assert f'aria-describedby="{place}-error' in answer.text
        assert row[1] in answer.text
        assert "This is a draft" not in await browser.text(HOURS)


async def test_of_two_leads_the_second_sees_both_and_loses_nothing(here: Worker) -> None:
    async with browser_of(here, "kaisa") as kaisa, browser_of(here, "liisa") as liisa:
        await kaisa.post(HOURS, week_fields())
        conflict = await liisa.post(HOURS, week_fields([(0, "10", "12")]))
        text = shown(conflict)
        assert conflict.status_code == 409
        assert "Not saved: Kaisa changed the draft on Tue, 24 Nov 2026, 14:00" in text
        assert "Thursday: 09:00–11:00, 14:00–20:00" in text
        assert field(conflict, "row-1-starts") == "10"
        again = week_fields([(0, "10", "12")], revision=field(conflict, "revision"))
        saved = await liisa.followed(await liisa.post(HOURS, again))
        assert "saved by Liisa" in shown(saved)
        assert field(saved, "row-1-starts") == "10:00"


async def test_a_draft_that_was_published_meanwhile_is_begun_anew(here: Worker) -> None:
    async with browser_of(here, "kaisa") as kaisa, browser_of(here, "liisa") as liisa:
        await kaisa.post(HOURS, week_fields())
        revision = field(await liisa.get(HOURS), "revision")
        await published(kaisa, "do=draft")
        gone = await liisa.post(HOURS, week_fields([(0, "10", "12")], revision=revision))
        assert (gone.status_code, field(gone, "revision")) == (409, "")
        assert "somebody published the draft" in shown(gone)


async def test_buttons_of_the_form_save_nothing_and_keep_everything(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        added = await browser.post(HOURS, week_fields(do="add-1"))
        assert "This is not saved yet" in shown(added)
        assert added.text.count('name="row-') > 0
        assert 'id="row-3-starts"' in added.text
        assert "autofocus" in added.text
        removed = await browser.post(HOURS, week_fields(do="remove-2"))
        assert 'value="13"' not in removed.text
        filled = await browser.post(HOURS, week_fields((), do="fill", typed_week="Mon-Wed 9-12 and 14-16"))
        assert filled.text.count('value="14:00"') == 3
        wrong = await browser.post(HOURS, week_fields(do="fill", typed_week="9-12"))
        assert "does not begin with a day" in shown(wrong)
        assert field(wrong, "row-5-ends") == "2000"


async def test_experts_write_text_and_come_back_to_the_table_when_it_can_show_it(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        text = await browser.post(HOURS, week_fields(do="text"))
        assert "Tu 13:00-15:00, Th 09:00-11:00" in shown(text)
        table = await browser.post(HOURS, week_fields((), do="table", editing="text", expression="Mo 10:00-12:00"))
        assert field(table, "row-1-starts") == "10:00"
        stays = await browser.post(HOURS, week_fields((), do="table", editing="text", expression="Jan Mo 10:00-12:00"))
        assert "says more than the table can show" in shown(stays)
        refused = await browser.post(HOURS, week_fields((), editing="text", expression="every day"))
        assert "cannot be understood" in shown(refused)
        kept = await browser.post(HOURS, week_fields((), editing="text", expression="Tu 13:00-12:00"))
        assert "Must be corrected:" in shown(await browser.followed(kept))


async def test_a_draft_is_thrown_away(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        page = await browser.followed(await browser.post(HOURS, week_fields()))
        gone = await browser.post(HOURS, week_fields(do="discard", revision=field(page, "revision")))
        assert "thrown away" in shown(await browser.followed(gone))


async def test_later_hours_are_published_withdrawn_told_and_recorded(here: Worker) -> None:
    async with browser_of(here, "kaisa") as browser:
        await browser.post(HOURS, week_fields(begin="later", valid_day="2026-12-01", valid_time="9"))
        page = await published(browser, "do=draft")
        assert "From Tue, 1 Dec 2026, 09:00 on" in shown(page)
        version = page.text.partition("do=withdraw&amp;id=")[2][:32]
        page = await published(browser, f"do=withdraw&id={version}")
        assert "withdrew hours to come: Tue 13:00–15:00; Thu 09:00–11:00, 14:00–20:00; Fri 21:00–02:00" in shown(page)
    lead = here.sessions["kaisa"].staff_id
    assert await recorded(here) == [("hours_published", lead), ("hours_withdrawn", lead)]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"last_start": "soon"}, "Write minutes from 0 to 240"),
        ({"zone": "Mars"}, "no time zone “Mars”"),
        ({"country": "XX"}, "No public holidays are known"),
        ({"begin": "later"}, "is not a day"),
        ({"begin": "later", "valid_day": "2026-12-01", "valid_time": "99"}, "There is no time “99”"),
    ],
)
async def test_the_other_fields_are_refused_in_plain_words(
    here: Worker, changed: dict[str, str], sentence: str
) -> None:
    async with browser_of(here, "kaisa") as browser:
        answer = await browser.post(HOURS, week_fields(WEEK, **changed))
        assert (answer.status_code, sentence in shown(answer)) == (422, True)
