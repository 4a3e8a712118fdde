"""What the text page of an agreement asks of the database: at most twelve queries, however much is open in it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.models import InstrumentKind
from projects.agreements import actions
from projects.agreements.document import draft_document
from projects.agreements.models import Agreement, Clause, Comment, ModelClause, Party
from projects.models import Participation
from tests import cast as casting
from tests import stage
from tests.projects.agreements import granted, outside
from tests.projects.agreements.negotiating import answer, fresh, reword

MOST = 12
# An amendment that touches what third parties rely on reads who they are, and who has consented to this text.
MOST_WITH_THIRD_PARTIES = 14
CLAUSES, PARTIES, COMMENTS, CHANGES = 80, 12, 300, 30


def asked_by_page(cast, agreement, person, query=""):
    """The page, and how many queries it took once everything that a process keeps was read."""
    path = f"{reverse('agreements:agreement', args=[agreement.ref])}{query}"
    client = cast.client(person)
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(path)
    assert page.status_code == 200
    return page.content.decode(), len(asked)


@pytest.fixture
def project(cast):
    return stage.with_register(cast, stage.accepted_project(cast))


def with_everything_open(cast, agreement):
    """Other words and other answers proposed, access rights granted, a third party named, two languages more."""
    mika = cast.actor(cast.mika)
    reword(cast, agreement, cast.mika)
    answer(cast, agreement, cast.mika, term_years=2)
    granted.right(cast, agreement, holder=cast.esa, grantor=cast.jaxa)
    granted.right(cast, agreement, holder=cast.jaxa, grantor=cast.esa)
    actions.name_beneficiary(fresh(agreement), actor=mika, agency=cast.isro, code="notices")
    return actions.set_languages(fresh(agreement), actor=mika, languages=["fr", "ja"])


def test_a_large_negotiation_takes_twelve_queries(cast, project):
    agreement = stage.shared_agreement(cast, project=project)
    _make_large(cast, agreement)
    answer(cast, agreement, cast.mika, term_years=2)

    page, asked = asked_by_page(cast, agreement, cast.lucien, "?clause=notices")

    agreement = fresh(agreement)
    assert (agreement.clauses.count(), agreement.parties.count()) == (CLAUSES, PARTIES)
    assert (agreement.comments.count(), agreement.changes.count()) == (COMMENTS, CHANGES + 1)
    assert page.count("Accept for ESA") > CHANGES
    assert asked <= MOST


def test_whatever_is_open_in_a_text_takes_twelve_queries(cast, project):
    agreement = with_everything_open(cast, stage.shared_agreement(cast, project=project))

    page, asked = asked_by_page(cast, agreement, cast.lucien, "?clause=notices")

    assert "Your answer" in page
    assert asked <= MOST


@pytest.mark.parametrize(
    ("reached", "person"),
    [
        (stage.drafted_agreement, "mika"),
        (stage.shared_agreement, "lucien"),
        (stage.frozen_agreement, "lucien"),
        (stage.frozen_agreement, "kenji"),
        (stage.signed_agreement, "lucien"),
        (stage.agreement_in_force, "lucien"),
    ],
)
def test_every_state_takes_twelve_queries(cast, project, reached, person):
    agreement = reached(cast, project=project)

    assert asked_by_page(cast, agreement, getattr(cast, person))[1] <= MOST


@pytest.mark.parametrize("person", ["mika", "kenji", "lucien"])
def test_what_waits_beside_a_place_takes_twelve_queries(cast, project, person):
    agreement = stage.frozen_agreement(cast, project=project)
    consent = stage.given_consent(agreement, cast.kenji, ad_referendum=True)
    actions.sign(agreement, actor=cast.actor(cast.kenji), consent=consent, proof=stage.proof())
    outside.submit(cast, agreement, cast.lucien)

    page, asked = asked_by_page(cast, agreement, getattr(cast, person))

    assert "Ad referendum, to be confirmed" in page
    assert "Handed in, waits for JAXA" in page
    assert asked <= MOST


def test_a_text_that_all_agree_to_takes_twelve_queries_under_another_too(cast, project):
    umbrella = stage.agreement_in_force(cast, project=project, kind="memorandum")
    agreement = actions.share(stage.drafted_agreement(cast, project, parent=umbrella), actor=cast.actor(cast.mika))
    agreement = stage.agree(cast, agreement)

    assert asked_by_page(cast, agreement, cast.lucien)[1] <= MOST


@pytest.mark.parametrize("kind", [InstrumentKind.MEMORANDUM, InstrumentKind.IMPLEMENTING, InstrumentKind.DATA_EXCHANGE])
def test_contributions_cost_the_same_however_many_take_part(cast, project, kind):
    agreement = stage.shared_agreement(cast, project=project, kind=kind)
    few = asked_by_page(cast, agreement, cast.lucien)[1]
    for number in range(5):
        agency = casting._agency(f"AG{number}", f"Agency {number}", "", "en", "NO", "Oslo", "Europe/Oslo")
        Participation.objects.create(
            project=project, agency=agency, agency_name=agency.legal_name, status="accepted",
            joined_on=timezone.now().date(),
            answered_at=timezone.now(), answered_by=cast.tara, terms_number=1,
        )  # fmt: skip

    # Those that the agreement does not name are read together.
    assert asked_by_page(cast, agreement, cast.lucien)[1] == few + 1 <= MOST


def test_an_amendment_takes_twelve_queries_from_its_draft_to_its_signing(cast, project):
    mika = cast.actor(cast.mika)
    agreement = stage.agreement_in_force(cast, project=project)
    amendment = actions.draft_amendment(agreement, actor=mika)
    asked = [asked_by_page(cast, amendment, cast.mika)[1]]
    amendment = actions.share(amendment, actor=mika)
    change = actions.propose_change(
        amendment, actor=mika, operation="answer", part="amended", answers={"term_years": 9}
    )
    asked.append(asked_by_page(cast, amendment, cast.lucien)[1])
    actions.accept_change(amendment, change.number, actor=cast.actor(cast.lucien))
    amendment = stage.agree(cast, fresh(amendment))
    asked.append(asked_by_page(cast, amendment, cast.lucien)[1])

    assert max(asked) <= MOST


def test_an_amendment_of_what_third_parties_rely_on_takes_fourteen(cast, project):
    amendment = _touching_a_third_party(cast, project)

    page, asked = asked_by_page(cast, stage.agree(cast, amendment), cast.lucien)

    assert "their consent is missing: ISRO" in page
    assert asked <= MOST_WITH_THIRD_PARTIES


def test_what_was_read_along_says_what_the_rows_say(cast, project):
    agreement = with_everything_open(cast, stage.shared_agreement(cast, project=project))
    amendment = _touching_a_third_party(cast, project)

    for one in (agreement, amendment):
        assert draft_document(Agreement.objects.for_pages().get(pk=one.pk)) == draft_document(fresh(one))


def test_a_third_party_that_was_named_after_the_page_was_read_stands_in_the_next(cast, project):
    agreement = stage.shared_agreement(cast, project=project)
    before, _asked = asked_by_page(cast, agreement, cast.lucien)

    actions.name_beneficiary(fresh(agreement), actor=cast.actor(cast.mika), agency=cast.isro, code="notices")

    rows = draft_document(Agreement.objects.for_pages().get(pk=agreement.pk))["annexes"][-1]["rows"]
    assert [row["agency"] for row in rows] == [cast.isro.legal_name]
    assert asked_by_page(cast, agreement, cast.lucien)[0] != before


def test_what_operators_offer_shows_at_once_in_what_other_answers_would_change(cast, project):
    agreement = stage.shared_agreement(cast, project=project)
    answer(cast, agreement, cast.mika, liability="cross_waiver")
    asked = asked_by_page(cast, agreement, cast.lucien)[1]

    offered = _offer("cross_waiver", "Breakages.")
    page, with_added = asked_by_page(cast, agreement, cast.lucien)
    ModelClause.objects.filter(pk=offered.pk).update(is_current=False)

    assert "Breakages." in page
    assert "Breakages." not in asked_by_page(cast, agreement, cast.lucien)[0]
    assert asked == with_added <= MOST


def test_what_operators_offer_for_the_amended_text_counts_in_the_amendment(cast, project):
    agreement = stage.agreement_in_force(cast, project=project)
    mika = cast.actor(cast.mika)
    amendment = actions.share(actions.draft_amendment(agreement, actor=mika), actor=mika)
    actions.propose_change(
        amendment, actor=mika, operation="answer", part="amended", answers={"liability": "cross_waiver"}
    )

    _offer("cross_waiver", "Breakages.")
    _offer("cross_waiver", "Elsewhere-only.", kind="nda")
    page, asked = asked_by_page(cast, amendment, cast.lucien)

    assert "Breakages." in page
    assert "Elsewhere-only." not in page
    assert asked <= MOST


def _offer(liability, words, kind="ip_sharing"):
    return ModelClause.objects.create(
        kind=kind, code="liability", heading="Liability", group="risk", alternate="ours", label="Ours",
        note="Read it before you choose it.", text=words, when={"liability": liability},
    )  # fmt: skip


def _touching_a_third_party(cast, project):
    """An amendment of a clause on which ISRO may rely, shared."""
    mika = cast.actor(cast.mika)
    agreement = actions.name_beneficiary(
        stage.drafted_agreement(cast, project), actor=mika, agency=cast.isro, code="notices", words="To be told."
    )
    agreement = stage.agree(cast, actions.share(agreement, actor=mika))
    agreement = actions.freeze(agreement, actor=mika)
    for person in (cast.kenji, cast.ingrid):
        stage.sign(cast, agreement, person)
    agreement = actions.enter_into_force(fresh(agreement), actor=mika)
    granted.right(cast, agreement, holder=cast.esa, grantor=cast.jaxa)
    amendment = actions.draft_amendment(agreement, actor=mika)
    amendment = actions.word_clause(amendment, "notices", actor=mika, text="By letter.")
    return actions.share(amendment, actor=mika)


def _make_large(cast, agreement):
    """Eighty clauses, twelve parties, thirty changes, three hundred comments."""
    for number in range(PARTIES - 2):
        agency = casting._agency(f"AG{number}", f"Agency {number}", "", "en", "NO", "Oslo", "Europe/Oslo")
        Party.objects.create(agreement=agreement, agency=agency, agency_name=agency.legal_name, position=3 + number)
    first = agreement.clauses.count() + 1
    Clause.objects.bulk_create(
        Clause(
            agreement=agreement, code=f"further-{number}", position=number, group="life", heading=f"Duty {number}",
            template="At once.", text="At once.", is_added=True, departs=True, revision=1,
        )
        for number in range(first, CLAUSES + 1)
    )  # fmt: skip
    codes = list(agreement.clauses.order_by("position").values_list("code", flat=True))
    for code in codes[:CHANGES]:
        reword(cast, agreement, cast.mika, code=code, text="Otherwise.")
    Comment.objects.bulk_create(
        Comment(
            agreement=agreement, code=codes[number % CLAUSES], agency=cast.jaxa, person=cast.mika,
            audience="shared" if number % 2 else "internal", words=f"Remark {number}.",
        )
        for number in range(COMMENTS)
    )  # fmt: skip
