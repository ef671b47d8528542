"""Attacks on the process itself: memory, time, output, forged results, and torch's own ways."""

from __future__ import annotations

from attack import Attack

MEMORY = [
    Attack("a huge text", "x = 'a' * 10**11"),
    Attack("a growing list", "x = []\nwhile True: x.append([0] * 10**6)"),
    Attack("doubling", "x = [0]\nwhile True: x = x + x"),
    Attack("a huge array", "x = bytearray(10**11)"),
    Attack("a huge map", "import mmap\nmmap.mmap(-1, 10**12)"),
    Attack("a file in memory", "import os\nos.memfd_create('x')"),
    Attack(
        "shared memory",
        "from multiprocessing.shared_memory import SharedMemory as S\nS(create=True, size=9)",
    ),
    Attack(
        "System V memory",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
        "assert c.shmget(4711, 4096, 0o1666) == -1\nraise OSError(ctypes.get_errno(), 'shmget')",
    ),
    Attack(
        "locked memory",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
        "assert c.mlockall(3) == -1\nraise OSError(ctypes.get_errno(), 'mlockall')",
    ),
    Attack("deep nesting", "x = []\nfor _ in range(10**6): x = [x]", "contained"),
    Attack("deep recursion", "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()", "contained",
           wall=0.8),
    Attack("deep recursion in C", "import sys\nsys.setrecursionlimit(10**9)\nclass X:\n"
           "    def __repr__(self): return repr(self)\nrepr(X())", "contained"),
    Attack("deep source", "eval('(' * 10**5 + ')' * 10**5)", "contained"),
    Attack("deep signs", "eval('-' * 10**6 + '1')", "contained"),
    Attack("a bad pointer", "import ctypes\nctypes.string_at(1)", "died"),
    Attack("bad code", "f = lambda: 0\nf.__code__ = f.__code__.replace(co_code=bytes(999))\nf()",
           "contained"),
]  # fmt: skip

TIME = [
    Attack("a loop", "while True: pass", "stopped", wall=9),
    Attack("a loop that catches", "while True:\n    try:\n        while True: pass\n"
           "    except BaseException: pass", "stopped"),
    Attack("sleep", "import time\ntime.sleep(10**6)", "stopped"),
    Attack("a deadlock", "import threading\nt = threading.Lock()\nt.acquire()\nt.acquire()", "stopped"),
    Attack("a lost event", "import threading\nthreading.Event().wait()", "stopped"),
    Attack("a slow pattern", "import re\nre.match(r'(a+)+$', 'a' * 64 + 'b')", "stopped"),
    Attack("a huge power", "x = 7 ** 10**8", "contained", wall=0.8),
    Attack("counting", "import itertools\nsum(itertools.count())", "stopped"),
    Attack("deaf to the limit", "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
           "while True: pass", "stopped", wall=9),
    Attack("a busy thread", "import threading, time\n"
           "def f():\n    while True: pass\nthreading.Thread(target=f).start()\ntime.sleep(99)",
           "stopped"),
    Attack("an endless repr", "class X:\n    def __repr__(self):\n        while True: pass\nx = X()",
           "stopped"),
    Attack("an endless message", "class E(Exception):\n    def __str__(self):\n"
           "        while True: pass\nraise E", "stopped"),
    Attack("an endless comparison", "class X(float):\n    def __float__(self):\n        while True: pass\n"
           "x = X(2.0)", "contained"),
    Attack("an endless end", "class X:\n    def __del__(self):\n        while True: pass\nX()", "stopped"),
    Attack("waiting for input", "input()", "raises"),
    Attack("an endless expression list", "class X(list):\n    def __iter__(self):\n"
           "        while True: yield 1\nx = X()", "contained"),
    Attack("a tracing function", "import sys\ndef t(*a):\n    while True: pass\nsys.settrace(t)\n"
           "def f(): pass\nf()", "stopped"),
    Attack("a trace left behind", "import sys\nsys.setprofile(lambda *a: 1 / 0)\nx = torch.ones(2)",
           "contained"),
]  # fmt: skip

OUTPUT = [
    Attack("print without end", "while True: print('x' * 10**4)", "stopped"),
    Attack("print much", "print('x' * 10**8)\nx = torch.ones(2)", "honest", (1.0, 1.0)),
    Attack("write to descriptors", "import os\nfor i in (1, 2): os.write(i, b'{}\\n' * 10**5)\n"
           "x = torch.ones(2)", "honest", (1.0, 1.0)),
    Attack("the old stdout", "import sys\nsys.__stdout__.write('{}\\n' * 10**5)\n"
           "sys.__stdout__.flush()\nx = torch.ones(2)", "honest", (1.0, 1.0)),
    Attack("print a result",
           "print('{\"run\": 0, \"values\": []}')\nx = torch.ones(2)", "honest", (1.0, 1.0)),
    Attack("no stdout", "import sys\nsys.stdout = None\nprint('x')\nx = torch.ones(2)", "honest", (1.0, 1.0)),
    Attack("a swollen stdout", "import sys\nsys.stdout._parts.append('x' * 10**8)", "stopped"),
    Attack("many values", "x = [[0] * 10**4] * 10**4", "contained"),
    Attack("a value in itself", "x = []\nx.append(x)", "contained"),
    Attack("long digits", "x = 1 << 10**6", "contained"),
    Attack("many dimensions", "x = torch.ones([1] * 100)", "contained"),
    Attack("a long message", "raise ValueError('x' * 10**8)", "raises"),
    Attack("a long class name", "raise type('E' * 10**6, (Exception,), {})", "raises"),
    Attack("many warnings", "import warnings\nwarnings.simplefilter('always')\n"
           "for i in range(10**4): warnings.warn(str(i))\nx = torch.ones(2)", "honest", (1.0, 1.0)),
]  # fmt: skip

_REPLY = (
    'b\'{"run":0,"more":false,"values":[{"t":"tensor","dtype":"float32","shape":[1],"entries":[9.0],'
    '"printed":"tensor([9.])"}],"raised":null,"output":"","truncated":false,"seconds":0.1,"seeded":false}\\n\''
)
_HONEST = "x = torch.tensor([1., 2.])\n"

FORGING = [
    Attack("write a reply to every descriptor", f"import os\nr = {_REPLY}\n{_HONEST}"
           "for i in range(3, 200):\n    try: os.write(i, r)\n    except OSError: pass", "honest",
           (1.0, 2.0)),
    Attack("write a reply and leave", f"import os\nr = {_REPLY}\nfor i in range(3, 99):\n"
           "    try: os.write(i, r)\n    except OSError: pass\nos._exit(0)", "died"),
    Attack("a reply by a file object", f"open(3, 'wb', closefd=False, buffering=0).write({_REPLY})"),
    Attack("a reply by C", f"import ctypes\nc = ctypes.CDLL(None, use_errno=True)\nr = {_REPLY}\n"
           "assert c.write(3, r, len(r)) == -1\nraise OSError(ctypes.get_errno(), 'write')"),
    Attack("a reply by sendmsg", "import socket\nsocket.socket(fileno=3).send(b'x')"),
    Attack("a reply by a copy of it", "import os\nos.dup(3)"),
    Attack("a reply by fcntl", "import fcntl\nfcntl.fcntl(3, fcntl.F_DUPFD, 50)"),
    Attack("a reply by /proc", "open('/proc/self/fd/3', 'wb')"),
    Attack("a reply by many buffers", "import os\nos.writev(3, [b'x', b'y'])"),
    Attack("a reply by sendfile", "import os\nos.sendfile(3, os.open(torch.__file__, 0), 0, 99)"),
    Attack("read the request", "import os\nos.read(3, 100)"),
    Attack("close the channel", "import os\nos.close(3)"),
    Attack("close everything", f"import os\nos.closerange(3, 100)\n{_HONEST}", "honest", (1.0, 2.0)),
    Attack("exit 0", "import os\nos._exit(0)", "died"),
    Attack("exit politely", "import sys\nsys.exit(0)", "raises"),
    Attack("at exit", f"import atexit, os\natexit.register(os.write, 3, {_REPLY})\n{_HONEST}", "honest",
           (1.0, 2.0)),
    Attack("a thread left running", f"import threading, os\nr = {_REPLY}\n"
           "def f():\n    while True:\n        try: os.write(3, r)\n        except OSError: pass\n"
           f"threading.Thread(target=f, daemon=True).start()\n{_HONEST}", "honest", (1.0, 2.0)),
    Attack("tolist replaced", f"{_HONEST}torch.Tensor.tolist = lambda self: [9.0]", "honest", (1.0, 2.0)),
    Attack("repr replaced", f"{_HONEST}torch.Tensor.__repr__ = lambda self: 'tensor([9.])'", "honest",
           (1.0, 2.0)),
    Attack("every method replaced", f"{_HONEST}for n in dir(torch.Tensor):\n"
           "    try: setattr(torch.Tensor, n, lambda *a, **k: 9.0)\n    except Exception: pass", "honest",
           (1.0, 2.0)),
    Attack("torch emptied", f"{_HONEST}vars(torch).clear()", "honest", (1.0, 2.0)),
    Attack("torch replaced", f"import sys\n{_HONEST}sys.modules['torch'] = None", "honest", (1.0, 2.0)),
    Attack("json replaced", f"import json.encoder, json\n{_HONEST}"
           "json.dumps = json.JSONEncoder.encode = json.encoder.c_make_encoder = lambda *a, **k: '{}'",
           "contained"),
    Attack("builtins replaced", f"import builtins\n{_HONEST}for n in dir(builtins):\n"
           "    if n[0].islower(): setattr(builtins, n, None)", "honest", (1.0, 2.0)),
    Attack("math replaced", f"import math\n{_HONEST}math.isfinite = math.ceil = None", "honest", (1.0, 2.0)),
    Attack("time replaced", f"import time\n{_HONEST}time.perf_counter = None", "honest", (1.0, 2.0)),
    Attack("os emptied", f"import os, io, sys\n{_HONEST}vars(os).clear(); vars(io).clear()", "honest",
           (1.0, 2.0)),
    Attack("a mode left on", f"import torch.overrides as o\n{_HONEST}"
           "class M(o.TorchFunctionMode):\n    def __torch_function__(self, f, t, a=(), k=None):\n"
           "        return 9.0\nM().__enter__()", "honest", (1.0, 2.0)),
    Attack("a dispatch mode left on", f"import torch.utils._python_dispatch as d\n{_HONEST}"
           "class M(d.TorchDispatchMode):\n    def __torch_dispatch__(self, f, t, a=(), k=None):\n"
           "        return torch.ops.aten.alias.default(a[0]).zero_()\nM().__enter__()", "honest",
           (1.0, 2.0)),
    Attack("a subclass that lies", "class T(torch.Tensor):\n    def tolist(self): return [9.0]\n"
           "    @classmethod\n    def __torch_function__(cls, f, t, a=(), k=None): return 9.0\n"
           "x = torch.tensor([1.]).as_subclass(T)", "contained"),
    Attack("an object that is equal to all", "class X:\n    def __eq__(self, o): return True\n"
           "    __class__ = property(lambda s: torch.Tensor)\nx = X()", "contained"),
    Attack("a type that lies", "class M(type):\n    __name__ = property(lambda s: 'Tensor')\n"
           "    def __instancecheck__(c, o): return True\nclass X(metaclass=M): pass\nx = X()", "contained"),
    Attack("a number that lies", "class N(float):\n    def __float__(self): return 9.0\n"
           "    def __repr__(self): return '9.0'\nx = [N(1.0), N(2.0)]", "honest", (1.0, 2.0)),
    Attack("reach up the stack", "import sys\nf = sys._getframe()\nwhile f:\n    f.f_locals.clear()\n"
           f"    f = f.f_back\n{_HONEST}", "contained"),
    Attack("empty every dict", "import gc\nfor o in gc.get_objects():\n"
           "    if type(o) is dict and len(o) > 3 and 'torch' not in o: o.clear()", "contained"),
    Attack("break the collector", f"import gc\ngc.callbacks.append(lambda *a: 1 / 0)\n{_HONEST}",
           "honest", (1.0, 2.0)),
]  # fmt: skip

TORCH = [
    Attack("load a file", "torch.load('@CANARY@')"),
    Attack("save a file", "torch.save(torch.ones(2), '@FOLDER@/tutor-attack')", "raises"),
    Attack("load a hub model", "torch.hub.load('a/b', 'c')", "raises"),
    Attack("download", "torch.hub.download_url_to_file('http://127.0.0.1:@TCP@', '/tmp/tutor-attack')",
           "raises"),
    Attack("compile an extension", "from torch.utils.cpp_extension import load_inline\n"
           "load_inline('a', 'int f() { return 0; }', functions=['f'])", "raises"),
    Attack("load a library", "torch.ops.load_library('@CANARY@')", "raises"),
    Attack("map a file", "torch.from_file('@CANARY@', size=2, dtype=torch.uint8)", "raises"),
    Attack("map a new file", "torch.from_file('@FOLDER@/tutor-attack', shared=True, size=2)", "raises"),
    Attack("share a tensor", "torch.ones(2).share_memory_()", "raises"),
    Attack("a huge tensor", "torch.zeros(10**13)"),
    Attack("a huge product", "a = torch.ones(10**5, 1)\na @ a.T"),
    Attack("a tensor without end", "x = torch.ones(1)\nwhile True: x = torch.cat([x, x])"),
    Attack("an overflowing size", "torch.empty(2**62, 2**62)", "raises"),
    Attack("outside its storage", "torch.ones(1).as_strided((9,), (10**6,))", "contained"),
    Attack("a deep graph", "x = torch.ones(1, requires_grad=True)\ny = x\n"
           "for _ in range(50_000): y = y + 1\ny.backward()\nx = x.grad", "honest", (1.0,)),
    Attack("a graph of functions", "class F(torch.autograd.Function):\n    @staticmethod\n"
           "    def forward(c, x): return x + 1\n    @staticmethod\n    def backward(c, g):\n"
           "        with torch.enable_grad():\n            t = torch.ones(1, requires_grad=True)\n"
           "            F.apply(t).backward()\n        return g\n"
           "F.apply(torch.ones(1, requires_grad=True)).backward()", "contained"),
    Attack("an endless hook", "x = torch.ones(1, requires_grad=True)\ndef h(g):\n    while True: pass\n"
           "x.register_hook(h)\n(x * 2).backward()", "stopped"),
    Attack("a deadlock in backward", "import threading\nl = threading.Lock()\nl.acquire()\n"
           "x = torch.ones(1, requires_grad=True)\nx.register_hook(lambda g: l.acquire() and g)\n"
           "(x * 2).backward()", "stopped"),
    Attack("many threads", "torch.set_num_threads(10**4)\nx = torch.ones(900, 900)\nx = (x @ x)[0, :1]",
           "contained"),
    Attack("more threads between operators", "torch.set_num_interop_threads(10**4)\n"
           "torch.jit.wait(torch.jit.fork(lambda: torch.ones(1)))", "contained", wall=0.8),
    Attack("spawn", "import torch.multiprocessing as m\nm.spawn(print, nprocs=2)", "raises"),
    Attack("loader workers", "from torch.utils.data import DataLoader\n"
           "list(DataLoader([1, 2], num_workers=2))", "raises"),
    Attack("distributed", "import torch.distributed as d\n"
           "d.init_process_group('gloo', 'tcp://127.0.0.1:@TCP@', rank=0, world_size=1)", "contained"),
    Attack("a profile", "p = torch.profiler.profile()\np.start()\np.stop()\n"
           "p.export_chrome_trace('@FOLDER@/tutor-attack')", "contained"),
    Attack("compile", "torch.compile(lambda x: x + 1)(torch.ones(2))", "contained", wall=0.8),
    Attack("crash", "import ctypes\nctypes.memset(id(torch), 0, 10**6)",
           "died"),
    Attack("unpickle", "import pickle, io, os\nclass X:\n    def __reduce__(self):\n"
           "        return os.system, ('touch /tmp/tutor-attack',)\n"
           "b = io.BytesIO()\ntorch.save(X(), b)\nb.seek(0)\ntorch.load(b, weights_only=False)\n"
           "os.listdir('/')"),
    Attack("an operator of its own", "l = torch.library.Library('aten', 'IMPL')\n"
           "l.impl('sum', lambda *a, **k: torch.ones(1), 'CPU')\nx = torch.ones(2).detach()", "contained"),
    Attack("no gradients for anybody", "torch._C._set_grad_enabled(False)\nx = torch.ones(2)", "honest",
           (1.0, 1.0)),
]  # fmt: skip
