"""Idle children at hand, and a supervisor that is started again when it is lost."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from tutor.runner.child_link import LOST, Child
from tutor.runner.failures import RunnerFailure, WorkerUnavailable
from tutor.runner.link import Events, Link
from tutor.runner.protections import Protection, read_protections

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

RunnerState: TypeAlias = Literal["new", "starting", "ready", "failed", "closed"]

#: Seconds before a lost supervisor is started again; after the last one it is given up.
BACKOFF: Final = (0.0, 0.2, 0.5, 1.0, 2.0)
#: Seconds within which a supervisor that has torch loaded must come up with a child.
PATIENCE: Final = 30.0
#: Idle children that may end on their own before their supervisor is held to be broken.
_MOST_STILLBORN: Final = 20
#: Seconds without work after which torch's slow parts are imported in advance.
IDLE: Final = 1.0


class Pool:
    """Fresh children, one at a time, from one supervisor after another."""

    def __init__(self, spares: int) -> None:
        self._spares = max(1, spares)
        self.state: RunnerState = "new"
        self.on_state: Callable[[RunnerState], None] | None = None
        self.torch_version = ""
        self.protections: tuple[Protection, ...] = ()
        self._link: Link | None = None
        self._idle: deque[Child] = deque()
        self._children: dict[int, Child] = {}
        self._asked = 0
        self._waiting: deque[tuple[bool, asyncio.Future[Child]]] = deque()
        self._extended = False
        self._extending = False
        self._losses = 0
        self._stillborn = 0
        self._complaint = ""
        self._changed = asyncio.Event()
        self._restart: asyncio.Task[None] | None = None
        self._idle_timer: asyncio.TimerHandle | None = None

    @property
    def supervisor_pid(self) -> int:
        """0 when there is none."""
        return self._link.pid if self._link else 0

    @property
    def idle_pids(self) -> list[int]:
        return [child.pid for child in self._idle]

    async def start(self) -> None:
        """Start a supervisor and return at once, torch still loading."""
        if self.state in ("starting", "ready"):
            return
        if self.state == "closed":
            raise WorkerUnavailable("the runner is closed")
        if self.state == "failed":
            self._losses = len(BACKOFF) - 1  # one more try, without the whole ladder
        self._enter("starting")
        await self._start_link()

    async def wait_ready(self) -> None:
        """Until torch has loaded.

        Raises:
            WorkerUnavailable: it cannot be, or the pool is closed.
        """
        while self.state == "starting":
            await self._changed.wait()
        if self.state != "ready":
            raise self._unavailable()

    async def take(self, *, extended: bool) -> Child:
        """A fresh child; with ``extended`` one that has torch's slow parts imported.

        Raises:
            WorkerUnavailable: there can be none.
        """
        if self.state in ("new", "failed"):
            await self.start()
        self._stop_idle_timer()
        for child in self._idle:
            if child.extended or not extended:
                self._idle.remove(child)
                return child
        if self.state not in ("starting", "ready"):
            raise self._unavailable()
        waiter: asyncio.Future[Child] = asyncio.get_running_loop().create_future()
        entry = (extended, waiter)
        self._waiting.append(entry)
        self._ask()
        try:
            while not waiter.done():
                await asyncio.wait([waiter], timeout=PATIENCE)
                if not waiter.done() and self.state == "ready" and self._link is not None:
                    self._link.give_up("it does not answer")
            return waiter.result()
        except asyncio.CancelledError:
            if waiter.cancel():
                self._waiting.remove(entry)
            elif waiter.exception() is None:
                self.release(waiter.result())
            raise

    def release(self, child: Child) -> None:
        """End a child that was taken, and have another one made."""
        child.close()
        if self._children.get(child.pid) is child and self._link is not None:
            self._link.kill(child.pid)
        self._ask()
        self._start_idle_timer()

    def served(self) -> None:
        """A job went well: the next loss starts the waits from their beginning."""
        self._losses = self._stillborn = 0

    async def close(self) -> None:
        """End every process; whoever waits is told so."""
        self._stop_idle_timer()
        self._enter("closed")
        if self._restart is not None:
            self._restart.cancel()
            with suppress(asyncio.CancelledError):
                await self._restart
        self._forget_children()
        self._fail_waiting()
        if self._link is not None:
            await self._link.close()
            self._link = None

    def _unavailable(self) -> RunnerFailure:
        if self.state == "closed":
            return WorkerUnavailable("the runner is closed")
        return WorkerUnavailable(f"torch's process cannot be started: {self._complaint}")

    def _enter(self, state: RunnerState) -> None:
        if state == self.state or self.state == "closed":
            return
        self.state = state
        self._changed.set()
        self._changed = asyncio.Event()
        if self.on_state is not None:
            self.on_state(state)

    async def _start_link(self) -> None:
        events = Events(
            self._on_ready, self._on_child, self._on_exit, self._on_extended, self._on_lost
        )
        self._link = Link(events)
        try:
            await self._link.start()
        except OSError as error:
            self._on_lost(str(error))

    def _ask(self) -> None:
        """Have as many children made as are missing."""
        if self.state != "ready" or self._link is None:
            return
        if not self._extended and any(extended for extended, _ in self._waiting):
            self._extend()
        ripe = sum(self._extended or not extended for extended, _ in self._waiting)
        for _ in range(self._spares + ripe - len(self._idle) - self._asked):
            self._asked += 1
            self._link.fork()

    def _extend(self) -> None:
        if self._link is not None and not (self._extended or self._extending):
            self._extending = True
            self._link.extend()

    def _on_ready(self, facts: dict[str, Any]) -> None:
        self.torch_version = str(facts["torch"])
        self.protections = read_protections(facts["protections"])
        self._enter("ready")
        self._ask()
        self._start_idle_timer()

    def _on_child(self, pid: int, sock: socket.socket, extended: bool) -> None:
        self._asked -= 1
        child = Child(pid, sock, extended=extended)
        self._children[pid] = child
        for entry in self._waiting:
            wants_extended, waiter = entry
            if extended or not wants_extended:
                self._waiting.remove(entry)
                waiter.set_result(child)
                return
        self._idle.append(child)

    def _on_exit(self, pid: int, status: int, cpu_seconds: float) -> None:
        child = self._children.pop(pid, None)
        if child is None:
            return
        child.exited(status, cpu_seconds)
        if child in self._idle:  # killed from outside, say
            self._idle.remove(child)
            child.close()
            self._stillborn += 1
            if self._stillborn < _MOST_STILLBORN:
                self._ask()
            elif self._link is not None:
                self._link.give_up(f"its children end before they are used, with status {status}")

    def _on_extended(self) -> None:
        self._extended, self._extending = True, False
        while self._idle:
            child = self._idle.popleft()
            child.close()
            if self._link is not None:
                self._link.kill(child.pid)
        self._ask()

    def _on_lost(self, complaint: str) -> None:
        self._complaint = complaint
        self._link = None
        self._stillborn = 0
        self._forget_children()
        self._asked = 0
        self._extended = self._extending = False
        if self.state == "closed":
            return
        if self._losses >= len(BACKOFF):
            self._enter("failed")
            self._fail_waiting()
            return
        wait = BACKOFF[self._losses]
        self._losses += 1
        self._enter("starting")
        self._restart = asyncio.get_running_loop().create_task(self._start_again(wait))

    async def _start_again(self, wait: float) -> None:
        await asyncio.sleep(wait)
        await self._start_link()

    def _forget_children(self) -> None:
        for child in self._children.values():
            child.exited(LOST, 0.0)
        for child in self._idle:
            child.close()
        self._idle.clear()
        self._children.clear()

    def _fail_waiting(self) -> None:
        while self._waiting:
            _, waiter = self._waiting.popleft()
            waiter.set_exception(self._unavailable())

    def _start_idle_timer(self) -> None:
        if self._extended or self._extending or self.state != "ready":
            return
        self._stop_idle_timer()
        self._idle_timer = asyncio.get_running_loop().call_later(IDLE, self._extend)

    def _stop_idle_timer(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None
