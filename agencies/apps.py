"""The agencies app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    name = "agencies"
    label = "agencies"
    verbose_name = _("agencies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("agencies.notifications")
        import_module("agencies.schema")
        import_module("agencies.factors").listen()
