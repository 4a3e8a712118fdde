"""The words of a request for access: where it stands, whom it waits for, and the grounds on which it may be refused."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    INFO_REQUESTED = "info_requested", _("Asked for information")
    ANSWERED = "answered", _("Information given")
    NEED_ASSESSED = "need_assessed", _("Need accepted")
    OFFERED = "offered", _("Terms offered")
    COUNTERED = "countered", _("Countered")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")
    ESCALATED = "escalated", _("Escalated")


class Ground(models.TextChoices):
    """Why a request may be refused; no other reason counts."""

    NOT_NEEDED = "not_needed", _("The access is not needed for the purpose")
    LIMITED = "limited", _("It is outside the agreement, or a limit in the annex applies")
    THIRD_PARTY = "third_party", _("An earlier duty to a third party stands against it")
    LAW = "law", _("A law or an export control stands against it")
    OUT_OF_WINDOW = "out_of_window", _("It was asked for outside the time for requests")
    TERMS_DECLINED = "terms_declined", _("Fair and reasonable terms were offered and declined")


# The owner has not answered yet and its clock runs.
OWED = (
    RequestStatus.SUBMITTED,
    RequestStatus.ACKNOWLEDGED,
    RequestStatus.ANSWERED,
    RequestStatus.NEED_ASSESSED,
    RequestStatus.COUNTERED,
)
ANSWERABLE = (*OWED, RequestStatus.INFO_REQUESTED, RequestStatus.ESCALATED)
OVER = (RequestStatus.GRANTED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN, RequestStatus.LAPSED)
DECIDED = {RequestStatus.OFFERED, RequestStatus.GRANTED, RequestStatus.REFUSED}
CLOSED = {RequestStatus.WITHDRAWN, RequestStatus.LAPSED}
