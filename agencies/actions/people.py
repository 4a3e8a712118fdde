"""A person's own account."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Person
from portal.kit.actors import Actor
from portal.kit.refusals import Forbidden

ACCOUNT = ("name", "native_name", "language", "zone", "day_start", "day_end", "theme")


@transaction.atomic
def edit_account(*, actor: Actor, **changes: Any) -> Person:
    """Change how one is written, spoken to and found at work; it is nobody else's history, so no event tells of it."""
    if actor.person is None:
        raise Forbidden(_("Sign in first."), code="sign-in")
    unknown = set(changes) - set(ACCOUNT)
    if unknown:
        raise TypeError(f"not fields of an account: {sorted(unknown)}")
    person = Person.objects.select_for_update().get(pk=actor.person.pk)
    for name, value in changes.items():
        setattr(person, name, value.strip() if isinstance(value, str) else value)
    person.full_clean()
    person.save(update_fields=list(changes))
    return person
