"""The paragraphs and items of a clause as pages and PDF number them."""

from hypothesis import given
from hypothesis import strategies as st

from projects.agreements.paragraphs import paragraphs


def test_paragraphs_number_themselves_and_keep_their_items():
    first, second = paragraphs(7, "Terms:\n(a) one;\n(b) two.\n\nMore.")

    assert (first.number, first.text) == ("7.1", "Terms:")
    assert [(item.mark, item.text) for item in first.items] == [("a", "one;"), ("b", "two.")]
    assert (second.number, second.text, second.items) == ("7.2", "More.", ())


def test_a_single_paragraph_has_no_second_number():
    assert paragraphs(7, "Only this.")[0].number == ""


@given(st.text())
def test_paragraphs_lose_no_word(text):
    shown = [
        part
        for paragraph in paragraphs(1, text)
        for part in [
            paragraph.text,
            *(f"({item.mark}) {item.text}" if item.mark else item.text for item in paragraph.items),
        ]
    ]

    assert "".join("".join(shown).split()) == "".join(text.split())
