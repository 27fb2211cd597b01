"""The way a finding takes, stage by stage, and how far along it one has come."""

from dataclasses import dataclass

from remediation.words import Stage

WAY = (
    Stage.ISSUED,
    Stage.UNDER_REVIEW,
    Stage.COMMITTED,
    Stage.FIX_REPORTED,
    Stage.VERIFYING,
    Stage.CLOSED,
    Stage.SUSTAINED,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A stage on the way: behind a finding, where it is, or before it."""

    stage: Stage
    past: bool
    here: bool


def way(stage: Stage) -> tuple[Step, ...]:
    """Give the steps of the way for a finding that stands at a stage; none where it has left the way."""
    if stage not in WAY:
        return ()
    here = WAY.index(stage)
    return tuple(Step(each, past=number < here, here=number == here) for number, each in enumerate(WAY))
