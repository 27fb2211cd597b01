"""Planted strings: every text that people write is unmistakable, and stands with who may read it.

A text is planted as `plant-<label>-tnalp`, followed by what would be markup if a page did not escape it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, update

from remediation.gatherings.gathering import Kind as Kind_
from remediation.gatherings.gathering import gathering_id
from remediation.gatherings.meeting.facts import Ballot, RefusedOnPaper
from remediation.gatherings.meeting.orders import RecordPaper
from remediation.orders import Attached
from remediation.permissions import Grant, ScopeKind
from remediation.words import CommandId, Digest, EvidenceId, FindingId, NoteId, PersonId, Role, Severity
from service.importing.uploading import Given, keep
from service.pages.fields import Field, Kind, fields_of
from storage import hooks, passkeys, people
from storage.database import writing
from storage.notes import Note, write_note
from storage.places import absences, assessments, factories, factory_days, programmes, subjects, tokens
from storage.places import people as people_table
from tests.evidence.files import a_pdf
from tests.service.meetings import at_the_table, put_meeting, told_more
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    BUYER,
    CHLOE,
    DINA,
    LOTUS,
    NAMES,
    NEIGHBOUR,
    OPERATOR,
    PADMA,
    PETRA,
    PROGRAMME,
    TOMAS,
    Live,
    key,
    save_person,
)
from tests.storage.builders import a_hook, a_passkey

VERA, RUTH = PersonId("vera"), PersonId("ruth")
NOBODY = ""
"""Who is not signed in."""
FIELD_STAFF = frozenset({CHLOE, TOMAS, VERA})
WORKERS, MANAGEMENT = frozenset({AMINA, ASHA}), frozenset({BAO, BINH})
FACTORY = WORKERS | MANAGEMENT
STAFF = frozenset({CHLOE, TOMAS, PETRA, DINA, VERA})
FIELD = STAFF - {DINA}
READERS = FACTORY | STAFF | {RUTH}
OF_LOTUS, OF_PADMA = READERS | {BUYER, OPERATOR}, STAFF | {RUTH, OPERATOR, NEIGHBOUR}
EVERYBODY = (*NAMES, VERA, RUTH, NOBODY)

MARKUP = "<i title=\"'&"
PLANT = re.compile(r"plant-([a-z0-9_]+)-tnalp")

AUDIENCES = {
    "refuse_reason": FACTORY | STAFF,
    "object_to_fix_reason": WORKERS | STAFF,
    "decide_alarm_reason": STAFF,
    "notify_authority_note": STAFF,
}
"""Who reads what is written with a verb, where it is not everybody who may read the finding's texts."""


def planted(label: str) -> str:
    """Give the text that is planted by a label."""
    return f"plant-{label}-tnalp {MARKUP}"


def labels(text: str) -> set[str]:
    """Give the labels of what was planted and stands in a text."""
    return set(PLANT.findall(text))


@dataclass
class Garden:
    """What was planted where, and who may read it."""

    live: Live
    audience: dict[str, frozenset[str]] = field(default_factory=dict)
    upload: str = "none"
    findings: dict[str, str] = field(default_factory=dict)
    """The findings by what they tell: `verifying`, `restricted` and so on."""

    def plant(self, label: str, audience: Iterable[str]) -> str:
        """Give a text to plant, and note who may read it."""
        self.audience[label] = frozenset(audience)
        return planted(label)

    def seen_by(self, person: str) -> set[str]:
        """Give the labels that a person may read, and does somewhere."""
        return {label for label, audience in self.audience.items() if person in audience}

    async def begin(self, name: str, audience: Iterable[str] = READERS, **given: Any) -> str:  # noqa: ANN401
        """Issue a finding by a name, with planted texts of the assessment."""
        finding = await self.live.begin(**given)
        self.findings[name] = finding
        texts = {
            column: self.plant(f"{name}_{column}", audience)
            for column in ("question_text", "statement", "evidence")
        }
        with writing(self.live.theatre.database) as connection:
            connection.execute(update(subjects).where(subjects.c.finding == finding).values(texts))
        return finding

    async def say(self, person: str, name: str, verb: str, **body: Any) -> None:  # noqa: ANN401
        """Let somebody give a command, each of whose texts is planted."""
        finding = self.findings[name]
        texts = dict(self._texts(f"{name}_{verb}", verb, fields_of(verb), set(body)))
        answer = await self.live.say(person, finding, verb.replace("_", "-"), **texts | body)
        assert answer.status_code == 200, answer.text

    def _texts(
        self, prefix: str, verb: str, known: Iterable[Field], given: set[str]
    ) -> Iterator[tuple[str, Any]]:
        for each in known:
            audience = AUDIENCES.get(f"{verb}_{each.name}", READERS)
            if each.name in given or each.kind not in {Kind.TEXT, Kind.LINES}:
                continue
            text = self.plant(f"{prefix}_{each.name}", audience)
            yield each.name, [text] if each.kind is Kind.LINES else text

    def action(self, name: str, verb: str, owner: str = BAO) -> dict[str, Any]:
        """Give a planned action with planted texts, due in sixty days."""
        due = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
        texts = {
            text: self.plant(f"{name}_{verb}_{text}", READERS)
            for text in ("description", "evidence_expected")
        }
        return {"kind": "corrective", "owner": owner, "due": due, **texts}

    async def revision(self, name: str) -> str:
        """Give the revision that is on the table."""
        async with self.live.theatre.act(AMINA) as client:
            shown = (await client.get(f"/api/v1/findings/{self.findings[name]}")).json()
        revision: str = shown["proposal"]["revision"]
        return revision

    async def agree(self, name: str) -> None:
        """Let Bao propose and both sides sign."""
        await self.say(BAO, name, "propose", actions=[self.action(name, "propose")], no_action_reason=None)
        revision = await self.revision(name)
        for person in (AMINA, BAO):
            await self.say(person, name, "sign", revision=revision)


async def a_garden(live: Live) -> Garden:
    """Let the cast tell stories in several stages, with planted strings in every text."""
    garden = Garden(live)
    _settle(garden)
    await _name_the_factory(garden)
    for tell in (
        _on_the_table,
        _no_action,
        _verifying,
        _shown,
        _disputed,
        _suspended,
        _deadlocked,
        _ended,
        _alarms,
    ):
        await tell(garden)
    _meet(garden)
    _upload(garden)
    await garden.begin("neighbours", STAFF | {NEIGHBOUR, RUTH}, factory=PADMA, plan="plan-2", seats=())
    return garden


def _meet(garden: Garden) -> None:
    """Let the committee sign on paper, Binh refuse there, and Amina enter it: it waits for a witness."""
    why = garden.plant("refused_on_paper", FIELD_STAFF | {AMINA})
    tables = [FindingId(garden.findings[each]) for each in ("table", "nothing")]
    with writing(garden.live.theatre.database) as connection:
        place = Note(
            id=NoteId("where"),
            finding=gathering_id(Kind_.MEETING, "m-1"),
            by=AMINA,
            at=datetime.now(UTC),
            purpose="place",
            text=garden.plant("meeting_place", READERS - {RUTH}),
        )
        write_note(connection, place)
        case = at_the_table(
            connection, put_meeting(connection, "m-1", findings=tuple(tables), place=place.id)
        )
        write_note(
            connection, replace(place, id=NoteId("why"), finding=tables[0], purpose="reason", text=why)
        )
        ballot = Ballot(person=BINH, refuses=(RefusedOnPaper(number=1, reason=NoteId("why")),))
        photo = Attached(id=EvidenceId("e-sheet"), digest=Digest("5" * 64))
        said: dict[str, Any] = {"sheet": 1, "ballots": (ballot,), "files": (photo,)}
        order = RecordPaper(id=CommandId("paper"), by=AMINA, acting=Role.WORKER_CO_CHAIR, **said)
        told_more(connection, case, order)


def _upload(garden: Garden) -> None:
    """Keep a file that nobody has confirmed, with a row that cannot be used."""
    finding = garden.plant("upload_cell", FIELD)
    name = garden.plant("upload_name", FIELD)
    header = "Factory ID;Cycle;CP;Question ID;Finding"
    cell = finding.replace('"', '""')
    data = f'{header}\nlotus;1;Gender;q1;"{cell}"'.encode()
    given = Given(data=data, name=name, programme=PROGRAMME, by=CHLOE, at=datetime.now(UTC))
    garden.upload = keep(garden.live.theatre.database, given).id


async def _on_the_table(garden: Garden) -> None:
    await garden.begin("table")
    await garden.say(
        BAO, "table", "propose", actions=[garden.action("table", "propose")], no_action_reason=None
    )
    revision = await garden.revision("table")
    await garden.say(BINH, "table", "refuse", revision=revision)
    await garden.say(AMINA, "table", "sign", revision=revision)


async def _no_action(garden: Garden) -> None:
    await garden.begin("nothing")
    await garden.say(BAO, "nothing", "propose")
    await garden.say(CHLOE, "nothing", "approve_no_action", revision=await garden.revision("nothing"))


async def _verifying(garden: Garden) -> None:
    await garden.begin("verifying")
    await garden.agree("verifying")
    until = (datetime.now(UTC) + timedelta(days=70)).date().isoformat()
    await garden.say(AMINA, "verifying", "request_extension", actions=["a1"], until=until)
    await garden.say(BAO, "verifying", "cosign_extension")
    await garden.say(CHLOE, "verifying", "decide_extension", granted=True)
    await garden.say(BAO, "verifying", "record_progress", action="a1", percent=100)
    await garden.say(BAO, "verifying", "report_fixed")
    await garden.say(ASHA, "verifying", "object_to_fix")
    on = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    await garden.say(CHLOE, "verifying", "book_verification", verifier=VERA, modality="on_site", on=on)


async def _shown(garden: Garden) -> None:
    """Let photos and documents be handed in: for all who read, for staff alone, and one taken back."""
    await garden.begin("shown")
    await _comment(garden, BAO, "comment", READERS)
    await _comment(garden, CHLOE, "comment_among_staff", STAFF)
    await _hand_in(garden, BAO, "document", READERS)
    await _hand_in(garden, CHLOE, "confidential", STAFF, confidential="true")
    piece = await _hand_in(garden, BAO, "withdrawn", ())
    async with garden.live.theatre.act(BAO) as client:
        at = f"/api/v1/findings/{garden.findings['shown']}/evidence/{piece}"
        assert (await client.delete(at)).status_code == 204


async def _comment(garden: Garden, person: str, name: str, audience: frozenset[str]) -> None:
    words = {"text": garden.plant(name, audience), "confidential": audience == STAFF}
    async with garden.live.theatre.act(person) as client:
        at = f"/api/v1/findings/{garden.findings['shown']}/comments"
        answer = await client.post(at, json=words, headers=key())
    assert answer.status_code == 201, answer.text


async def _hand_in(garden: Garden, person: str, name: str, audience: Iterable[str], **said: str) -> str:
    words = garden.plant(f"{name}_shows", audience)
    document = a_pdf(garden.plant(f"{name}_content", audience))
    async with garden.live.theatre.act(person) as client:
        answer = await client.post(
            f"/api/v1/findings/{garden.findings['shown']}/evidence",
            files={"file": (f"{planted('filename')}.pdf", document)},
            data={"shows": words, **said},
            headers=key(),
        )
    assert answer.status_code == 201, answer.text
    piece: str = answer.json()["id"]
    return piece


async def _disputed(garden: Garden) -> None:
    await garden.begin("disputed")
    await garden.say(AMINA, "disputed", "dispute")
    await garden.say(TOMAS, "disputed", "decide_dispute", outcome="rejected", severity=None)


async def _suspended(garden: Garden) -> None:
    await garden.begin("suspended")
    await garden.agree("suspended")
    until = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    await garden.say(CHLOE, "suspended", "suspend", cause="strike", until=until)
    await garden.say(TOMAS, "suspended", "countersign_suspension")
    await garden.say(CHLOE, "suspended", "end_suspension")


async def _deadlocked(garden: Garden) -> None:
    await garden.begin("deadlocked")
    first = [garden.action("deadlocked", "first")]
    await garden.say(BAO, "deadlocked", "propose", actions=first, no_action_reason=None)
    await garden.say(ASHA, "deadlocked", "declare_deadlock")
    await garden.say(BAO, "deadlocked", "file_interim_plan", actions=[garden.action("deadlocked", "interim")])
    await garden.say(CHLOE, "deadlocked", "close_mediation")


async def _ended(garden: Garden) -> None:
    await garden.begin("ended")
    await garden.say(TOMAS, "ended", "cease")


async def _alarms(garden: Garden) -> None:
    for name in ("restricted", "cancelled"):
        await garden.begin(name, STAFF, severity=Severity.ZERO_TOLERANCE, factory_told=False)
    await garden.say(DINA, "cancelled", "decide_alarm", confirmed=False, severity="major")
    for text in ("question_text", "statement", "evidence"):
        garden.audience[f"cancelled_{text}"] = READERS
    await garden.begin("contained", severity=Severity.ZERO_TOLERANCE)
    await garden.say(DINA, "contained", "decide_alarm", confirmed=True, severity=None)
    await garden.say(DINA, "contained", "notify_authority")
    await garden.say(BAO, "contained", "contain")


def _plant_a_hook(connection: Connection, garden: Garden) -> None:
    """Let another system be told of it all. It is paused: nothing is sent."""
    texts = {name: garden.plant(f"hook_{name}", {PETRA, OPERATOR}) for name in ("url", "description")}
    texts["url"] = f"https://receiver.example/{texts['url']}"
    hook = a_hook(id="planted", state=hooks.HookState.PAUSED, **texts)
    assert hooks.make(connection, hook, hooks.new_secret())


async def _name_the_factory(garden: Garden) -> None:
    """Let Petra correct the factory's name: what it was and is stands in the directory's changes, too."""
    async with garden.live.theatre.act(PETRA) as client:
        name = garden.plant("factory_lotus_corrected", OF_LOTUS)
        assert (await client.patch(f"/api/v1/factories/{LOTUS}", json={"name": name})).status_code == 200
    del garden.audience["factory_lotus"]


def _settle(garden: Garden) -> None:
    """Plant what stands in the directory: names, contacts, reasons of leave, names of files and of days."""
    directory, day = garden.live.theatre.database, datetime.now(UTC).date()
    with writing(directory) as connection:
        save_person(connection, VERA, "Vera")
        people.give(connection, VERA, Grant(Role.ADVISOR, ScopeKind.ALL))
        save_person(connection, RUTH, "Ruth")
        people.give(connection, RUTH, Grant(Role.DECISION_PANEL, ScopeKind.PROGRAMME, PROGRAMME))
        for person in (*NAMES, VERA, RUTH):
            own = {
                "name": planted(f"name_{person}"),
                "phone": garden.plant(f"phone_{person}", {person}),
                "email": None if person == ASHA else f"plant-email_{person}-tnalp@mail.example",
            }
            if person != ASHA:
                garden.audience[f"email_{person}"] = frozenset({person})
            connection.execute(update(people_table).where(people_table.c.id == person).values(own))
        for place, audience in ((LOTUS, OF_LOTUS), (PADMA, OF_PADMA)):
            named = {"name": garden.plant(f"factory_{place}", audience)}
            connection.execute(update(factories).where(factories.c.id == place).values(named))
            days = garden.plant(f"day_{place}", audience)
            own_day = {"factory": place, "kind": "shutdown", "first": day, "last": day, "name": days}
            connection.execute(insert(factory_days).values(own_day))
        connection.execute(update(programmes).values(name=planted("programme")))
        connection.execute(update(tokens).values(label=garden.plant("token", ())))
        connection.execute(update(assessments).values(name=garden.plant("file", FIELD)))
        device = garden.plant("passkey", {BINH})
        assert passkeys.add(connection, a_passkey(BINH, device))
        _plant_a_hook(connection, garden)
        leave = {
            "person": BINH,
            "first": date(2030, 1, 1),
            "last": date(2030, 1, 9),
            "reason": garden.plant("leave", {BINH, *FIELD, OPERATOR}),
            "entered_by": BINH,
            "entered_at": datetime.now(UTC),
        }
        connection.execute(insert(absences).values(leave))
