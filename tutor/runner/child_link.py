"""The app's hold on one child: hand it its request, read its replies, know why it ended."""

from __future__ import annotations

import asyncio
import secrets
import signal
from typing import TYPE_CHECKING, Final

from tutor.runner.failures import ChildDied, RunnerFailure, Stopped, WorkerLost
from tutor.runner.limits import Limits, in_words
from tutor.runner.lines import Lines, TooLong
from tutor.runner.wire import MalformedReply, read_reply, read_result, request_line

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tutor.runner.job import Result, Run

#: How long to wait for word of how a child ended, once its socket has closed.
_EXIT_PATIENCE: Final = 0.5

#: Told to a child instead of an exit status when its supervisor was lost.
LOST: Final = 1000

_ENDED_BY: Final = {
    70: "the program broke the process that ran it",
    LOST: "torch's process ended; it is being started again",
    0: "the program ended its own process before there was a result",
    -signal.SIGSEGV: "the program crashed the interpreter: a very deep recursion or a very deep"
    " graph does that",
    -signal.SIGABRT: "the program crashed the interpreter (aborted)",
    -signal.SIGBUS: "the program crashed the interpreter (bus error)",
    -signal.SIGKILL: "the program was killed by the system, most likely for want of memory",
    -signal.SIGSYS: "the program did what no program here may do, and was ended by the system",
}


class Child:
    """One child.  It serves one request and is then to be let go, whatever became of it."""

    def __init__(self, pid: int, sock: socket.socket, *, extended: bool) -> None:
        self.pid = pid
        self.extended = extended
        self._socket = sock
        self._exit: asyncio.Future[tuple[int, float]] = asyncio.get_running_loop().create_future()

    def exited(self, status: int, cpu_seconds: float) -> None:
        """Told by the supervisor: an exit status (or a signal's number negated), and time used."""
        if not self._exit.done():
            self._exit.set_result((status, cpu_seconds))

    def close(self) -> None:
        self._socket.close()

    async def serve(
        self,
        runs: tuple[Run, ...],
        limits: Limits,
        take: Callable[[Result], None],
    ) -> None:
        """Have ``runs`` run in their order; ``take`` each result as it comes.

        The child may stop early, having said that what follows wants a fresh one.

        Raises:
            RunnerFailure: ``run`` counts from the first of ``runs``.
        """
        # A fresh token a request: nothing written before the request was read can be a reply to it.
        token = secrets.token_hex(16)
        lines = Lines(self._socket, limits.result + 4096)
        try:
            await self._send(request_line(runs, limits, token), limits)
            for index, run in enumerate(runs):
                line = await self._line(lines, limits, index, len(runs))
                try:
                    data = read_reply(line, token)
                    if data.get("run") != index or type(data.get("more")) is not bool:
                        raise MalformedReply("not in its turn")
                    if data.get("too_large") is True:
                        raise Stopped("result", in_words("result", limits), run=index)
                    take(read_result(run, data, limits))
                except MalformedReply as error:
                    raise ChildDied(
                        f"the program's process sent something that is no result ({error})",
                        run=index,
                    ) from error
                if not data["more"]:
                    return
        finally:
            lines.close()

    async def _send(self, request: bytes, limits: Limits) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(limits.wall):
                await loop.sock_sendall(self._socket, request)
        except TimeoutError as error:
            raise Stopped("wall", in_words("wall", limits), run=0) from error
        except OSError as error:
            raise await self._death(limits, 0, 1) from error

    async def _line(self, lines: Lines, limits: Limits, index: int, count: int) -> bytes:
        try:
            line = await lines.next(limits.wall)
        except TimeoutError as error:
            raise Stopped("wall", in_words("wall", limits), run=index) from error
        except TooLong as error:
            raise Stopped("result", in_words("result", limits), run=index) from error
        if line is None:
            raise await self._death(limits, index, count)
        return line

    async def _death(self, limits: Limits, index: int, count: int) -> RunnerFailure:
        """Why the socket closed, in a job of ``count`` runs."""
        try:
            status, used = await asyncio.wait_for(asyncio.shield(self._exit), _EXIT_PATIENCE)
        except TimeoutError:
            return ChildDied("the program closed its result channel", run=index)
        # A program can ignore the first signal; a second later it is killed.
        ignored = status == -signal.SIGKILL and used >= limits.cpu * count
        if status == -signal.SIGXCPU or ignored:
            return Stopped("cpu", in_words("cpu", limits), run=index)
        words = _ENDED_BY.get(status, f"the program's process ended with status {status}")
        return (WorkerLost if status == LOST else ChildDied)(words, run=index)
