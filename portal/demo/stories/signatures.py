"""Signing in turn and outside: six that sign in four steps, two of whom one signs with a certificate of its own."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies.reauthentication import Proof
from agencies.zones import today
from portal.demo import papers
from portal.demo.facts import collaboration
from portal.demo.world import World
from projects.agreements import actions as agreeing
from projects.agreements.actions.calling import tend_one
from projects.agreements.models import Agreement, ExternalSignature
from projects.agreements.signing.call import Terms
from projects.agreements.signing.outside import pdf_to_sign
from projects.models import Project

SIX = ("stella", "zvezdana", "lucien", "mika", "isabeau", "fiorenza")
# Who does what, in four steps: first those who look, then the two that carry the crews, then the others, ESA last.
PLAN = (
    ("ESA", "approver", 1),
    ("CSA", "viewer", 1),
    ("NASA", "signer", 2),
    ("Roscosmos", "signer", 2),
    ("JAXA", "signer", 3),
    ("CSA", "signer", 3),
    ("ASI", "signer", 3),
    ("ESA", "signer", 4),
    ("ASI", "copy", 4),
)
DAYS = 14
WRONG = "The mandate of Ren Tsukishiro was revoked; the Vice-President signs."
REOPENED = "Five years of confidentiality are too short for medical data; the surgeons of all six ask for ten."
QUESTION = "Does “medical data” include the dose that each suit has measured? Our radiation office asks."
DECLARATION = "Subject to the approval of the ministry, which sits on the first Tuesday of the month."
FULL_POWERS = "Full powers of 12 January, No 7 (demonstration); the original is with the depositary"


def tell(world: World) -> None:
    _in_turn(world)
    _with_a_certificate(world)


def _in_turn(world: World) -> None:
    """The first text is superseded; under the second three have signed, one of them on paper, one ad referendum."""
    agreement = world.negotiate(
        _project("iss"),
        "stella",
        kind="data_exchange",
        title="Exchange of medical data of the crews (demonstration)",
    )
    lines = [{"agency": agency, "role": role, "order": order} for agency, role, order in PLAN]
    agreeing.plan_signing(agreement, actor=world.actor("stella"), lines=lines)
    _name(world, agreement, "ren")
    agreement = _look(world, world.freeze(agreement, *SIX))
    agreement = world.sign(agreement, "orson")

    agreement = agreeing.reopen(agreement, actor=world.actor("stella"), reason=REOPENED)
    world.change(agreement, "isabeau", *(key for key in SIX if key != "isabeau"), operation="answer",
                 answers={"confidentiality_years": 10})  # fmt: skip
    terms = Terms(today(agreement.depositary.zone) + timedelta(days=DAYS), (DAYS, 7, 3, 1))
    agreement = _look(world, world.freeze(agreement, *SIX, terms=terms))
    agreement = world.sign(agreement, "orson")
    _on_paper(world, agreement)
    _name(world, agreement, "kenji", reason=WRONG)
    world.sign(agreement, "owen", ad_referendum=True, declaration=DECLARATION)
    agreeing.ask_question(agreement, actor=world.actor("fiorenza"), words=QUESTION)
    tend_one(agreement.ref)


def _with_a_certificate(world: World) -> None:
    """NASA signs in the portal, ESA with a certificate in the PDF; both are in the bundle."""
    agreement = world.negotiate(
        _project("hubble"), "stella", kind="nda", title="Non-disclosure agreement for gyroscope data (demonstration)"
    )
    agreement = world.sign(world.freeze(agreement, "stella", "lucien"), "orson")
    assert agreement.text is not None
    name = "Solveig Nattstjerne"
    content = papers.signed(pdf_to_sign(agreement.text), name, "European Space Agency (demonstration)")
    row = _hand_in(
        world, agreement, "lucien", kind="pades", content=content, name="signed.pdf", signatory_name=name,
        signatory_position="Director of science", authority="Delegation of signature of 3 February (demonstration)",
    )  # fmt: skip
    agreeing.certify_external(agreement, row.number, actor=world.actor("stella"), **_shown(row))
    agreeing.enter_into_force(agreement, actor=world.actor("stella"))


def _look(world: World, agreement: Agreement) -> Agreement:
    """ESA approves the frozen text, and CSA confirms having seen it."""
    assert agreement.text is not None
    shown, proof = agreement.text.sha256, Proof(("password",), timezone.now())
    agreeing.approve_for_signing(agreement, actor=world.actor("lucien"), sha256=shown, proof=proof)
    agreeing.confirm_seen(agreement, actor=world.actor("isabeau"), sha256=shown)
    return agreement


def _name(world: World, agreement: Agreement, key: str, reason: str = "") -> None:
    """JAXA names who signs for it."""
    chosen = world.actor(key).membership
    assert chosen is not None
    agreeing.name_signatories(
        agreement, actor=world.actor("mika"), role="signer", order=3, persons=[chosen.ref], reason=reason
    )


def _on_paper(world: World, agreement: Agreement) -> None:
    """Roscosmos signs by hand; the depositary has the original before it, and a second person of ESA the scan."""
    row = _hand_in(
        world, agreement, "zvezdana", kind="wet_ink", content=papers.scan(), name="signed-page.png",
        signatory_name="Lada Severnaya", signatory_native_name="Лада Северная", place="Moscow",
        signatory_position="Deputy Director General", authority=FULL_POWERS,
    )  # fmt: skip
    agreeing.certify_external(agreement, row.number, actor=world.actor("stella"), saw="original", **_shown(row))
    agreeing.witness_external(agreement, row.number, actor=world.actor("lucien"), **_shown(row))


def _hand_in(world: World, agreement: Agreement, key: str, **facts: Any) -> ExternalSignature:
    assert agreement.text is not None
    actor = world.actor(key)
    signed_on = today(actor.agency.zone)
    handed = agreeing.Handed(sha256=agreement.text.sha256, signed_on=signed_on, **facts)
    return agreeing.submit_external(agreement, actor=actor, handed=handed)


def _shown(row: ExternalSignature) -> dict[str, Any]:
    """The text and the file that a page showed, and that it is the same person still."""
    return {
        "sha256": row.text.sha256,
        "file_sha256": row.file.sha256,
        "proof": Proof(("password",), timezone.now()),
    }


def _project(slug: str) -> Project:
    return Project.objects.with_agencies().get(title=collaboration(slug).name)
