"""Signing on paper: bound to what was printed, entered by a member, witnessed by another, counted once."""

from dataclasses import replace
from typing import Any

import pytest

from remediation.facts import Refused, Signed, kind
from remediation.gatherings.letters import letters_for
from remediation.gatherings.meeting.facts import Ballot, PaperDeclined, RefusedOnPaper
from remediation.gatherings.meeting.holding import MOST_VOTES
from remediation.gatherings.meeting.orders import (
    CorrectMinutes,
    DeclinePaper,
    PrintSheet,
    RecordPaper,
    WitnessPaper,
)
from remediation.gatherings.votes import orders_for
from remediation.ledger import canonical
from remediation.obligations import obligations
from remediation.orders import OnPaper, Order, Refuse, Sign
from remediation.words import (
    Digest,
    Duty,
    FindingId,
    GatheringId,
    LetterKind,
    MeetingStage,
    NoteId,
    Role,
    Side,
    SignatureMethod,
)
from tests.rules.cast import AMINA, ASHA, BAO, BINH, CHLOE, NOTE, OUTSIDER, PLAN, TOMAS, Story, a_case
from tests.rules.meeting import (
    LINES,
    SHEET,
    MeetingStory,
    a_meeting,
    a_minuted_meeting,
    a_recorded_sheet,
    entered,
)
from tests.rules.test_plan import facts_of, read

EVERYBODY = (AMINA, ASHA, BAO, BINH)
PAPER = OnPaper(
    meeting=GatheringId("meeting:m-1"), sheet=1, recorder=AMINA, witness=CHLOE, photos=(SHEET.digest,)
)


def sent(story: MeetingStory) -> list[tuple[FindingId, Order]]:
    """Give all orders that reach findings."""
    return [order for entry in story.entries for order in orders_for(read(entry), entry)]


def test_a_sheet_holds_the_revisions_that_lay_on_the_table() -> None:
    story = a_meeting().print_sheet()
    (sheet,) = story.meeting.sheets
    assert (sheet.number, sheet.lines, sheet.line(2)) == (1, LINES, LINES[1])
    assert sheet.at == story.now
    assert story.refused(AMINA, PrintSheet, lines=LINES) == "same_as_before.lines"
    edited = replace(LINES[0], revision=Digest("e" * 64))
    assert story.print_sheet(edited).meeting.sheets[-1].number == 2, "the former stays what it was"


def test_who_may_not_make_a_sheet_and_of_what() -> None:
    story = a_meeting()
    assert story.refused(OUTSIDER, PrintSheet, lines=LINES) == "not_your_role"
    many = tuple(replace(LINES[0], finding=FindingId(f"f{each}")) for each in range(MOST_VOTES + 1))
    for lines in ((), (LINES[0], LINES[0]), many):
        assert story.refused(AMINA, PrintSheet, lines=lines) == "field_invalid.lines"
    assert a_minuted_meeting().refused(AMINA, PrintSheet, lines=LINES) == "not_at_this_stage"
    assert a_meeting().begin().print_sheet(*many[:MOST_VOTES]).meeting.sheets[-1].lines == many[:MOST_VOTES]


def test_what_was_signed_on_paper_counts_once_it_is_witnessed() -> None:
    story = a_recorded_sheet()
    assert sent(story) == [], "it is only entered"
    (owed,) = (each for each in obligations(story.meeting) if each.duty is Duty.WITNESS_PAPER)
    assert (owed.key, owed.owner, owed.due) == (
        "witness_paper:1",
        Role.ADVISOR,
        story.meeting.papers[0].witness_by,
    )
    story.witness()
    orders = sent(story)
    assert [(finding, order.by, order.acting) for finding, order in orders[:4]] == [
        ("f1", AMINA, Role.WORKER_CO_CHAIR),
        ("f2", AMINA, Role.WORKER_CO_CHAIR),
        ("f1", ASHA, Role.WORKER_MEMBER),
        ("f2", ASHA, Role.WORKER_MEMBER),
    ]
    assert len({order.id for _, order in orders}) == len(orders) == 8
    _, first = orders[0]
    assert isinstance(first, Sign)
    assert (first.revision, first.method, first.witness) == (
        LINES[0].revision,
        SignatureMethod.PAPER,
        CHLOE,
    )
    assert first.paper == PAPER
    assert orders == sent(story), "whoever asks again is told the same"
    assert Duty.WITNESS_PAPER not in {each.duty for each in obligations(story.meeting)}


def test_a_member_signs_some_refuses_another_and_abstains() -> None:
    ballot = Ballot(person=BAO, refuses=(RefusedOnPaper(number=2, reason=NoteId("why")),))
    story = a_recorded_sheet(ballot, Ballot(person=AMINA, signs=(1,))).witness()
    (_, refused), (_, signed) = sent(story)
    assert isinstance(refused, Refuse)
    assert (refused.by, refused.revision, refused.reason) == (BAO, LINES[1].revision, "why")
    assert refused.paper == PAPER
    assert (type(signed), signed.by) == (Sign, AMINA)


@pytest.mark.parametrize(
    ("ballots", "code"),
    [
        ((), "field_invalid.ballots"),
        ((Ballot(person=BAO, signs=(1,)),) * 2, "field_invalid.ballots"),
        ((Ballot(person=BAO),), "field_invalid.ballots[0]"),
        ((Ballot(person=BAO, signs=(1, 3)),), "field_invalid.ballots[0]"),
        ((Ballot(person=BAO, signs=(0,)),), "field_invalid.ballots[0]"),
        (
            (Ballot(person=BAO, signs=(1,), refuses=(RefusedOnPaper(number=1, reason=NOTE),)),),
            "field_invalid.ballots[0]",
        ),
        (
            (Ballot(person=BAO, signs=(1,)), Ballot(person=OUTSIDER, signs=(1,))),
            "not_a_member.ballots[1].person",
        ),
        ((Ballot(person=BINH, signs=(1,)),), "not_present.ballots[0].person"),
    ],
)
def test_what_nobody_can_have_signed_is_refused(ballots: tuple[Ballot, ...], code: str) -> None:
    story = a_meeting().print_sheet().begin(AMINA, ASHA, BAO)
    assert story.refused(AMINA, RecordPaper, **entered(*ballots)) == code


def test_who_may_enter_what_and_when() -> None:
    signed = entered(Ballot(person=AMINA, signs=(1,)))
    early = a_meeting().print_sheet()
    assert early.refused(AMINA, RecordPaper, **signed) == "not_at_this_stage"
    story = early.begin(AMINA, ASHA, BAO)
    assert story.refused(CHLOE, RecordPaper, **signed) == "not_a_member"
    assert story.refused(AMINA, RecordPaper, **signed | {"sheet": 2}) == "field_invalid.sheet"
    assert story.refused(AMINA, RecordPaper, **signed | {"files": ()}) == "evidence_required.evidence"
    assert story.refused(AMINA, RecordPaper, **signed) == "quorum_missing"
    minuted = a_meeting().print_sheet().begin(*EVERYBODY).end().record(by=BINH)
    assert minuted.meeting.papers[0].recorder == BINH, "the paper is often entered afterwards"
    again = entered(*minuted.all_signed())
    assert minuted.refused(AMINA, RecordPaper, **again) == "already_done"
    assert minuted.witness().refused(AMINA, RecordPaper, **again) == "already_done"


def test_the_witness_neither_votes_nor_entered_it() -> None:
    story = a_recorded_sheet()
    assert story.refused(BAO, WitnessPaper, paper=1) == "not_your_role"
    for person in (AMINA, BINH):
        assert story.refused(person, WitnessPaper, paper=1, acting=Role.ADVISOR) == "not_independent"
    assert story.refused(CHLOE, WitnessPaper, paper=2) == "field_invalid.paper"
    assert story.witness(TOMAS).refused(CHLOE, DeclinePaper, paper=1, reason=NOTE) == "already_done"


def test_who_entered_it_does_not_witness_it_without_a_seat_either() -> None:
    story = a_recorded_sheet()
    (paper,) = story.meeting.papers
    state = replace(story.meeting, papers=(replace(paper, recorder=CHLOE),))
    story.case = replace(story.case, state=state)
    assert story.refused(CHLOE, WitnessPaper, paper=1) == "not_independent"


def test_a_declined_entry_counts_for_nothing_and_is_made_anew() -> None:
    story = a_recorded_sheet()
    story.order(CHLOE, DeclinePaper, paper=1, reason=NOTE)
    assert facts_of(story, "paper_declined") == [
        PaperDeclined(paper=1, reason=NOTE, recorder=AMINA, side=Side.WORKER)
    ]
    assert sent(story) == []
    assert obligations(story.meeting) == obligations(a_meeting().begin().meeting)
    story.record(Ballot(person=BAO, signs=(2,)), by=BAO).witness(paper=2)
    assert [(finding, order.by) for finding, order in sent(story)] == [("f2", BAO)]


def test_of_several_sheets_each_is_witnessed_or_declined_for_itself() -> None:
    others = (replace(LINES[0], finding=FindingId("f3")), replace(LINES[1], finding=FindingId("f4")))
    story = a_recorded_sheet().print_sheet(*others).print_sheet(*LINES)
    story.record(sheet=2).record(sheet=3)
    story.witness(paper=2).order(CHLOE, DeclinePaper, paper=3, reason=NOTE)
    first, second, third = story.meeting.papers
    assert (first.waits, second.witness, third.declined) == (True, CHLOE, NOTE)
    assert {finding for finding, _ in sent(story)} == {"f3", "f4"}


def test_a_meeting_lives_on_until_its_paper_is_witnessed() -> None:
    story = a_recorded_sheet().end().sign(AMINA).later(days=7)
    told = story.meeting.told_of_paper
    assert told, "the advisor was reminded"
    story.sign(BAO)
    assert (story.meeting.stage, story.meeting.ended) == (MeetingStage.AGREED, False)
    assert story.meeting.told_of_paper == story.meeting.notices == told
    assert [each.duty for each in obligations(story.meeting)] == [Duty.WITNESS_PAPER]
    assert story.refused(CHLOE, CorrectMinutes, remarks=NOTE) == "not_at_this_stage"
    story.witness()
    assert (story.meeting.ended, obligations(story.meeting)) == (True, ())


def test_who_is_written_to() -> None:
    story = a_recorded_sheet().later(days=7)
    story.order(CHLOE, DeclinePaper, paper=1, reason=NOTE)
    owed = [letter for entry in story.entries for letter in letters_for(read(entry), entry.seq)]
    told = [
        (letter.role, letter.person, letter.gathered)
        for letter in owed
        if letter.kind is LetterKind.PAPER_TO_WITNESS
    ]
    assert told[0] == (Role.ADVISOR, None, False), "at once"
    assert set(told[1:]) == {(Role.ADVISOR, None, True)}, "and with the reminders of a morning"
    last = owed[-1]
    assert (last.kind, last.role, last.person) == (LetterKind.PAPER_DECLINED, Role.WORKER_MEMBER, AMINA)


# At a finding.


def proposed() -> Story:
    story = a_case()
    story.propose()
    return story


WITNESSED: dict[str, Any] = {"revision": PLAN, "paper": PAPER}
SIGNED: dict[str, Any] = {**WITNESSED, "method": SignatureMethod.PAPER, "witness": CHLOE}


def test_the_findings_ledger_says_which_sheet_who_entered_and_who_witnessed_it() -> None:
    case = proposed()
    (signed,) = case.order(AMINA, Sign, **SIGNED)
    assert isinstance(signed, Signed)
    assert (signed.paper, signed.witness) == (PAPER, CHLOE)
    (refused, *_) = case.order(BAO, Refuse, **WITNESSED, reason=NOTE)
    assert isinstance(refused, Refused)
    assert refused.paper == PAPER


def test_a_members_own_vote_stands() -> None:
    case = proposed()
    case.order(AMINA, Sign, revision=PLAN)
    case.order(ASHA, Refuse, revision=PLAN, reason=NOTE)
    for person in (AMINA, ASHA):
        assert case.refused(person, Sign, **SIGNED) == "already_done"
        assert case.refused(person, Refuse, **WITNESSED, reason=NOTE) == "already_done"
    assert case.finding.proposal is not None
    assert case.finding.proposal.signed == (AMINA,)


def test_a_finding_judges_for_itself_what_was_printed_and_who_witnessed_it() -> None:
    case = proposed()
    assert (
        case.refused(AMINA, Sign, **SIGNED | {"revision": Digest("o" * 64)}) == "revision_outdated.revision"
    )
    seated = replace(PAPER, witness=BINH)
    assert case.refused(AMINA, Refuse, revision=PLAN, paper=seated, reason=NOTE) == "not_independent.witness"
    assert case.refused(AMINA, Sign, **SIGNED | {"witness": BINH}) == "not_independent.witness"


def test_what_is_not_on_paper_is_written_as_it_always_was() -> None:
    assert '"paper"' not in canonical(proposed().order(AMINA, Sign, revision=PLAN)[0])
    voted = a_meeting().begin(*EVERYBODY).vote(AMINA).entries[-1]
    assert (voted.kind, '"member"' in voted.body) == (kind(type(read(voted))), False)
