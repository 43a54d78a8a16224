"""Stand-ins that make tests exact and fast."""

from __future__ import annotations


class FakeClock:
    """A clock that goes only when it is told to. Pass it as `clock=`."""

    def __init__(self, now: float = 1_000.0) -> None:
        self._now = now

    def __call__(self) -> float:
        """Return the time."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        if seconds < 0:
            msg = f"a clock does not go back, got {seconds}"
            raise ValueError(msg)
        self._now += seconds


class FakeCounter:
    """
    A token counter that counts characters, a fixed number to a token, rounded up.

    `counted` lists what was asked for, in order, so that a test can tell what was counted twice.
    """

    exact = True
    margin = 0.0

    def __init__(self, characters_per_token: int = 4) -> None:
        self.name = f"{characters_per_token} characters per token"
        self.counted: list[str] = []
        self._characters_per_token = characters_per_token

    def count(self, text: str) -> int:
        """Return the number of tokens of `text`."""
        self.counted.append(text)
        return -(-len(text) // self._characters_per_token)
