"""What stands under what: amendments change the words in force, accessions add a party, and nothing outgrows its umbrella."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects import actions as project_actions
from projects.agreements import actions
from projects.agreements.consolidation import alterations, text_in_force
from projects.agreements.document import draft_document
from projects.agreements.models import Agreement, Beneficiary, Part, Party, Status
from projects.agreements.policies import AgreementPolicy
from projects.ip.terms import terms_of
from projects.models import Project
from tests import stage
from tests.kept import kept

pytestmark = pytest.mark.django_db

WORDS = "Confidential Information stays confidential for ever."


@kept
def amended(cast, agreement, code="confidentiality", words=WORDS, on=None):
    """An amendment of one clause, in force; `on` is the day that it says."""
    amendment = actions.draft_amendment(agreement, actor=cast.actor(cast.mika))
    amendment = actions.word_clause(amendment, code, actor=cast.actor(cast.mika), text=words)
    amendment = in_force(cast, amendment)
    if on is not None:
        Agreement.objects.filter(pk=amendment.pk).update(in_force_on=on)
    return Agreement.objects.get(pk=amendment.pk)


@kept
def in_force(cast, agreement):
    agreement = actions.share(agreement, actor=cast.actor(cast.mika))
    agreement = actions.freeze(stage.agree(cast, agreement), actor=cast.actor(cast.mika))
    stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, agreement, cast.ingrid)
    return actions.enter_into_force(Agreement.objects.get(pk=agreement.pk), actor=cast.actor(cast.mika))


def clause(text, code):
    return next(found for found in text.clauses if found.code == code)


def test_an_amendment_starts_from_the_text_in_force(cast):
    agreement = stage.agreement_in_force(cast)

    amendment = actions.draft_amendment(agreement, actor=cast.actor(cast.mika))

    before = [(row["code"], row["text"]) for row in agreement.text.document["clauses"]]
    working = amendment.clauses.filter(part=Part.AMENDED).order_by("position")
    assert [(row.code, row.text) for row in working] == before
    assert amendment.parent == agreement
    assert not Agreement.objects.visible_to(cast.actor(cast.lucien)).filter(pk=amendment.pk).exists()


def test_a_clause_in_force_is_linked_to_the_instrument_that_set_it(cast):
    agreement = stage.agreement_in_force(cast)

    amendment = amended(cast, agreement)

    text = text_in_force(agreement)
    assert clause(text, "confidentiality").text == WORDS
    assert clause(text, "confidentiality").source.ref == amendment.ref
    assert clause(text, "definitions").source.ref == agreement.ref
    assert text.sha256 == amendment.text.sha256


def test_the_text_on_a_day_before_the_amendment_is_the_old_one(cast):
    agreement = stage.agreement_in_force(cast)
    agreement = stage.began_on(agreement, date(2026, 1, 1))
    amended(cast, agreement, on=date(2026, 6, 1))

    assert clause(text_in_force(agreement, date(2026, 5, 31)), "confidentiality").text != WORDS
    assert clause(text_in_force(agreement, date(2026, 6, 1)), "confidentiality").text == WORDS


def test_an_answer_that_an_amendment_changes_drives_the_register(cast):
    agreement = stage.agreement_in_force(cast)
    amendment = actions.draft_amendment(agreement, actor=cast.actor(cast.mika))
    actions.answer_profile(
        amendment, actor=cast.actor(cast.mika), answers={"access_answer_days": 77}, part=Part.AMENDED
    )

    in_force(cast, amendment)

    project = Project.objects.get(pk=agreement.project_id)
    assert terms_of(project)[0].answers["access_answer_days"] == 77
    document = Agreement.objects.get(pk=amendment.pk).text.document
    assert "access_answer_days" in [row["code"] for row in document["amended"][0]["alterations"]]


def test_a_second_amendment_must_start_from_the_first(cast):
    agreement = stage.agreement_in_force(cast)
    second = actions.draft_amendment(agreement, actor=cast.actor(cast.mika))
    second = actions.word_clause(second, "disputes", actor=cast.actor(cast.mika), text="The Parties talk.")
    amended(cast, agreement)
    second = actions.share(second, actor=cast.actor(cast.mika))
    second = stage.agree(cast, second)

    with pytest.raises(NotNow) as refused:
        actions.freeze(second, actor=cast.actor(cast.mika))

    assert refused.value.code == "amended-meanwhile"
    caught = actions.catch_up(second, actor=cast.actor(cast.mika))
    texts = dict(caught.clauses.filter(part=Part.AMENDED).values_list("code", "text"))
    assert texts["confidentiality"] == WORDS
    assert texts["disputes"] == "The Parties talk."
    in_force_again = actions.freeze(stage.agree(cast, caught), actor=cast.actor(cast.mika))
    assert [row["code"] for row in in_force_again.text.document["amended"][0]["alterations"]] == ["disputes"]


def test_an_amendment_signed_over_another_does_not_enter_into_force(cast):
    agreement = stage.agreement_in_force(cast)
    second = actions.draft_amendment(agreement, actor=cast.actor(cast.mika))
    second = actions.share(
        actions.word_clause(second, "disputes", actor=cast.actor(cast.mika), text="The Parties talk."),
        actor=cast.actor(cast.mika),
    )
    second = actions.freeze(stage.agree(cast, second), actor=cast.actor(cast.mika))
    stage.sign(cast, second, cast.kenji)
    stage.sign(cast, second, cast.ingrid)
    amended(cast, agreement)

    with pytest.raises(NotNow) as refused:
        actions.enter_into_force(Agreement.objects.get(pk=second.pk), actor=cast.actor(cast.mika))

    assert refused.value.code == "amended-meanwhile"


def test_catching_up_keeps_answers_own_clauses_and_places(cast):
    agreement = stage.agreement_in_force(cast)
    mika = cast.actor(cast.mika)
    second = actions.draft_amendment(agreement, actor=mika)
    actions.answer_profile(second, actor=mika, answers={"term_years": 9}, part=Part.AMENDED)
    actions.add_clause(second, actor=mika, heading="Publicity", text="Mine.", after="purpose", part=Part.AMENDED)
    actions.move_clause(second, "notices", actor=mika, after="purpose")
    first = actions.draft_amendment(agreement, actor=mika)
    actions.add_clause(first, actor=mika, heading="Insurance", text="Theirs.", after="liability", part=Part.AMENDED)
    in_force(cast, first)

    caught = actions.catch_up(second, actor=mika)

    rows = list(caught.clauses.filter(part=Part.AMENDED).order_by("position").values_list("heading", "text"))
    headings = [heading for heading, _text in rows]
    assert ("Insurance", "Theirs.") in rows
    assert ("Publicity", "Mine.") in rows
    assert caught.amended_profile["term_years"] == 9
    assert any("nine (9) years" in text for _heading, text in rows)
    assert abs(headings.index("Notices") - headings.index("Purpose and scope")) <= 2
    assert headings.index("Publicity") > headings.index("Purpose and scope")


def test_catching_up_overtakes_a_change_to_what_was_taken_over(cast):
    agreement = stage.agreement_in_force(cast)
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    second = actions.share(actions.draft_amendment(agreement, actor=mika), actor=mika)
    change = actions.propose_change(
        second, actor=lucien, operation="reword", code="confidentiality", text="A month is enough."
    )
    amended(cast, agreement)

    actions.catch_up(second, actor=mika)

    change.refresh_from_db()
    assert change.status == "overtaken"


def test_an_accession_lists_background_as_the_text_in_force_does(cast):
    agreement = stage.agreement_in_force(cast)
    amendment = actions.draft_amendment(agreement, actor=cast.actor(cast.mika))
    actions.answer_profile(
        amendment, actor=cast.actor(cast.mika), answers={"background_mode": "negative"}, part=Part.AMENDED
    )
    in_force(cast, amendment)
    joined(cast, agreement.project)

    accession = actions.draft_accession(agreement, actor=cast.actor(cast.mika), newcomer=cast.isro)

    assert draft_document(accession)["annexes"][0]["title"] == "Background excluded"


def test_naming_a_third_party_asks_every_party_again(cast):
    agreement = stage.agree(cast, stage.shared_agreement(cast))

    actions.name_beneficiary(agreement, actor=cast.actor(cast.mika), agency=cast.isro, code="confidentiality")

    agreement = Agreement.objects.get(pk=agreement.pk)
    assert agreement.status == Status.NEGOTIATING
    assert Item.objects.filter(key=f"agree:{agreement.ref}:ESA", settled_at=None).exists()


def test_only_a_text_in_force_is_amended(cast):
    with pytest.raises(NotNow):
        actions.draft_amendment(stage.signed_agreement(cast), actor=cast.actor(cast.mika))


def test_who_is_no_party_amends_nothing(cast):
    with pytest.raises(Forbidden):
        actions.draft_amendment(stage.agreement_in_force(cast), actor=cast.actor(cast.tara))


def test_alterations_name_one_moved_clause_and_not_all_others():
    before = [{"number": n, "code": c, "heading": c, "text": c} for n, c in enumerate("abcd", start=1)]
    after = [{"number": n, "code": c, "heading": c, "text": c} for n, c in enumerate("dabc", start=1)]

    assert [(row["operation"], row["code"]) for row in alterations(before, after)] == [("move", "d")]


def test_alterations_place_an_inserted_clause_after_its_neighbour():
    before = [
        {"number": 1, "code": "a", "heading": "A", "text": "a"},
        {"number": 2, "code": "b", "heading": "B", "text": "b"},
    ]
    after = [before[0], {"number": 2, "code": "x", "heading": "X", "text": "new"}, {**before[1], "number": 3}]

    assert alterations(before, after) == [
        {"operation": "insert", "code": "x", "number": 1, "heading": "X", "text": "new"}
    ]


def test_a_reference_with_another_number_is_only_renumbered():
    before = [{"number": 1, "code": "a", "heading": "A", "text": "See Clause\N{NO-BREAK SPACE}2 (B)."}]
    after = [{"number": 1, "code": "a", "heading": "A", "text": "See Clause\N{NO-BREAK SPACE}3 (B)."}]

    assert [row["operation"] for row in alterations(before, after)] == ["renumber"]


# --- umbrellas --------------------------------------------------------------------------------------------------------


def memorandum(cast, project):
    return actions.draft_agreement(project, actor=cast.actor(cast.mika), kind="memorandum", title="Framework")


def test_a_child_may_not_last_longer_than_its_umbrella(cast):
    project = stage.accepted_project(cast)
    umbrella = actions.answer_profile(memorandum(cast, project), actor=cast.actor(cast.mika), answers={"term_years": 3})
    umbrella = in_force(cast, umbrella)
    child = actions.draft_agreement(
        project, actor=cast.actor(cast.mika), kind="implementing", title="Annex one", parent=umbrella,
        answers={"term_years": 9},
    )  # fmt: skip
    child = stage.agree(cast, actions.share(child, actor=cast.actor(cast.mika)))

    with pytest.raises(NotNow) as refused:
        actions.freeze(child, actor=cast.actor(cast.mika))

    assert refused.value.code == "goes-beyond-umbrella"


def test_a_circle_is_refused_beside_the_field(cast):
    project = stage.accepted_project(cast)
    above = memorandum(cast, project)
    below = actions.draft_agreement(
        project, actor=cast.actor(cast.mika), kind="memorandum", title="Below", parent=above
    )

    with pytest.raises(ValidationError) as refused:
        actions.place_under(above, actor=cast.actor(cast.mika), parent=below)

    assert list(refused.value.error_dict) == ["parent"]


def test_an_agreement_does_not_stand_under_itself(cast):
    alone = memorandum(cast, stage.accepted_project(cast))

    with pytest.raises(ValidationError):
        actions.place_under(alone, actor=cast.actor(cast.mika), parent=alone)


def test_nothing_stands_under_a_non_disclosure_agreement(cast):
    project = stage.accepted_project(cast)
    secret = actions.draft_agreement(project, actor=cast.actor(cast.mika), kind="nda", title="Secrets")

    with pytest.raises(ValidationError):
        actions.draft_agreement(project, actor=cast.actor(cast.mika), kind="implementing", title="X", parent=secret)


def test_an_umbrella_of_another_project_bears_nothing(cast):
    umbrella = memorandum(cast, stage.accepted_project(cast))
    other = stage.accepted_project(cast, title="Another")

    with pytest.raises(ValidationError):
        actions.draft_agreement(other, actor=cast.actor(cast.mika), kind="implementing", title="Annex", parent=umbrella)


def test_a_tree_is_as_deep_as_it_may_be_from_both_ends(cast):
    project = stage.accepted_project(cast)
    chain = [memorandum(cast, project)]
    other = [memorandum(cast, project)]
    for _depth in range(3):
        chain.append(_below(cast, project, chain[-1]))
        other.append(_below(cast, project, other[-1]))

    with pytest.raises(ValidationError):
        actions.place_under(other[0], actor=cast.actor(cast.mika), parent=chain[-1])


def _below(cast, project, parent):
    return actions.draft_agreement(
        project, actor=cast.actor(cast.mika), kind="memorandum", title="Below", parent=parent
    )


# --- accession --------------------------------------------------------------------------------------------------------


def joined(cast, project):
    """ISRO accepts the project after the agreement is in force."""
    project_actions.invite_partner(project, cast.isro, actor=cast.actor(cast.mika))
    project_actions.answer_invitation(project, actor=cast.actor(cast.tara), answer="accept")


def test_an_agency_accedes_and_is_a_party_from_that_day(cast):
    agreement = stage.agreement_in_force(cast)
    joined(cast, agreement.project)
    accession = actions.draft_accession(agreement, actor=cast.actor(cast.mika), newcomer=cast.isro)
    tara = cast.actor(cast.tara)
    assert not Agreement.objects.visible_to(tara).filter(pk=agreement.pk).exists()
    accession = actions.share(accession, actor=cast.actor(cast.mika))
    assert Agreement.objects.visible_to(tara).filter(pk=agreement.pk).exists()
    for person in (cast.mika, cast.lucien, cast.tara):
        actor = cast.actor(person)
        shown = AgreementPolicy(actor, Agreement.objects.get(pk=accession.pk)).current_hash
        accession = actions.agree_to_text(accession, actor=actor, sha256=shown)
    accession = actions.freeze(accession, actor=cast.actor(cast.mika))
    for person in (cast.kenji, cast.ingrid, cast.tara):
        stage.sign(cast, accession, person)

    actions.enter_into_force(Agreement.objects.get(pk=accession.pk), actor=cast.actor(cast.mika))

    agreement = Agreement.objects.get(pk=agreement.pk)
    party = agreement.party_of(cast.isro.pk)
    assert party is not None
    assert party.in_force_on is not None
    assert party.acceded_by_id == accession.pk
    assert "ISRO" in terms_of(Project.objects.get(pk=agreement.project_id))[0].parties


def test_who_has_not_accepted_the_project_cannot_accede(cast):
    agreement = stage.agreement_in_force(cast)

    with pytest.raises(ValidationError) as refused:
        actions.draft_accession(agreement, actor=cast.actor(cast.mika), newcomer=cast.isro)

    assert list(refused.value.error_dict) == ["newcomer"]


def test_a_closed_agreement_lets_nobody_accede(cast):
    agreement = stage.agreement_in_force(cast, answers={"accession": False})

    with pytest.raises(NotNow) as refused:
        actions.draft_accession(agreement, actor=cast.actor(cast.mika), newcomer=cast.isro)

    assert refused.value.code == "closed-to-accession"


# --- third parties ----------------------------------------------------------------------------------------------------


def relied_on(cast):
    """In force between JAXA and ESA; ISRO may rely on the clause on confidentiality."""
    draft = stage.drafted_agreement(cast)
    actions.name_beneficiary(draft, actor=cast.actor(cast.mika), agency=cast.isro, code="confidentiality")
    return in_force(cast, Agreement.objects.get(pk=draft.pk))


def test_a_third_party_guards_the_clause_on_which_it_relies(cast):
    agreement = relied_on(cast)
    amendment = actions.draft_amendment(agreement, actor=cast.actor(cast.mika))
    amendment = actions.word_clause(amendment, "confidentiality", actor=cast.actor(cast.mika), text=WORDS)
    amendment = stage.agree(cast, actions.share(amendment, actor=cast.actor(cast.mika)))

    with pytest.raises(NotNow) as refused:
        actions.freeze(amendment, actor=cast.actor(cast.mika))

    assert refused.value.code == "third-party-consent-missing"
    tara = cast.actor(cast.tara)
    shown = Agreement.objects.visible_to(tara).get(pk=amendment.pk)
    sha256 = AgreementPolicy(tara, shown).current_hash
    amendment = actions.consent_to_amendment(amendment, actor=tara, sha256=sha256)
    assert actions.freeze(amendment, actor=cast.actor(cast.mika)).status == Status.SIGNING


def test_another_clause_needs_no_third_party(cast):
    agreement = relied_on(cast)

    assert amended(cast, agreement, code="disputes", words="The Parties talk.").status == Status.IN_FORCE


def test_who_relies_on_nothing_consents_to_nothing(cast):
    agreement = stage.agreement_in_force(cast)
    amendment = actions.share(
        actions.draft_amendment(agreement, actor=cast.actor(cast.mika)), actor=cast.actor(cast.mika)
    )

    with pytest.raises(Forbidden):
        actions.consent_to_amendment(amendment, actor=cast.actor(cast.tara), sha256="0" * 64)


def test_third_parties_stand_in_an_annex_that_is_hashed(cast):
    agreement = relied_on(cast)

    annex = agreement.text.document["annexes"][-1]

    assert annex["rows"][0]["agency"] == cast.isro.legal_name
    assert Beneficiary.objects.get().agreement == agreement


def test_an_amendment_that_names_a_third_party_says_so_in_its_hash(cast):
    agreement = stage.agreement_in_force(cast)
    amendment = actions.share(
        actions.draft_amendment(agreement, actor=cast.actor(cast.mika)), actor=cast.actor(cast.mika)
    )
    before = AgreementPolicy(cast.actor(cast.mika), amendment).current_hash

    actions.name_beneficiary(amendment, actor=cast.actor(cast.lucien), agency=cast.isro, code="disputes")

    amendment = Agreement.objects.get(pk=amendment.pk)
    assert AgreementPolicy(cast.actor(cast.mika), amendment).current_hash != before
    assert draft_document(amendment)["annexes"][-1]["rows"][0]["agency"] == cast.isro.legal_name


def test_who_an_amendment_named_guards_its_clause_too(cast):
    agreement = stage.agreement_in_force(cast)
    first = actions.draft_amendment(agreement, actor=cast.actor(cast.mika))
    actions.name_beneficiary(first, actor=cast.actor(cast.mika), agency=cast.isro, code="disputes")
    in_force(cast, Agreement.objects.get(pk=first.pk))
    second = actions.word_clause(
        actions.draft_amendment(agreement, actor=cast.actor(cast.mika)),
        "disputes", actor=cast.actor(cast.mika), text="The Parties talk.",
    )  # fmt: skip
    second = stage.agree(cast, actions.share(second, actor=cast.actor(cast.mika)))

    with pytest.raises(NotNow, match="third-party-consent-missing"):
        actions.freeze(second, actor=cast.actor(cast.mika))


def test_who_reads_along_stops_when_the_accession_is_given_up(cast):
    agreement = stage.agreement_in_force(cast)
    joined(cast, agreement.project)
    accession = actions.share(
        actions.draft_accession(agreement, actor=cast.actor(cast.mika), newcomer=cast.isro), actor=cast.actor(cast.mika)
    )
    tara = cast.actor(cast.tara)
    assert Agreement.objects.visible_to(tara).filter(pk=agreement.pk).exists()

    actions.abandon(accession, actor=cast.actor(cast.mika))

    assert not Agreement.objects.visible_to(tara).filter(pk=agreement.pk).exists()


def test_a_party_that_left_neither_writes_nor_abandons(cast):
    agreement = stage.agreement_in_force(cast)
    amendment = actions.share(
        actions.draft_amendment(agreement, actor=cast.actor(cast.mika)), actor=cast.actor(cast.mika)
    )
    party = agreement.party_of(cast.esa.pk)
    Party.objects.filter(pk=party.pk).update(left_on=party.in_force_on)

    lucien = cast.actor(cast.lucien)
    with pytest.raises(Forbidden, match="party-left"):
        actions.abandon(amendment, actor=lucien)
    with pytest.raises(Forbidden, match="party-left"):
        actions.comment(agreement, actor=lucien, words="Still here.", audience="shared")
