"""Child processes watched as one: started, restarted after a crash, their lines prefixed, stopped together."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO

from portal.supervisor import die_with_parent

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 30.0
GRACE_SECONDS = 8.0


@dataclass
class Child:
    """A command that has to run all the time."""

    name: str
    command: Sequence[str]
    fds: tuple[int, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0

    def start(self, write: Callable[[str, str], None]) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
            pass_fds=self.fds,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops its children in order
            preexec_fn=lambda: die_with_parent(signal.SIGTERM),
        )
        assert self.process.stdout is not None
        threading.Thread(target=_pump, args=(self.name, self.process.stdout, write), daemon=True).start()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def postpone(self) -> float:
        """Decide when to start again: soon after a long life, later and later after short ones. Returns the seconds."""
        lived = time.monotonic() - self.started
        self.pause = FIRST_PAUSE if lived > STEADY_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
        self.due = time.monotonic() + self.pause
        return self.pause


class Family:
    """The children of one supervisor."""

    def __init__(self, children: Sequence[Child], *, prefix: bool = True) -> None:
        self.children = list(children)
        self.prefix = prefix
        self.stopping = threading.Event()
        self._output = threading.Lock()
        self._width = max((len(child.name) for child in self.children), default=0)

    def run(self, every: Callable[[], None], seconds: float = 2.0) -> None:
        """Keep the children running until SIGINT, SIGTERM or SIGHUP; call `every` now and then."""
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(kind, lambda *_: self.stopping.set())
        try:
            self._revive()
            next_call = time.monotonic() + seconds
            while not self.stopping.wait(0.2):
                self._revive()
                if time.monotonic() >= next_call:
                    every()
                    next_call = time.monotonic() + seconds
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask every child to end, wait, and kill those that do not."""
        running = [child for child in self.children if child.is_running()]
        for child in running:
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.write("run", f"{child.name} does not end; killing it")
                _signal(child, signal.SIGKILL)
                child.process.wait()

    def write(self, name: str, line: str) -> None:
        with self._output:
            sys.stdout.write(f"{name:<{self._width}} | {line}\n" if self.prefix else f"{line}\n")
            sys.stdout.flush()

    def _revive(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.is_running():
                continue
            if child.process is not None:
                code, child.process = child.process.returncode, None
                self.write("run", f"{child.name} ended with code {code}; starting it again in {child.postpone():.0f} s")
            elif now >= child.due:
                child.start(self.write)


def _pump(name: str, stream: IO[bytes], write: Callable[[str, str], None]) -> None:
    with stream:
        for line in stream:
            write(name, line.decode(errors="replace").rstrip("\n"))


def _signal(child: Child, kind: signal.Signals) -> None:
    assert child.process is not None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, kind)
