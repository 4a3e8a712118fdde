"""What changed since the text that was frozen before: shown to who signs, at a cost that no wording can raise."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from django.urls import reverse

from projects.agreements import actions
from projects.agreements import compare as comparing
from projects.agreements.redline import Allowance, Measured
from tests import stage
from tests.projects.agreements.documents import document
from tests.projects.agreements.negotiating import accepted, fresh, reword

pytestmark = pytest.mark.django_db

CODES = ("notices", "names", "disputes", "confidentiality")
STEPS = 300_000
LETTERS = [chr(0x4E00 + number) for number in range(1_500)]
# Each second letter is another: what is the same is found one by one, each time in all that is left.
HOSTILE = (
    "".join(LETTERS),
    "".join(letter if place % 2 else chr(0x20000 + place) for place, letter in enumerate(LETTERS)),
)


@pytest.fixture
def worded_anew(cast):
    """In signing for a second time, with other words in four clauses."""
    mika = cast.actor(cast.mika)
    draft = stage.drafted_agreement(cast)
    for code in CODES:
        draft = actions.word_clause(draft, code, actor=mika, text=HOSTILE[0])
    agreement = actions.freeze(stage.agree(cast, actions.share(draft, actor=mika)), actor=mika)
    agreement = fresh(actions.reopen(agreement, actor=mika, reason="Other words."))
    for code in CODES:
        accepted(cast, agreement, reword(cast, agreement, cast.mika, code=code, text=HOSTILE[1]), cast.lucien)
    return fresh(actions.freeze(stage.agree(cast, fresh(agreement)), actor=mika))


class Counted:
    """How many steps comparisons took, counted where they are taken and not where they are granted."""

    def __init__(self, monkeypatch):
        self.steps = 0
        found = SequenceMatcher.find_longest_match

        def counting(matcher, alo=0, ahi=None, blo=0, bhi=None):
            end = len(matcher.a) if ahi is None else ahi
            self.steps += sum(1 + len(matcher.b2j.get(word, ())) for word in matcher.a[alo:end])
            return found(matcher, alo, ahi, blo, bhi)

        monkeypatch.setattr(SequenceMatcher, "find_longest_match", counting)


def test_all_clauses_of_a_page_share_one_allowance(cast, worded_anew, monkeypatch):
    monkeypatch.setattr(comparing, "STEPS_OF_A_PAGE", STEPS)
    counted = Counted(monkeypatch)

    page = cast.client(cast.kenji).get(reverse("agreements:sign", args=[worded_anew.ref]))

    assert page.status_code == 200
    assert 0 < counted.steps <= STEPS
    shown = page.context["changes"].clauses
    assert {change.code for change in shown} == set(CODES)
    for change in shown:
        assert "".join(words for op, words in change.text if op != "ins") == HOSTILE[0]
        assert "".join(words for op, words in change.text if op != "del") == HOSTILE[1]


def test_answers_annexes_and_titles_share_it_with_the_clauses(monkeypatch):
    monkeypatch.setattr(comparing, "STEPS_OF_A_PAGE", STEPS)
    counted = Counted(monkeypatch)
    old, new = (
        document(
            ("purpose", words), title=words, profile={f"question_{number}": words for number in range(20)},
            annexes=[
                {"letter": letter, "title": words, "columns": [{"key": "ref", "label": "Reference"}], "rows": []}
                for letter in "AB"
            ],
        )
        for words in HOSTILE
    )  # fmt: skip

    comparison = comparing.compare(old, new)
    told = [*comparison.facts, *comparison.answers, *comparison.annexes]
    runs = [difference.redline for difference in told]

    assert len(runs) == 1 + 20 + 2
    assert 0 < counted.steps <= STEPS
    assert all(
        "".join(words for op, words in run if op != "ins") == difference.old
        for run, difference in zip(runs, told, strict=True)
    )


def test_one_of_these_clauses_alone_would_take_more(monkeypatch):
    counted = Counted(monkeypatch)

    Measured(list(HOSTILE[0]), list(HOSTILE[1]), Allowance(50_000_000)).get_opcodes()

    assert counted.steps > STEPS
