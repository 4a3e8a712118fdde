"""Evidence: rows that are written once. The ORM, the database's triggers and its grants each forbid a change."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, TypeVar

import pgtrigger
from django.db import models

Row = TypeVar("Row", bound=models.Model, covariant=True)

REFUSE = "RAISE EXCEPTION 'evidence is final: % on %', TG_OP, TG_TABLE_NAME;"


class EvidenceIsFinal(TypeError):
    """Raised by the ORM before the database would refuse: this row is evidence."""


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """A queryset that can read and insert."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise EvidenceIsFinal(f"{self.model.__name__} rows cannot be changed")

    def delete(self) -> NoReturn:
        raise EvidenceIsFinal(f"{self.model.__name__} rows cannot be deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EvidenceIsFinal(f"{self.model.__name__} rows cannot be changed")


class AppendOnly(models.Model):
    """Base of evidence tables. The application's database role is granted SELECT and INSERT on them, nothing else."""

    objects: ClassVar = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="written_once", operation=pgtrigger.Update | pgtrigger.Delete, when=pgtrigger.Before, func=REFUSE
            ),
            pgtrigger.Trigger(
                name="never_emptied",
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                func=REFUSE,
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise EvidenceIsFinal(f"{type(self).__name__} rows cannot be changed")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EvidenceIsFinal(f"{type(self).__name__} rows cannot be deleted")
