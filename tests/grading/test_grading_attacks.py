"""Answers that cheat: what they look for is not there, what they forge does not help, nothing stays.

Each is graded as a learner's answer is, and a right answer to the same question is graded after it.  The
solution holds a number that the learner cannot know; it may not stand in any verdict.
"""

from __future__ import annotations

import time

import pytest

from tutor.grading.grade import grade
from tutor.grading.truths import find_truths
from tutor.grading.verdict import Verdict
from tutor.question import draw

pytestmark = pytest.mark.asyncio(loop_scope="session")

HIDDEN = "271828"
EXERCISE = f"""\
format: 1
id: code
skill: s
title: T
program: |
  x = torch.tensor([1.0, 2.0], requires_grad=True)
ask: Set `y`.
answers:
  a:
    kind: code
    starter: pass
    solution: |
      y = x.detach() * {HIDDEN}
    compare: [y, x.grad]
    forbid: [backward]
"""
CHANNEL = """
import sys
f = sys._getframe()
while f.f_code.co_name != "_serve":
    f = f.f_back
"""
SAY = """
f.f_locals["channel"].write((f.f_locals["token"] + " " + reply + "\\n").encode())
import os
os._exit(0)
"""
REPLY = (
    '{"run":0,"more":false,"values":[%s,{"t":"none"}],"raised":%s,"output":"","truncated":false,'
    '"seconds":0.1,"seeded":false}'
)
NONE = '{"t":"none"}'
BIG = '{"t":"number","number":1' + "0" * 4000 + "}"

# name: an answer that is wrong, however it goes about it.
CHEATS = {
    "the request holds no solution": CHANNEL + "y = str(f.f_locals['request'])",
    "neither does the heap": "import gc\ny = [str(o)[:2000] for o in gc.get_objects() if type(o) in "
    "(dict, list, str) and '2718' + '28' in str(o)]",
    "nor the stack": "import sys\ny, f = [], sys._getframe()\nwhile f:\n    y.append(str(f.f_locals)[:500])\n"
    "    f = f.f_back",
    "nor the traceback of an error": "try:\n    1 / 0\nexcept Exception as e:\n"
    "    y = str(e.__traceback__.tb_frame.f_back.f_locals)[:1000]",
    "nor a file": "y = open('@FILE@').read()",
    "nor a module": "import tutor.grading",
    "equal to everything": "class Y:\n    def __eq__(self, o): return True\n"
    "    def __sub__(self, o): return 0\n"
    "    shape = (2,)\ny = Y()",
    "a tensor that agrees": "class Y(torch.Tensor):\n    @classmethod\n"
    "    def __torch_function__(cls, f, t, a=(), k=None): return True\ny = x.detach().as_subclass(Y)",
    "torch agrees with everything": "torch.allclose = torch.equal = lambda *a, **k: True\n"
    "torch.testing.assert_close = lambda *a, **k: None\ny = x.detach()",
    "nothing to compare": "y = torch.empty(0)",
    "not a number": "y = x.detach() * float('nan')",
    "a forged reply": CHANNEL + f"reply = {REPLY % (NONE, 'null')!r}" + SAY,
    "a forged number beyond every float": CHANNEL + f"reply = {REPLY % (BIG, 'null')!r}" + SAY,
    "a forged error": CHANNEL + "reply = " + repr(REPLY % (
        NONE, '{"class":"\\u001b[31mE","bases":[],"section":"answer","line":1' + "0" * 4000
        + ',"message":"\\u001b]0;x\\u0007","limit":""}')) + SAY,
    "a forged reply of another shape": CHANNEL + "reply = '[' * 9000" + SAY,
    "two replies": CHANNEL + f"reply = {REPLY % (NONE, 'null')!r}\n"
    "f.f_locals['channel'].write((f.f_locals['token'] + ' ' + reply + '\\n').encode())\ny = x.detach()",
    "an exit": "raise SystemExit(0)",
    "an interrupt": "raise KeyboardInterrupt",
    "an error of its own making": "raise type('\\x1b[31m[bold]', (BaseException,), {})('\\x1b]0;x\\x07' * 9)",
    "an error without words": "class E(Exception):\n    def __str__(self): raise self\nraise E",
    "an end without a result": "import os\nos._exit(0)",
    "a stopped process": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
    "a thread that goes on": "import threading, time\n"
    "threading.Thread(target=time.sleep, args=(9,), daemon=False).start()\ny = x.detach()",
    "the rule, by another name": "getattr(x.sum(), 'back' + 'ward')()\ny = x.detach()",
    "a value that prints its own": "class Y:\n    def __repr__(self): return '\\x1b[31m' * 999\ny = Y()",
    "deep nesting": "y = []\nfor i in range(5000): y = [y]",
    "much": "y = [0] * 10**7",
    "a gigantic tensor": "y = torch.empty(10**12)",
    "an operator replaced": "torch.Tensor.__mul__ = torch.Tensor.__rmul__ = lambda *a: a[0]\n"
    "y = x.detach() * 2",
    "gradients for nobody": "torch._C._set_grad_enabled(False)\ntorch.set_default_dtype(torch.float64)\n"
    "torch.manual_seed(7)\ny = x.detach()",
}  # fmt: skip


@pytest.fixture
def answered(library_of, runner, tmp_path):
    question = draw(library_of(code=EXERCISE).exercises["code"], 0, "en")
    file = str(tmp_path / "exercises" / "code.yaml")

    async def answered(text: str):
        truths = await find_truths(question, runner)
        return await grade(question, truths, {"a": text.replace("@FILE@", file)}, runner)

    return answered


@pytest.mark.parametrize("name", CHEATS)
async def test_an_answer_that_cheats_is_wrong_and_nothing_more(name, answered, runner) -> None:
    supervisor = runner.supervisor_pid
    verdict = await answered(CHEATS[name])
    assert verdict.verdict is Verdict.WRONG, verdict
    told = verdict.answers["a"]
    assert HIDDEN not in told.message
    assert len(told.message) < 1_500
    assert told.message.replace("\n", "").isprintable()

    begun = time.monotonic()
    after = await answered(f"y = {HIDDEN} * x.detach()")
    assert after.verdict is Verdict.CORRECT, after
    assert time.monotonic() - begun < 5
    assert runner.supervisor_pid == supervisor
