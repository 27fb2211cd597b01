"""The meeting's rules in one table: what orders lead to, and what facts change."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from remediation import facts
from remediation.facts import Fact
from remediation.gatherings.gathering import Rules
from remediation.gatherings.meeting import calling, holding, minuting, on_paper
from remediation.gatherings.meeting.facts import (
    AgendaSet,
    AttendanceRecorded,
    MeetingBegun,
    MeetingCalled,
    MeetingCancelled,
    MeetingEnded,
    MeetingMoved,
    MinutesAgreed,
    MinutesCorrected,
    MinutesSigned,
    PaperDeclined,
    PaperRecorded,
    PaperWitnessed,
    SheetPrinted,
    VotedTogether,
)
from remediation.gatherings.meeting.orders import (
    BeginMeeting,
    CancelMeeting,
    CorrectMinutes,
    DeclinePaper,
    EndMeeting,
    MoveMeeting,
    PrintSheet,
    RecordAttendance,
    RecordPaper,
    SetAgenda,
    SignMinutes,
    VoteTogether,
    WitnessPaper,
)
from remediation.gatherings.meeting.state import Meeting
from remediation.orders import Order
from remediation.rules import escalation
from remediation.rules.core import Facts, Stamp

DECISIONS: Mapping[type[Order], Callable[[Any, Meeting, datetime], Facts]] = MappingProxyType(
    {
        SetAgenda: calling.set_agenda,
        MoveMeeting: calling.move_meeting,
        CancelMeeting: calling.cancel_meeting,
        BeginMeeting: holding.begin_meeting,
        RecordAttendance: holding.record_attendance,
        VoteTogether: holding.vote_together,
        EndMeeting: minuting.end_meeting,
        CorrectMinutes: minuting.correct_minutes,
        SignMinutes: minuting.sign_minutes,
        PrintSheet: on_paper.print_sheet,
        RecordPaper: on_paper.record_paper,
        WitnessPaper: on_paper.witness_paper,
        DeclinePaper: on_paper.decline_paper,
    }
)
EFFECTS: Mapping[type[Fact], Callable[[Any, Meeting, Stamp], Meeting]] = MappingProxyType(
    {
        AgendaSet: calling.agenda_set,
        MeetingMoved: calling.meeting_moved,
        MeetingCancelled: calling.meeting_cancelled,
        MeetingBegun: holding.meeting_begun,
        AttendanceRecorded: holding.attendance_recorded,
        VotedTogether: holding.voted_together,
        MeetingEnded: minuting.meeting_ended,
        MinutesCorrected: minuting.minutes_corrected,
        MinutesSigned: minuting.minutes_signed,
        MinutesAgreed: minuting.minutes_agreed,
        SheetPrinted: on_paper.sheet_printed,
        PaperRecorded: on_paper.paper_recorded,
        PaperWitnessed: on_paper.paper_witnessed,
        PaperDeclined: on_paper.paper_declined,
        facts.Reminded: escalation.reminded,
    }
)
RULES = Rules(opening=MeetingCalled, begin=calling.begin, decisions=DECISIONS, effects=EFFECTS)
