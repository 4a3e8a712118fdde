"""What was notified becomes an act of its party; texts in force get the last day of their term, and their parties the first."""

from django.db import migrations
from django.db.models import F


def _last_day(starts_on, years):
    try:
        return starts_on.replace(year=starts_on.year + years)
    except ValueError:
        return starts_on.replace(year=starts_on.year + years, day=28)


def tell_acts(apps, schema_editor):
    """Every notification becomes an act, once; raises RuntimeError for one whose event or person is not found."""
    Party, Act = apps.get_model("agreements", "Party"), apps.get_model("agreements", "Act")
    Event, Person = apps.get_model("history", "Event"), apps.get_model("agencies", "Person")
    notified = Party.objects.exclude(notified_at=None).exclude(agreement__text=None)
    for party in notified.select_related("agreement", "agency"):
        kept = Act.objects.filter(text_id=party.agreement.text_id, party_id=party.pk, kind="completion")
        if kept.exists():
            continue
        told = Event.objects.filter(
            verb="agreement.completion_notified", target_ref=party.agreement.ref, agency_ref=party.agency.ref
        )
        event = told.order_by("-id").first()
        person = Person.objects.filter(uid=event.person_uid).first() if event else None
        if person is None:
            missing = "person" if event else "event"
            raise RuntimeError(
                f"{party.agreement.ref}: the {missing} of the notification by {party.agency.ref} is not found."
            )
        Act.objects.create(
            agreement_id=party.agreement.pk, text_id=party.agreement.text_id, party_id=party.pk, kind="completion",
            done_on=party.notified_at.date(), person=person, recorded_at=party.notified_at, event=event.uid,
        )


def count_terms(apps, schema_editor):
    Agreement, Party = apps.get_model("agreements", "Agreement"), apps.get_model("agreements", "Party")
    for agreement in Agreement.objects.filter(status="in_force", ends_on=None):
        parties = Party.objects.filter(agreement=agreement)
        # Where any party has its day, those without one are not bound yet.
        if not parties.exclude(in_force_on=None).exists():
            parties.update(in_force_on=agreement.in_force_on)
        years = agreement.profile.get("term_years")
        if years:
            agreement.ends_on = _last_day(agreement.in_force_on, int(years))
            agreement.save(update_fields=["ends_on"])


def forget_acts(apps, schema_editor):
    """The column gets back what the acts say. The acts stay, for they are evidence, and are met again by `tell_acts`."""
    Party, Act = apps.get_model("agreements", "Party"), apps.get_model("agreements", "Act")
    for act in Act.objects.filter(kind="completion", text=F("agreement__text")):
        Party.objects.filter(pk=act.party_id).update(notified_at=act.recorded_at)


class Migration(migrations.Migration):

    dependencies = [
        ("agreements", "0002_negotiation_tree_and_life"),
        ("history", "0001_initial"),
        ("agencies", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(tell_acts, forget_acts),
        migrations.RunPython(count_terms, migrations.RunPython.noop),
    ]
