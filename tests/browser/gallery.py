"""A gallery of findings: one in every situation of the rules, told up to this moment, with people's words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from activities.opening import put_gatherings_on_record
from remediation.facts import Fact
from remediation.gatherings.plan import ReportProgress, Tally, plan_opened
from remediation.orders import Order, PlannedAction, RequestExtension
from remediation.permissions import Grant, ScopeKind
from remediation.policy import Policy
from remediation.repeats import Basis, Standing
from remediation.words import (
    SYSTEM,
    CommandId,
    Digest,
    FindingId,
    NoteId,
    PersonId,
    PlanId,
    Role,
    Stage,
)
from storage import deliveries, gatherings, hooks, people, repeats
from storage.codec import gathering_recording_of
from storage.database import writing
from storage.deliveries import DeliveryState, Try
from storage.notes import Note, digest_of, write_note, write_revision
from storage.repeats import Repeat
from tests.rules.cast import AMINA, ERIK, FIRST, NOTE, RUTH, Story, Told, a_case, a_closed_case
from tests.rules.situations import SITUATIONS
from tests.service.meetings import at_the_table, put_meeting
from tests.service.stage import CHLOE, DHAKA, LOTUS, PROGRAMME, Theatre, save_person
from tests.service.visits import put_visit
from tests.storage.builders import Life, a_hook

WORDS = {
    "reason": "The lock was fitted after a theft; the guard keeps the only key.",
    "interim_protection": "A guard stands at the exit whenever people work.",
    "evidence": "Photograph 41: the exit from inside, with the lock removed.",
    "note": "Two of four panic bars are mounted; the others come with the next delivery.",
    "slip_reason": "The supplier delivered three weeks late.",
}
ROOT_CAUSE = "Nobody but the guard was told to open the exits, and the guard has a second duty at the gate."
ACTION = {
    "kind": "corrective",
    "description": "Replace the lock by a panic bar, and teach all guards to keep the exit clear",
    "evidence_expected": "A photograph of the open exit during a shift",
}
OTHERS = {ERIK: ("Erik Lind", Role.ADVISOR), RUTH: ("Ruth Adler", Role.DECISION_PANEL)}


def asked_by_one_side(**told: Told) -> Story:
    story = a_case(**told).commit()
    asked = {"until": story.day(70), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **asked)
    return story


def nothing_is_to_be_done(**told: Told) -> Story:
    story = a_case(**told)
    story.propose(actions=(), no_action_reason=NOTE)
    return story


def closed_yesterday(**told: Told) -> Story:
    story = a_closed_case(**told)
    story.later(days=1)
    return story


TO_SIGN = ("under review", "nothing to be done")
"""Situations with a plan on the table, which a meeting's signing sheet holds."""
TO_VERIFY = ("reported", "recovery plan filed")
"""Situations in a visit's checklist: a fix to verify, and a finding on which that is not possible yet."""
HUNG = SITUATIONS | {
    "asked by one side": asked_by_one_side,
    "nothing to be done": nothing_is_to_be_done,
    "closed yesterday": closed_yesterday,
}
"""The rules' situations, and three more: with them each verb can be given on some finding."""


@dataclass
class WithWords(Story):
    """A story whose notes and proposals have texts, each of its own."""

    notes: list[Note] = field(default_factory=list)
    contents: dict[Digest, str] = field(default_factory=dict)
    authors: dict[str, PersonId] = field(default_factory=dict)
    digests: dict[Digest, Digest] = field(default_factory=dict)

    def order(self, person: PersonId, kind: type[Order], **fields: Any) -> tuple[Fact, ...]:  # noqa: ANN401
        if "actions" in fields and "revision" in fields:
            self._write_plan(person, fields["revision"], fields["actions"])
        told = {name: self._told(person, name, value) for name, value in fields.items()}
        return super().order(person, kind, **told)

    def _told(self, person: PersonId, name: str, value: Any) -> Any:  # noqa: ANN401 - any field of an order
        if name == "revision":
            return self.digests[value]
        if name == "evidence":
            return tuple(self._note(person, name) for _ in value)
        return self._note(person, name) if name in WORDS else value

    def _note(self, person: PersonId, purpose: str) -> NoteId:
        note = NoteId(f"{self.finding.id}-{len(self.notes)}")
        words = WORDS[purpose]
        self.notes.append(
            Note(id=note, finding=self.finding.id, by=person, at=self.now, purpose=purpose, text=words)
        )
        return note

    def _write_plan(self, author: PersonId, name: Digest, actions: tuple[PlannedAction, ...]) -> None:
        written = [ACTION | {"id": each.id, "owner": each.owner, "due": str(each.due)} for each in actions]
        content = json.dumps({"root_cause": ROOT_CAUSE, "actions": written})
        self.digests[name] = digest_of(content)
        self.contents[digest_of(content)] = content
        self.authors[content] = author


def tell(name: str, finding: str, **begun: Any) -> WithWords:  # noqa: ANN401 - as `a_case` takes it
    """Tell a situation so that it stands just so at this moment."""
    told = {"finding": FindingId(finding), "told_as": WithWords, "calendar": DHAKA, "programme": PROGRAMME}
    told |= {"factory": LOTUS, "plan": PlanId("plan-1"), "point": "emergency-preparedness"} | begun
    length = HUNG[name](**told).now - HUNG["issued"](**told).now
    story = HUNG[name](**told, at=datetime.now(UTC) - length - timedelta(minutes=5))
    assert isinstance(story, WithWords)
    return story


def hang(theatre: Theatre) -> Mapping[str, str]:
    """Record one finding in every situation; give their ids by the situations' names."""
    ids = {name: f"f-{name.replace(' ', '-')}" for name in HUNG}
    stories = [tell(name, finding) for name, finding in ids.items()]
    theatre.keep(*(Life(story.case, tuple(story.entries)) for story in stories))
    with writing(theatre.database) as connection:
        hang_others(connection)
        open_plan(connection)
        called = put_meeting(connection, "m-1", findings=tuple(ids[each] for each in TO_SIGN))
        put_visit(connection, "v-1", findings=tuple(ids[each] for each in TO_VERIFY))
        hang_a_webhook(connection)
        repeats.keep(connection, [a_repeat(ids["recovery plan filed"], ids["committed"])])
        for story in stories:
            write(connection, story)
        at_the_table(connection, called)
    return ids


def open_plan(connection: Connection) -> None:
    """Open the plan of all these findings two months ago, and report on it once."""
    policy, at = Policy(), datetime.now(UTC) - timedelta(days=60)
    opened = plan_opened(PlanId("plan-1"), PROGRAMME, LOTUS, "as-1", None, policy.version, DHAKA.version)
    (case,) = put_gatherings_on_record(connection, [(opened, policy, DHAKA, CHLOE)], at)
    numbers = Tally(stages={Stage.COMMITTED: 4, Stage.SUSTAINED: 2}, overdue=1)
    order = ReportProgress(id=CommandId("r1"), by=SYSTEM, acting=Role.SYSTEM, number=1, tally=numbers)
    after, entries = case.obey(order, datetime.now(UTC) - timedelta(days=20))
    gatherings.record_gatherings(connection, [gathering_recording_of(after, entries)])


def a_repeat(finding: str, former: str) -> Repeat:
    """Give a repeat that waits for somebody to confirm it."""
    return Repeat(
        finding=FindingId(finding),
        former=FindingId(former),
        programme=PROGRAMME,
        factory=LOTUS,
        plan=PlanId("plan-1"),
        basis=Basis.POINT,
        standing=Standing.PROPOSED,
    )


def hang_others(connection: Connection) -> None:
    """Store those of the rules' cast whom the service's stage does not know."""
    for person, (full_name, role) in OTHERS.items():
        save_person(connection, person, full_name)
        people.give(connection, person, Grant(role, ScopeKind.PROGRAMME, PROGRAMME))


def hang_a_webhook(connection: Connection) -> None:
    """Store a webhook to which a message did not arrive."""
    now, hook = datetime.now(UTC), a_hook(PROGRAMME)
    if hooks.make(connection, hook, hooks.new_secret()):
        test = deliveries.add_test(connection, hook.id, now)
        refused = Try(delivery=test, at=now, status=503, milliseconds=120, fault="refused")
        deliveries.tried(connection, refused, DeliveryState.GIVEN_UP, now)


def write(connection: Connection, story: WithWords) -> None:
    """Store what people wrote in a story."""
    for note in story.notes:
        write_note(connection, note)
    for content in story.contents.values():
        write_revision(connection, story.finding.id, story.authors[content], story.now, content)
