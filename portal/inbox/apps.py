"""The inbox as a Django app: it finds the jobs of every app and watches for rights that end."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    name = "portal.inbox"
    label = "inbox"
    verbose_name = _("inbox")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("portal.inbox.live.endings")
        import_module("portal.inbox.chores")
        import_module("portal.inbox.mail")
        autodiscover_modules("jobs")
