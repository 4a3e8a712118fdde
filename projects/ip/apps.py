"""The IP register as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IpConfig(AppConfig):
    name = "projects.ip"
    label = "ip"
    verbose_name = _("IP register")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("projects.ip.notifications")
