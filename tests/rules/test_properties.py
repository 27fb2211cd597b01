"""What holds for any calendar, any obligation, any committee and any fact."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any, get_type_hints

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from remediation.calendar import Calendar, Offset
from remediation.facts import KINDS, Fact
from remediation.finding import Notice, Proposal
from remediation.ladder import ladder_ahead
from remediation.ledger import GENESIS, canonical, enter, first_broken
from remediation.obligations import Obligation
from remediation.orders import Seat
from remediation.policy import Policy, Quorum, Reminders
from remediation.reminding import reminders_ahead
from remediation.rules.quorum import can_pass, passes
from remediation.rules.seating import one_seat_each
from remediation.words import CommandId, Duty, FindingId, Lateness, PersonId, Role, Side
from tests.rules.cast import MONDAY, PLAN, a_case, fact_of

DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))
INSTANTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the zone is given beside it
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
MINUTES = st.integers(min_value=-12 * 60, max_value=14 * 60)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Draw a calendar with days of rest, holidays, and clocks that change by an hour now and then."""
    minutes = draw(MINUTES)
    changes = sorted(draw(st.sets(INSTANTS, max_size=4)))
    offsets = [Offset(datetime(2020, 1, 1, tzinfo=UTC), minutes)]
    offsets += [Offset(at, minutes + 60 * (number % 2)) for number, at in enumerate(changes, start=1)]
    rest = draw(st.sets(st.integers(min_value=1, max_value=7), max_size=3))
    holidays = draw(st.sets(DAYS, max_size=20))
    return Calendar("c", "Somewhere", tuple(offsets), tuple(sorted(rest)), tuple(sorted(holidays)))


def an_obligation(since: datetime, due: datetime, lateness: Lateness = Lateness.NO_PROGRESS) -> Obligation:
    return Obligation(
        key="action:a1", duty=Duty.ACTION, owner=Role.ACTION_OWNER, since=since, due=due, lateness=lateness
    )


@given(calendar=calendars(), since=INSTANTS, day=DAYS, every=st.integers(min_value=1, max_value=30))
def test_reminders_come_in_order_on_mornings_of_working_days(
    calendar: Calendar, since: datetime, day: date, every: int
) -> None:
    policy = Policy(reminders=Reminders(every=every))
    finding = replace(a_case(calendar=calendar).finding, policy=policy)
    owed = an_obligation(since, calendar.end_of(day))
    notice = Notice(obligation=owed.key, due=owed.due)
    instants = list(islice(reminders_ahead(finding, owed, notice), 12))
    assert len(instants) == 12
    assert all(earlier < later for earlier, later in pairwise([since, *instants]))
    for at in instants:
        assert calendar.is_working_day(calendar.today(at))
        assert calendar.local(at).time() >= time(9)
        assert calendar.instant(calendar.today(at), time(9)) == at
    sent = replace(notice, reminded=instants[4])
    assert list(islice(reminders_ahead(finding, owed, sent), 7)) == instants[5:], (
        "nothing lost, nothing twice"
    )


@given(calendar=calendars(), since=INSTANTS, day=DAYS, lateness=st.sampled_from(Lateness))
def test_the_ladder_is_climbed_in_order_and_never_before_the_day_is_over(
    calendar: Calendar, since: datetime, day: date, lateness: Lateness
) -> None:
    finding = a_case(calendar=calendar).finding
    owed = an_obligation(since, calendar.end_of(day), lateness)
    steps = ladder_ahead(finding, owed)
    assert all(earlier.at <= later.at for earlier, later in pairwise(steps))
    assert all(earlier.rung.level < later.rung.level for earlier, later in pairwise(steps))
    assert all(calendar.today(step.at) > day for step in steps)
    assert all(calendar.is_working_day(calendar.today(step.at)) for step in steps)


@st.composite
def votes(draw: st.DrawFn) -> tuple[tuple[Seat, ...], list[PersonId], Quorum]:
    """Draw a committee, some of its members, and a quorum."""
    people = draw(st.lists(st.sampled_from([PersonId(f"p{number}") for number in range(8)]), max_size=10))
    seats = one_seat_each(
        tuple(
            Seat(person=person, side=draw(st.sampled_from(Side)), elected=draw(st.booleans()))
            for person in people
        )
    )
    some = draw(st.lists(st.sampled_from([seat.person for seat in seats]), unique=True)) if seats else []
    quorum = Quorum(
        at_least=draw(st.integers(min_value=1, max_value=3)),
        percent=draw(st.integers(min_value=0, max_value=100)),
        elected_worker=draw(st.booleans()),
    )
    return seats, some, quorum


@given(votes())
def test_what_passes_could_pass_and_one_more_vote_never_harms(
    drawn: tuple[tuple[Seat, ...], list[PersonId], Quorum],
) -> None:
    seats, some, quorum = drawn
    finding = replace(a_case().finding, seats=seats, policy=Policy(quorum=quorum))
    others = tuple(seat.person for seat in seats if seat.person not in some)
    mine = Proposal(revision=PLAN, author=PersonId("p0"), actions=(), signed=tuple(some), refused=others)
    everybody = replace(mine, signed=tuple(seat.person for seat in seats), refused=())
    assert passes(finding, mine) == all(can_pass(finding, mine, side) for side in Side)
    assert not passes(finding, mine) or passes(finding, everybody)
    assert not passes(finding, replace(mine, signed=()))
    strangers = replace(mine, signed=(*some, PersonId("stranger"), *some))
    assert passes(finding, strangers) == passes(finding, mine), "only seats count, and once"


def _strategy(hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any type hint of a fact
    if hint is datetime:
        return INSTANTS
    if hint == datetime | None:
        return st.none() | INSTANTS
    return st.from_type(hint)


def _facts() -> st.SearchStrategy[Fact]:
    def built(kind: type[Fact]) -> st.SearchStrategy[Fact]:
        hints = get_type_hints(kind)
        return st.builds(kind, **{name: _strategy(hint) for name, hint in hints.items()})

    return st.one_of([built(kind) for kind in KINDS.values()])


@settings(max_examples=300)
@given(fact=_facts())
def test_any_fact_is_read_back_as_it_was_written(fact: Fact) -> None:
    entry = enter(
        fact, finding=FindingId("f"), seq=1, at=MONDAY, by=PersonId("p"), command=None, previous=GENESIS
    )
    assert fact_of(entry) == fact
    assert canonical(fact_of(entry)) == entry.body
    unsaid = {each.name for each in fields(fact) if each.metadata and getattr(fact, each.name) is None}
    written = TypeAdapter(dict[str, Any]).validate_json(entry.body).keys()
    assert written == get_type_hints(type(fact)).keys() - unsaid


@given(
    place=st.integers(min_value=0, max_value=4),
    change=st.sampled_from(
        [
            lambda text: {"body": text},
            lambda text: {"by": PersonId(text)},
            lambda text: {"command": CommandId(text)},
            lambda text: {"kind": text},
            lambda text: {"finding": FindingId(text)},
        ]
    ),
    text=st.text(),
)
def test_any_change_anywhere_in_a_ledger_shows(
    place: int, change: Callable[[str], dict[str, Any]], text: str
) -> None:
    entries = a_case().commit().entries
    changed = replace(entries[place], **change(text))
    held = changed == entries[place]
    assert (first_broken([*entries[:place], changed, *entries[place + 1 :]]) is None) == held


@given(calendar=calendars(), since=INSTANTS, weeks=st.integers(min_value=0, max_value=200))
def test_a_reminder_after_years_is_at_most_a_week_and_the_rest_days_away(
    calendar: Calendar, since: datetime, weeks: int
) -> None:
    finding = a_case(calendar=calendar).finding
    owed = an_obligation(since - timedelta(days=30), since)
    late = since + timedelta(weeks=weeks)
    notice = Notice(obligation=owed.key, due=owed.due, reminded=late)
    upcoming = next(reminders_ahead(finding, owed, notice))
    assert late < upcoming < late + timedelta(days=14 + 20)
