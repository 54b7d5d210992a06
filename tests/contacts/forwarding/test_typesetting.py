"""Set by typst: what strangers wrote is letters, whatever it looks like; the same document is the same bytes."""

import re
from contextlib import suppress

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contacts.forwarding.apart import Apart, Failed
from contacts.forwarding.document import laid_out
from contacts.forwarding.typesetting import Document, Section, Typesetter
from contacts.forwarding.typesetting_program import BOX, typeset, visible
from tests.contacts.forwarding.drafts import cover, payload
from tests.contacts.forwarding.pdf_text import letters

MARKUP = ["#", "*", "_", "$", "`", "```", "<a>", "@a", "=", "- ", "+ ", "/ a: b", "//", "/*", "*/", "\\", "\n", "[", "]",
          "{", "}", "(", ")", '"', "'", "~", "--", "...", "#import \"@preview/x:1.0.0\"", "#read(\"document.typ\")",
          "#image(\"/etc/passwd\")", "#sys.inputs", "#eval(\"1\")", "#panic()", "#while true {}", "https://a.example",
          "%PDF", "endstream", "endobj", "\\u{41}", "&amp;", "<script>", "ä", "Ж", "ω", "\t", "x" * 70]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(MARKUP) | st.text(alphabet="abc #*_$<>[](){}\\\"'=-+/~@&%", max_size=8), max_size=8)


def document(value: str) -> Document:
    return Document(
        language="fi",
        title="Otsikko",
        service="Palvelu",
        confidential="Salainen",
        footer="Viite",
        missing="Puuttuu",
        facts=((value or "-", "b"),),
        sections=(Section(heading="Kohta", paragraphs=(value,), rows=(("nimi", value),), lead=value),),
    )


def pdf(value: str) -> bytes:
    return typeset(msgspec.json.encode(document(value)))


def bare(text: str) -> str:
    """Letters only: how lines break is the page's business."""
    return re.sub(r"[\s\u200b]", "", text)


@settings(max_examples=120)
@given(HOSTILE.map("".join))
@example('#image("/etc/passwd")')
@example("#" * 300)
@example("/*\n" * 20)
@example('#panic()<=#read("document.typ")*#import "@preview/x:1.0.0"')
def test_hostile_strings_are_set_as_letters(value: str) -> None:
    read = bare(letters(pdf(value)))
    assert bare(visible(value)) in read
    assert read.count(bare(visible(value))) >= 3
    assert BOX not in read


def test_nothing_but_text_can_come_into_a_document() -> None:
    made = pdf('#image("/etc/passwd") https://a.example #link("https://a.example")[x]')
    for name in (b"/Annot", b"/URI", b"/JavaScript", b"/EmbeddedFile", b"/Launch", b"/XObject", b"/OpenAction"):
        assert name not in made


def test_a_document_is_tagged_pdf_ua_and_says_nothing_of_author_time_or_machine() -> None:
    made = typeset(msgspec.json.encode(laid_out(payload(), cover())))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"/StructTreeRoot" in made
    for name in (b"Author", b"CreationDate", b"ModDate", b"CreateDate", b"/home", b"/root", b"/work"):
        assert name not in made
    assert re.search(rb"/MediaBox\s*\[0 0 595\.2\d* 841\.8", made), "A4"


def test_the_same_document_is_the_same_bytes() -> None:
    octets = msgspec.json.encode(laid_out(payload(), cover()))
    assert typeset(octets) == typeset(octets)


async def test_a_process_of_its_own_gives_those_bytes() -> None:
    made = laid_out(payload(), cover())
    assert await Typesetter().typeset(made) == typeset(msgspec.json.encode(made))


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("a\u202eb\u2066c", "abc"),
        ("a\x00\x1b[31mb", "a[31mb"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ue000", BOX),
        ("a\tb", "a b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("y" * 61, "y" * 30 + "\u200b" + "y" * 30 + "\u200by"),
    ],
)
def test_what_could_turn_or_hide_a_line_is_not_printed(written: str, seen: str) -> None:
    assert visible(written) == seen


@pytest.mark.parametrize("strange", ["\U0001f9ff", "\U00012000", "\U000e0041", "\U0001f1eb\U0001f1ee"])
def test_what_has_no_glyph_is_a_box_and_the_document_says_so(strange: str) -> None:
    made = pdf(f"ennen {strange} jälkeen")
    read = letters(made)
    assert "jälkeen" in read
    assert ("Puuttuu" in read) == (BOX in read)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_any_text_at_all_can_be_set(value: str) -> None:
    with suppress(UnicodeEncodeError):
        assert pdf(value).startswith(b"%PDF-")


def test_a_word_without_an_end_stays_on_the_page() -> None:
    assert bare(letters(pdf("q" * 4_000))).count("q") == 4 * 4_000


async def test_what_is_no_document_fails_without_a_word() -> None:
    with pytest.raises(Failed) as failed:
        await Apart(module="contacts.forwarding.typesetting_program", seconds=10).run(b'{"title": "secret"}')
    assert "secret" not in repr(failed.value.__dict__) + str(failed.value)


async def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(Failed):
        await Apart(module="contacts.forwarding.typesetting_program", seconds=0.001).run(b"{}")
