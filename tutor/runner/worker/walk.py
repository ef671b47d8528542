"""The backward walk: each call of backward or ``torch.autograd.grad``, node by node as they are visited.

All such calls end in the engine's ``run_backward``.  Before each one everything it can reach is taken in,
and every node is hooked for its duration; the hooks note what comes and what goes and change nothing.
"""
# The engine and the way to it have no public names.
# ruff: noqa: SLF001

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

import torch

from tutor.runner.explained import MAX_CALLS
from tutor.runner.worker import errors
from tutor.runner.worker.brief import brief
from tutor.runner.worker.call import Call
from tutor.runner.worker.graph import Builder
from tutor.runner.worker.located import located
from tutor.runner.worker.names import quietly
from tutor.runner.worker.observe import Operation, in_transform, saved_hooks, sequence
from tutor.runner.worker.reasons import Backward, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from tutor.runner.worker.observe import Observer
    from tutor.runner.worker.tensors import Place

Json = dict[str, Any]

_C: Final[Any] = torch._C
_Variable: Final[Any] = torch.autograd.Variable
_autograd: Final[Any] = torch.autograd
_make_grads: Final[Any] = torch.autograd._make_grads
_getframe: Final = sys._getframe
_ROOM: Final = 15_000


class Walk:
    """The calls, in order.  ``place`` finds the section and the line of the program that is calling."""

    def __init__(
        self, observer: Observer, place: Callable[[Any], Place], sections: Collection[str]
    ) -> None:
        self.observer = observer
        self._place = place
        self._sections = sections
        self.builder = Builder(observer)
        self.calls: list[Json] = []
        self.more_calls = 0
        self.room = _ROOM
        self.running: list[Call] = []
        self._engine: Any = None
        self._error = 0
        self._reason: Json | None = None

    # -- standing in the way ------------------------------------------------------------------------

    def install(self) -> None:
        self._engine = _Variable._execution_engine
        _Variable._execution_engine = _Engine(self._engine, self)
        _autograd._make_grads = self._seeds

    def uninstall(self) -> None:
        _Variable._execution_engine = self._engine
        _autograd._make_grads = _make_grads

    def _seeds(self, outputs: Any, grads: Any, *args: Any, **kwargs: Any) -> Any:
        """What makes the first gradients; it refuses some calls before the engine hears of them."""
        try:
            return _make_grads(outputs, grads, *args, **kwargs)
        except Exception as error:
            self.guarded(self._refused, tuple(outputs), tuple(grads), error)
            raise

    def run(self, call: Callable[..., Any], run_backward: Any, args: Any, kwargs: Any) -> Any:
        """``call`` the engine, watched if it can be."""
        watched = self.guarded(self._begin, args, kwargs)
        if watched is None:
            with self._mode():
                return call(run_backward, args, kwargs)
        self.running.append(watched)
        begin = sequence()
        try:
            with self._mode():
                result = call(run_backward, args, kwargs)
        except BaseException as error:
            self.guarded(watched.failed, error)
            raise
        else:
            self.guarded(watched.done, result)
            return result
        finally:
            self.running.pop()
            self.guarded(watched.unhook)
            self.guarded(self._claim, watched, begin)

    def _mode(self) -> Any:
        """Torch turns the mode off while it handles a call; what backward computes is watched again."""
        off = not (self.observer.is_on() or self.observer.truncated)
        return self.observer if off else nullcontext()

    def guarded(self, act: Callable[..., Any], *args: Any) -> Any:
        """``act``, whose errors are none of the program's."""
        try:
            with quietly():
                return act(*args)
        except BaseException:  # noqa: BLE001 - the program's objects may raise anything
            self.builder.truncated = True
            return None

    # -- a call -------------------------------------------------------------------------------------

    def _begin(self, args: Any, kwargs: Any) -> Call | None:
        outputs, seeds, retain, create, *rest = args
        inputs = rest[0] if rest else kwargs.get("inputs", ())
        if in_transform() is not None:
            self.observer.saw_transform = True
            return None
        if len(self.calls) >= MAX_CALLS or self.room < 0:
            self.more_calls += 1
            return None
        form = self._call_form(outputs, seeds, kwargs.get("accumulate_grad", True))
        form["retain_graph"], form["create_graph"] = bool(retain), bool(create)
        roots, reached = self.builder.reach(outputs, roots=True)
        form["roots"] = roots
        form["inputs"], others = self.builder.reach(inputs or (), roots=False)
        for id_ in form["inputs"]:
            if id_ not in reached and roots:
                self.builder.unused(roots[0], id_)
        given = Backward(tuple(outputs), tuple(seeds), tuple(inputs or ()))
        call = Call(self, form, given, reached, others)
        call.sent.start(zip(roots, outputs, seeds, strict=False))
        call.hook()
        self.calls.append(form)
        return call

    def _call_form(self, outputs: Any, seeds: Any, accumulate: Any) -> Json:
        section, line = self._place(None)
        return {
            "how": "backward" if accumulate else "grad", "section": section, "line": line,
            "roots": [], "seeds": [self.afford(seed) for seed in seeds or ()][: len(outputs)],
            "visits": [], "added": [], "retain_graph": False, "create_graph": False,
            "raised": None, "failed": None, "truncated": False, "inputs": [], "results": [],
            "reason": None,
        }  # fmt: skip

    def _refused(self, outputs: Any, grads: Any, error: BaseException) -> None:
        if in_transform() is not None or len(self.calls) >= MAX_CALLS:
            return
        caller = error.__traceback__.tb_frame.f_back if error.__traceback__ else None
        form = self._call_form(outputs, grads, caller is None or caller.f_code.co_name != "grad")
        form["roots"], _ = self.builder.reach(outputs, roots=True)
        self.calls.append(form)
        self.fail(form, error, Backward(outputs, grads))

    def fail(self, form: Json, error: BaseException, call: Backward) -> None:
        form["raised"] = raised = errors.describe(error, self._sections)
        if not raised["section"]:  # on its way out it has not come to the program's lines yet
            raised["section"], raised["line"] = form["section"], form["line"]
        if self._error != id(error):  # else it came out of a call within this one
            self._error, self._reason = id(error), reason_of(error, self.observer, call)
        form["reason"] = self._reason

    def raised_by(self, error: BaseException) -> Json | None:
        """The call that raised ``error``, if one did."""
        found: Json | None = self.guarded(self._last_raised, error)
        return found

    def _last_raised(self, error: BaseException) -> Json | None:
        if not self.calls or self._error != id(error):
            return None
        return next((call for call in reversed(self.calls) if call["raised"] is not None), None)

    def _claim(self, call: Call, begin: int) -> None:
        """Nodes made by the engine (``create_graph``) were made at the call."""
        end = sequence()
        if end > begin:
            place = call.form["section"], call.form["line"]
            hooked = saved_hooks(True) is not None
            self.observer.record(Operation("backward", place, begin, end, (), hooked))

    def afford(self, value: Any) -> Json | None:
        """A gradient as it is shown; ``None`` stays ``None``."""
        if value is None:
            return None
        form = brief(value)
        self.room -= 2 + len(form.get("entries", ()))
        return form

    def form(self, roots: Iterable[int] | None, notes: list[str]) -> Json:
        return {
            "graph": self.builder.form(roots),
            "calls": self.calls,
            "notes": notes,
            "more_calls": self.more_calls,
        }


class _Engine:
    """Torch's engine, but for the one thing that is watched."""

    def __init__(self, engine: Any, walk: Walk) -> None:
        self._engine = engine
        self._walk = walk

    def run_backward(self, *args: Any, **kwargs: Any) -> Any:
        # Where a warning says it comes from stays the line in torch that called.
        return self._walk.run(located(_getframe(1)), self._engine.run_backward, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)
