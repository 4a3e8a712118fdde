"""The kit as a Django app: it owns the counters behind references and the one-time keys."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "portal.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import register_converter

        from portal.kit.records import RefConverter

        register_converter(RefConverter, "ref")
