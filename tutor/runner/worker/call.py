"""One run of the engine: hooks on every node it can reach note what comes and what goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tutor.runner.explained import MAX_VISITS
from tutor.runner.worker.brief import brief
from tutor.runner.worker.names import grad_of, output_nr, retains_grad
from tutor.runner.worker.reasons import Backward
from tutor.runner.worker.sent import Sent
from tutor.runner.worker.tensors import number_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.runner.worker.graph import Reached
    from tutor.runner.worker.observe import Observer

Json = dict[str, Any]


class Watching(Protocol):
    """What a call needs of the walk it belongs to."""

    observer: Observer
    running: list[Call]
    room: int

    def guarded(self, act: Callable[..., Any], *args: Any) -> Any: ...
    def afford(self, value: Any) -> Json | None: ...
    def fail(self, form: Json, error: BaseException, call: Backward) -> None: ...


class Call:
    """Hooked from :meth:`hook` until :meth:`unhook`; ``form`` is filled as the nodes are visited."""

    def __init__(
        self,
        walk: Watching,
        form: Json,
        given: Backward,
        reached: dict[int, Reached],
        others: dict[int, Reached],
    ) -> None:
        self._walk = walk
        self._given = given
        self._reached = reached
        self._handles: list[Any] = []
        self._open: dict[int, list[Any]] = {}
        self._last = -1
        self._before: dict[int, Json | None] = {}
        self.form = form
        self.sent = Sent(reached)
        self._retained = self._retaining({**others, **reached})

    def hook(self) -> None:
        """From here on every node that was reached tells of its visit."""
        try:
            for id_, found in self._reached.items():
                self._hook(id_, found)
        except BaseException:
            self.unhook()
            raise

    def _hook(self, id_: int, found: Reached) -> None:
        def came(gradients: Any) -> None:
            self._walk.guarded(self._came, id_, gradients)

        def went(outgoing: Any, _: Any) -> None:
            self._walk.guarded(self._went, id_, outgoing)

        self._handles.append(found.node.register_prehook(came))
        self._handles.append(found.node.register_hook(went))

    def unhook(self) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self._reached = {}
        self._retained = []
        self._given = Backward()

    # -- visiting -----------------------------------------------------------------------------------

    def _came(self, id_: int, gradients: Any) -> None:
        if self._walk.running[-1] is not self:
            return  # a call within this one, on nodes of this one
        if len(self.form["visits"]) >= MAX_VISITS or self._walk.room < 0:
            self.form["truncated"] = True
            return
        visit = [id_, [self._walk.afford(g) for g in gradients], [], None]
        before = self.sent.changed_on_arrival(id_, gradients)
        if before is not None:
            visit[3] = [self._walk.afford(g) for g in before]
        self.form["visits"].append(visit)
        self._open[id_], self._last = visit, id_
        leaf = self._reached[id_].leaf
        if leaf is not None:
            self._before[id_] = _grad_form(leaf)

    def _went(self, id_: int, outgoing: Any) -> None:
        if self._walk.running[-1] is not self:
            return
        self.sent.send(id_, outgoing)
        visit = self._open.pop(id_, None)
        if visit is None:
            return
        visit[2] = [self._walk.afford(g) for g in outgoing]
        leaf = self._reached[id_].leaf
        if leaf is not None:
            added = visit[1][0] if visit[1] else None
            self.form["added"].append([id_, self._before[id_], added, _grad_form(leaf)])

    # -- ending -------------------------------------------------------------------------------------

    def done(self, result: Any) -> None:
        if self.form["how"] == "grad":
            self.form["results"] = [self._walk.afford(g) for g in result]
        incoming = {visit[0]: visit[1] for visit in self.form["visits"]}
        for id_, tensor, before in self._retained:
            came, at = incoming.get(id_, []), output_nr(tensor)
            after = _grad_form(tensor)
            if at < len(came) or after != before:
                added = came[at] if at < len(came) else None
                self.form["added"].append([id_, before, added, after])

    def failed(self, error: BaseException) -> None:
        given = self._given
        if self._last in self._open:
            self.form["failed"] = self._last
            given = given._replace(node=self._reached[self._last].node, node_id=self._last)
        self._walk.fail(self.form, error, given)

    def _retaining(self, nodes: dict[int, Reached]) -> list[tuple[int, Any, Json | None]]:
        """Tensors with history that keep their gradients, and what they have kept so far."""
        return [
            (id_, tensor, _grad_form(tensor))
            for id_, found in nodes.items()
            if found.leaf is None
            for tensor in self._walk.observer.tensors.of_node(number_of(found.node))
            if retains_grad(tensor)
        ]


def _grad_form(tensor: Any) -> Json | None:
    grad = grad_of(tensor)
    return None if grad is None else brief(grad)
