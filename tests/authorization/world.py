"""One world with a secret in every confidential field, and who may know each of them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from agencies.models import Agency, Invitation, Membership, Token, secrets
from agencies.models.tokens import PREFIX, PREFIX_LENGTH, Scope
from portal.files.storage import store
from portal.history import sealer
from portal.history.models import Alarm, Checkpoint, Event, Witness
from portal.inbox.models import Item
from portal.kit.models import Counter
from projects import actions as project_actions
from projects.agreements import actions as agreement_actions
from projects.agreements.models import Agreement
from projects.ip import actions as ip_actions
from projects.ip.models import Asset
from projects.messaging import actions as talk
from projects.messaging.models import Audience, Message, Thread
from projects.models import Participation, Project
from tests import cast as casting
from tests import stage
from tests.authorization import agreements, ip
from tests.authorization.economy import economy
from tests.authorization.rows import PEOPLE
from tests.cast import Cast

JAXA, ESA = {"mika", "kenji"}, {"lucien"}
BOTH = JAXA | ESA
# Whoever acts for a verified agency reads what is open to all of them.
VERIFIED = BOTH | {"tara", "sora"}
CANARY = re.compile(rb"canary([a-z]+)yranac")


@dataclass
class Secret:
    """Words that only some people may ever be sent."""

    words: str
    readers: set[str]


@dataclass
class World:
    """The cast, the secrets, the objects that addresses name, and a browser for each column of the table."""

    cast: Cast
    secrets: dict[str, Secret] = field(default_factory=dict)
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    # What has been asked already: rows written so far, and the answers where there is nothing.
    writes: dict[str, int] = field(default_factory=dict)
    answers: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def secret(self, label: str, readers: set[str]) -> str:
        """A word that nobody but the readers may be sent."""
        self.secrets[label] = Secret(f"canary{label}yranac", readers)
        return self.secrets[label].words

    def name(self, label: str, record: Any, readers: set[str] | None = None, **arguments: Any) -> None:
        """Let addresses name a record; its reference is a secret too where `readers` says whose."""
        self.objects[label] = arguments or {"ref": record.ref}
        if readers is not None:
            self.secrets[f"ref of {label}"] = Secret(record.ref, readers | {"olga"})

    def leaks(self, content: bytes, reader: str, *, asked: str = "") -> list[str]:
        """The secrets in the content that the reader may not know and did not name in the address."""
        found = {match.decode() for match in CANARY.findall(content)}
        leaked = [label for label in found if reader not in self.secrets[label].readers]
        for label, secret in self.secrets.items():
            hidden = reader not in secret.readers and secret.words not in asked
            if hidden and not secret.words.startswith("canary") and _names(secret.words.encode(), content):
                leaked.append(label)
        return sorted(leaked)


def _names(words: bytes, content: bytes) -> bool:
    """Whether the words stand there by themselves: P-2026-0007 is no part of IP-2026-0007."""
    return words in content and re.search(rb"(?<![A-Z0-9-])" + re.escape(words) + rb"(?![0-9])", content) is not None


@contextmanager
def lent(django_db_blocker: Any) -> Iterator[World]:
    """The world for the tests of one module; nothing of it is kept."""
    logging.disable(logging.ERROR)
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        with economy():
            yield world
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def build() -> World:
    """Two agencies at work, in every state that the table names."""
    _number_far_from_examples()
    cast = casting.build()
    world = World(cast)
    _people(world)
    secret = _secret_project(world)
    _register(world, secret)
    for noun in ip.NOUNS:
        noun.build(world, secret)
    _agreements(world, secret)
    for noun in agreements.NOUNS:
        if hasattr(noun, "build"):
            noun.build(world, secret)
    _threads(world, secret)
    _other_projects(world)
    sealer.seal()
    _told(world)
    for person in PEOPLE:
        world.clients[person] = cast.client(getattr(cast, person, None), raise_request_exception=False)
    return world


def _number_far_from_examples() -> None:
    """Give records numbers that no example on a page and no other kind of record has."""
    year = timezone.now().year
    Counter.objects.bulk_create(
        Counter(prefix=prefix, year=year, value=7000 + 100 * place)
        for place, prefix in enumerate(
            (
                "P",
                "A",
                "IP",
                "T",
                "MD",
                "MS",
                "IN",
                "TK",
                "PB",
                "D",
                "XA",
                "ID",
                "DP",
                "AR",
                "RG",
                "CT",
                "CA",
                "PS",
                "AO",
                "TT",
                "LC",
                "BC",
            ),
            start=1,
        )
    )


def _people(world: World) -> None:
    """Addresses are for colleagues and operators; what an agency keeps about its people is for the agency."""
    cast = world.cast
    own = {"jaxa": JAXA | {"sora"}, "esa": ESA, "nova": {"nils"}, "isro": {"tara"}}
    for person in (cast.mika, cast.kenji, cast.sora, cast.lucien, cast.ingrid, cast.tara, cast.nils, cast.noor):
        agency = person.email.partition("@")[2].partition(".")[0]
        readers = {name for name in PEOPLE if getattr(cast, name, None) == person}
        world.secrets[f"address of {person.name}"] = Secret(person.email, readers | own.get(agency, set()) | {"olga"})
    invited = Invitation.objects.create(
        agency=cast.jaxa,
        email=f"{world.secret('invitation', own['jaxa'] | {'olga'})}@jaxa.example",
        roles=["observer"],
        invited_by=cast.mika,
    )
    world.name("link of the invitation", invited, token=invited.token)
    decree = ContentFile(f"%PDF-1.7 {world.secret('decree', own['jaxa'])}".encode())
    mandate = casting.mandate(
        cast.sora, cast.jaxa, granted_by=cast.mika,
        source_note=world.secret("mandatenote", own["jaxa"] | {"olga"}),
        source_file=store(decree, f"{world.secret('decreename', own['jaxa'] | {'olga'})}.pdf", actor=cast.actor(cast.mika)),
    )  # fmt: skip
    membership = Membership.objects.get(person=cast.sora)
    program = world.secret("program", {"mika", "olga"})
    token, _secret = _token(cast.mika, program, list(Scope))
    world.name("invitation", invited)
    world.name("mandate", mandate)
    world.name("membership", membership)
    world.name("token", token)
    world.name("JAXA and invitation", invited, ref="JAXA", invitation=invited.ref)
    world.name("JAXA and mandate", mandate, ref="JAXA", mandate=mandate.ref)
    world.name("JAXA and membership", membership, ref="JAXA", membership=membership.ref)
    world.name("JAXA and token", token, ref="JAXA", token=token.ref)
    reason = world.secret("operatornote", {"nils", "olga"})
    Agency.objects.filter(pk=cast.nova.pk).update(status_reason=reason)
    for agency in (cast.jaxa, cast.nova):
        world.name(agency.acronym, agency)


def _token(person: Any, name: str, scopes: list[str], **facts: Any) -> tuple[Token, str]:
    secret = PREFIX + secrets.random()
    membership = Membership.objects.get(person=person)
    row = Token.objects.create(
        membership=membership,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        digest=secrets.digest(secret),
        scopes=[str(scope) for scope in scopes],
        expires_at=timezone.now() + timedelta(days=30),
        **facts,
    )
    return row, secret


def _terms(world: World, label: str, readers: set[str], **terms: Any) -> dict[str, Any]:
    return {
        "title": world.secret(f"{label}title", readers),
        "summary": world.secret(f"{label}summary", readers),
        "objective": world.secret(f"{label}objective", readers),
        **terms,
    }


def _secret_project(world: World) -> Project:
    """Accepted by ESA under JAXA's lead; nobody else knows of it."""
    cast = world.cast
    project = stage.proposed_project(cast, **_terms(world, "secret", BOTH))
    note = world.secret("partnernote", BOTH)
    project_actions.answer_invitation(project, actor=cast.actor(cast.lucien), answer="accept", note=note)
    project = Project.objects.get(pk=project.pk)
    world.name("secret", project, BOTH)
    world.name("secret and ESA", project, ref=project.ref, agency="ESA")
    world.name("part of ESA", project, pk=Participation.objects.get(project=project, agency=cast.esa).pk)
    return project


def _register(world: World, project: Project) -> None:
    """What both bring and make; JAXA's radar is contested."""
    cast = world.cast
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    words = {"title": "assettitle", "limits_exploitation": "assetlimits"}
    radar = ip_actions.list_background(
        project, actor=mika, nature="hardware", description=world.secret("assetwords", JAXA),
        **{name: world.secret(label, BOTH) for name, label in words.items()},
    )  # fmt: skip
    ip_actions.contest(radar, actor=lucien, reason=world.secret("contest", BOTH))
    drill = ip_actions.list_background(
        project, actor=lucien, nature="software", title=world.secret("partnerasset", BOTH)
    )
    world.name("asset", Asset.objects.get(pk=radar.pk), BOTH)
    world.name("asset of ESA", drill, BOTH)


def _agreements(world: World, project: Project) -> None:
    """One open for signature, one under negotiation, one declined, and a draft that JAXA has shown to nobody."""
    cast = world.cast
    mika = cast.actor(cast.mika)

    def drafted(label: str, readers: set[str]) -> Agreement:
        title = world.secret(f"{label}agreement", readers)
        agreement = agreement_actions.draft_agreement(project, actor=mika, title=title)
        code = agreement.clauses.order_by("position").first().code
        words = world.secret(f"{label}clause", readers)
        agreement = agreement_actions.word_clause(agreement, code, actor=mika, text=words)
        world.name(f"{label} agreement", agreement, readers)
        world.name(f"clause of the {label} agreement", agreement, ref=agreement.ref, code=code)
        return agreement

    signing = drafted("signing", BOTH)
    signing = agreement_actions.freeze(stage.agree(cast, agreement_actions.share(signing, actor=mika)), actor=mika)
    declined = drafted("declined", BOTH)
    declined = agreement_actions.freeze(stage.agree(cast, agreement_actions.share(declined, actor=mika)), actor=mika)
    stage.decline(cast, declined, cast.ingrid, world.secret("declining", BOTH))
    agreement_actions.share(drafted("open", BOTH), actor=mika)
    drafted("drafted", JAXA)


def _threads(world: World, project: Project) -> None:
    """On the project and between the agencies, with what each keeps to itself; and one inside JAXA."""
    cast = world.cast
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)

    def opened(label: str, readers: set[str], **facts: Any) -> Thread:
        title = world.secret(f"{label}thread", readers)
        thread = talk.open_thread(actor=mika, title=title, body=world.secret(f"{label}message", readers), **facts)
        world.name(f"{label} thread", thread, readers)
        return thread

    thread = opened("project", BOTH, project=project, agencies=[cast.esa], audience=Audience.SHARED)
    opened("agency", BOTH, agencies=[cast.esa], audience=Audience.SHARED)
    opened("inner", JAXA, project=project, agencies=[])
    inside = talk.post_message(thread, actor=mika, body=world.secret("internaljaxa", JAXA))
    talk.post_message(thread, actor=lucien, body=world.secret("internalesa", ESA))
    edited = talk.post_message(thread, actor=mika, body=world.secret("edited", BOTH), audience=Audience.SHARED)
    talk.edit_message(edited, actor=mika, body="Better words", version=1)
    withdrawn = talk.post_message(thread, actor=lucien, body=world.secret("withdrawn", set()), audience=Audience.SHARED)
    talk.withdraw_message(withdrawn, actor=lucien)
    shared = Message.objects.filter(thread=thread, audience=Audience.SHARED).order_by("pk").first()
    for label, message in (("shared message", shared), ("internal message", inside)):
        world.name(label, message, ref=thread.ref, uid=str(message.uid))
        world.name(f"{label} itself", message, uid=str(message.uid))


def _other_projects(world: World) -> None:
    """A draft, an open call, and one that everybody may read of; each has an inside."""
    cast = world.cast
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    draft = stage.drafted_project(cast, **_terms(world, "draft", JAXA))
    project_actions.invite_partner(draft, cast.esa, actor=mika)
    world.name("draft", draft, JAXA)
    for label, audience, readers in (("open", "verified", VERIFIED), ("public", "public", set(PEOPLE))):
        project = stage.proposed_project(cast, **_terms(world, label, readers, audience=audience))
        condition = world.secret(f"{label}condition", BOTH)
        project_actions.answer_invitation(project, actor=lucien, answer="condition", condition=condition)
        world.name(label, project, readers)
        world.name(f"{label} and ESA", project, ref=project.ref, agency="ESA")
        talk.open_thread(
            actor=mika, project=project, agencies=[cast.esa], audience=Audience.SHARED,
            title=world.secret(f"{label}thread", BOTH), body="Shall we?",
        )  # fmt: skip


def _told(world: World) -> None:
    """The newest event about the secret project, and what waits for JAXA's manager."""
    event = Event.objects.of(world.objects["secret"]["ref"]).newest_first().first()
    world.name("event", event, uid=str(event.uid))
    world.name("entry", event, index=event.ledger_index)
    _watched(world)
    world.objects["no such address"] = {"rest": "no/such/address/"}
    item = Item.objects.for_actor(world.cast.actor(world.cast.kenji)).current().first()
    world.name("item", item, uid=str(item.uid))


def _watched(world: World) -> None:
    """A witness of JAXA, the newest checkpoint, and an open alarm, which is red on every page."""
    witness = Witness.objects.create(
        agency_ref="JAXA",
        name="jaxa.example/witness",
        key_id="4a584101",
        public_key=bytes(32),
        person_uid=world.cast.mika.uid,
    )
    world.name("witness", witness, key_id=witness.key_id)
    world.name("JAXA and witness", witness, ref="JAXA", key_id=witness.key_id)
    world.name("checkpoint", None, number=Checkpoint.objects.newest().number)
    alarm = Alarm.objects.create(kind="broken", digest="a" * 64, place="entry 7", problem="it is missing")
    world.name("alarm", alarm, number=alarm.pk)
