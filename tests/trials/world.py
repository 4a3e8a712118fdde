"""What the trials sign: agreements of three agencies, open for signature, with as many signatories each as are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.test import override_settings

from agencies.models import Person
from portal.demo.bench.signing import enlist
from projects.agreements.models import Agreement
from tests import cast as casting
from tests.cast import PASSWORD, Cast
from tests.projects.agreements.signing import three_frozen

AGENCIES = ("jaxa", "esa", "isro")
FIRST = ("kenji", "ingrid", "tara")


@dataclass(frozen=True)
class Signer:
    """Somebody who is to sign."""

    email: str
    name: str


@dataclass
class World:
    """The cast with further signatories: `people` has the persons of each of the three agencies."""

    cast: Cast
    people: list[list[Person]]

    def open_for_signature(self, *needed: int) -> tuple[Agreement, list[Signer]]:
        """An agreement that so many persons of each agency must sign, at once or one after another; and who they are."""
        lines = [(name.upper(), "signer", 1, count) for name, count in zip(AGENCIES, needed, strict=True)]
        agreement = three_frozen(self.cast, *lines)
        asked = [person for persons, count in zip(self.people, needed, strict=True) for person in persons[:count]]
        return agreement, [Signer(person.email, person.name) for person in asked]


def build(most: Sequence[int]) -> World:
    """Write the cast, and so many signatories of each agency; all have one password, hashed as on this installation."""
    password = make_password(PASSWORD)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        cast = casting.build()
    Person.objects.update(password=password)
    heads = (cast.mika, cast.lucien, cast.tara)
    people = []
    for key, name, wanted, head in zip(FIRST, AGENCIES, most, heads, strict=True):
        others = enlist(getattr(cast, name), wanted - 1, password=password, granted_by=head)
        people.append([getattr(cast, key), *others])
    return World(cast, people)
