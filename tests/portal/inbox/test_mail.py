"""Mail: once, to those it waits for, in their language, without what it is about."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction

from portal.inbox import ask, settle
from portal.inbox.actions import choose_mail
from portal.inbox.mail import post, send
from portal.inbox.models import SentMail
from tests.jobs import pending, run_pending

CANARY = "Canary of the secret lander"


def wait_for(agency, **facts):
    given = {
        "verb": "answer",
        "title": CANARY,
        "why": CANARY,
        "url": "/projects/P-2026-0007/",
        "key": f"answer:{agency.ref}",
    }
    ask(None, agency=agency, **{**given, **facts})


def test_those_it_waits_for_hear_of_it_once(cast):
    wait_for(cast.jaxa)
    wait_for(cast.jaxa)

    run_pending()

    assert [message.to for message in mail.outbox] == [[cast.mika.email]]
    assert SentMail.objects.count() == 1


def test_a_mail_names_no_title_and_links_to_the_portal(cast):
    wait_for(cast.jaxa)

    run_pending()

    (message,) = mail.outbox
    raw = message.message().as_string()
    assert CANARY not in raw
    assert message.subject == "Concord: something waits for you"
    assert "/projects/P-2026-0007/" in message.body
    assert message.alternatives[0].mimetype == "text/html"


def test_nothing_is_mailed_about_what_was_settled_meanwhile(cast):
    wait_for(cast.jaxa)
    settle("answer:JAXA")

    run_pending()

    assert mail.outbox == []


def test_who_switched_mail_off_gets_none(cast):
    choose_mail(actor=cast.actor(cast.mika), mail="never")
    wait_for(cast.jaxa)

    run_pending()

    assert mail.outbox == []


def test_people_whose_membership_is_over_get_none(cast):
    wait_for(cast.esa)

    run_pending()

    assert [message.to for message in mail.outbox] == [[cast.lucien.email]]


def test_the_one_who_caused_it_is_not_told_by_mail(cast):
    from types import SimpleNamespace
    from uuid import uuid4

    event = SimpleNamespace(uid=uuid4(), target_ref="P-2026-0007", person_uid=cast.mika.uid, icon="flag")
    ask(event, verb="answer", agency=cast.jaxa, title="x", url="/", key="x")

    run_pending()

    assert mail.outbox == []


def test_operators_hear_of_what_waits_for_operators(cast):
    ask(None, verb="verify", roles=["operator"], title="Application", url="/admin/", key="verify:NOVA")

    run_pending()

    assert [message.to for message in mail.outbox] == [[cast.olga.email]]


def test_a_job_that_runs_twice_sends_once_and_a_failed_one_tries_again(cast, monkeypatch):
    letter = {
        "kind": "invitation",
        "to": "a@b.example",
        "language": "fr",
        "key": "invitation:IN-1",
        "context": {"url": "/x"},
    }
    with monkeypatch.context() as broken:
        broken.setattr(mail.EmailMultiAlternatives, "send", lambda self, **_: (_ for _ in ()).throw(ConnectionError()))
        with pytest.raises(ConnectionError):
            send(**letter)

    send(**letter)
    send(**letter)

    assert len(mail.outbox) == 1


def test_a_mail_of_a_transaction_that_fails_is_never_sent(cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        post("invitation", to="a@b.example", key="IN-1", url="/x", agency="JAXA", inviter="Mika Hoshino", expires_at="")
        raise RuntimeError

    assert pending() == []


def test_an_unknown_kind_of_mail_is_refused_where_it_is_written():
    with pytest.raises(LookupError):
        post("advert", to="a@b.example", key="1")
