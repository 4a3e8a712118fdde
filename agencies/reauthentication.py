"""Proving again, within minutes, that it is the same person: password and second factor, or a passkey."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Person
from portal.kit.actors import actor_of

VALID_FOR = timedelta(minutes=5)
MFA_METHODS = {"totp", "webauthn", "recovery_codes"}


@dataclass(frozen=True)
class Proof:
    """How and when a person proved who they are; `events` are the acts of it one by one, where they are known."""

    methods: tuple[str, ...]
    at: datetime
    events: tuple[tuple[str, datetime], ...] = ()

    @property
    def is_by_passkey(self) -> bool:
        return "webauthn" in self.methods


class NotProved(ValidationError):
    """The password or the code is wrong, missing, or was tried too often; keyed by field. `unblock` says what helps a program."""

    def __init__(self, message: dict[str, list[str]], *, unblock: str = "") -> None:
        super().__init__(message)
        self.unblock = unblock


def fresh(request: HttpRequest) -> Proof | None:
    """The proof that the session holds: re-authenticated on purpose, not merely signed in, in the last five minutes."""
    oldest = timezone.now() - VALID_FOR
    person = actor_of(request).person
    records = [
        entry
        for entry in get_authentication_records(request, person)
        if entry.get("reauthenticated") and datetime.fromtimestamp(entry["at"], UTC) >= oldest
    ]
    methods = tuple(dict.fromkeys(entry.get("type") or entry["method"] for entry in records))
    if not methods or (MFA_METHODS.isdisjoint(methods) and (needs_code(person) or has_passkey(person))):
        return None
    events = tuple(
        (entry.get("type") or entry["method"], datetime.fromtimestamp(entry["at"], UTC)) for entry in records
    )
    return Proof(methods, max(at for _method, at in events), events)


def remember(request: HttpRequest, proof: Proof) -> None:
    """Keep in the session that a proof was given, so that it serves for the minutes in which it is fresh."""
    person = actor_of(request).person
    for method in proof.methods:
        if method in MFA_METHODS:
            record_authentication(request, person, method="mfa", type=method, reauthenticated=True)
        else:
            record_authentication(request, person, method=method, reauthenticated=True)


def prove(request: Any, *, password: str, code: str = "") -> Proof:
    """Check the password, and the authenticator app's code where the person has one; raises NotProved."""
    inner: HttpRequest = getattr(request, "_request", request)
    person = actor_of(inner).person
    # SECURITY: guesses are counted for the person, whichever door they come through.
    if not ratelimit.consume(inner, action="reauthenticate", user=person):
        raise NotProved({"password": [_("Too many attempts. Wait a few minutes.")]})
    if not person.check_password(password):
        raise NotProved({"password": [_("This is not your password.")]})
    if not needs_code(person):
        # SECURITY: who has a second factor is asked for it; a stolen password alone must not sign.
        if has_passkey(person):
            raise NotProved(
                {"password": [_("You have a passkey. Confirm with it; the password alone is not enough.")]},
                unblock=_(
                    "The portal’s own page asks for the passkey. A program sends the code of an authenticator app with the "
                    "password: add one to your account. Signing alone takes the answer of the passkey instead."
                ),
            )
        return Proof(("password",), timezone.now())
    if not _code_fits(person, code.replace(" ", "")):
        raise NotProved({"code": [_("Enter the code that your authenticator app shows now.")]})
    return Proof(("password", "totp"), timezone.now())


def needs_code(person: Person | None) -> bool:
    """Whether the person has an authenticator app, so that the password alone is not enough."""
    return person is not None and Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def has_passkey(person: Person | None) -> bool:
    return person is not None and Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists()


def _code_fits(person: Person, code: str) -> bool:
    authenticator = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    return bool(code) and authenticator is not None and authenticator.wrap().validate_code(code)
