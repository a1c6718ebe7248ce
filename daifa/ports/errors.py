"""What may go wrong when we ask another company, in our words: who must act, and whether a write may have happened.

Connectors raise these and nothing else; the rails (``flows/calling``) decide by class, never by a company's code.
"""

from __future__ import annotations


class RemoteError(Exception):
    """A call that did not give what was asked. ``code``: the company's own code; ``said``: its words, no personal data.

    ``happened``: whether a write may have been done (None: perhaps). ``again``: whether asking again by itself helps.
    """

    happened: bool | None = False
    again = False
    who = "operator"

    def __init__(self, said: str, *, code: str = "", fix: str = "", after: float = 0) -> None:
        super().__init__(said)
        self.said = said
        self.code = code
        self.fix = fix
        self.after = after

    @property
    def text(self) -> str:
        """A Chinese sentence for a person: what was said, and what to do."""
        return f"{self.said}。{self.fix}" if self.fix else self.said


class RateLimited(RemoteError):
    """Too fast; ``after`` seconds (0: unknown) until it makes sense again. Nothing was done."""

    again, who = True, "machine"


class Unavailable(RemoteError):
    """It was not sent, or they say that they did nothing."""

    again, who = True, "machine"


class OutcomeUnknown(RemoteError):
    """Sent, and no answer to trust (time-out, 5xx, unreadable): a write may have happened; ask before repeating."""

    happened, again, who = None, False, "machine"


class LoginExpired(RemoteError):
    """The token is no longer good: refreshed once, then the shop's owner must sign in again."""

    who = "owner"


class NotGranted(RemoteError):
    """The application or the shop's owner has not granted this."""

    who = "owner"


class Withdrawn(NotGranted):
    """The account's owner has taken the whole grant back: nothing works until it is given again."""


class Refused(RemoteError):
    """A business no; the words say why."""


class NotThere(RemoteError):
    """The object does not exist for us."""


class BadReply(RemoteError):
    """An answer that we do not understand; a write may have happened."""

    happened, who = None, "engineer"


class NotSupported(RemoteError):
    """The connector cannot do this (it is not on its card)."""

    who = "engineer"
