"""The verification visit: planned with findings, begun, outcomes recorded one by one, ended with a report."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from remediation.facts import Fact
from remediation.gatherings.gathering import Rules
from remediation.gatherings.visit import agenda, outcomes, trip
from remediation.gatherings.visit.facts import (
    AgendaExtended,
    OutcomeRecorded,
    OutcomeRefused,
    OutcomeTaken,
    VisitBegun,
    VisitCancelled,
    VisitEnded,
    VisitPlanned,
    VisitPostponed,
)
from remediation.gatherings.visit.orders import (
    BeginVisit,
    CancelVisit,
    EndVisit,
    ExtendAgenda,
    NoteOutcome,
    PostponeVisit,
    RecordOutcome,
)
from remediation.gatherings.visit.state import Visit
from remediation.orders import Order
from remediation.rules import watching
from remediation.rules.core import Facts, Stamp

DECISIONS: Mapping[type[Order], Callable[[Any, Visit, datetime], Facts]] = MappingProxyType(
    {
        BeginVisit: trip.begin_visit,
        RecordOutcome: outcomes.record_outcome,
        NoteOutcome: outcomes.note_outcome,
        ExtendAgenda: agenda.extend_agenda,
        PostponeVisit: trip.postpone_visit,
        CancelVisit: trip.cancel_visit,
        EndVisit: trip.end_visit,
    }
)
EFFECTS: Mapping[type[Fact], Callable[[Any, Visit, Stamp], Visit]] = MappingProxyType(
    {
        VisitBegun: trip.visit_begun,
        OutcomeRecorded: outcomes.outcome_recorded,
        OutcomeTaken: outcomes.outcome_taken,
        OutcomeRefused: outcomes.outcome_refused,
        AgendaExtended: agenda.agenda_extended,
        VisitPostponed: trip.visit_postponed,
        VisitCancelled: trip.visit_cancelled,
        VisitEnded: trip.visit_ended,
        **watching.EFFECTS,
    }
)
RULES = Rules(opening=VisitPlanned, begin=agenda.begin, decisions=DECISIONS, effects=EFFECTS)
