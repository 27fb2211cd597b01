"""The tables are whole: every verb has its rule, every fact its effect, every refusal a code of its own."""

import ast
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

import remediation.rules
from remediation import facts, orders, refusals
from remediation.letters import letters_for
from remediation.orders import VERBS, Order
from remediation.refusals import Refusal
from remediation.rules import DECISIONS, EFFECTS, Stamp, apply
from remediation.words import Role, Side, Stage
from tests.rules.cast import ACTING, AMINA, MONDAY, PLAN, Story, a_case
from tests.rules.orders import an_order
from tests.rules.situations import SITUATIONS


def test_every_verb_has_one_rule() -> None:
    assert set(DECISIONS) == set(VERBS.values())
    assert {verb: rule.__name__ for kind, rule in DECISIONS.items() for verb in [orders.verb(kind)]} == {
        verb: verb for verb in VERBS
    }


def test_every_fact_but_the_first_has_one_effect() -> None:
    assert set(EFFECTS) == set(facts.KINDS.values()) - {facts.Issued}
    assert all(effect.__name__ == facts.kind(kind) for kind, effect in EFFECTS.items())


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [refusal.code for refusal in Refusal.__subclasses__()]
    assert len(codes) == len(set(codes))


def test_a_refusal_that_says_no_more_says_its_usual_sentence() -> None:
    assert str(Refusal()) == "This is not possible now."
    assert str(refusals.NotAMember()) == "Only a member of the factory's committee can do this."
    refusal = refusals.FieldInvalid("Too much.", field="percent")
    assert (str(refusal), refusal.field) == ("Too much.", "percent")


@pytest.mark.parametrize("refusal", Refusal.__subclasses__())
def test_every_refusal_is_given_somewhere(refusal: type[Refusal]) -> None:
    folder = Path(remediation.rules.__file__).parent.parent
    raised = {
        node.id
        for path in folder.rglob("*.py")
        for tree in [ast.parse(path.read_text())]
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Raise)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name)
    }
    assert refusal.__name__ in raised


@cache
def situation(name: str) -> Story:
    return SITUATIONS[name]()


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("kind", VERBS.values())
def test_an_order_is_obeyed_or_refused_and_never_breaks(kind: type[Order], name: str) -> None:
    known = situation(name)
    for person in ACTING:
        story = Story(known.case, known.now)
        with suppress(Refusal):
            story.order(person, kind, **an_order(kind))
        for entry, fact in zip(story.entries, story.facts, strict=True):
            letters_for(fact, entry.seq)


@pytest.mark.parametrize(
    "fact",
    [
        facts.ProposalFailed(revision=PLAN, side=Side.WORKER),
        facts.FixConcurred(person=AMINA),
        facts.ExtensionCosigned(side=Side.WORKER, decider=Role.ADVISOR, decide_by=MONDAY),
    ],
)
def test_a_fact_out_of_the_ledgers_order_is_noticed(fact: facts.Fact) -> None:
    with pytest.raises(Refusal):
        apply(fact, a_case().finding, Stamp(MONDAY, AMINA))


def test_the_situations_stand_at_every_stage() -> None:
    assert {situation(name).stage() for name in SITUATIONS} == set(Stage)
