"""Every kind of page in a real state: who looks at it, and where it is."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import global_settings
from django.test import override_settings

from agencies import actions as agency_actions
from projects.agreements import actions as agreement_actions
from projects.agreements.models import Agreement, SealedPdf
from projects.messaging.models import Audience
from projects.models import Project
from tests import cast as casting
from tests import stage
from tests.cast import Cast
from tests.projects.messaging import talk

SEAL_SECONDS = 30


@dataclass(frozen=True)
class Sight:
    """A page as somebody sees it; `path` names records of the scene, `status` is what the server answers."""

    name: str
    who: str
    path: str
    status: int = 200


SIGHTS = [
    Sight("front", "", "/"),
    Sight("sign in", "", "/account/login/"),
    Sight("sign up", "", "/account/signup/"),
    Sight("password forgotten", "", "/account/password/reset/"),
    Sight("verify", "", "/verify/"),
    Sight("verify, authentic", "", "/verify/?sha256={sealed}&name=agreement.pdf"),
    Sight("verify, refused", "", "/verify/?sha256={unknown}&name=agreement.pdf"),
    Sight("ledger", "", "/ledger/"),
    Sight("ledger entry", "", "/ledger/0/"),
    Sight("invitation", "", "/agencies/invitations/{invitation}/"),
    Sight("invitation that is gone", "", "/agencies/invitations/nothing/", 404),
    Sight("home without an agency", "noor", "/"),
    Sight("register an agency", "noor", "/agencies/register/"),
    Sight("own account", "noor", "/agencies/account/"),
    Sight("second factor", "noor", "/account/2fa/"),
    Sight("e-mail addresses", "noor", "/account/email/"),
    Sight("change the password", "noor", "/account/password/change/"),
    Sight("confirm that it is you", "noor", "/account/reauthenticate/"),
    Sight("home", "mika", "/"),
    Sight("notifications", "mika", "/inbox/preferences/"),
    Sight("projects", "mika", "/projects/"),
    Sight("projects, none found", "mika", "/projects/?q=nothing"),
    Sight("begin a project", "mika", "/projects/new/"),
    Sight("draft", "mika", "/projects/{draft}/"),
    Sight("edit a draft", "mika", "/projects/{draft}/edit/"),
    Sight("invite a partner", "mika", "/projects/{draft}/invite/"),
    Sight("propose", "mika", "/projects/{draft}/propose/"),
    Sight("project", "mika", "/projects/{active}/"),
    Sight("partners", "mika", "/projects/{active}/partners/"),
    Sight("choose the team", "mika", "/projects/{active}/team/"),
    Sight("suspend", "mika", "/projects/{active}/suspend/"),
    Sight("project history", "mika", "/projects/{active}/history/"),
    Sight("agreements of a project", "mika", "/projects/{active}/agreements/"),
    Sight("IP register", "mika", "/projects/{active}/ip/"),
    Sight("list background", "mika", "/projects/{active}/ip/background/new/"),
    Sight("claim a result", "mika", "/projects/{active}/ip/results/new/"),
    Sight("asset", "mika", "/ip/{asset}/"),
    Sight("shares", "mika", "/ip/{asset}/shares/"),
    Sight("contest", "lucien", "/ip/{asset}/contest/"),
    Sight("threads of a project", "mika", "/projects/{active}/threads/"),
    Sight("threads", "mika", "/threads/"),
    Sight("open a thread, with whom", "mika", "/threads/new/"),
    Sight("open a thread", "mika", "/threads/new/?project={active}"),
    Sight("thread", "mika", "/threads/{thread}/"),
    Sight("message", "mika", "/threads/{thread}/messages/{message}/"),
    Sight("agreements", "mika", "/agreements/"),
    Sight("draft an agreement", "mika", "/agreements/new/?project={active}"),
    Sight("agreement under negotiation", "mika", "/agreements/{negotiated}/"),
    Sight("clause", "mika", "/agreements/{negotiated}/clauses/{clause}/"),
    Sight("profile", "mika", "/agreements/{negotiated}/profile/"),
    Sight("change", "mika", "/agreements/{negotiated}/changes/{change}/"),
    Sight("propose other answers", "mika", "/agreements/{negotiated}/changes/new/?operation=answer"),
    Sight("internal approvals", "mika", "/agreements/{negotiated}/approvals/"),
    Sight("compare versions", "mika", "/agreements/{negotiated}/compare/?from=r1&to=r2"),
    Sight("draft an agreement", "mika", "/agreements/new/?project={active}"),
    Sight("a chapter of the profile", "mika", "/agreements/{drafted}/profile/results/"),
    Sight("clause of a draft", "mika", "/agreements/{drafted}/clauses/liability/"),
    Sight("languages", "mika", "/agreements/{drafted}/languages/"),
    Sight("translate a clause", "mika", "/agreements/{drafted}/languages/fr/notices/"),
    Sight("entry into force", "mika", "/agreements/{drafted}/force/"),
    Sight("life in force", "mika", "/agreements/{in_force}/life/"),
    Sight("what if a party leaves", "mika", "/agreements/{in_force}/exit/?party=ESA"),
    Sight("related instruments", "mika", "/agreements/{in_force}/related/"),
    Sight("annexes", "mika", "/agreements/{in_force}/annexes/"),
    Sight("history of an agreement", "mika", "/agreements/{in_force}/history/"),
    Sight("agreement in force", "mika", "/agreements/{in_force}/"),
    Sight("frozen text, no mandate", "mika", "/agreements/{frozen}/sign/"),
    Sight("sign", "kenji", "/agreements/{frozen}/sign/"),
    Sight("decline", "kenji", "/agreements/{frozen}/decline/"),
    Sight("sign, in Arabic", "kenji", "/agreements/{frozen}/sign/?consent=ar&queue=1"),
    Sight("all that waits for a signature", "kenji", "/agreements/to-sign/"),
    Sight("who signs, and who may", "mika", "/agreements/{frozen}/signing/"),
    Sight("plan the places", "mika", "/agreements/{drafted}/signing/"),
    Sight("hand in what was signed outside", "kenji", "/agreements/{frozen}/outside/new/"),
    Sight("versions and their signatures", "mika", "/agreements/{in_force}/versions/"),
    Sight("witnesses", "mika", "/agencies/JAXA/witnesses/"),
    Sight("home of a signatory", "kenji", "/"),
    Sight("answer", "lucien", "/projects/{proposed}/answer/"),
    Sight("directory", "mika", "/agencies/"),
    Sight("agency of others", "mika", "/agencies/ESA/"),
    Sight("own agency", "mika", "/agencies/JAXA/"),
    Sight("change the profile", "mika", "/agencies/JAXA/edit/"),
    Sight("people", "mika", "/agencies/JAXA/people/"),
    Sight("roles", "mika", "/agencies/JAXA/people/{membership}/"),
    Sight("invitations", "mika", "/agencies/JAXA/invitations/"),
    Sight("invite a person", "mika", "/agencies/JAXA/invite/"),
    Sight("mandates", "mika", "/agencies/JAXA/mandates/"),
    Sight("grant a mandate", "mika", "/agencies/JAXA/mandates/grant/"),
    Sight("API tokens", "mika", "/agencies/JAXA/tokens/"),
    Sight("make a token", "mika", "/agencies/JAXA/tokens/issue/"),
    Sight("history of an agency", "mika", "/agencies/JAXA/history/"),
    Sight("404", "tara", "/projects/{active}/", 404),
    Sight("403", "sora", "/agencies/JAXA/invite/", 403),
    Sight("409", "mika", "/projects/{active}/edit/", 409),
]


def people() -> Cast:
    """The cast, with passwords that the portal can check: tests alone hash them cheaply."""
    with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
        return casting.build(anew=True)


def build() -> dict[str, str]:
    """Write the scene into the database, and return the references that the paths name."""
    cast = people()
    active = stage.accepted_project(cast)
    stage.with_register(cast, active)
    in_force = _in_force(cast, active)
    frozen = _frozen(cast, stage.accepted_project(cast, title="Sun shield tests"))
    negotiated = stage.drafted_agreement(cast, stage.accepted_project(cast, title="Joint antenna nights"))
    agreement_actions.share(negotiated, actor=cast.actor(cast.mika))
    changed = negotiated.clauses.order_by("position")[2]
    words = f"{changed.template} Each party tells the other at once."
    lucien, mika = cast.actor(cast.lucien), cast.actor(cast.mika)
    applied = agreement_actions.propose_change(
        negotiated, actor=lucien, operation="reword", code=changed.code, text=words
    )
    agreement_actions.accept_change(negotiated, applied.number, actor=mika)
    proposed = agreement_actions.propose_change(
        negotiated, actor=lucien, operation="answer", answers={"confidentiality_years": 8}
    )
    agreement_actions.comment(negotiated, actor=mika, code=changed.code, words="Ask our export officer first.")
    agreement_actions.comment(
        negotiated, actor=lucien, code=changed.code, words="Eight years, as last time.", audience="shared"
    )
    agreement_actions.place_bracket(negotiated, "disputes", actor=mika, note="The place is open.")
    agreement_actions.ask_approvals(negotiated, actor=mika, lines=[{"kind": "legal", "words": "Legal office"}])
    drafted = stage.drafted_agreement(cast, stage.accepted_project(cast, title="Two antennas"))
    agreement_actions.set_languages(drafted, actor=mika, languages=["fr"])
    thread = talk.on_project(cast, active)
    message = talk.say(cast, thread, cast.lucien, "**18 W** will do, with `margin`.")
    talk.say(cast, thread, cast.mika, "Keep this among us.", Audience.INTERNAL)
    invitation = agency_actions.invite(
        cast.jaxa,
        actor=cast.actor(cast.mika),
        proof=stage.proof(),
        email="new@jaxa.example",
        roles=["observer"],
    )
    return {
        "active": active.ref,
        "draft": stage.drafted_project(cast, title="Radio silence survey").ref,
        "proposed": stage.proposed_project(cast, title="Comet fly-by").ref,
        "in_force": in_force.ref,
        "sealed": sealed(in_force),
        "frozen": frozen.ref,
        "negotiated": negotiated.ref,
        "clause": changed.code,
        "change": str(proposed.number),
        "drafted": drafted.ref,
        "asset": active.assets.get(origin="result").ref,
        "thread": thread.ref,
        "message": str(message.uid),
        "invitation": invitation.token,
        "membership": cast.kenji.memberships.get().ref,
        "unknown": "0" * 64,
    }


def _frozen(cast: Cast, project: Project) -> Agreement:
    shared = agreement_actions.share(stage.drafted_agreement(cast, project), actor=cast.actor(cast.mika))
    return agreement_actions.freeze(stage.agree(cast, shared), actor=cast.actor(cast.mika))


def _in_force(cast: Cast, project: Project) -> Agreement:
    agreement = _frozen(cast, project)
    for signatory in (cast.kenji, cast.ingrid):
        stage.sign(cast, agreement, signatory)
    return agreement_actions.enter_into_force(agreement, actor=cast.actor(cast.mika))


def sealed(agreement: Agreement) -> str:
    """Wait until the portal's worker has made the sealed PDF, and return its SHA-256."""
    deadline = time.monotonic() + SEAL_SECONDS
    while not (sealed := SealedPdf.objects.filter(text__agreement=agreement).first()):
        assert time.monotonic() < deadline, "no sealed PDF was made"
        time.sleep(0.2)
    return sealed.sha256
