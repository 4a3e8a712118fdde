"""What each kind of agreement asks, and which answers cannot stand beside each other."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from agencies.models import InstrumentKind
from projects.agreements.profile import GROUPS, QUESTIONS, clean, defaults, groups_of, questions_of
from projects.agreements.profile.phrases import PHRASES
from tests.projects.agreements.profiles import COMPANIONS

KINDS = InstrumentKind.values
# The portal asks all parties, and offers no other way; the answer stays because it is said in the text.
SETTLED = {"accession_consent", "amendment_consent"}
DOCS = Path(__file__).parents[3] / "docs" / "clauses.md"
LETTERS = {
    "M": "memorandum", "I": "ip_sharing", "A": "implementing", "N": "nda", "D": "data_exchange",
    "J": "joint_ownership", "C": "amendment", "E": "accession",
}  # fmt: skip


def test_the_forty_eight_subjects_of_a_profile_are_all_asked():
    assert {asked.asks for asked in QUESTIONS.values()} == set(range(1, 49))


def test_every_question_is_asked_by_some_kind():
    assert set().union(*(questions_of(kind) for kind in KINDS)) == set(QUESTIONS)


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=lambda asked: asked.key)
def test_every_question_has_help_in_whole_words(asked):
    assert len(str(asked.help)) > 15
    assert str(asked.help)[-1] in ".?"
    assert asked.group in {group.key for group in GROUPS}


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=lambda asked: asked.key)
def test_what_a_question_presupposes_is_an_answer(asked):
    for key, value in asked.only_if.items():
        for wanted in value if isinstance(value, list) else [value]:
            assert QUESTIONS[key].clean(wanted) == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_the_usual_answers_of_a_kind_are_accepted(kind):
    assert clean({}, kind) == defaults(kind) == clean(defaults(kind), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_choices_of_a_kind_hold_its_usual_answer(kind):
    for asked in questions_of(kind).values():
        assert asked.clean(asked.default) == asked.default
        assert asked.form_field().clean(asked.default) == asked.default
        assert asked.kind != "choice" or len(asked.choices) > 1 or asked.key in SETTLED


@pytest.mark.parametrize("kind", KINDS)
def test_chapters_of_a_kind_are_those_in_which_it_asks(kind):
    assert {group.key for group in groups_of(kind)} == {asked.group for asked in questions_of(kind).values()}


def test_no_kind_named_means_an_ip_sharing_agreement():
    assert defaults() == defaults("ip_sharing")
    assert questions_of() == questions_of("ip_sharing")
    assert clean({}) == clean({}, "ip_sharing")


def test_an_unknown_kind_is_a_mistake_of_the_program():
    with pytest.raises(KeyError):
        defaults("barter")


def test_a_kind_refuses_what_only_others_ask():
    with pytest.raises(ValidationError) as refused:
        clean({"background_mode": "positive"}, "nda")

    assert "background_mode" in refused.value.message_dict["__all__"][0]


def test_a_kind_refuses_a_choice_that_only_others_offer():
    with pytest.raises(ValidationError) as refused:
        clean({"binding": "declaration"}, "ip_sharing")

    assert list(refused.value.message_dict) == ["binding"]


def test_defaults_differ_where_practice_differs():
    assert defaults("nda")["term_years"] < defaults("joint_ownership")["term_years"]
    assert defaults("memorandum")["liability"] == "cross_waiver"


def test_a_question_matters_only_under_the_answers_it_presupposes():
    asked = QUESTIONS["entry_count"]

    assert asked.is_asked({"entry_into_force": "k_of_n"})
    assert not asked.is_asked({"entry_into_force": "all_signed"})
    assert asked.is_asked({})


def test_what_a_kind_does_not_ask_is_presupposed_by_nothing():
    assert QUESTIONS["accession_consent"].only_if
    assert not questions_of("accession")["accession_consent"].only_if


def test_phrases_word_every_choice_of_their_question():
    for key, phrases in PHRASES.items():
        asked = QUESTIONS[key]
        if asked.kind == "choice":
            assert set(phrases) == {choice for choice, _label in asked.choices}
        elif asked.kind == "yes_no":
            assert set(phrases) == {True, False}
        else:
            assert set(phrases) == {asked.default}


@pytest.mark.parametrize(
    ("kind", "answers", "key"),
    [
        ("ip_sharing", {"publication_notice_days": 20}, "publication_objection_days"),
        ("ip_sharing", {"applicable_law": "named"}, "named_law"),
        ("ip_sharing", {"final_step": "arbitration", "arbitration_seat": " "}, "arbitration_seat"),
        ("ip_sharing", {"results_ownership": "assign_to_lead"}, "lead_exploiter"),
        ("ip_sharing", {"results_ownership": "allocate_by_field"}, "ownership_fields"),
        ("ip_sharing", {"results_ownership": "custom"}, "ownership_words"),
        ("ip_sharing", {"liability": "cap"}, "liability_cap"),
        ("ip_sharing", {"entry_into_force": "named"}, "entry_named"),
        ("ip_sharing", {"entry_into_force": "on_date"}, "entry_date"),
        ("ip_sharing", {"language": "Klingon"}, "language"),
        ("ip_sharing", {"language": "English and Klingon"}, "language"),
        ("accession", {"language": " "}, "language"),
        ("ip_sharing", {"entry_date": "31.1.2027"}, "entry_date"),
        ("ip_sharing", {"entry_date": "2027-02-30"}, "entry_date"),
        ("ip_sharing", {"entry_date": "20270131"}, "entry_date"),
        ("ip_sharing", {"binding": "treaty"}, "bound_as"),
        ("ip_sharing", {"renewal": "by_agreement", "extension": False}, "renewal"),
        ("nda", {"disclosure_direction": "one_way"}, "discloser"),
        ("memorandum", {"binding": "non_binding"}, "liability"),
        ("memorandum", {"binding": "declaration", "liability": "own", "bound_as": "state"}, "bound_as"),
        ("memorandum", {"binding": "declaration", "liability": "own", "final_step": "arbitration"}, "final_step"),
        ("memorandum", {"binding": "non_binding", "liability": "own", "applicable_law": "named"}, "applicable_law"),
        ("memorandum", {"cost_overrun": "shared"}, "cost_overrun"),
        ("amendment", {"binding": "non_binding", "entry_into_force": "all_ratified"}, "entry_into_force"),
        ("amendment", {"binding": "non_binding", "provisional_application": True}, "provisional_application"),
    ],
)
def test_a_contradiction_is_said_at_the_question_that_has_to_change(kind, answers, key):
    with pytest.raises(ValidationError) as refused:
        clean(answers, kind)

    assert key in refused.value.message_dict


@pytest.mark.parametrize("said", COMPANIONS, ids=lambda said: "-".join(said))
def test_a_contradiction_ends_with_the_answer_that_was_missing(said):
    key, answer = said
    kind = next(kind for kind in KINDS if key in questions_of(kind) and answer in dict(questions_of(kind)[key].choices))
    beside = {name: value for name, value in COMPANIONS[said].items() if name in questions_of(kind)}

    assert clean({key: answer, **beside}, kind)[key] == answer


def test_the_documentation_lists_every_question_with_its_subject_and_its_kinds():
    rows = re.findall(r"^\| (\d*) \| [^|]* \| `([a-z_]+)` \| ([A-Z ]+) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    listed, number = {}, 0
    for begins, key, letters in rows:
        number = int(begins or number)
        listed[key] = (number, {LETTERS[letter] for letter in letters.split()})

    assert listed == {
        key: (asked.asks, {kind for kind in KINDS if key in questions_of(kind)}) for key, asked in QUESTIONS.items()
    }
