"""Which pages are measured, as whom, and how dear each may be: the goals of the design, as ratios to the floor."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Person, Token
from agencies.models.secrets import digest
from portal.demo.bench.measuring import Goal, Target
from projects.agreements.models import Agreement
from projects.ip.models import Asset
from projects.messaging.models import Thread
from projects.models import Project

HOST = {"Host": "localhost"}
PUBLIC, HOME, LIST, DETAIL = Goal(0.4, 1), Goal(2.0, 14), Goal(1.5, 10), Goal(2.2, 14)
FORM, POSTED, API_LIST, API_DETAIL = Goal(2.0, 8), Goal(2.5, 14), Goal(1.0, 8), Goal(0.7, 8)


def signed_in(person: Person, **kept: Any) -> dict[str, str]:
    """The headers of a browser in which the person has signed in; `kept` is what else its session holds."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.update(kept)
    session.create()
    return HOST | {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


def with_token(person: Person, *scopes: str) -> dict[str, str]:
    """The headers of a program that acts for the person."""
    secret = f"concord_{uuid.uuid4().hex}"
    membership = person.memberships.order_by("begins_at", "pk")[0]
    Token.objects.create(
        membership=membership, name="Benchmark", prefix=secret[:14], digest=digest(secret), scopes=list(scopes)
    )
    return HOST | {"Authorization": f"Bearer {secret}"}


def targets(reader: Person) -> list[Target]:
    """The pages of the table, in its order, with the number of their queries."""
    project = Project.objects.get(title="Lunar Polar Volatiles Surveyor")
    agreement = Agreement.objects.get(project=project)
    asset = Asset.objects.filter(project=project).order_by("pk")[0]
    thread = Thread.objects.get(title="Thermal interface of the drill mast")
    busy = Thread.objects.get(title="Which nights are ours")
    page, program = signed_in(reader), with_token(reader, "read", "write")
    words = json.dumps({"thread": busy.ref, "body": "Measured again.", "audience": "shared", "language": "en"}).encode()
    found = [
        Target("sign-in", reverse("account_login"), HOST, PUBLIC),
        Target("verify", reverse("verify"), HOST, PUBLIC),
        Target("home", reverse("home"), page, HOME),
        Target("projects", reverse("projects:list"), page, LIST),
        Target("agreements", reverse("agreements:list"), page, LIST),
        Target("agencies", reverse("agencies:directory"), page, LIST),
        Target("threads", reverse("messaging:threads"), page, LIST),
        Target("IP register", reverse("ip:register", args=[project.ref]), page, LIST),
        Target("project", reverse("projects:project", args=[project.ref]), page, DETAIL),
        Target("agreement", reverse("agreements:agreement", args=[agreement.ref]), page, DETAIL),
        Target("asset", reverse("ip:asset", args=[asset.ref]), page, DETAIL),
        Target("thread", reverse("messaging:thread", args=[thread.ref]), page, DETAIL),
        Target("form: new project", reverse("projects:new"), page, FORM),
        Target("API list of projects", "/api/v1/projects/", program, API_LIST),
        Target("API project", f"/api/v1/projects/{project.ref}/", program, API_DETAIL),
        Target("API message posted", "/api/v1/messages/", program, POSTED, body=words, expected=201),
    ]
    return [_counted(target) for target in found]


def _counted(target: Target) -> Target:
    """With the queries of a second request: the first one fills what the process keeps."""
    client = Client(headers={name: value for name, value in target.headers.items() if name != "Cookie"})
    client.cookies = SimpleCookie(target.headers.get("Cookie", ""))
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            if target.body is None:
                response = client.get(target.path)
            else:
                response = client.post(target.path, target.body, content_type="application/json")
    if response.status_code != target.expected:
        raise RuntimeError(f"{target.name} answered {response.status_code}: {target.path}")
    more = {"Content-Type": "application/json"} if target.body is not None else {}
    return replace(target, queries=len(captured), headers=target.headers | more)
