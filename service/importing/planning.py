"""What importing a file would do: the dry run, which changes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from remediation.assessment import AssessedFactory, AssessedFinding, BadRow, Reading, SeverityTable
from remediation.assessment.reading import DEFAULT_SEVERITIES
from remediation.countries import COUNTRIES
from remediation.repeats import About, Basis, Standing, matches
from remediation.words import (
    FactoryId,
    PersonId,
    PlanId,
    ProgrammeId,
    Stage,
)
from service.assessment_files import read_assessment_file
from storage import repeats as stored_repeats
from storage.assessments import (
    Assessment,
    Subject,
    find_subjects,
    of_factory,
)
from storage.database import reading
from storage.findings import stages
from storage.programmes import Factory, factory, programme
from storage.repeats import Repeat

LANGUAGE = "en"
ASSESSMENT_ID_LENGTH = 16


class UnknownProgrammeError(LookupError):
    """There is no programme of that id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What importing a file would do: the dry run's answer, and what `run_import` carries out.

    `fresh` findings are started, `corrected` ones amended; `settled` ones differ from the file but have
    moved on from `issued`, so they stay as they are; `known` ones say what the file says.
    """

    assessment: Assessment
    reading: Reading
    new_factories: tuple[Factory, ...]
    fresh: tuple[Subject, ...]
    corrected: tuple[Subject, ...]
    settled: tuple[Subject, ...]
    known: int
    repeats: tuple[Repeat, ...] = ()
    """What the fresh ones repeat of former cycles, or may."""

    @property
    def bad(self) -> tuple[BadRow, ...]:
        """Every cell at fault."""
        return self.reading.bad

    @property
    def plans(self) -> tuple[PlanId, ...]:
        """The improvement plans whose findings are started."""
        return tuple(dict.fromkeys(subject.plan for subject in self.fresh))


def plan_import(  # noqa: PLR0913 - a file, where it belongs, and who brings it
    database: Database,
    data: bytes,
    *,
    name: str,
    programme_id: ProgrammeId,
    by: PersonId,
    severities: SeverityTable = DEFAULT_SEVERITIES,
    now: datetime | None = None,
) -> ImportPlan:
    """Read a file and say what importing it would do; nothing is changed.

    Raises UnreadableFile where the file as a whole cannot be used, UnknownProgrammeError for the programme.
    """
    now = now or datetime.now(UTC)
    with reading(database) as connection:
        if programme(connection, programme_id) is None:
            message = f"There is no programme {programme_id!r}."
            raise UnknownProgrammeError(message)
    read = read_assessment_file(data, programme=programme_id, today=now.date(), severities=severities)
    digest = sha256(data).hexdigest()
    assessment = Assessment(
        id=assessment_id(programme_id, digest),
        programme=programme_id,
        file=digest,
        name=name,
        by=by,
        imported_at=now,
        released=now.date(),
    )
    with reading(database) as connection:
        return _plan(connection, assessment, read)


def assessment_id(programme_id: ProgrammeId, file: str) -> str:
    """Give the id that a file, by its SHA-256, has as an assessment of a programme: the same each time."""
    own = sha256(f"{programme_id}\n{file}".encode()).hexdigest()
    return f"a-{own[:ASSESSMENT_ID_LENGTH]}"


def _plan(connection: Connection, assessment: Assessment, read: Reading) -> ImportPlan:
    read = _with_homes(connection, assessment.programme, read)
    subjects = [_subject(assessment, each) for each in read.findings]
    stored = find_subjects(connection, (subject.finding for subject in subjects))
    at_stage = stages(connection, stored)
    fresh = [each for each in subjects if each.finding not in at_stage]
    differing = [
        each for each in subjects if each.finding in at_stage and _differs(each, stored[each.finding])
    ]
    repeats = tuple(_repeats(connection, assessment.programme, fresh))
    return ImportPlan(
        assessment=assessment,
        reading=read,
        new_factories=_new_factories(connection, assessment.programme, read.factories),
        fresh=tuple(_linked(fresh, repeats)),
        repeats=repeats,
        corrected=tuple(each for each in differing if at_stage[each.finding] is Stage.ISSUED),
        settled=tuple(each for each in differing if at_stage[each.finding] is not Stage.ISSUED),
        known=len(subjects) - len(fresh) - len(differing),
    )


def _with_homes(connection: Connection, programme_id: ProgrammeId, read: Reading) -> Reading:
    """Turn findings of factories that cannot take them into bad rows, each with its way out."""
    reasons = {each.id: _homeless(connection, programme_id, each) for each in read.factories}
    bad = [
        BadRow(each.row, "factory", each.factory, reason)
        for each in read.findings
        if (reason := reasons[each.factory])
    ]
    return replace(
        read,
        findings=tuple(each for each in read.findings if not reasons[each.factory]),
        factories=tuple(each for each in read.factories if not reasons[each.id]),
        bad=(*read.bad, *bad),
    )


def _homeless(connection: Connection, programme_id: ProgrammeId, named: AssessedFactory) -> str:
    """Give why a factory cannot take findings of this programme, or nothing."""
    known = factory(connection, named.id)
    if known is not None and known.programme != programme_id:
        return "belongs to another programme: its people must not get these findings; import them there"
    if known is not None or named.country in COUNTRIES:
        return ""
    return (
        "is a factory that is not in the directory: add it there, "
        f"or name its country, one of {', '.join(sorted(COUNTRIES))}"
    )


def _new_factories(
    connection: Connection, programme_id: ProgrammeId, named: tuple[AssessedFactory, ...]
) -> tuple[Factory, ...]:
    unknown = [each for each in named if factory(connection, each.id) is None]
    return tuple(_factory(programme_id, each) for each in unknown)


def _factory(programme_id: ProgrammeId, named: AssessedFactory) -> Factory:
    """Give a factory with its country's usual settings; the advisor corrects them in the directory."""
    country = COUNTRIES[named.country or ""]
    return Factory(
        id=FactoryId(named.id),
        programme=programme_id,
        name=named.name or named.id,
        country=country.code,
        zone=country.zone,
        rest_days=country.rest_days,
        language=next((each for each in country.languages if each in {"en", "fr", "es"}), LANGUAGE),
        calendar="",
    )


def _subject(assessment: Assessment, found: AssessedFinding) -> Subject:
    return Subject(
        finding=found.finding,
        assessment=assessment.id,
        plan=found.plan,
        factory=FactoryId(found.factory),
        severity=found.severity,
        cycle=found.cycle,
        assessed_on=found.assessed_on,
        cluster=found.cluster,
        point=found.point,
        question=found.question,
        question_text=found.question_text,
        statement=found.statement,
        evidence=found.evidence,
        suggested_deadline=found.suggested_deadline,
        proof_by_interview=found.proof_by_interview,
    )


def _differs(given: Subject, stored: Subject) -> bool:
    """Whether the file says something else; what follows from the import itself does not count."""
    same = replace(given, assessment=stored.assessment, repeat_of=stored.repeat_of)
    if stored.repeat_of is not None:
        same = replace(same, severity=given.severity.one_up)
    return same != stored


def _repeats(connection: Connection, home: ProgrammeId, fresh: list[Subject]) -> Iterator[Repeat]:
    """Find what fresh findings repeat of former cycles: for certain, or as a person may confirm."""
    crosswalk = stored_repeats.crosswalk(connection, home)
    by_factory: dict[FactoryId, list[Subject]] = {}
    for subject in fresh:
        by_factory.setdefault(subject.factory, []).append(subject)
    for place, new in by_factory.items():
        plans = {each.finding: each.plan for each in new}
        former = [about(each) for each in of_factory(connection, place)]
        for match in matches([about(each) for each in new], former, crosswalk.questions):
            yield Repeat(
                finding=match.finding,
                former=match.former,
                programme=home,
                factory=place,
                plan=plans[match.finding],
                basis=match.basis,
                crosswalk=crosswalk.version if match.basis is Basis.CROSSWALK else 0,
                standing=Standing.PROPOSED if match.basis is Basis.POINT else Standing.CERTAIN,
            )


def about(subject: Subject) -> About:
    """Give what a finding is about, for matching it with those of other cycles."""
    return About(
        finding=subject.finding,
        plan=subject.plan,
        point=subject.point,
        question=subject.question,
        text=subject.question_text,
        on=subject.assessed_on,
    )


def _linked(fresh: list[Subject], repeats: Sequence[Repeat]) -> Iterator[Subject]:
    """Link findings that are certainly repeats to the former ones, and raise them by one severity."""
    certain = {each.finding: each.former for each in repeats if each.standing is Standing.CERTAIN}
    for each in fresh:
        former = certain.get(each.finding)
        yield replace(each, repeat_of=former, severity=each.severity.one_up) if former else each
