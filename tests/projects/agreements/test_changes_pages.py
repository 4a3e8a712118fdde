"""Negotiation in pages: what is open is seen where it is open, every answer works without scripts, nothing typed is lost."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.agreements import actions
from projects.agreements.models import Change, Comment, Decision, Party
from tests import cast as casting
from tests import stage
from tests.projects.agreements.negotiating import accepted, answer, current_hash, fresh, reword, text_of, three_parties

# Who reads and what waits for them, five; the agreement with all that is open in it, its parties and clauses; its annexes.
QUERIES = 10


def address(name, agreement, *more):
    return reverse(f"agreements:{name}", args=[agreement.ref, *more])


def get(cast, person, path):
    return cast.client(person).get(path).content.decode()


def post(cast, person, path, **sent):
    return cast.client(person).post(path, {"once": str(uuid.uuid4()), **sent})


def test_a_proposal_is_a_redline_in_its_clause_and_waits_for_who_has_not_answered(cast):
    agreement = three_parties(cast)
    template = agreement.clauses.get(code="notices").template
    reword(cast, agreement, cast.lucien, text=f"{template} Pigeons are no notice.")

    page = get(cast, cast.mika, address("agreement", agreement))

    assert re.search(r"<ins>.*Pigeons are no notice\..*</ins>", page)
    assert "Still open: 1 of" in page
    assert "Round 1 waits for JAXA, ISRO" in page or "Round 1 waits for JAXA and ISRO" in page
    assert "Your answer" in page
    assert "Accept for JAXA" in page
    assert "Withdraw it" not in page
    own = get(cast, cast.lucien, address("agreement", agreement))
    assert "Accept for ESA" not in own
    assert "Withdraw it" in own


def test_the_list_says_whose_turn_it_is(cast):
    agreement = stage.shared_agreement(cast)
    reword(cast, agreement, cast.lucien)

    assert "Round 1 waits for JAXA" in get(cast, cast.mika, reverse("agreements:list"))


def test_other_answers_are_shown_old_and_new_with_every_clause_that_follows_them(cast):
    agreement = stage.shared_agreement(cast)
    old = agreement.profile["cure_days"]
    answer(cast, agreement, cast.lucien, cure_days=45)

    page = get(cast, cast.mika, address("agreement", agreement))

    effect = page[page.index('class="clause-effect"') :]
    assert f"{old} days" in effect
    assert "45 days" in effect
    assert "forty-five (45) days" in page


def test_a_new_clause_is_shown_after_the_clause_that_it_follows(cast):
    agreement = stage.shared_agreement(cast)
    actions.propose_change(
        agreement, actor=cast.actor(cast.lucien), operation="add", heading="Pigeons", text="None.", after="notices"
    )

    page = get(cast, cast.mika, address("agreement", agreement))

    assert page.index('id="notices"') < page.index("Pigeons</h3>")


def test_a_change_is_proposed_accepted_and_applied_in_pages(cast):
    agreement = stage.shared_agreement(cast)

    proposed = post(cast, cast.lucien, address("clause", agreement, "notices"), operation="reword", text="By letter.",
                    version="1", note="Simpler.")  # fmt: skip
    assert (proposed.status_code, proposed["Location"]) == (302, address("change", agreement, 1))
    assert "Simpler." in get(cast, cast.mika, proposed["Location"])
    done = post(cast, cast.mika, address("accept-change", agreement, 1))

    assert done.status_code == 302
    assert text_of(agreement, "notices") == "By letter."


@pytest.mark.parametrize(
    ("operation", "sent", "status"),
    [
        ("move", {"after": ""}, 302),
        ("remove", {}, 302),
        ("restore", {}, 422),
        ("reword", {"text": ""}, 422),
        ("move", {"after": "no-such-clause"}, 422),
        ("burn", {"text": "Ashes."}, 302),
    ],
)
def test_each_kind_of_change_has_its_form_on_the_page_of_the_clause(cast, operation, sent, status):
    agreement = stage.shared_agreement(cast)

    response = post(cast, cast.lucien, address("clause", agreement, "notices"), operation=operation, **sent)

    assert response.status_code == status
    assert Change.objects.exists() is (status == 302)


def test_a_clause_and_answers_are_proposed_in_pages(cast):
    agreement = stage.shared_agreement(cast)
    path = address("propose", agreement)

    added = post(cast, cast.lucien, path, operation="add", heading="Pigeons", text="None.", after="notices")
    page = get(cast, cast.lucien, f"{path}?operation=answer")
    answers = {key: value for key, value in agreement.profile.items() if value not in (False, "")}
    answered = post(cast, cast.lucien, path, **{**answers, "operation": "answer", "cure_days": "45"})

    assert (added.status_code, answered.status_code) == (302, 302)
    assert 'name="cure_days"' in page
    assert agreement.changes.get(operation="add").after == "notices"
    assert agreement.changes.get(operation="answer").answers == {"cure_days": 45}


def test_bad_input_is_said_beside_its_field_and_nothing_typed_is_lost(cast):
    agreement = stage.shared_agreement(cast)

    bad = post(
        cast, cast.lucien, address("clause", agreement, "notices"), text="By {{pigeon}}", note="They know the way."
    )
    new = post(cast, cast.lucien, address("propose", agreement), operation="add", heading="", text="Kept words.")
    refused = reword(cast, agreement, cast.lucien)
    reason = post(cast, cast.mika, address("refuse-change", agreement, refused.number), reason=" ")
    other = post(cast, cast.mika, address("counter-change", agreement, refused.number), text="By {{crow}}")

    for response, kept in ((bad, "By {{pigeon}}"), (bad, "They know the way."), (new, "Kept words."),
                           (reason, "Reason"), (other, "By {{crow}}")):  # fmt: skip
        assert response.status_code == 422
        assert kept in response.content.decode()
    assert agreement.changes.count() == 1


def test_a_clause_of_a_megabyte_is_refused_in_words(cast):
    agreement = stage.shared_agreement(cast)

    response = post(cast, cast.lucien, address("clause", agreement, "notices"), text="x" * 1_000_000)

    assert response.status_code == 422
    assert "at most 20,000 characters" in response.content.decode()


def test_hostile_words_of_a_proposal_are_shown_as_words(cast):
    agreement = stage.shared_agreement(cast)
    text = "<script>alert(1)</script> #set page(fill: red) **bold** \u202e0001"
    reword(cast, agreement, cast.lucien, text=text)

    for path in (address("agreement", agreement), address("change", agreement, 1), address("changes", agreement)):
        page = get(cast, cast.mika, path)
        assert "<script>alert(1)" not in page
        assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #set page(fill: red) **bold** [U+202E]0001" in get(
        cast, cast.mika, address("change", agreement, 1)
    )


def test_refusing_and_countering_in_pages(cast):
    agreement = stage.shared_agreement(cast)
    first, second = reword(cast, agreement, cast.lucien), reword(cast, agreement, cast.lucien, "names", "None.")

    countered = post(cast, cast.mika, address("counter-change", agreement, first.number), text="By letter or e-mail.")
    refused = post(cast, cast.mika, address("refuse-change", agreement, second.number), reason="We like ours.")

    assert (countered.status_code, refused.status_code) == (302, 302)
    page = get(cast, cast.lucien, address("change", agreement, second.number))
    assert "We like ours." in page
    assert "Propose it again on the new words" in page
    assert "Countered by change 3" in get(cast, cast.lucien, address("change", agreement, first.number))


def test_an_overtaken_proposal_can_be_made_again_with_its_words(cast):
    agreement = stage.shared_agreement(cast)
    ours = reword(cast, agreement, cast.mika, text="By telegram only.")
    accepted(cast, agreement, reword(cast, agreement, cast.lucien), cast.mika)

    page = get(cast, cast.mika, address("change", agreement, ours.number))
    again = f"{address('clause', agreement, 'notices')}?again={ours.number}"

    assert again in page
    assert "By telegram only." in get(cast, cast.mika, again)


@pytest.mark.parametrize("number", ["99", "0", "-1", "x", "9" * 30, "1e3", ""])
def test_nonsense_to_propose_again_is_no_error_of_ours(cast, number):
    agreement = stage.shared_agreement(cast)

    for path in (address("clause", agreement, "notices"), address("propose", agreement)):
        assert cast.client(cast.mika).get(path, {"again": number, "operation": number}).status_code == 200


def test_changes_are_listed_by_round_and_filtered_by_status(cast):
    agreement = stage.shared_agreement(cast)
    accepted(cast, agreement, reword(cast, agreement, cast.lucien), cast.mika)
    reword(cast, agreement, cast.mika, "names", "None.")

    everything = get(cast, cast.mika, address("changes", agreement))
    waiting = get(cast, cast.mika, f"{address('changes', agreement)}?status=open")

    assert everything.index("Round 2") < everything.index("Round 1")
    assert "Change 1" in everything
    assert "Change 1<" not in waiting
    assert "Change 2<" in waiting
    assert cast.client(cast.mika).get(address("changes", agreement), {"status": "\x00"}).status_code == 200


def test_a_decided_change_keeps_its_redline(cast):
    agreement = stage.shared_agreement(cast)
    change = reword(cast, agreement, cast.lucien)
    accepted(cast, agreement, change, cast.mika)

    page = get(cast, cast.mika, address("change", agreement, change.number))

    assert "<ins>" in page
    assert "<del>" in page
    assert "It brought revision 2." in page


def test_comments_are_written_answered_resolved_and_widened_in_pages(cast):
    agreement = stage.shared_agreement(cast)

    said = post(
        cast, cast.mika, address("comment", agreement), words="Forty days?", code="notices", audience="internal"
    )
    comment = Comment.objects.get()
    shown = get(cast, cast.mika, f"{address('agreement', agreement)}?clause=notices&answer={comment.pk}")
    post(cast, cast.kenji, address("comment", agreement), words="Yes.", reply_to=comment.pk, audience="internal")
    asked = get(cast, cast.mika, address("widen-comment", agreement, comment.pk))
    widened = post(cast, cast.mika, address("widen-comment", agreement, comment.pk))
    post(cast, cast.mika, address("resolve-comment", agreement, comment.pk))

    assert said["Location"] == f"{address('agreement', agreement)}?clause=notices#notices"
    assert "In answer to Mika Hoshino" in shown
    assert f'name="reply_to" value="{comment.pk}"' in shown
    assert "ESA" in asked
    assert "This cannot be taken back." in asked
    assert widened.status_code == 302
    comment.refresh_from_db()
    assert not comment.is_internal
    assert comment.resolved_at is not None
    assert Comment.objects.get(words="Yes.").is_internal


def test_a_comment_that_cannot_be_kept_comes_back_with_its_words(cast):
    agreement = stage.shared_agreement(cast)
    secret = post(cast, cast.mika, address("comment", agreement), words="Inside.")
    inside = Comment.objects.get()

    shared = post(cast, cast.mika, address("comment", agreement), words="Kept words.", reply_to=inside.pk,
                  audience="shared")  # fmt: skip

    assert secret.status_code == 302
    assert shared.status_code == 422
    assert "Kept words." in shared.content.decode()
    assert Comment.objects.count() == 1


def test_brackets_and_approvals_have_their_pages(cast):
    agreement = stage.shared_agreement(cast)

    placed = post(cast, cast.mika, address("place-bracket", agreement, "notices"), note="Which office?")
    bad = post(cast, cast.mika, address("place-bracket", agreement, "notices"), words="no such words here")
    bracket = agreement.brackets.get()
    lifted = post(cast, cast.mika, address("lift-bracket", agreement, bracket.pk))
    asked = post(cast, cast.mika, address("approvals", agreement), kind_1="legal", words_1="Counsel")
    shown = current_hash(cast, agreement, cast.mika)
    given = post(cast, cast.mika, address("approve", agreement, 1), sha256=shown, note="Fine.")
    taken = post(cast, cast.mika, address("take-back-approval", agreement, 1))

    assert [row.status_code for row in (placed, bad, lifted, asked, given, taken)] == [302, 422, 302, 302, 302, 302]
    assert "no such words here" in bad.content.decode()


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("changes", ()), ("propose", ()), ("change", (1,)), ("refuse-change", (1,)), ("counter-change", (1,)),
        ("place-bracket", ("notices",)), ("approvals", ()),
    ],
)  # fmt: skip
def test_strangers_meet_404_on_every_page(cast, name, more):
    agreement = stage.shared_agreement(cast)
    reword(cast, agreement, cast.lucien)

    for person in (cast.tara, cast.sora, cast.noor, cast.olga, cast.emil, cast.nils):
        assert cast.client(person).get(address(name, agreement, *more)).status_code == 404
    assert cast.client(cast.kenji).get(address(name, agreement, *more)).status_code == 200


def test_two_clicks_propose_once(cast):
    agreement = stage.shared_agreement(cast)
    client = cast.client(cast.lucien)
    sent = {"once": str(uuid.uuid4()), "operation": "reword", "text": "By letter.", "version": "1"}

    answers = [client.post(address("clause", agreement, "notices"), sent) for _ in range(2)]

    assert [row.status_code for row in answers] == [302, 302]
    assert Change.objects.count() == 1


@pytest.mark.parametrize("about", ["no-such-clause", "../", "\x00", "x" * 500, "notices&answer=99999999999999999999"])
def test_talk_about_nonsense_is_talk_about_the_text(cast, about):
    agreement = stage.shared_agreement(cast)

    assert cast.client(cast.mika).get(address("agreement", agreement), {"clause": about}).status_code == 200


def test_a_long_negotiation_is_read_in_as_many_queries_as_a_short_one(cast):
    agreement = stage.shared_agreement(cast, project=stage.with_register(cast, stage.accepted_project(cast)))
    reword(cast, agreement, cast.mika)
    client, path = cast.client(cast.lucien), f"{address('agreement', agreement)}?clause=notices"
    client.get(path)

    with CaptureQueriesContext(connection) as few:
        client.get(path)
    _negotiate_at_length(cast, agreement)
    with CaptureQueriesContext(connection) as many:
        page = client.get(path).content.decode()

    assert page.count("change 1") >= 10
    assert len(many) == len(few) <= QUERIES


def _negotiate_at_length(cast, agreement):
    """Twelve parties, twenty changes more, three hundred comments."""
    mika = cast.actor(cast.mika)
    for code in list(agreement.clauses.values_list("code", flat=True))[:20]:
        template = agreement.clauses.get(code=code).template
        actions.propose_change(agreement, actor=mika, operation="reword", code=code, text=f"{template} At once.")
    for number in range(10):
        agency = casting._agency(f"AG{number}", f"Agency {number}", "", "en", "NO", "Oslo", "Europe/Oslo")
        Party.objects.create(agreement=agreement, agency=agency, agency_name=agency.legal_name, position=3 + number)
    codes = list(agreement.clauses.values_list("code", flat=True))
    Comment.objects.bulk_create(
        Comment(
            agreement=agreement, code=codes[number % len(codes)], agency=cast.jaxa, person=cast.mika,
            audience="shared" if number % 2 else "internal", words=f"Remark {number}.",
        )
        for number in range(300)
    )  # fmt: skip


def test_the_text_that_every_party_accepted_is_said_to_be_agreed(cast):
    agreement = stage.shared_agreement(cast)
    change = reword(cast, agreement, cast.lucien)
    accepted(cast, agreement, change, cast.mika)

    page = get(cast, cast.mika, address("agreement", agreement))

    clause = page[page.index('id="notices"') :]
    assert "Agreed by all" in clause[: clause.index("</header>")]
    assert fresh(agreement).changes.get().status == Decision.ACCEPTED
