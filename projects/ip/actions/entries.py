"""What every action on an entry of the register begins and ends with: the lock, and the event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Agency
from portal.history import record
from portal.history.models import Event
from portal.kit.actors import Actor
from projects.ip.models import Asset


def locked_asset(asset: Asset) -> Asset:
    """The row as it is now, locked until the transaction ends, with what policies ask."""
    return Asset.objects.with_project().select_for_update(of=("self",)).get(pk=asset.pk)


def note(
    verb: str, asset: Asset, *, actor: Actor, facts: dict[str, Any] | None = None, also: Iterable[Agency] = ()
) -> Event:
    """Record one event about an asset for the parties, whoever made the entry, and `also` others concerned."""
    audience = {row.agency for row in asset.project.parties()} | {asset.party, *also}
    return record(verb, asset, actor=actor, agencies=audience, facts=facts, scope=asset.project.ref)


def required(field: str, typed: str, missing: str, longest: int) -> str:
    """Words that must be there, without space around them; ValidationError beside the field."""
    words = typed.strip()
    if not words:
        raise ValidationError({field: [missing]})
    if len(words) > longest:
        said = ngettext(
            "Use at most %(longest)s character; this has %(length)s.",
            "Use at most %(longest)s characters; this has %(length)s.",
            longest,
        )
        raise ValidationError({field: [said % {"longest": longest, "length": len(words)}]})
    if "\x00" in words:
        raise ValidationError({field: [_("There is a character in it that cannot be kept.")]})
    return words
