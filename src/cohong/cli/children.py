"""Child processes that are started, watched, started again when they die, and stopped surely.

Each runs in a session of its own, so that Ctrl-C at the terminal reaches only the parent, which then stops them in
order. Each is told to stop when its standard input closes: with the parent, however that dies.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

_STOP_S = 30.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0
_SOUND_S = 60.0  # who lived for so long was not failing from the start


@dataclass
class Child:
    """One `cohong` command as a child process."""

    words: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_s: float = 0.0
    not_before_s: float = field(default=0.0)

    @property
    def name(self) -> str:
        """Return the sub-command."""
        return self.words[0]

    def start(self) -> None:
        """Start it."""
        self.started_s = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and command
            [sys.executable, "-m", "cohong.cli.main", *self.words, "--stop-with-stdin"],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.poll() is None

    def revive(self) -> bool:
        """Start it again if it has died, later each time it dies soon; tell whether it was found dead."""
        if self.process is not None and self.process.poll() is not None:
            self._reap()
            lived_s = time.monotonic() - self.started_s
            self.deaths = 0 if lived_s > _SOUND_S else self.deaths + 1
            wait_s = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2**self.deaths)
            self.not_before_s = time.monotonic() + wait_s
            return True
        if self.process is None and time.monotonic() >= self.not_before_s:
            self.start()
        return False

    def ask_to_stop(self) -> None:
        """Ask it to stop, without waiting for it."""
        if self.is_alive() and self.process is not None:
            self.process.terminate()

    def stop(self) -> None:
        """Wait until it is gone, and after a while make it go."""
        if self.process is None:
            return
        self.ask_to_stop()
        try:
            self.process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reap()

    def _reap(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None
