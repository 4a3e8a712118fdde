"""Redlines: nothing is lost between the old wording and the new."""

from hypothesis import given
from hypothesis import strategies as st

from projects.agreements.redline import redline

WORDS = st.lists(st.sampled_from(["the", "Party", "days,", "thirty", "(30)", "\n\n", " ", "  ", "宇宙", "."])).map(
    "".join
)
TEXT = st.one_of(st.text(), WORDS)


@given(TEXT, TEXT)
def test_same_and_deleted_spell_the_old_wording_and_same_and_inserted_the_new(old, new):
    runs = redline(old, new)

    assert "".join(text for op, text in runs if op != "ins") == old
    assert "".join(text for op, text in runs if op != "del") == new
    assert all(text for _, text in runs)


def test_one_changed_number_marks_only_that_passage():
    runs = redline("within thirty (30) days of notice.", "within sixty (60) days of notice.")

    assert runs == [
        ("same", "within "),
        ("del", "thirty (30) "),
        ("ins", "sixty (60) "),
        ("same", "days of notice."),
    ]


def test_equal_wordings_have_no_marks():
    assert redline("As agreed.", "As agreed.") == [("same", "As agreed.")]
    assert redline("", "") == []


def test_frequent_words_still_match_in_a_long_clause():
    old = "the Party and the Party and " * 200

    assert [op for op, _ in redline(old, old + "more")] == ["same", "ins"]
