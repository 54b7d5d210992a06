from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from hotline.prompts import BrokenPrompts, Prompts, read_prompts
from hotline.twiml import Links, Twiml
from hotline.verbs import (
    Answer,
    Bridge,
    Conference,
    Dial,
    Enqueue,
    Gather,
    HangUp,
    Leave,
    Link,
    Pause,
    Prompt,
    Record,
    Redirect,
    Say,
    Step,
)

TAIL = "#rc=2&rp=all"


def written(answer: Answer, prompts: Prompts | None = None) -> Element:
    twiml = Twiml(
        links=Links(base="https://line.example/"),
        prompts=prompts or read_prompts(("fi", "sv", "en")),
        own_number="+468",
    )
    return fromstring(twiml.written("c1", answer, {"aino": "+461", "eero": "+462"}))


def test_every_verb_has_its_element() -> None:
    to = Link(Step.LEFT, 2, "l1")
    answer: Answer = (
        Say(Prompt.GREETING, "fi"),
        Pause(3),
        Gather(to, (Say(Prompt.MENU, "en", "3"), Pause(1)), 4),
        Gather(to, (), 12, most=20),
        Redirect(to),
        Enqueue("q", wait=to, after=to),
        Leave(),
        Bridge("q", joining=to, after=to),
        Dial(("aino", "nobody", "eero"), screen=to, after=to, seconds=25),
        Conference("room", after=to),
        Record(to, Link(Step.RECORDED), 60),
        HangUp(),
    )
    found = written(answer)
    tags = [element.tag for element in found]
    assert tags == [
        *("Say", "Pause", "Gather", "Gather", "Redirect", "Enqueue", "Leave"),
        *("Dial", "Dial", "Dial", "Record", "Hangup"),
    ]
    address = f"https://line.example/hotline/left?c=c1&l=l1&n=2{TAIL}"
    assert found[4].text == address
    assert found[2][0].text == "For English, press 3."
    assert [number.text for number in found[8]] == ["+461", "+462"]
    assert found[8].get("callerId") == "+468"
    assert found[9][0].get("record") == "do-not-record"


def test_each_language_has_its_own_voice() -> None:
    voices = {written((Say(Prompt.DANGER, language),))[0].get("language") for language in ("fi", "sv", "en")}
    assert voices == {"fi-FI", "sv-SE", "en-GB"}


def test_a_recording_takes_the_place_of_its_sentence(tmp_path: Path) -> None:
    for name in ("fi/greeting.mp3", "fi/unknown.mp3", "xx/greeting.mp3"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"audio")
    prompts = read_prompts(("fi", "sv"), tmp_path)
    found = written((Say(Prompt.GREETING, "fi"), Say(Prompt.GREETING, "sv")), prompts)
    assert [element.tag for element in found] == ["Play", "Say"]
    assert found[0].text == "https://line.example/hotline/audio/fi/greeting.mp3"
    assert prompts.recording("fi/greeting.mp3") == tmp_path / "fi/greeting.mp3"
    assert prompts.recording("fi/unknown.mp3") is None
    assert prompts.recording("../fi/greeting.mp3") is None


def test_a_language_without_sentences_is_left_off_the_menu() -> None:
    prompts = read_prompts(("fi", "so", "en"))
    assert prompts.languages == ("fi", "en")
    assert prompts.spoken(Prompt.DANGER, "so").locale == "fi-FI"


@pytest.mark.parametrize("text", ["greeting: Hei\n", "unknown: x\n"])
def test_sentences_that_are_missing_or_unknown_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "fi.txt").write_text(text)
    with pytest.raises(BrokenPrompts, match="fi: "):
        read_prompts(("fi",), folder=tmp_path)


def test_without_any_language_nothing_can_be_said(tmp_path: Path) -> None:
    with pytest.raises(BrokenPrompts, match="none"):
        read_prompts(("fi",), folder=tmp_path)


def test_every_language_names_112_in_the_danger_sentence_and_no_greeting_names_the_service() -> None:
    prompts = read_prompts(("fi", "sv", "en"))
    said = {
        "fi": "yksi yksi kaksi",
        "sv": "ett ett två",
        "en": "one one two",
    }  # a voice would say one hundred and twelve
    for language in prompts.languages:
        assert said[language] in prompts.spoken(Prompt.DANGER, language).text
        assert "Saarnilinja" not in prompts.spoken(Prompt.GREETING, language).text
