"""The sheet at the end of the PDF to be signed: whose text it belongs to, and a line for each signature that its places need."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from portal.history.models import Event
from projects import actions as project_actions
from projects.agreements import actions
from projects.agreements.signing.lines import lines_to_sign
from projects.agreements.signing.outside import pdf_to_sign
from projects.agreements.typesetting import Block, Named, render_pdf
from tests import stage
from tests.projects.agreements import foreign
from tests.projects.agreements.documents import HOSTILE, document, party
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.outside import certify, submit_pdf
from tests.projects.agreements.signing import name, opened, planned, signatory

FROZEN = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def sheets(pdf: bytes) -> list[str]:
    """The words of each page of the sheet, each run of spaces as one."""
    pages = [page.extract_text().replace("\u200b", "") for page in PdfReader(io.BytesIO(pdf)).pages]
    return [" ".join(words.split()) for words in pages if "Signatures under" in words]


def spelled(sha256: str) -> str:
    return " ".join(sha256[start : start + 8] for start in range(0, 64, 8))


def named(given: str, native: str = "", position: str = "") -> Named:
    return Named(name=given, native_name=native, position=position)


def block(ref: str, *people: Named, order: int = 1, needed: int = 1) -> Block:
    return Block(party=ref, order=order, needed=needed, named=people)


def of_many(**changes):
    return document(
        parties=[
            party("JAXA", "Japan Aerospace Exploration Agency", native_name="宇宙航空研究開発機構", role="lead"),
            party("ROS", "Roscosmos", native_name="Роскосмос", bound_as="for the Government"),
        ],
        depositary="JAXA",
        **changes,
    )


def set_with(*blocks: Block, **changes) -> bytes:
    return render_pdf(of_many(**changes), frozen_at=FROZEN, to_sign=blocks)


@pytest.fixture
def agreement(cast):
    """Frozen: ISRO signs first, then two of JAXA who are named, and last somebody named of ESA."""
    agreement = planned(cast, ("ISRO", "signer", 1), ("JAXA", "signer", 2, 2), ("ESA", "signer", 3))
    second = signatory(cast, cast.jaxa, "Ren Tsukishiro")
    name(cast, agreement, cast.mika, cast.kenji, second, order=2)
    name(cast, agreement, cast.lucien, cast.ingrid, order=3)
    return opened(cast, fresh(agreement))


@pytest.mark.django_db
def test_the_sheet_has_the_lines_of_every_place_in_its_order_with_who_is_named(cast, agreement):
    told = sheets(pdf_to_sign(agreement.text))

    assert [
        (row["party"], row["order"], row["needed"], [one["name"] for one in row["named"]])
        for row in lines_to_sign(agreement.text)
    ] == [
        ("ISRO", 1, 1, []),
        ("JAXA", 2, 2, ["Kenji Amanogawa", "Ren Tsukishiro"]),
        ("ESA", 3, 1, ["Ingrid Polarsen"]),
    ]
    whole = " ".join(told)
    expected = [
        "Signature for Indian Space Research Organisation",
        "宇宙航空研究開発機構",
        "Kenji Amanogawa 天野川 賢治 Name Vice-President Position",
        "Signature for Japan Aerospace Exploration Agency, 1 of 2",
        "Ren Tsukishiro Name Position",
        "Signature for Japan Aerospace Exploration Agency, 2 of 2",
        "Ingrid Polarsen Name Director Position",
        "Signature for European Space Agency",
    ]
    assert sorted(expected, key=whole.index) == expected
    assert whole.count("Signature for") == 4


@pytest.mark.django_db
def test_every_page_of_the_sheet_bears_the_whole_hash_of_its_text(cast, agreement):
    told = sheets(pdf_to_sign(agreement.text))

    assert len(told) > 1
    assert all(spelled(agreement.text.sha256) in page for page in told)
    assert f"signs the text {agreement.ref}, version 1," in told[0]
    assert f"{cast.jaxa.legal_name} (JAXA), has certified it" in told[0]


AD_REFERENDUM = "Ad referendum or with a declaration: sign in the portal. Words added by hand are not taken."
NOT_AT_ALL = "Nothing is signed ad referendum or with a declaration. Words added by hand are not taken."


def test_the_sheet_says_what_is_taken_and_what_is_not():
    (told,) = sheets(set_with(block("JAXA"), block("ROS")))

    assert "hand in a scan of the pages signed." in told
    assert AD_REFERENDUM in told
    assert NOT_AT_ALL not in told
    assert "It is to be certified and, by hand, witnessed before the last day for signing is over" in told
    assert "Number of originals" not in told


def test_the_sheet_of_a_text_that_asks_for_qualified_signatures_sends_nobody_to_the_portal():
    (told,) = sheets(set_with(block("JAXA"), profile={"signature_level": "qualified"}))

    assert NOT_AT_ALL in told
    assert "sign in the portal" not in told
    assert "signs in the portal" not in told


@pytest.mark.django_db
def test_who_is_named_later_changes_nothing_in_the_pdf_that_was_kept(cast, agreement):
    before = pdf_to_sign(agreement.text)
    reason = "Away until May."

    name(cast, agreement, cast.lucien, order=3, reason=reason)

    assert pdf_to_sign(fresh(agreement).text) == before
    assert lines_to_sign(fresh(agreement).text)[2]["named"] == []
    assert Event.objects.filter(verb="agreement.pdf_to_sign_kept").count() == 1


@pytest.mark.django_db
def test_a_pdf_with_its_sheet_is_signed_with_a_certificate_and_taken_back(cast):
    agreement = stage.frozen_agreement(cast)
    assert sheets(pdf_to_sign(agreement.text))

    certify(cast, submit_pdf(cast, agreement, cast.lucien), cast.mika)

    assert len(fresh(agreement).standing_signatures) == 1


@pytest.mark.django_db
def test_the_sheet_of_another_text_under_this_one_is_refused(cast):
    """The same pages but for whose lines they are: drawn without names, signed, and handed in."""
    agreement = stage.frozen_agreement(cast)
    other = render_pdf(
        agreement.text.document, frozen_at=agreement.text.frozen_at, to_sign=[block("ESA", named("Somebody Else"))]
    )

    with pytest.raises(Exception, match="page") as caught:
        submit_pdf(cast, agreement, cast.lucien, content=foreign.signed(other))

    assert list(caught.value.message_dict) == ["file"]


@pytest.mark.django_db
def test_who_acceded_after_the_text_was_frozen_has_no_line_under_it(cast):
    agreement = stage.agreement_in_force(cast)
    project_actions.invite_partner(agreement.project, cast.isro, actor=cast.actor(cast.mika))
    project_actions.answer_invitation(agreement.project, actor=cast.actor(cast.tara), answer="accept")
    accession = actions.draft_accession(agreement, actor=cast.actor(cast.mika), newcomer=cast.isro)
    accession = opened(cast, actions.share(accession, actor=cast.actor(cast.mika)))
    for person in (cast.kenji, cast.ingrid, cast.tara):
        stage.sign(cast, accession, person)
    actions.enter_into_force(fresh(accession), actor=cast.actor(cast.mika))
    agreement = fresh(agreement)
    assert [row.agency.ref for row in agreement.party_list] == ["JAXA", "ESA", "ISRO"]

    assert [row["party"] for row in lines_to_sign(agreement.text)] == ["JAXA", "ESA"]
    assert [row["party"] for row in lines_to_sign(fresh(accession).text)] == ["JAXA", "ESA", "ISRO"]


def test_of_more_named_than_sign_nobody_is_written_on_a_line():
    people = [named("Lada Severnaya", "Лада Северная", "Deputy"), named("Zvezdana Orlova"), named("Yulia Zarina")]

    (told,) = sheets(set_with(block("ROS", *people, needed=2)))

    assert "2 signatures · to be signed by 2 of those named" in told
    assert "Lada Severnaya Лада Северная, Deputy Zvezdana Orlova Yulia Zarina Name Position" in told
    assert "bound as for the Government" in told
    assert told.count("Signature for Roscosmos") == 2


def test_an_order_is_said_and_explained_only_where_some_sign_after_others():
    together = set_with(block("JAXA"), block("ROS"))
    in_turn = set_with(block("JAXA"), block("ROS", order=2))
    after_an_approval = set_with(block("JAXA", order=2), block("ROS", order=2))
    explained = "“Order n” is the step in the plan of signing: a signature is taken when the steps before it are done."

    assert "Order" not in " ".join(sheets(together))
    for pdf in (in_turn, after_an_approval):
        told = " ".join(sheets(pdf))
        assert "Order 2" in told
        assert explained in told


def test_a_draft_and_a_sealed_text_have_no_sheet():
    assert sheets(render_pdf(of_many())) == []
    assert sheets(render_pdf(of_many(), frozen_at=FROZEN)) == []


def test_what_people_typed_is_printed_and_never_parsed():
    people = [named(words, words, words) for words in HOSTILE]

    told = " ".join(sheets(set_with(block("ROS", *people, needed=len(people)), title=HOSTILE[0])))

    assert "#panic" in told
    assert "[U+202E]" in told


def test_the_longest_names_and_the_most_signatures_are_set_on_as_many_pages_as_they_need():
    longest = named("W" * 200, "宇" * 200, "Head of everything " * 10)

    told = sheets(set_with(block("ROS", *[longest] * 20, needed=20), block("JAXA", *[longest] * 60, needed=20)))

    assert " ".join(told).count("Signature for") == 40
