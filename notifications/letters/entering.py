"""Letters that no fact calls for: a sign-in code, an invitation, a mention, a webhook that was stopped."""

from dataclasses import dataclass

from notifications.languages import language
from notifications.occasion import Letter
from notifications.rendering import render


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What a person signs in with: `code` is digits, `link` leads to a button, both for some minutes."""

    name: str
    language: str
    code: str
    link: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whom an invitation is to, what it is about (a factory's or programme's name), and where to sign in."""

    name: str
    language: str
    place: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """Whom a comment mentions, on which finding (its factory and question), and where it stands."""

    name: str
    language: str
    factory: str
    question: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HookStopped:
    """Whom the letter is to, the programme whose webhook was stopped, and where it can be looked at.

    `gone`: the receiver said so itself. Else nothing has arrived for `days`.
    """

    name: str
    language: str
    programme: str
    gone: bool
    days: int
    link: str


def sign_in(given: SignIn) -> Letter:
    """Write the mail that carries a sign-in code."""
    half = len(given.code) // 2
    digits = f"{given.code[:half]} {given.code[half:]}"
    own = {"digits": digits, "link": given.link, "minutes": given.minutes}
    return render("sign_in", language(given.language), _shared(given.name) | own)


def invitation(given: Invitation) -> Letter:
    """Write the mail that invites a person to sign in."""
    own = {"factory": given.place, "link": given.link}
    return render("invitation", language(given.language), _shared(given.name) | own)


def address_changed(name: str, tongue: str) -> Letter:
    """Write the mail that tells a person, at their former address, that it was replaced."""
    return render("address_changed", language(tongue), _shared(name))


def mentioned(given: Mentioned) -> Letter:
    """Write the mail that tells a person of a comment which mentions them, and not what it says."""
    own = {"factory": given.factory, "question": given.question, "link": given.link}
    return render("mentioned", language(given.language), _shared(given.name) | own)


def hook_stopped(given: HookStopped) -> Letter:
    """Write the mail that tells a programme's manager that a webhook was stopped."""
    own = {"programme": given.programme, "gone": given.gone, "days": given.days, "link": given.link}
    return render("hook_stopped", language(given.language), _shared(given.name) | own)


def _shared(name: str) -> dict[str, object]:
    """Give what the layout asks for, empty where a letter about a finding would have something to say."""
    return {"name": name, "number": "", "tone": "", "your_role": "", "instead_of": "", "stands_in": ()}
