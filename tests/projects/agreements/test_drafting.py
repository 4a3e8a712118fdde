"""The editor of a draft: from the kind and the profile to clauses, their alternates, their own words and their order."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from portal.history.models import Event
from projects.agreements import actions
from projects.agreements.models import Agreement, Status
from projects.agreements.profile import groups_of, questions_of
from tests import stage


def fresh(agreement):
    return Agreement.objects.get(pk=agreement.pk)


def address(name, agreement, *more):
    return reverse(f"agreements:{name}", args=[agreement.ref, *more])


def new(project, **query):
    asked = "&".join(f"{name}={value}" for name, value in {"project": project.ref, **query}.items())
    return f"{reverse('agreements:new')}?{asked}"


def first_step(**changes):
    return {"kind": "nda", "title": "Secrets of the surveyor", "parties": ["ESA"]} | changes


def answers_of(agreement, chapter="", **changes):
    """What the form sends when nothing is touched."""
    asked = questions_of(agreement.kind)
    sent = {key: agreement.profile[key] for key, question in asked.items() if chapter in ("", question.group)}
    sent = {
        key: {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        for key, value in sent.items()
    }
    return {**sent, "version": agreement.version, **changes}


def codes(agreement):
    return list(agreement.clauses.order_by("position").values_list("code", flat=True))


# The first step.


def test_the_first_step_explains_every_kind_and_offers_the_parties(cast):
    project = stage.accepted_project(cast)

    html = cast.client(cast.mika).get(new(project)).content.decode()

    for words in ("Non-disclosure agreement", "Memorandum of understanding", "Start it from that agreement"):
        assert words in html
    assert 'value="ESA"' in html
    assert 'value="JAXA"' not in html.split("<main", 1)[1]


def test_the_first_step_draws_the_draft_and_leads_to_the_first_chapter(cast):
    project = stage.accepted_project(cast)

    response = cast.client(cast.mika).post(new(project), first_step(languages=["fr", "ar"]))

    agreement = Agreement.objects.get()
    assert response["Location"] == address("chapter", agreement, groups_of("nda")[0].key)
    assert (agreement.kind, agreement.all_languages) == ("nda", ["en", "fr", "ar"])
    assert [party.agency.ref for party in agreement.party_list] == ["JAXA", "ESA"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "This field is required"),
        ({"kind": "amendment"}, "amendment is not one of the available choices"),
        ({"parties": []}, "at least one other"),
        ({"parties": ["ISRO"]}, "ISRO is not one of the available choices"),
        ({"languages": ["tlh"]}, "tlh is not one of the available choices"),
    ],
)
def test_what_is_wrong_in_the_first_step_is_listed_and_nothing_is_drafted(cast, changes, words):
    project = stage.accepted_project(cast)

    response = cast.client(cast.mika).post(new(project), first_step(**changes))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Agreement.objects.exists()


def test_a_draft_stands_under_an_umbrella_of_the_project(cast):
    project = stage.accepted_project(cast)
    umbrella = stage.drafted_agreement(cast, project, kind="memorandum")

    html = cast.client(cast.mika).get(new(project)).content.decode()
    cast.client(cast.mika).post(new(project), first_step(kind="implementing", under=umbrella.ref))

    assert f'value="{umbrella.ref}"' in html
    assert Agreement.objects.get(kind="implementing").parent == umbrella


def test_a_confidential_draft_of_another_agency_is_no_umbrella(cast):
    project = stage.accepted_project(cast)
    umbrella = stage.drafted_agreement(cast, project, kind="memorandum")
    lucien = cast.client(cast.lucien)

    assert umbrella.ref not in lucien.get(new(project)).content.decode()
    refused = lucien.post(new(project), first_step(parties=["JAXA"], under=umbrella.ref))

    assert refused.status_code in (302, 422)
    assert not Agreement.objects.filter(parent=umbrella).exists()


# The profile.


def test_every_chapter_leads_to_the_next_and_the_last_to_the_text(cast):
    agreement = stage.drafted_agreement(cast)
    client, groups = cast.client(cast.mika), groups_of(agreement.kind)

    for place, group in enumerate(groups):
        response = client.post(
            address("chapter", agreement, group.key), answers_of(fresh(agreement), chapter=group.key)
        )
        last = place == len(groups) - 1
        expected = address("agreement", agreement) if last else address("chapter", agreement, groups[place + 1].key)
        assert response["Location"] == expected
    assert fresh(agreement).revision == 1


def test_going_back_saves_what_was_typed(cast):
    agreement = stage.drafted_agreement(cast)
    before, here = groups_of(agreement.kind)[:2]

    response = cast.client(cast.mika).post(
        address("chapter", agreement, here.key),
        answers_of(agreement, chapter=here.key, background_change_days=77, go="back"),
    )

    assert response["Location"] == address("chapter", agreement, before.key)
    assert fresh(agreement).profile["background_change_days"] == 77


def test_a_chapter_changes_nothing_outside_itself(cast):
    agreement = stage.drafted_agreement(cast)
    actions.answer_profile(agreement, actor=cast.actor(cast.mika), answers={"accession": False})
    agreement = fresh(agreement)

    cast.client(cast.mika).post(
        address("chapter", agreement, "results"), answers_of(agreement, chapter="results", result_report_days=33)
    )

    assert fresh(agreement).profile == {**agreement.profile, "result_report_days": 33}


def test_an_answer_that_does_not_suit_another_chapter_asks_for_both_on_one_page(cast):
    agreement = stage.drafted_agreement(cast, kind="memorandum")
    client = cast.client(cast.mika)
    sent = answers_of(agreement, chapter="basis", binding="non_binding")

    refused = client.post(address("chapter", agreement, "basis"), sent)
    html = refused.content.decode()
    also = re.findall(r'name="also" value="([a-z_]+)"', html)

    assert refused.status_code == 422
    assert "liability" in also
    assert 'value="non_binding"' in html
    changed = {"liability": "own", "provisional_application": "no", "final_step": "none", "applicable_law": "silent"}
    known = {key: changed.get(key, agreement.profile[key]) for key in also}
    assert client.post(address("chapter", agreement, "basis"), {**sent, **known, "also": also}).status_code == 302
    assert fresh(agreement).profile["binding"] == "non_binding"
    assert fresh(agreement).profile["liability"] == "own"


def test_questions_that_depend_on_an_answer_stand_under_it(cast):
    agreement = stage.drafted_agreement(cast)

    html = cast.client(cast.mika).get(address("chapter", agreement, "disputes")).content.decode()

    asked = html[html.index('class="asked-more"') :]
    assert 'name="arbitration_seat"' in asked
    assert "Asked when the answer is:" in asked


def test_a_missing_place_of_arbitration_is_said_beside_its_question(cast):
    agreement = stage.drafted_agreement(cast)

    response = cast.client(cast.mika).post(
        address("chapter", agreement, "disputes"),
        answers_of(agreement, chapter="disputes", final_step="arbitration", arbitration_seat=""),
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert 'href="#id_arbitration_seat"' in html
    assert re.search(r'value="arbitration"[^>]*checked', html)


@pytest.mark.parametrize("value", ["", "x", "-1", "999999999", pytest.param("9" * 5000, id="huge"), "3.5"])
def test_a_number_that_is_none_is_said_beside_its_question(cast, value):
    agreement = stage.drafted_agreement(cast)

    response = cast.client(cast.mika).post(
        address("chapter", agreement, "results"), answers_of(agreement, chapter="results", result_report_days=value)
    )

    assert response.status_code == 422
    assert 'href="#id_result_report_days"' in response.content.decode()


def test_all_answers_are_changed_on_one_page_with_what_each_decides(cast):
    agreement = stage.drafted_agreement(cast)
    client = cast.client(cast.mika)

    html = client.get(address("profile", agreement)).content.decode()
    saved = client.post(address("profile", agreement), answers_of(agreement, cure_days=45))

    assert "The time to cure a breach" in html
    assert f"{address('agreement', agreement)}#publication" in html
    assert saved.status_code == 302
    assert fresh(agreement).profile["cure_days"] == 45


def test_a_chapter_that_the_kind_does_not_ask_is_nowhere(cast):
    agreement = stage.drafted_agreement(cast, kind="nda")

    for chapter in ("results", "nothing"):
        assert cast.client(cast.mika).get(address("chapter", agreement, chapter)).status_code == 404


def test_an_old_profile_is_kept_beside_the_newer_one(cast):
    agreement = stage.drafted_agreement(cast)
    sent = answers_of(agreement, chapter="results", result_report_days=33)
    actions.answer_profile(agreement, actor=cast.actor(cast.mika), answers={"result_report_days": 44})

    response = cast.client(cast.mika).post(address("chapter", agreement, "results"), sent)

    html = response.content.decode()
    assert response.status_code == 409
    assert "33 days" in html
    assert "44 days" in html


# The guide.


def test_the_guide_recommends_a_model_with_its_reasons_and_keeps_nothing(cast):
    agreement = stage.drafted_agreement(cast)
    asked = "?payer=each&exploiter=nobody&fields_apart=no&academic_use=yes&parts_apart=yes"

    html = cast.client(cast.mika).get(address("guide", agreement) + asked).content.decode()

    assert "wide licence" in html
    assert "Use this answer" in html
    assert fresh(agreement).profile == agreement.profile


def test_a_guide_that_cannot_answer_does_not_say_that_something_was_not_saved(cast):
    agreement = stage.drafted_agreement(cast)

    answer = cast.client(cast.mika).get(address("guide", agreement) + "?payer=nobody-knows&exploiter=nobody")

    assert answer.status_code == 422
    html = answer.content.decode()
    assert "This cannot be answered yet: please correct what is marked." in html
    assert "Not saved" not in html


def test_the_recommended_model_becomes_the_answer(cast):
    agreement = stage.drafted_agreement(cast)
    sent = {"payer": "each", "exploiter": "each", "fields_apart": "no", "academic_use": "yes", "parts_apart": "no"}

    cast.client(cast.mika).post(address("guide", agreement), {**sent, "version": agreement.version})

    assert fresh(agreement).profile["results_ownership"] == "joint"


def test_a_model_that_needs_more_words_asks_for_them(cast):
    agreement = stage.drafted_agreement(cast)
    sent = {"payer": "each", "exploiter": "one", "fields_apart": "no", "academic_use": "yes", "parts_apart": "yes"}

    response = cast.client(cast.mika).post(address("guide", agreement), {**sent, "version": agreement.version})

    html = response.content.decode()
    assert response.status_code == 422
    assert "The party that exploits the results" in html
    assert re.search(r'value="assign_to_lead"[^>]*checked', html)
    assert fresh(agreement).profile == agreement.profile


# Clauses.


def test_a_clause_shows_its_alternates_side_by_side(cast):
    agreement = stage.drafted_agreement(cast)

    html = cast.client(cast.mika).get(address("clause", agreement, "periods")).content.decode()

    assert "Days are: “Calendar days”" in html
    assert "In the text now" in html
    assert address("choose-alternate", agreement, "periods", "working") in html


def test_what_a_wording_changes_elsewhere_is_shown_before_it_is_chosen(cast):
    agreement = stage.drafted_agreement(cast)

    html = cast.client(cast.mika).get(address("choose-alternate", agreement, "periods", "working")).content.decode()

    assert "How every period in days is counted" in html
    assert "becomes:" in html
    assert "<ins>" in html
    assert fresh(agreement).profile["day_basis"] == "calendar"


def test_choosing_a_wording_answers_the_profile(cast):
    agreement = stage.drafted_agreement(cast)

    response = cast.client(cast.mika).post(
        address("choose-alternate", agreement, "periods", "working"), {"version": agreement.version}
    )

    assert response["Location"] == address("clause", agreement, "periods")
    assert fresh(agreement).profile["day_basis"] == "working"
    assert fresh(agreement).clauses.get(code="periods").alternate == "working"


def test_a_wording_that_needs_more_answers_asks_for_them_shows_and_then_saves(cast):
    agreement = stage.drafted_agreement(cast)
    client, door = cast.client(cast.mika), address("choose-alternate", agreement, "law", "named")
    sent = {"version": agreement.version, "also": ["named_law"]}

    asked = client.get(door).content.decode()
    refused = client.post(door, {**sent, "named_law": ""})
    looked = client.post(door, {**sent, "named_law": "the law of Iceland", "go": "look"})

    assert 'name="named_law"' in asked
    assert "See what it changes" in asked
    assert refused.status_code == 422
    assert 'href="#id_named_law"' in refused.content.decode()
    assert looked.status_code == 200
    assert "Iceland" in looked.content.decode().split("clause changes")[1]
    assert fresh(agreement).profile["applicable_law"] == "silent"
    assert client.post(door, {**sent, "named_law": "the law of Iceland"}).status_code == 302
    assert "the law of Iceland" in fresh(agreement).clauses.get(code="law").text


def test_what_nobody_has_answered_is_named_in_its_place(cast):
    agreement = stage.drafted_agreement(cast)

    html = cast.client(cast.mika).get(address("clause", agreement, "entry_into_force")).content.decode()

    assert "[The parties that must have signed]" in html


def test_choosing_a_wording_puts_it_in_the_place_of_free_words(cast):
    agreement = stage.drafted_agreement(cast)
    agreement = actions.word_clause(agreement, "periods", actor=cast.actor(cast.mika), text="Days are days.")

    cast.client(cast.mika).post(
        address("choose-alternate", agreement, "periods", "working"), {"version": agreement.version}
    )

    clause = fresh(agreement).clauses.get(code="periods")
    assert (clause.alternate, clause.departs) == ("working", False)


def test_a_wording_chosen_against_an_old_version_is_not_saved_over_the_newer(cast):
    agreement = stage.drafted_agreement(cast)
    seen = agreement.version
    actions.answer_profile(agreement, actor=cast.actor(cast.mika), answers={"cure_days": 45})

    response = cast.client(cast.mika).post(
        address("choose-alternate", agreement, "periods", "working"), {"version": seen}
    )

    assert response.status_code == 409
    assert fresh(agreement).profile["day_basis"] == "calendar"


@pytest.mark.parametrize("more", [("periods", "nothing"), ("nothing", "working")])
def test_a_wording_that_the_model_has_not_is_nowhere(cast, more):
    agreement = stage.drafted_agreement(cast)

    assert cast.client(cast.mika).get(address("choose-alternate", agreement, *more)).status_code == 404


def test_free_words_are_shown_against_the_model_with_what_they_can_name(cast):
    agreement = stage.drafted_agreement(cast)
    actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text="By letter, within {{cure_days}}.")

    html = cast.client(cast.mika).get(address("clause", agreement, "notices")).content.decode()

    assert "Where it departs from the model" in html
    assert "<del>" in html
    assert "{{cure_days}}" in html
    assert "thirty (30) days" in html


def test_words_typed_against_an_old_version_are_kept_beside_the_newer(cast):
    agreement = stage.drafted_agreement(cast)
    seen = agreement.version
    actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text="By letter.")

    response = cast.client(cast.mika).post(
        address("clause", agreement, "notices"), {"text": "By telegram.", "version": seen}
    )

    html = response.content.decode()
    assert response.status_code == 409
    assert "By telegram." in html
    assert "By letter." in html


@pytest.mark.parametrize(
    "text",
    ["", "  ", "By {{nonsense}}", "x" * 1_000_000, "a\x00b", "See {{clause:nothing}}"],
    ids=["none", "blank", "nonsense", "megabyte", "null", "no-such-clause"],
)
def test_words_that_cannot_be_a_clause_are_said_beside_the_field(cast, text):
    agreement = stage.drafted_agreement(cast)

    response = cast.client(cast.mika).post(
        address("clause", agreement, "notices"), {"text": text, "version": agreement.version}
    )

    assert response.status_code == 422
    assert 'href="#id_text"' in response.content.decode()
    assert not fresh(agreement).clauses.get(code="notices").departs


def test_markup_in_a_clause_is_shown_as_text(cast):
    agreement = stage.drafted_agreement(cast)
    hostile = "<script>alert(1)</script> #import \u202eevil"
    actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text=hostile)

    html = cast.client(cast.mika).get(address("clause", agreement, "notices")).content.decode()

    assert "<script>alert(1)" not in html
    assert "[U+202E]evil" in html


def test_a_clause_of_ones_own_is_added_after_another_and_reworded_with_its_heading(cast):
    agreement = stage.drafted_agreement(cast)
    client = cast.client(cast.mika)

    client.post(
        address("add-clause", agreement),
        {"after": "notices", "heading": "Pigeons", "text": "No pigeons.", "version": agreement.version},
    )
    order = codes(agreement)
    own = order[order.index("notices") + 1]
    client.post(
        address("clause", agreement, own),
        {"heading": "Doves", "text": "No doves.", "version": fresh(agreement).version},
    )

    clause = fresh(agreement).clauses.get(code=own)
    assert (clause.heading, clause.text, clause.is_added) == ("Doves", "No doves.", True)


def test_clauses_are_moved_left_out_and_put_back(cast):
    agreement = stage.drafted_agreement(cast)
    client, order = cast.client(cast.mika), codes(agreement)
    last = order[-1]

    client.post(address("move-clause", agreement, last), {"after": order[0]})
    assert codes(agreement)[1] == last
    client.post(address("move-clause", agreement, last), {"after": ""})
    assert codes(agreement)[0] == last
    client.post(address("remove-clause", agreement, last))
    assert last not in codes(agreement)
    outline = client.get(address("outline", agreement)).content.decode()
    assert "In the model, not in the text" in outline
    assert address("restore-clause", agreement, last) in outline
    client.post(address("restore-clause", agreement, last))
    assert last in codes(agreement)


def test_a_clause_that_another_refers_to_is_not_left_out(cast):
    agreement = stage.drafted_agreement(cast)
    agreement = actions.word_clause(
        agreement, "definitions", actor=cast.actor(cast.mika), text="As {{clause:notices}} says."
    )

    response = cast.client(cast.mika).post(address("remove-clause", agreement, "notices"))

    assert response.status_code == 422
    assert "clause:notices" in response.content.decode()
    assert "notices" in codes(agreement)


@pytest.mark.parametrize("verb", ["move-clause", "remove-clause", "restore-clause"])
def test_verbs_on_a_clause_that_is_not_there_change_nothing(cast, verb):
    agreement = stage.drafted_agreement(cast)

    response = cast.client(cast.mika).post(address(verb, agreement, "nothing"), {"after": ""})

    assert response.status_code == 422
    assert fresh(agreement).version == agreement.version


def test_a_clause_that_was_left_out_still_shows_its_wordings(cast):
    agreement = stage.drafted_agreement(cast)
    actions.remove_clause(agreement, "notices", actor=cast.actor(cast.mika))

    html = cast.client(cast.mika).get(address("clause", agreement, "notices")).content.decode()

    assert "not in the text" in html
    assert "Put the clause back" in html


# Who, and when.


PAGES = [
    ("outline", ()),
    ("profile", ()),
    ("chapter", ("results",)),
    ("guide", ()),
    ("clause", ("notices",)),
    ("choose-alternate", ("periods", "working")),
    ("add-clause", ()),
    ("languages", ()),
]
VERBS = [
    ("chapter", ("results",)),
    ("guide", ()),
    ("choose-alternate", ("periods", "working")),
    ("add-clause", ()),
    ("move-clause", ("notices",)),
    ("remove-clause", ("notices",)),
    ("restore-clause", ("notices",)),
    ("profile", ()),
]


@pytest.mark.parametrize(("name", "more"), PAGES)
def test_a_draft_is_nowhere_for_everybody_else(cast, name, more):
    agreement = stage.drafted_agreement(cast)

    for person in (cast.lucien, cast.tara, cast.sora, cast.noor, cast.olga, cast.emil, cast.nils):
        assert cast.client(person).get(address(name, agreement, *more)).status_code == 404
    assert cast.client(None).get(address(name, agreement, *more)).status_code == 302
    assert cast.client(cast.kenji).get(address(name, agreement, *more)).status_code == 200


@pytest.mark.parametrize(("name", "more"), VERBS)
def test_a_signatory_of_the_drafter_reads_but_does_not_edit(cast, name, more):
    agreement = stage.drafted_agreement(cast)
    before = Event.objects.count()

    assert cast.client(cast.kenji).post(address(name, agreement, *more)).status_code == 403
    assert Event.objects.count() == before


@pytest.mark.parametrize(("name", "more"), VERBS)
def test_a_shared_text_is_not_edited_any_more(cast, name, more):
    agreement = stage.shared_agreement(cast)
    before = Event.objects.count()

    for person in (cast.mika, cast.lucien):
        response = cast.client(person).post(address(name, agreement, *more), {"version": agreement.version})
        assert response.status_code == 409
        assert "propose a change" in response.content.decode()
    assert (fresh(agreement).status, Event.objects.count()) == (Status.NEGOTIATING, before)


def test_pages_ask_no_more_of_the_database_with_more_clauses(cast, django_assert_max_num_queries):
    agreement = stage.drafted_agreement(cast)
    client = cast.client(cast.mika)
    for name, more in PAGES:
        client.get(address(name, agreement, *more))
        with django_assert_max_num_queries(20):
            client.get(address(name, agreement, *more))
