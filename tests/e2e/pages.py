"""Every kind of page in a real state: who looks at it, and where it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.contrib.auth.hashers import make_password

from agencies import actions as agency_actions
from projects import actions as project_actions
from projects.agreements import actions as agreement_actions
from projects.agreements.models import Agreement
from projects.messaging.models import Audience
from tests import cast as casting
from tests import stage
from tests.cast import PASSWORD, Cast
from tests.projects.messaging import talk

SIGN_IN_HASHER = "pbkdf2_sha256"


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
    Sight("API documentation", "", "/api/v1/docs/"),
    Sight("home without an agency", "noor", "/"),
    Sight("register an agency", "noor", "/agencies/register/"),
    Sight("own account", "noor", "/agencies/account/"),
    Sight("second factor", "noor", "/account/2fa/"),
    Sight("e-mail addresses", "noor", "/account/email/"),
    Sight("change the password", "noor", "/account/password/change/"),
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
    Sight("project history", "mika", "/projects/{active}/history/"),
    Sight("agreements of a project", "mika", "/projects/{active}/agreements/"),
    Sight("IP register", "mika", "/projects/{active}/ip/"),
    Sight("list background", "mika", "/projects/{active}/ip/background/new/"),
    Sight("claim a result", "mika", "/projects/{active}/ip/results/new/"),
    Sight("asset", "mika", "/ip/{asset}/"),
    Sight("shares", "mika", "/ip/{asset}/shares/"),
    Sight("threads of a project", "mika", "/projects/{active}/threads/"),
    Sight("threads", "mika", "/threads/"),
    Sight("open a thread", "mika", "/threads/new/?project={active}"),
    Sight("thread", "mika", "/threads/{thread}/"),
    Sight("message", "mika", "/threads/{thread}/messages/{message}/"),
    Sight("agreements", "mika", "/agreements/"),
    Sight("draft an agreement", "mika", "/agreements/new/?project={active}"),
    Sight("agreement under negotiation", "mika", "/agreements/{negotiated}/"),
    Sight("clause", "mika", "/agreements/{negotiated}/clauses/{clause}/"),
    Sight("profile", "mika", "/agreements/{negotiated}/profile/"),
    Sight("annexes", "mika", "/agreements/{in_force}/annexes/"),
    Sight("history of an agreement", "mika", "/agreements/{in_force}/history/"),
    Sight("agreement in force", "mika", "/agreements/{in_force}/"),
    Sight("frozen text, no mandate", "mika", "/agreements/{frozen}/sign/"),
    Sight("sign", "kenji", "/agreements/{frozen}/sign/"),
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


def build() -> dict[str, str]:
    """Write the scene into the database, and return the references that the paths name."""
    cast = casting.build()
    _let_them_sign_in(cast)
    active = stage.accepted_project(cast)
    stage.with_register(cast, active)
    in_force = stage.agreement_in_force(cast, project=active)
    frozen = stage.frozen_agreement(cast, project=stage.accepted_project(cast, title="Sun shield tests"))
    negotiated = stage.shared_agreement(cast, project=stage.accepted_project(cast, title="Joint antenna nights"))
    changed = negotiated.clauses.order_by("position")[2]
    agreement_actions.word_clause(
        negotiated,
        changed.code,
        actor=cast.actor(cast.lucien),
        text=f"{changed.template} Each party tells the other at once.",
        version=Agreement.objects.get(pk=negotiated.pk).version,
    )
    thread = talk.on_project(cast, active)
    message = talk.say(cast, thread, cast.lucien, "**18 W** will do, with `margin`.")
    talk.say(cast, thread, cast.mika, "Keep this among us.", Audience.INTERNAL)
    mika = cast.actor(cast.mika)
    invitation = agency_actions.invite(
        cast.jaxa, actor=mika, email="new@jaxa.example", roles=["observer"], proof=stage.proof()
    )
    return {
        "active": active.ref,
        "draft": stage.drafted_project(cast, title="Radio silence survey").ref,
        "proposed": stage.proposed_project(cast, title="Comet fly-by").ref,
        "in_force": in_force.ref,
        "frozen": frozen.ref,
        "negotiated": negotiated.ref,
        "clause": changed.code,
        "asset": active.assets.filter(origin="result").get().ref,
        "thread": thread.ref,
        "message": str(message.uid),
        "invitation": invitation.token,
        "membership": cast.kenji.memberships.get().ref,
        "unknown": "0" * 64,
    }
