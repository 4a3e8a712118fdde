"""Other answers in the text that an amendment amends: proposed, countered and proposed again on pages."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from projects.agreements import actions
from projects.agreements.models import Agreement, Decision, Operation, Part
from tests import stage
from tests.kept import kept
from tests.projects.agreements.negotiating import accepted, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def amendment(cast) -> Agreement:
    """Of JAXA, shared with ESA, to an agreement in force between them."""
    mika = cast.actor(cast.mika)
    drafted = actions.draft_amendment(stage.agreement_in_force(cast), actor=mika)
    return fresh(actions.share(drafted, actor=mika))


def address(name, amendment, *more, query=""):
    return reverse(f"agreements:{name}", args=[amendment.ref, *more]) + query


def get(cast, person, path):
    return cast.client(person).get(path)


def post(cast, person, path, **sent):
    return cast.client(person).post(path, {"once": str(uuid.uuid4()), **sent})


def sent(profile, **changed):
    """What the form sends when only these answers were touched."""
    said = {key: value for key, value in profile.items() if value not in (False, "")}
    return {**said, "operation": "answer", "part": "amended", **changed}


def propose(cast, person, amendment, **answers):
    return actions.propose_change(
        amendment, actor=cast.actor(person), operation="answer", part=Part.AMENDED, answers=answers
    )


def test_the_text_leads_to_the_questions_of_both_texts(cast, amendment):
    page = get(cast, cast.lucien, address("agreement", amendment)).content.decode()

    assert "?operation=answer&amp;part=amended" in page
    own = get(cast, cast.lucien, address("propose", amendment, query="?operation=answer")).content.decode()
    amended = get(cast, cast.lucien, address("propose", amendment, query="?operation=answer&part=amended"))
    assert 'name="cure_days"' not in own
    assert 'name="cure_days"' in amended.content.decode()
    assert amendment.parent.title in amended.content.decode()


def test_an_agreement_that_amends_nothing_leads_to_its_own_questions_alone(cast):
    agreement = stage.shared_agreement(cast)

    assert "part=amended" not in get(cast, cast.lucien, address("agreement", agreement)).content.decode()
    page = get(cast, cast.lucien, address("propose", agreement, query="?operation=answer&part=amended"))
    assert 'name="part" value="own"' in page.content.decode()


def test_other_answers_are_proposed_shown_and_accepted(cast, amendment):
    before = amendment.amended_profile["cure_days"]
    path = address("propose", amendment)

    done = post(cast, cast.lucien, path, **sent(amendment.amended_profile, cure_days="45", note="More time."))
    page = get(cast, cast.mika, address("change", amendment, 1)).content.decode()
    change = accepted(cast, amendment, amendment.changes.get(), cast.mika)

    assert (done.status_code, done["Location"]) == (302, address("change", amendment, 1))
    assert (change.part, change.answers) == (Part.AMENDED, {"cure_days": 45})
    assert "This changes the profile of the text that is amended:" in page
    assert f"{before} days" in page
    assert "forty-five (45)" in page
    assert (fresh(amendment).amended_profile["cure_days"], change.status) == (45, Decision.ACCEPTED)
    assert fresh(amendment).profile == amendment.profile


def test_a_counter_asks_the_same_questions_filled_with_what_is_countered(cast, amendment):
    propose(cast, cast.lucien, amendment, cure_days=45)
    path = address("counter-change", amendment, 1)

    page = get(cast, cast.mika, path).content.decode()
    done = post(cast, cast.mika, path, **sent({**amendment.amended_profile, "cure_days": "50"}))

    assert 'value="45"' in page[page.index('name="cure_days"') - 200 : page.index('name="cure_days"') + 200]
    assert done.status_code == 302
    countered = amendment.changes.get(number=2)
    assert (countered.part, countered.answers) == (Part.AMENDED, {"cure_days": 50})


def test_what_came_to_nothing_is_proposed_again_with_its_answers(cast, amendment):
    propose(cast, cast.lucien, amendment, cure_days=45)
    actions.refuse_change(amendment, 1, actor=cast.actor(cast.mika), reason="No.")

    page = get(cast, cast.lucien, address("change", amendment, 1)).content.decode()
    again = f"?operation={Operation.ANSWER}&part={Part.AMENDED}&again=1"
    form = get(cast, cast.lucien, address("propose", amendment, query=again)).content.decode()

    assert again.replace("&", "&amp;") in page
    assert 'value="45"' in form[form.index('name="cure_days"') - 200 : form.index('name="cure_days"') + 200]


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        pytest.param({}, "These are the answers already.", id="nothing new"),
        pytest.param({"cure_days": "9999999", "note": "Kept."}, "Kept.", id="out of bounds"),
        pytest.param({"due_on": "1999-01-01", "cure_days": "45"}, "A day to come", id="a day that has passed"),
    ],
)
def test_bad_answers_are_said_and_kept(cast, amendment, changed, kept):
    response = post(cast, cast.lucien, address("propose", amendment), **sent(amendment.amended_profile, **changed))

    assert response.status_code == 422
    assert kept in response.content.decode()
    assert 'name="part" value="amended"' in response.content.decode()
    assert not amendment.changes.exists()


def test_answers_that_were_read_before_the_text_changed_are_refused_and_kept(cast, amendment):
    accepted(cast, amendment, propose(cast, cast.mika, amendment, confidentiality_years=7), cast.lucien)

    response = post(
        cast, cast.lucien, address("propose", amendment),
        **sent(amendment.amended_profile, cure_days="45", version=amendment.revision),
    )  # fmt: skip

    assert response.status_code == 409
    assert "45" in response.content.decode()


@pytest.mark.parametrize("part", ["", "amended ", "\x00", "x" * 5000, "OWN"])
def test_nonsense_for_a_part_is_the_text_itself(cast, amendment, part):
    response = cast.client(cast.lucien).get(address("propose", amendment), {"operation": "answer", "part": part})

    assert response.status_code == 200
    assert 'name="part" value="own"' in response.content.decode()


def test_a_signatory_and_a_stranger_propose_no_answers(cast, amendment):
    typed = sent(amendment.amended_profile, cure_days="45")

    assert post(cast, cast.kenji, address("propose", amendment), **typed).status_code == 403
    assert post(cast, cast.tara, address("propose", amendment), **typed).status_code == 404
