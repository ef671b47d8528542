"""`tutor check --free`: what an author need not write."""

from __future__ import annotations

import pytest

from tutor.check.free import free_near

pytestmark = pytest.mark.asyncio(loop_scope="session")

DETACH = """
format: 1
id: one
skill: a
title: t
program: |
  x = torch.tensor([3.0, 5.0], requires_grad=True)
  u = x.detach()
  y = (u * x).sum()
  y.backward()
ask: a
answers:
  grad:
    kind: value
    value: x.grad
    near:
      ignored: {patch: [{replace: .detach(), with: ""}], says: s}
      strange: {value: "9, 9", says: s}
"""


async def test_what_is_free_is_listed_and_what_has_no_family(library_of, runner):
    found = await free_near(library_of(one=DETACH).exercises["one"], runner)
    assert found.without_family == ("strange",)
    told = {str(one) for one in found.free}
    assert "grad: std:mean-for-sum  line 3: y = (u * x).mean()" in told
    assert not any("drop-detach" in one for one in told), "the author has that already"


async def test_what_cannot_be_run_has_nothing(library_of, runner):
    library = library_of(one=DETACH.replace("y.backward()", "u.backward()"))
    assert (await free_near(library.exercises["one"], runner)).free == ()
