"""Records: a quotable reference, a version against lost updates, and the path converter that reads references."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.db import connections, models, router
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kit.refusals import Stale

REF_PATTERN = "[A-Z0-9][A-Z0-9-]{1,31}"


class RefConverter:
    """`<ref:ref>` in a URL: P-2026-0007, JAXA."""

    regex = REF_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def next_ref(prefix: str, *, using: str = "default") -> str:
    """Take the next reference of this year, e.g. `P-2026-0007`.

    The counter row stays locked until the transaction ends, so numbers have no gaps and no doubles.
    """
    year = timezone.now().year
    with connections[using].cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kit_counter (prefix, year, value) VALUES (%s, %s, 1)
            ON CONFLICT ON CONSTRAINT counter_once_a_year DO UPDATE SET value = kit_counter.value + 1
            RETURNING value
            """,
            [prefix, year],
        )
        (value,) = cursor.fetchone()
    return f"{prefix}-{year}-{value:04d}"


class Record(models.Model):
    """A row that people quote and edit: reference, version, dates."""

    REF_PREFIX: ClassVar[str] = ""

    ref = models.CharField(_("reference"), max_length=32, unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.ref

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.ref:
            using = kwargs.get("using") or router.db_for_write(type(self), instance=self)
            self.ref = self.allocate_ref(using)
        super().save(*args, **kwargs)

    def allocate_ref(self, using: str) -> str:
        return next_ref(self.REF_PREFIX, using=using)

    def bump(self) -> Self:
        """Count one more version; the caller saves."""
        self.version += 1
        return self

    def edit(self, *, version: int | None, **changes: Any) -> list[str]:
        """Set the fields against the version the editor saw and save; returns the names of what really changed.

        Call it on a locked row. Raises Stale when the version is old, ValidationError keyed by field when a value is bad.
        """
        require_version(self, version, typed=changes)
        changed = [name for name, value in changes.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, changes[name])
        if changed:
            self.full_clean(validate_unique=True)
            self.bump().save()
        return changed


def require_version(
    record: Record,
    version: int | None,
    *,
    typed: dict[str, Any] | None = None,
    newer: dict[str, tuple[Any, Any]] | None = None,
    words: dict[str, Callable[[Any], str]] | None = None,
) -> None:
    """Raise Stale unless the editor saw the version that is stored now; None means the caller did not say."""
    if version is not None and version != record.version:
        raise Stale(record, typed, newer, words)
