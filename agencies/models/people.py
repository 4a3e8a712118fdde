"""People: one account each, whichever agencies they work for."""

from __future__ import annotations

import uuid
from datetime import time
from typing import Any

from allauth.core import context
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from agencies import languages, names, zones
from portal.kit.lines import line_errors


class PersonManager(BaseUserManager["Person"]):
    """People are found by their e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **facts: Any) -> Person:
        if not email:
            raise ValueError("a person has an e-mail address")
        person = self.model(email=email, **facts)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **facts: Any) -> Person:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **facts})

    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email=(email or "").lower())


class Theme(models.TextChoices):
    SYSTEM = "", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What they may do comes from their memberships, never from their account."""

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        _("e-mail address"), unique=True, error_messages={"unique": _("Somebody already uses this address.")}
    )
    name = models.CharField(_("name"), max_length=150, help_text=_("In Latin letters, as others write it."))
    native_name = models.CharField(_("native name"), max_length=150, blank=True, help_text=_("In its own script."))
    language = models.CharField(_("language"), max_length=12, default="en", validators=[languages.validate])
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[zones.validate])
    day_start = models.TimeField(_("working day from"), default=time(9))
    day_end = models.TimeField(_("working day until"), default=time(17, 30))
    theme = models.CharField(_("appearance"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM, blank=True)
    is_staff = models.BooleanField(
        _("operator"), default=False, help_text=_("May enter the administration of the portal.")
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("May sign in."))
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            # Together with the unique column this makes an address unique whatever its case, on one index.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_in_lower_case"),
            models.CheckConstraint(condition=Q(day_end__gt=F("day_start")), name="person_day_has_hours"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is the person's password; one that an older hash keeps is kept anew, and this session goes on.

        SECURITY: while accounts are kept by different hashes, the time that a refusal takes tells one from another.
        """
        return check_password(raw_password, self.password, self._keep_anew)

    def _keep_anew(self, raw_password: str) -> None:
        self.password = make_password(raw_password)
        type(self).objects.filter(pk=self.pk).update(password=self.password)
        request = context.request
        if request is not None and getattr(request, "user", None) == self:
            update_session_auth_hash(request, self)

    def clean(self) -> None:
        self.email = (self.email or "").strip().lower()
        if errors := line_errors(self, "name", "native_name"):
            raise ValidationError(errors)
        if self.day_start and self.day_end and self.day_end <= self.day_start:
            raise ValidationError({"day_end": _("The working day ends before it starts.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def initials(self) -> str:
        return names.initials(self.name or self.email)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
