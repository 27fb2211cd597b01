"""Who may do what: one table of actions and roles, and where a role counts.

The rules in `remediation.rules` judge an order by the finding's state. Here it is judged before that,
by who gives it. Whoever may not see a thing is told that there is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from remediation.words import STAFF_ROLES, FactoryId, PersonId, ProgrammeId, Role, Side


class ScopeKind(StrEnum):
    """How far a grant reaches: everywhere, over a programme, or over one factory."""

    ALL = "all"
    PROGRAMME = "programme"
    FACTORY = "factory"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a person holds somewhere. `scope` is a programme's or a factory's id; empty for `all`.

    With `lent_by` it is that person's, and lent for as long as they are away.
    """

    role: Role
    kind: ScopeKind
    scope: str = ""
    lent_by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the roles they hold; committee seats are among them as grants of their factory."""

    person: PersonId
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """What an action is about, as far as permission goes.

    `factory` is None for things of a whole programme. A `restricted` thing is kept from all but staff.
    """

    programme: ProgrammeId
    factory: FactoryId | None = None
    restricted: bool = False


class Action(StrEnum):
    """Everything somebody may ask for: the verbs of orders, and what can be seen or changed besides."""

    AMEND = "amend"
    DISPUTE = "dispute"
    DECIDE_DISPUTE = "decide_dispute"
    PROPOSE = "propose"
    SIGN = "sign"
    REFUSE = "refuse"
    APPROVE_NO_ACTION = "approve_no_action"
    ALLOW_LATER_DATE = "allow_later_date"
    DECLARE_DEADLOCK = "declare_deadlock"
    CLOSE_MEDIATION = "close_mediation"
    FILE_INTERIM_PLAN = "file_interim_plan"
    RECORD_PROGRESS = "record_progress"
    REQUEST_EXTENSION = "request_extension"
    COSIGN_EXTENSION = "cosign_extension"
    DECIDE_EXTENSION = "decide_extension"
    SUSPEND = "suspend"
    COUNTERSIGN_SUSPENSION = "countersign_suspension"
    DECLINE_SUSPENSION = "decline_suspension"
    END_SUSPENSION = "end_suspension"
    REPORT_FIXED = "report_fixed"
    OBJECT_TO_FIX = "object_to_fix"
    CONCUR_WITH_FIX = "concur_with_fix"
    TAKE_BACK = "take_back"
    """What one has said oneself, that is: the rules see to it."""

    BOOK_VERIFICATION = "book_verification"
    VERIFY = "verify"
    CHECK_EFFECTIVENESS = "check_effectiveness"
    REOPEN = "reopen"
    SUPERSEDE = "supersede"
    CEASE = "cease"
    DECIDE_ALARM = "decide_alarm"
    NOTIFY_AUTHORITY = "notify_authority"
    CONTAIN = "contain"
    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    FILE_RECOVERY_PLAN = "file_recovery_plan"
    ACCEPT_RECOVERY_PLAN = "accept_recovery_plan"
    RETURN_RECOVERY_PLAN = "return_recovery_plan"
    DECIDE_CONSEQUENCE = "decide_consequence"
    FILE_PLAN = "file_plan"
    CALL_MEETING = "call_meeting"
    SET_AGENDA = "set_agenda"
    MOVE_MEETING = "move_meeting"
    CANCEL_MEETING = "cancel_meeting"
    BEGIN_MEETING = "begin_meeting"
    RECORD_ATTENDANCE = "record_attendance"
    VOTE_TOGETHER = "vote_together"
    END_MEETING = "end_meeting"
    CORRECT_MINUTES = "correct_minutes"
    SIGN_MINUTES = "sign_minutes"
    PRINT_SHEET = "print_sheet"
    RECORD_PAPER = "record_paper"
    WITNESS_PAPER = "witness_paper"
    DECLINE_PAPER = "decline_paper"
    PLAN_VISIT = "plan_visit"
    BEGIN_VISIT = "begin_visit"
    RECORD_OUTCOME = "record_outcome"
    POSTPONE_VISIT = "postpone_visit"
    CANCEL_VISIT = "cancel_visit"
    END_VISIT = "end_visit"
    LINK_REPEAT = "link_repeat"
    """Say whether a finding repeats a former cycle's, and which of the two carries on."""
    RESEAT = "reseat"
    """Change a factory's committee, which reseats its open findings."""

    REPROJECT = "reproject"
    """Confirm that the dates of open findings follow a factory's changed days, or the programme's policy."""

    VIEW_FINDING = "view_finding"
    """That it exists, where it stands and when something is due: no names, no texts."""
    VIEW_TEXTS = "view_texts"
    """The words of a finding and of its plan, and the names of who promised."""
    VIEW_TIMELINE = "view_timeline"
    VIEW_DEADLINES = "view_deadlines"
    VIEW_MEETINGS = "view_meetings"
    """The committee's meetings: when, who was there, and the minutes."""
    VIEW_LETTERS = "view_letters"
    """Which letters go to which role, and whether they left."""
    VIEW_DELIVERY = "view_delivery"
    """Which person a letter went to, and why it did not."""
    VIEW_REASONS = "view_reasons"
    """Why a member refused: for those at the table and for staff."""
    VIEW_WORKER_VOICES = "view_worker_voices"
    """Which worker member signed, refused or objected, instead of how many did."""
    VIEW_MANAGEMENT_VOICES = "view_management_voices"
    VIEW_STAFF_MATTERS = "view_staff_matters"
    """What the factory is not told: unannounced visits, and what is written about an alarm."""
    VIEW_FACTORY = "view_factory"
    VIEW_PEOPLE = "view_people"
    """Names and roles of the people of a factory or programme."""
    VIEW_EVIDENCE = "view_evidence"
    """Photos and documents of a fix."""
    ADD_EVIDENCE = "add_evidence"
    """Hand in photos and documents, to name them in a report."""
    COMMENT = "comment"
    """Say something to all who may see what has happened on a finding."""
    IMPORT_ASSESSMENT = "import_assessment"
    MANAGE_FACTORY = "manage_factory"
    """Correct a factory's settings, add and correct people who hold roles in factories only, and enter
    their absences."""
    MANAGE_POLICY = "manage_policy"
    """Give the programme another policy."""
    MANAGE_DIRECTORY = "manage_directory"
    """Say who holds which role."""
    MANAGE_HOOKS = "manage_hooks"
    """Say which outside systems are told of a programme's findings, and see what was sent to them."""


WORKERS = (Role.WORKER_CO_CHAIR, Role.WORKER_MEMBER)
MANAGEMENT = (Role.MANAGEMENT_CO_CHAIR, Role.MANAGEMENT_MEMBER)
COMMITTEE = (*WORKERS, *MANAGEMENT)
FACTORY = (Role.MANAGER, *COMMITTEE, Role.ACTION_OWNER, Role.TOP_MANAGEMENT)
FIELD_STAFF = (Role.ADVISOR, Role.TEAM_LEADER)
PROGRAMME_STAFF = (*FIELD_STAFF, Role.PROGRAMME_MANAGER)
STAFF = (*PROGRAMME_STAFF, Role.DUTY_OFFICER)

ROLES: dict[Action, tuple[Role, ...]] = {
    Action.AMEND: PROGRAMME_STAFF,
    Action.DISPUTE: (Role.MANAGER, *COMMITTEE),
    Action.DECIDE_DISPUTE: (Role.TEAM_LEADER,),
    Action.PROPOSE: COMMITTEE,
    Action.SIGN: COMMITTEE,
    Action.REFUSE: COMMITTEE,
    Action.APPROVE_NO_ACTION: (Role.ADVISOR,),
    Action.ALLOW_LATER_DATE: (Role.ADVISOR,),
    Action.DECLARE_DEADLOCK: COMMITTEE,
    Action.CLOSE_MEDIATION: (Role.ADVISOR,),
    Action.FILE_INTERIM_PLAN: (Role.MANAGER, *MANAGEMENT),
    # Anybody of the factory may own an action; the rules hold that only its owner or the manager records.
    Action.RECORD_PROGRESS: (Role.MANAGER, Role.ACTION_OWNER, *COMMITTEE, Role.TOP_MANAGEMENT),
    Action.REQUEST_EXTENSION: COMMITTEE,
    Action.COSIGN_EXTENSION: COMMITTEE,
    Action.DECIDE_EXTENSION: PROGRAMME_STAFF,
    Action.SUSPEND: (Role.ADVISOR,),
    Action.COUNTERSIGN_SUSPENSION: (Role.TEAM_LEADER,),
    Action.DECLINE_SUSPENSION: (Role.TEAM_LEADER,),
    Action.END_SUSPENSION: FIELD_STAFF,
    Action.REPORT_FIXED: (Role.MANAGER,),
    Action.OBJECT_TO_FIX: WORKERS,
    Action.CONCUR_WITH_FIX: WORKERS,
    Action.TAKE_BACK: (Role.MANAGER, *COMMITTEE, Role.ADVISOR),
    Action.BOOK_VERIFICATION: FIELD_STAFF,
    Action.VERIFY: FIELD_STAFF,
    Action.CHECK_EFFECTIVENESS: FIELD_STAFF,
    Action.REOPEN: (Role.TEAM_LEADER,),
    Action.SUPERSEDE: PROGRAMME_STAFF,
    Action.CEASE: (Role.TEAM_LEADER, Role.PROGRAMME_MANAGER),
    Action.DECIDE_ALARM: (Role.DUTY_OFFICER,),
    Action.NOTIFY_AUTHORITY: (Role.DUTY_OFFICER,),
    Action.CONTAIN: (Role.MANAGER,),
    Action.ACKNOWLEDGE: PROGRAMME_STAFF,
    Action.SNOOZE: PROGRAMME_STAFF,
    Action.FILE_RECOVERY_PLAN: (Role.MANAGER,),
    Action.ACCEPT_RECOVERY_PLAN: (Role.TEAM_LEADER,),
    Action.RETURN_RECOVERY_PLAN: (Role.TEAM_LEADER,),
    Action.DECIDE_CONSEQUENCE: (Role.DECISION_PANEL,),
    Action.FILE_PLAN: (Role.MANAGER, *COMMITTEE),
    **dict.fromkeys(
        (Action.CALL_MEETING, Action.SET_AGENDA, Action.MOVE_MEETING, Action.CANCEL_MEETING),
        (*COMMITTEE, Role.MANAGER, Role.ADVISOR),
    ),
    # The advisor may keep the meeting's book, and never votes.
    **dict.fromkeys(
        (
            Action.BEGIN_MEETING,
            Action.RECORD_ATTENDANCE,
            Action.END_MEETING,
            Action.CORRECT_MINUTES,
            Action.PRINT_SHEET,
        ),
        (*COMMITTEE, Role.ADVISOR),
    ),
    # Who recorded what was signed on paper is not who witnesses it.
    **dict.fromkeys((Action.VOTE_TOGETHER, Action.SIGN_MINUTES, Action.RECORD_PAPER), COMMITTEE),
    **dict.fromkeys((Action.WITNESS_PAPER, Action.DECLINE_PAPER), FIELD_STAFF),
    Action.PLAN_VISIT: FIELD_STAFF,
    Action.BEGIN_VISIT: FIELD_STAFF,
    Action.RECORD_OUTCOME: FIELD_STAFF,
    Action.POSTPONE_VISIT: FIELD_STAFF,
    Action.CANCEL_VISIT: FIELD_STAFF,
    Action.END_VISIT: FIELD_STAFF,
    Action.LINK_REPEAT: PROGRAMME_STAFF,
    Action.RESEAT: PROGRAMME_STAFF,
    Action.REPROJECT: (*PROGRAMME_STAFF, Role.OPERATOR),
    Action.VIEW_FINDING: (*STAFF, *FACTORY, Role.DECISION_PANEL, Role.BUYER),
    Action.VIEW_TEXTS: (*STAFF, *FACTORY, Role.DECISION_PANEL),
    Action.VIEW_TIMELINE: (*STAFF, *FACTORY, Role.DECISION_PANEL),
    Action.VIEW_DEADLINES: (*STAFF, *FACTORY, Role.DECISION_PANEL),
    Action.VIEW_MEETINGS: (*STAFF, Role.MANAGER, *COMMITTEE, Role.TOP_MANAGEMENT),
    Action.VIEW_LETTERS: (*STAFF, *FACTORY, Role.DECISION_PANEL),
    Action.VIEW_DELIVERY: STAFF,
    Action.VIEW_REASONS: (*STAFF, *COMMITTEE),
    Action.VIEW_WORKER_VOICES: (*STAFF, *WORKERS),
    Action.VIEW_MANAGEMENT_VOICES: (*STAFF, *MANAGEMENT),
    Action.VIEW_STAFF_MATTERS: STAFF,
    Action.VIEW_FACTORY: (*STAFF, *FACTORY, Role.DECISION_PANEL, Role.BUYER, Role.OPERATOR),
    Action.VIEW_PEOPLE: (*STAFF, *FACTORY, Role.OPERATOR),
    Action.VIEW_EVIDENCE: (*STAFF, *FACTORY, Role.DECISION_PANEL),
    Action.ADD_EVIDENCE: (*FACTORY, *STAFF),
    Action.COMMENT: (*STAFF, Role.MANAGER, *COMMITTEE),
    Action.IMPORT_ASSESSMENT: PROGRAMME_STAFF,
    Action.MANAGE_FACTORY: (*PROGRAMME_STAFF, Role.OPERATOR),
    Action.MANAGE_POLICY: (Role.PROGRAMME_MANAGER, Role.OPERATOR),
    Action.MANAGE_DIRECTORY: (Role.PROGRAMME_MANAGER, Role.OPERATOR),
    Action.MANAGE_HOOKS: (Role.PROGRAMME_MANAGER, Role.OPERATOR),
}
"""Which roles may do what. The first of an action's roles that a person holds is the one they act in."""

NEVER_LENT = frozenset({Action.MANAGE_DIRECTORY, Action.MANAGE_HOOKS})
"""What a deputy may not do: a few days of leave must make no roles for good, and open no lasting way out."""

VOICES = {Side.WORKER: Action.VIEW_WORKER_VOICES, Side.MANAGEMENT: Action.VIEW_MANAGEMENT_VOICES}
"""What it takes to see who of a side said what."""


def can(actor: Actor, action: Action, thing: Thing, acting: Role | None = None) -> Role | None:
    """Give the role in which the actor may do this to that, or None if they may not.

    With `acting` only that role counts.
    """
    return next((role for role in roles_to(actor, action, thing) if acting in {None, role}), None)


def actions_on(actor: Actor, thing: Thing) -> frozenset[Action]:
    """Give all that the actor may do to a thing: the same answer as `can`, action by action."""
    held = [grant for grant in actor.grants if _covers(grant, thing) and _sees(grant.role, thing.restricted)]
    return frozenset(
        action
        for action, roles in ROLES.items()
        if any(grant.role in roles and _counts(grant, action) for grant in held)
    )


def roles_to(actor: Actor, action: Action, thing: Thing) -> tuple[Role, ...]:
    """Give every role in which the actor may do this to that, the first taken first."""
    held = set(_roles_at(actor, action, thing))
    return tuple(role for role in ROLES[action] if role in held)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody may do something: everywhere, or in these programmes and these factories."""

    everywhere: bool = False
    programmes: frozenset[str] = frozenset()
    factories: frozenset[str] = frozenset()

    def covers(self, grant: Grant) -> bool:
        """Whether everything that a grant opens lies within. A factory counts by its own id alone."""
        if self.everywhere:
            return True
        if grant.kind is ScopeKind.ALL:
            return False
        return grant.scope in (self.programmes if grant.kind is ScopeKind.PROGRAMME else self.factories)

    @property
    def nowhere(self) -> bool:
        """Whether there is no such place."""
        return not (self.everywhere or self.programmes or self.factories)


def reach(actor: Actor, action: Action, *, restricted: bool = False) -> Reach:
    """Give where the actor may do this, for lists to filter by: the same answer as `can`, thing by thing."""
    grants = [
        grant
        for grant in actor.grants
        if grant.role in ROLES[action] and _counts(grant, action) and _sees(grant.role, restricted)
    ]
    return Reach(
        everywhere=any(grant.kind is ScopeKind.ALL for grant in grants),
        programmes=frozenset(grant.scope for grant in grants if grant.kind is ScopeKind.PROGRAMME),
        factories=frozenset(grant.scope for grant in grants if grant.kind is ScopeKind.FACTORY),
    )


def _roles_at(actor: Actor, action: Action, thing: Thing) -> Iterator[Role]:
    return (
        grant.role
        for grant in actor.grants
        if _covers(grant, thing) and _counts(grant, action) and _sees(grant.role, thing.restricted)
    )


def _counts(grant: Grant, action: Action) -> bool:
    return grant.lent_by is None or action not in NEVER_LENT


def _covers(grant: Grant, thing: Thing) -> bool:
    if grant.kind is ScopeKind.ALL:
        return True
    if grant.kind is ScopeKind.PROGRAMME:
        return grant.scope == thing.programme
    return thing.factory is not None and grant.scope == thing.factory


def _sees(role: Role, restricted: bool) -> bool:  # noqa: FBT001 - one word of the table
    return role in STAFF_ROLES or not restricted
