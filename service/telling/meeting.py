"""A committee's meeting, told: called, held, votes given together, minutes signed."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from datetime import datetime

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
from service.saying import listed
from service.speaking import say, say_many, spoken
from service.telling.setting import Setting, sentences, tell


@tell.register
def _(fact: MeetingCalled, around: Setting) -> str:
    when = _clock(fact.starts, around)
    return say("%(who)s called the committee to meet on %(when)s.", who=around.who, when=when)


@tell.register
def _(fact: AgendaSet, around: Setting) -> str:
    return say("%(who)s changed the agenda.", who=around.who)


@tell.register
def _(fact: MeetingMoved, around: Setting) -> str:
    when = _clock(fact.starts, around)
    return say("%(who)s moved the meeting to %(when)s.", who=around.who, when=when)


@tell.register
def _(fact: MeetingCancelled, around: Setting) -> str:
    return say("%(who)s cancelled the meeting.", who=around.who)


@tell.register
def _(fact: MeetingBegun, around: Setting) -> str:
    return say("The meeting began.")


@tell.register
def _(fact: AttendanceRecorded, around: Setting) -> str:
    if not fact.present:
        return say("Nobody of the committee is present.")
    return say("Present: %(names)s.", names=listed(around.name(each) for each in fact.present))


@tell.register
def _(fact: VotedTogether, around: Setting) -> str:
    no = sum(vote.reason is not None for vote in fact.votes)
    yes, who = len(fact.votes) - no, around.name(fact.member) if fact.member else around.who
    signed = say_many(
        "%(who)s voted to sign %(count)s plan.", "%(who)s voted to sign %(count)s plans.", yes, who=who
    )
    refused = say_many(
        "%(who)s voted to refuse %(count)s plan.", "%(who)s voted to refuse %(count)s plans.", no, who=who
    )
    return sentences(signed if yes else "", refused if no else "")


@tell.register
def _(fact: SheetPrinted, around: Setting) -> str:
    return say("%(who)s made signing sheet %(number)s.", who=around.who, number=fact.number)


@tell.register
def _(fact: PaperRecorded, around: Setting) -> str:
    return say(
        "%(who)s entered what was signed on sheet %(number)s. It is to be witnessed by %(day)s.",
        who=around.who,
        number=fact.sheet,
        day=around.until(fact.witness_by),
    )


@tell.register
def _(fact: PaperWitnessed, around: Setting) -> str:
    return say("%(who)s witnessed what was signed on paper: it counts.", who=around.who)


@tell.register
def _(fact: PaperDeclined, around: Setting) -> str:
    return say("%(who)s did not witness what was entered of a signing sheet.", who=around.who)


@tell.register
def _(fact: MeetingEnded, around: Setting) -> str:
    by = around.until(fact.sign_by)
    ended = say("The meeting ended. Its minutes are to be signed by %(day)s.", day=by)
    return sentences(ended, "" if fact.quorate else say("There was no quorum when it ended."))


@tell.register
def _(fact: MinutesCorrected, around: Setting) -> str:
    return say("%(who)s corrected the minutes: signatures given before no longer count.", who=around.who)


@tell.register
def _(fact: MinutesSigned, around: Setting) -> str:
    return say("%(who)s signed the minutes.", who=around.who)


@tell.register
def _(fact: MinutesAgreed, around: Setting) -> str:
    return say("Both sides have signed the minutes: they are agreed.")


def _clock(instant: datetime, around: Setting) -> str:
    return spoken().clock(around.watched.calendar.local(instant))
