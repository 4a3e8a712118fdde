"""The clause library and the profile: every wording can be reached, filled and read."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.models import InstrumentKind
from projects.agreements.library import kinds, load_library
from projects.agreements.library.checking import problems
from projects.agreements.profile import (
    ClauseText,
    assemble,
    check_text,
    defaults,
    fill,
    parameters,
    questions_of,
)
from projects.agreements.profile.contradictions import WITHOUT_FORCE
from projects.agreements.profile.kinds import KEYS
from tests.projects.agreements.profiles import changes, other_answers, profile

BINDING = re.compile(r"\b(in|into) force\b|\bbind(s|ing)?\b|\bbound\b", re.IGNORECASE)

ALTERNATES = [
    pytest.param(kind, clause, alternate, id=f"{kind}-{clause.code}-{alternate.code}")
    for kind in kinds()
    for clause in load_library(kind).clauses
    for alternate in clause.alternates
]


def texts(clauses):
    """The clauses by their code; those of an amendment carry its name, to stand apart from the text that it changes."""
    return {clause.code.removeprefix("amendment-"): clause for clause in clauses}


def words(answers, kind):
    return [(clause.heading, clause.text) for clause in assemble(answers, kind)]


@pytest.mark.parametrize("kind", kinds())
def test_nothing_is_wrong_with_any_library(kind):
    assert problems(load_library(kind), kind) == []


def test_there_is_a_library_for_every_kind_of_agreement():
    assert set(kinds()) == set(InstrumentKind.values) == set(KEYS)


def test_clauses_of_an_amendment_have_codes_that_no_other_text_has():
    others = {clause.code for kind in kinds() if kind != "amendment" for clause in load_library(kind).clauses}

    assert not others & {clause.code for clause in load_library("amendment").clauses}


def test_every_library_has_the_same_version():
    assert {load_library(kind).version for kind in kinds()} == {"2.2"}


@pytest.mark.parametrize("kind", [kind for kind in kinds() if "arbitration_seat" in questions_of(kind)])
@pytest.mark.parametrize("language", ["English", "English and French"])
def test_arbitration_is_held_in_the_languages_of_the_text_be_they_one_or_two(kind, language):
    drawn = texts(assemble(profile(kind, final_step="arbitration", language=language), kind))["disputes"]

    assert (
        f"The proceedings are held in {language}. Where several languages are named, each Party may use" in drawn.text
    )


OUTSIDE = (
    "certified it and, where it was made by hand or the certificate bears another name, a second person has witnessed"
)


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize(("level", "in_the_portal"), [("simple", True), ("advanced", True), ("qualified", False)])
def test_the_clause_on_signature_says_every_way_that_the_portal_takes_under_its_level(kind, level, in_the_portal):
    drawn = texts(assemble(profile(kind, signature_level=level), kind))["signature"].text

    assert "electronically or by hand, and accept electronic signatures" in drawn
    assert "made outside the portal, with a certificate of the signatory" in drawn
    assert OUTSIDE in drawn
    assert ("An electronic signature is a qualified" in drawn) != in_the_portal


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("level", ["simple", "advanced", "qualified"])
def test_the_clause_on_signature_says_which_date_one_bears_and_what_becomes_of_copies(kind, level):
    drawn = texts(assemble(profile(kind, signature_level=level), kind))["signature"]

    assert drawn.heading == "Signature"
    assert "The date of a signature is the day from which it counts." in drawn.text
    assert drawn.text.count("separate copies; together they are one instrument") == 1
    assert "the depositary keeps the originals that were signed by hand" in drawn.text
    # Ad referendum is signed in the portal, where nobody makes a qualified signature.
    confirmed = "ad referendum counts from the moment at which its Party has confirmed it in the portal."
    assert (confirmed in drawn.text) == (level != "qualified")
    assert ("No signature is made ad referendum." in drawn.text) == (level == "qualified")


@pytest.mark.parametrize("kind", kinds())
def test_whatever_brings_a_text_into_force_its_days_are_counted_at_the_seat_of_the_depositary(kind):
    starts = [
        (clause.code, alternate.code, alternate.text)
        for clause in load_library(kind).clauses
        if clause.code.removeprefix("amendment-") in ("entry_into_force", "operative_from")
        for alternate in clause.alternates
    ]

    assert len(starts) >= 9
    assert [one for one in starts if not one[2].endswith("days are counted at the seat of the depositary.")] == []


@pytest.mark.parametrize(("kind", "clause", "alternate"), ALTERNATES)
def test_every_alternate_is_chosen_by_some_profile_and_fills_completely(kind, clause, alternate):
    needed = {key: value[0] if isinstance(value, list) else value for key, value in alternate.when.items()}

    drawn = texts(assemble(profile(kind, **needed), kind))[clause.code.removeprefix("amendment-")]

    assert drawn.alternate == alternate.code
    assert "{" not in drawn.text
    assert "  " not in drawn.text
    assert " ." not in drawn.text
    assert ".." not in drawn.text
    assert drawn.text.strip() == drawn.text


@pytest.mark.parametrize(("kind", "clause", "alternate"), ALTERNATES)
def test_every_alternate_tells_the_negotiator_what_it_means(kind, clause, alternate):
    assert alternate.label
    assert len(alternate.note) > 25
    assert alternate.note.endswith(".")
    assert "'" not in alternate.text + alternate.note + alternate.label


@pytest.mark.parametrize("kind", kinds())
def test_every_question_reaches_the_text(kind):
    used = set()
    for clause in load_library(kind).clauses:
        for alternate in clause.alternates:
            used |= set(parameters(alternate.text)) | set(alternate.when)

    assert used == set(questions_of(kind))


@pytest.mark.parametrize("kind", kinds())
def test_changing_any_single_answer_changes_the_text(kind):
    for key, before, after in changes(kind):
        assert words(before, kind) != words(after, kind), f"{key}={after[key]} says nothing"


@pytest.mark.parametrize("kind", kinds())
@given(chosen=st.data())
@settings(max_examples=40, deadline=None)
def test_no_answers_that_are_accepted_leave_a_reference_or_a_placeholder_open(kind, chosen):
    said = {}
    # What the portal does in one way only has one answer, and no other to draw.
    open_questions = [asked for asked in questions_of(kind).values() if other_answers(asked)]
    for asked in chosen.draw(st.lists(st.sampled_from(open_questions), max_size=12)):
        said |= {asked.key: chosen.draw(st.sampled_from(other_answers(asked)))}
    try:
        answers = profile(kind, **said)
    except ValidationError:
        return

    drawn = assemble(answers, kind)

    assert [clause.number for clause in drawn] == list(range(1, len(drawn) + 1))
    assert not [clause.code for clause in drawn if "{{" in clause.text]


@pytest.mark.parametrize(
    ("kind", "binding"),
    [
        (kind, binding)
        for kind in kinds()
        for binding, _label in questions_of(kind)["binding"].choices
        if binding in WITHOUT_FORCE
    ],
)
def test_a_text_that_does_not_bind_never_says_that_it_binds_or_is_in_force(kind, binding):
    for rule, _label in questions_of(kind)["entry_into_force"].choices:
        if rule == "all_ratified":
            continue
        drawn = assemble(profile(kind, binding=binding, entry_into_force=rule), kind)

        said = [line for one in drawn for line in (one.heading, one.text) if BINDING.search(line)]
        assert said == []
        assert "becomes operative" in texts(drawn)["operative_from"].text


@pytest.mark.parametrize("kind", kinds())
def test_a_text_that_binds_enters_into_force(kind):
    drawn = texts(assemble(defaults(kind), kind))

    assert "enters into force" in drawn["entry_into_force"].text
    assert "operative_from" not in drawn


def test_clauses_that_the_ip_register_cites_keep_their_codes():
    codes = {clause.code for clause in load_library().clauses}

    assert codes >= {
        "definitions", "background", "background_changes", "results", "joint_results", "protection", "requests",
        "access_implementation", "access_exploitation", "access_research", "affiliates", "publication", "export",
    }  # fmt: skip


def test_a_memorandum_has_what_agencies_expect_of_one():
    codes = {clause.code for clause in assemble(defaults("memorandum"), "memorandum")}

    assert codes >= {
        "purpose", "responsibilities", "project_plan", "oversight", "data_policy", "export", "inventions", "funding",
        "funds_availability", "taxes", "publication", "public_information", "liability", "disputes",
        "entry_into_force", "term", "amendment", "language",
    }  # fmt: skip


def test_an_accession_names_the_newcomer_and_the_agreement():
    facts = {"newcomer": "KARI", "parent": "the agreement A-2026-0003"}

    drawn = texts(assemble(defaults("accession"), "accession", facts=facts))

    assert "KARI joins the agreement A-2026-0003 as a Party" in drawn["acceding"].text


def test_an_amendment_names_the_agreement_that_it_changes():
    drawn = texts(assemble(defaults("amendment"), "amendment", facts={"parent": "the agreement A-2026-0003"}))

    assert "changes the agreement A-2026-0003" in drawn["amended"].text


def test_a_rule_of_the_parties_own_is_said_in_its_words():
    rule = "on the day on which the Moon is full"

    drawn = texts(assemble(profile("ip_sharing", entry_into_force="custom"), facts={"entry_rule": rule}))

    assert f"enters into force {rule}." in drawn["entry_into_force"].text


def test_provisional_application_stands_beside_an_entry_that_waits_for_notifications():
    waiting = {"entry_into_force": "all_notified"}

    alone = texts(assemble(profile("ip_sharing", **waiting)))
    applied = texts(assemble(profile("ip_sharing", **waiting, provisional_application=True)))

    assert "Until then no Party relies on its signature alone." in alone["entry_into_force"].text
    assert "Until then no Party" not in applied["entry_into_force"].text
    assert "Except as it applies provisionally" in applied["entry_into_force"].text


@pytest.mark.parametrize("kind", [kind for kind in kinds() if "ends_with_parent" in KEYS[kind]])
def test_a_text_that_ends_only_as_it_says_leaves_room_for_the_agreement_above_it(kind):
    drawn = assemble(defaults(kind), kind)

    said = [clause.text for clause in drawn if "Where this text is made under another agreement" in clause.text]
    assert len(said) == 1
    only = [clause.text for clause in drawn if "ends only when" in clause.text]
    assert all("Subject to what follows on an agreement under which it is made" in text for text in only)


def test_a_date_is_said_in_words():
    drawn = texts(assemble(profile("ip_sharing", entry_into_force="on_date")))

    assert "on 31 January 2027 or" in drawn["entry_into_force"].text


def test_an_optional_clause_is_left_out_and_the_rest_renumbered():
    drawn = assemble({"accession": False})

    assert "accession" not in texts(drawn)
    assert [clause.number for clause in drawn] == list(range(1, len(drawn) + 1))


def test_the_project_is_named_where_it_is_known():
    facts = {"project_title": "Polar Ice", "project_ref": "P-2026-0003"}

    assert "titled “Polar Ice”, recorded under P-2026-0003;" in texts(assemble({}, facts=facts))["definitions"].text
    assert "Project means the joint work to which this text belongs" in texts(assemble({}))["definitions"].text


def test_the_same_answers_give_the_same_text():
    assert assemble(defaults()) == assemble({})


def test_numbers_are_said_in_words_with_their_unit():
    drawn = texts(assemble({"cure_days": 1, "confidentiality_years": 12}))

    assert "within one (1) day," in drawn["breach"].text
    assert "for twelve (12) years after it ends" in drawn["confidentiality"].text


def test_references_follow_the_numbers():
    drawn = texts(assemble({"access_research": False}))

    assert f"Clause\u00a0{drawn['disputes'].number} (Settlement of differences)" in drawn["requests"].text


def test_text_of_the_parties_replaces_the_library_and_is_filled():
    drawn = texts(assemble({}, custom={"funds": "Paid within {{cure_days}}. See {{clause:law}}."}))

    assert drawn["funds"].alternate == "custom"
    assert (
        drawn["funds"].text == f"Paid within thirty (30) days. See Clause\u00a0{drawn['law'].number} (Applicable law)."
    )


def test_added_clauses_follow_and_are_filled():
    visits = ClauseText("visits", "custom", 0, "Visits", "", "risk", "Ask {{access_answer_days}} before.")

    drawn = assemble({}, added=[visits])

    assert drawn[-1].number == len(drawn)
    assert drawn[-1].text == "Ask thirty (30) days before."


def test_unknown_placeholders_are_refused_by_clause():
    with pytest.raises(ValidationError) as refused:
        assemble({}, custom={"funds": "{{salary}}", "law": "{{clause:nowhere}}"})

    assert set(refused.value.message_dict) == {"funds", "law"}
    with pytest.raises(ValidationError):
        check_text("{{ salary }}")


def test_what_is_put_in_is_not_read_as_a_placeholder():
    text = fill("{{project_title}}", defaults(), {"project_title": "{{cure_days}}", "project_ref": "P"})

    assert text == "{{cure_days}}"
