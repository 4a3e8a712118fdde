"""Passkeys and authenticator apps in the history: that one was enrolled or removed, by whom and when, never its secret."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from fido2 import cbor

from agencies.models import Membership
from portal.history import record
from portal.kit.actors import Actor, actor_of

KINDS = {Authenticator.Type.WEBAUTHN.value: "passkey", Authenticator.Type.TOTP.value: "authenticator_app"}


class FactorsMiddleware:
    """Change a factor and write its event in one transaction: the pages are the account system's, which has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.path.startswith(reverse("mfa_index")):
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response


def listen() -> None:
    """Hear of every factor that is kept or removed, wherever that happens; called when the app is ready."""
    post_save.connect(_enrolled, sender=Authenticator, dispatch_uid="agencies.factors.enrolled")
    post_delete.connect(_removed, sender=Authenticator, dispatch_uid="agencies.factors.removed")


def _enrolled(instance: Authenticator, created: bool, raw: bool = False, **told: Any) -> None:
    if created and not raw:
        _record("enrolled", instance)


def _removed(instance: Authenticator, origin: Any = None, **told: Any) -> None:
    # What goes with a whole account is no act of its own.
    if getattr(origin, "model", type(origin)) is Authenticator:
        _record("removed", instance)


@transaction.atomic
def _record(what: str, factor: Authenticator) -> None:
    """Recovery codes come and go with the factors and are not told of."""
    kind = KINDS.get(factor.type)
    if kind is None:
        return
    person, actor = factor.user, _acting()
    # SECURITY: the agency for which they act hears of it; none learns here at which others they are a member.
    live = Membership.objects.live().filter(person=person).select_related("agency").order_by("pk")
    agencies = [membership.agency for membership in live]
    own = actor.agency if actor.agency in agencies else next(iter(agencies), None)
    record(
        f"{kind}.{what}", person, actor=actor, agencies=[own] if own is not None else [],
        scope=own.ref if own is not None else "",
        facts=_public_half(factor) if kind == "passkey" else {},
    )  # fmt: skip


def _acting() -> Actor:
    """Who sent the request that this happens in; the portal itself where there is none."""
    request = context.request
    actor = actor_of(request) if request is not None and hasattr(request, "actor") else Actor.system()
    return actor if actor.is_authenticated else Actor.system()


def _public_half(factor: Authenticator) -> dict[str, str]:
    """By which the evidence of a signature is compared with the key that was enrolled: its `passkey.public_key` hashes to this."""
    credential = factor.wrap().authenticator_data.credential_data
    if credential is None:
        return {}
    return {
        "credential_sha256": sha256(credential.credential_id).hexdigest(),
        "public_key_sha256": sha256(cbor.encode(dict(credential.public_key))).hexdigest(),
    }
