"""Redlines: nothing is lost between the old wording and the new, no letter is torn apart, and no clause stops a page."""

import itertools
import random
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.agreements.redline import AROUND, LEFT_OUT, Allowance, around_changes, kept_in_order, redline, tokens

PIECES = [
    "the",
    "Party",
    "days,",
    "thirty",
    "(30)",
    "\n\n",
    "\n",
    " ",
    "  ",
    "宇宙",
    "。",
    "ไทย",
    "يلتزم",
    "e\u0301",
    "\u0301",
    "นี้",
    "한국",
]
WORDS = st.lists(st.sampled_from(PIECES)).map("".join)
TEXT = st.one_of(st.text(), WORDS)


def spelled(runs, without):
    return "".join(text for op, text in runs if op != without)


@given(TEXT, TEXT)
def test_same_and_deleted_spell_the_old_wording_and_same_and_inserted_the_new(old, new):
    runs = redline(old, new)

    assert spelled(runs, "ins") == old
    assert spelled(runs, "del") == new
    assert all(text for _, text in runs)


@given(TEXT)
def test_what_did_not_change_is_one_run(text):
    assert redline(text, text) == ([("same", text)] if text else [])


@given(TEXT, TEXT)
def test_around_changes_every_change_stands_whole_and_words_are_left_out_only_between(old, new):
    whole = redline(old, new)

    short = around_changes(whole)

    assert [run for run in short if run[0] != "same"] == [run for run in whole if run[0] != "same"]
    for (op, kept), (_op, text) in zip(short, whole, strict=True):
        head, mark, tail = kept.partition(LEFT_OUT) if op == "same" and kept != text else (kept, "", "")
        assert kept == text or (mark and text.startswith(head) and text.endswith(tail))


def test_of_a_long_clause_one_reads_the_words_around_a_figure():
    before, after = ("word " * 100 + f"for {years} years. " + "More words. " * 100 for years in (5, 10))

    (_same, first), _gone, _new, (_op, last) = around_changes(redline(before, after))

    assert first.startswith(LEFT_OUT)
    assert first.endswith("word for ")
    assert last.startswith("years. More words. ")
    assert last.endswith(LEFT_OUT)
    assert max(len(first), len(last)) < AROUND * 2


@given(TEXT, TEXT)
def test_runs_alternate_so_that_each_passage_is_marked_once(old, new):
    ops = [op for op, _ in redline(old, new)]

    assert all(one != other for one, other in itertools.pairwise(ops))
    assert ("ins", "del") not in list(itertools.pairwise(ops))


@given(TEXT, TEXT)
def test_a_combining_mark_stays_with_its_letter(old, new):
    seen = {"ins": 0, "del": 0}
    for op, text in redline(old, new):
        is_first = all(seen[side] == 0 for side in seen if op in ("same", side))
        assert is_first or unicodedata.category(text[0])[0] != "M"
        for side in seen:
            seen[side] += len(text) if op in ("same", side) else 0


@given(TEXT)
def test_tokens_spell_the_text(text):
    assert "".join(tokens(text)) == text


def test_one_changed_number_marks_only_that_passage():
    runs = redline("within thirty (30) days of notice.", "within sixty (60) days of notice.")

    assert runs == [
        ("same", "within "),
        ("del", "thirty (30) "),
        ("ins", "sixty (60) "),
        ("same", "days of notice."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("契約は三年とする。", "契約は五年とする。", "三", "五"),
        ("合同为期三年。", "合同为期五年。", "三", "五"),
        ("สัญญามีอายุสองปี", "สัญญามีอายุสามปี", "อง", "าม"),
        ("مدة الاتفاق ثلاث سنوات", "مدة الاتفاق خمس سنوات", "ثلاث ", "خمس "),
        ("le de\u0301lai", "le de\u0300lai", "de\u0301lai", "de\u0300lai"),
    ],
)
def test_every_script_is_compared_by_what_its_readers_see_as_a_unit(old, new, gone, come):
    runs = redline(old, new)

    assert [text for op, text in runs if op == "del"] == [gone]
    assert [text for op, text in runs if op == "ins"] == [come]


def test_a_changed_paragraph_leaves_its_neighbours_alone():
    paragraphs = [f"Paragraph {number} says this and that of the Party." for number in range(50)]
    old = "\n\n".join(paragraphs)
    new = old.replace("Paragraph 7 says this", "Paragraph 7 says those")

    assert [run for run in redline(old, new) if run[0] != "same"] == [("del", "this "), ("ins", "those ")]


def test_equal_wordings_have_no_marks():
    assert redline("As agreed.", "As agreed.") == [("same", "As agreed.")]
    assert redline("", "") == []


def test_frequent_words_still_match_in_a_long_clause():
    old = "the Party and the Party and " * 200

    assert [op for op, _ in redline(old, old + "more")] == ["same", "ins"]


def long_texts(pick):
    """Two texts of 20,000 characters of few different words: what a comparison of all pairs takes minutes for."""
    chance = random.Random(4)
    return ["".join(chance.choice(pick) for _ in range(20_000))[:20_000] for _side in "ab"]


@pytest.mark.parametrize(
    "pick",
    [
        pytest.param(["a ", "b "], id="two words"),
        pytest.param(["a", " ", "\n", "b"], id="short lines"),
        pytest.param(list("一二三四五六七八九十"), id="ten characters"),
        pytest.param([f"word{number} " for number in range(300)], id="three hundred words"),
    ],
)
def test_the_longest_clauses_are_compared_at_once(pick):
    old, new = long_texts(pick)

    started = time.process_time()
    runs = redline(old, new)

    assert time.process_time() - started < 3
    assert spelled(runs, "ins") == old
    assert spelled(runs, "del") == new


LETTERS = [chr(0x4E00 + number) for number in range(20_000)]


def every_second(words, other):
    """Each second word is another: what is the same is found word by word, from one end to the other."""
    return ["".join(words), "".join(word if place % 2 else other(word, place) for place, word in enumerate(words))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(*every_second(LETTERS, lambda _word, place: chr(0x20000 + place)), id="letters"),
        pytest.param(*every_second(LETTERS[:5000] * 4, lambda _word, place: chr(0x20000 + place)), id="repeated letters"),
        pytest.param(*every_second([f"{word}\n" for word in LETTERS[:10_000]], lambda word, _place: f"x{word}"), id="lines"),
        pytest.param("".join(f"{word}一" for word in LETTERS[1:10_001]), "".join(f"{word}丁" for word in LETTERS[1:10_001]),
                     id="one word between all others"),
    ],
)  # fmt: skip
def test_words_chosen_to_be_found_one_by_one_are_compared_at_once(old, new):
    started = time.process_time()
    runs = redline(old, new)

    assert time.process_time() - started < 1.5
    assert spelled(runs, "ins") == old
    assert spelled(runs, "del") == new


def test_changes_to_every_second_word_are_still_marked_one_by_one():
    runs = redline(*every_second(LETTERS, lambda _word, place: chr(0x20000 + place)))

    assert sum(op == "same" for op, _text in runs) == 10_000


def test_texts_that_share_an_allowance_share_the_work():
    old, new = every_second(LETTERS, lambda _word, place: chr(0x20000 + place))
    allowance = Allowance()

    runs = [redline(old, new, allowance) for _time in range(8)]

    # Once it is used up, what differs is marked as replaced as a whole.
    assert runs[0] != runs[-1] == [("del", old[:-1]), ("ins", new[:-1]), ("same", old[-1])]
    assert allowance.left >= 0


def test_a_few_changes_in_a_long_clause_are_found_one_by_one():
    chance = random.Random(4)
    words = [f"word{chance.randrange(800)}" for _ in range(2_500)]
    changed = list(words)
    for place in (200, 1_000, 1_900):
        changed[place] = "NEW"

    runs = redline(" ".join(words), " ".join(changed))

    assert [text for op, text in runs if op == "ins"] == ["NEW "] * 3


@given(st.lists(st.integers(0, 30), unique=True))
def test_what_keeps_its_order_is_an_increasing_run(numbers):
    run = [numbers[index] for index in kept_in_order(numbers)]

    assert run == sorted(run)
    assert bool(run) == bool(numbers)
