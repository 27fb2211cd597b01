"""What may well go wrong for the person at the terminal, each said in one sentence."""


class Fault(Exception):
    """Something expected went wrong. The message is one sentence that names the way out."""


class WrongSettings(Fault):
    """A setting that cannot be used."""
