"""Programs that try to get out, to cheat, or to break things; ``test_runner_attacks.py`` runs them.

``@CANARY@`` is a file of the learner's, ``@FOLDER@`` its folder, ``@PACKAGE@`` a module of a package that is
none of torch's, ``@VICTIM@`` another process of the learner's, ``@APP@`` the app, ``@SUPERVISOR@`` the
process with torch in it, ``@TCP@`` and ``@UDP@`` ports that are listened on, ``@UNIX@`` a unix socket's path.
"""

from __future__ import annotations

from attack import Attack
from attacks_inside import FORGING, MEMORY, OUTPUT, TIME, TORCH

FILES = [
    Attack("read a file", "open('@CANARY@').read()"),
    Attack("read the passwords", "open('/etc/passwd').read()"),
    Attack("read by descriptor", "import os\nos.open('@CANARY@', os.O_RDONLY)"),
    Attack("open by path only", "import os\nos.open('@CANARY@', os.O_PATH)"),
    Attack("list a folder", "import os\nos.listdir('@FOLDER@')"),
    Attack("list the root", "import os\nos.listdir('/')"),
    Attack("walk up", "import os\nos.chdir('/tmp')"),
    Attack("read the app's environment", "open('/proc/@APP@/environ', 'rb').read()"),
    Attack("read its own memory map", "open('/proc/self/maps').read()"),
    Attack("write its own memory", "open('/proc/self/mem', 'r+b')"),
    Attack("read the app's memory", "open('/proc/@APP@/mem', 'rb')"),
    Attack("read the app's descriptors", "import os\nos.listdir('/proc/@APP@/fd')"),
    Attack("write a new file", "open('@FOLDER@/tutor-attack', 'w').write('x')"),
    Attack("write a new file in tmp", "open('/tmp/tutor-attack', 'w').write('x')"),
    Attack("append", "open('@CANARY@', 'a').write('x')"),
    Attack("truncate", "import os\nos.truncate('@CANARY@', 0)"),
    Attack("delete", "import os\nos.unlink('@CANARY@')"),
    Attack("delete a tree", "import os\nos.rmdir('@FOLDER@')"),
    Attack("rename", "import os\nos.rename('@CANARY@', '@CANARY@2')"),
    Attack("hard link", "import os\nos.link('@CANARY@', '@FOLDER@/tutor-attack')"),
    Attack("symbolic link", "import os\nos.symlink('/etc', '@FOLDER@/tutor-attack')"),
    Attack("make a folder", "import os\nos.mkdir('@FOLDER@/tutor-attack')"),
    Attack("make a pipe", "import os\nos.mkfifo('@FOLDER@/tutor-attack')"),
    Attack("make a device", "import os\nos.mknod('@FOLDER@/tutor-attack')"),
    Attack("change the mode", "import os\nos.chmod('@CANARY@', 0o777)"),
    Attack("change the owner", "import os\nos.chown('@CANARY@', 1, 1)"),
    Attack("change the times", "import os\nos.utime('@CANARY@', (0, 0))"),
    Attack("set an attribute", "import os\nos.setxattr('@CANARY@', 'user.x', b'1')"),
    Attack("read an attribute", "import os\nos.getxattr('@CANARY@', 'user.x')"),
    Attack("follow a link", "import os\nos.readlink('/proc/self/exe')"),
    Attack("temporary file", "import tempfile\ntempfile.TemporaryFile()", "raises"),
    Attack("unnamed file", "import os\nos.open('/tmp', os.O_TMPFILE | os.O_RDWR)"),
    Attack("write into torch", "open(torch.__file__, 'a').write('x')"),
    Attack("read the exercises", "import os\nos.listdir('@EXERCISES@')"),
    Attack("read a package beside Python", "open('@PACKAGE@').read()"),
    Attack("import a package beside Python", "import sys, os\nsys.path.append(os.path.dirname('@PACKAGE@'))\n"
           "import importlib\nimportlib.import_module(os.path.basename('@PACKAGE@')[:-3])", "raises"),
    Attack("import the grader", "import tutor.runner.worker.dump", "raises"),
    Attack("write a database", "import sqlite3\nsqlite3.connect('@FOLDER@/a.db').execute('vacuum')",
           "raises"),
    Attack("change the root", "import os\nos.chroot('@FOLDER@')"),
    Attack("mount", "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
           "assert c.mount(b'none', b'@FOLDER@', b'tmpfs', 0, None) == -1\n"
           "raise OSError(ctypes.get_errno(), 'mount')"),
]  # fmt: skip

NETWORK = [
    Attack("connect", "import socket\nsocket.create_connection(('127.0.0.1', @TCP@), 1)"),
    Attack("listen", "import socket\nsocket.create_server(('127.0.0.1', 0))"),
    Attack(
        "send a datagram",
        "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
        ".sendto(b'x', ('127.0.0.1', @UDP@))",
    ),
    Attack("IPv6", "import socket\nsocket.socket(socket.AF_INET6)"),
    Attack("unix socket", "import socket\nsocket.socket(socket.AF_UNIX).connect('@UNIX@')"),
    Attack("socket pair", "import socket\nsocket.socketpair()"),
    Attack("netlink", "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)"),
    Attack("raw socket", "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_RAW, 1)"),
    Attack("virtual socket", "import socket\nsocket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)"),
    Attack("name lookup", "import socket\nsocket.getaddrinfo('example.com', 80)", "raises"),
    Attack(
        "web request", "import urllib.request as u\nu.urlopen('http://127.0.0.1:@TCP@')", "raises"
    ),
    Attack("event loop", "import asyncio\nasyncio.new_event_loop()"),
    Attack(
        "io_uring",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\np = ctypes.create_string_buffer(120)\n"
        "assert c.syscall(425, 8, p) == -1\nraise OSError(ctypes.get_errno(), 'io_uring')",
    ),
]

PROCESSES = [
    Attack("fork", "import os\nos.fork()"),
    Attack("fork bomb", "import os\nwhile True: os.fork()"),
    Attack("fork a terminal", "import os\nos.forkpty()"),
    Attack("shell", "import os\nx = os.system('touch /tmp/tutor-attack')\nos.listdir('/')"),
    Attack("subprocess", "import subprocess\nsubprocess.run(['touch', '/tmp/tutor-attack'])"),
    Attack("spawn", "import os\nos.posix_spawn('/bin/true', ['true'], {})"),
    Attack("replace itself", "import os, sys\nos.execv('/bin/sh', ['sh', '-c', 'true'])"),
    Attack("multiprocessing", "import multiprocessing as m\nm.Process(target=print).start()"),
    Attack(
        "process pool",
        "from concurrent.futures import ProcessPoolExecutor as P\nP(2).submit(print).result()",
        "raises",
    ),
    Attack(
        "raw fork",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
        "p = c.syscall(@CLONE@, 17, 0, 0, 0, 0)\nassert p == -1, p\n"
        "raise OSError(ctypes.get_errno(), 'clone')",
    ),
    Attack(
        "new namespace",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
        "assert c.unshare(0x10000000) == -1\nraise OSError(ctypes.get_errno(), 'unshare')",
    ),
    Attack(
        "trace the app",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
        "assert c.ptrace(16, @APP@, 0, 0) == -1\nraise OSError(ctypes.get_errno(), 'ptrace')",
    ),
    Attack(
        "read the supervisor's memory",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\nb = ctypes.create_string_buffer(64)\n"
        "assert c.process_vm_readv(@SUPERVISOR@, b, 0, b, 0, 0) == -1\n"
        "raise OSError(ctypes.get_errno(), 'process_vm_readv')",
    ),
    Attack("hold a process", "import os\nos.pidfd_open(@APP@)"),
    Attack("new session", "import os\nos.setsid()"),
    Attack("become somebody", "import os\nos.setuid(65534)"),
    Attack("other machine", "import socket\nsocket.sethostname('x')"),
    Attack(
        "thread bomb",
        "import threading, time\nwhile True: "
        "threading.Thread(target=time.sleep, args=(99,), daemon=True).start()",
    ),
    Attack(
        "outlive the app",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
        "assert c.prctl(1, 0, 0, 0, 0) == -1\nraise OSError(ctypes.get_errno(), 'prctl')",
    ),
    Attack(
        "a filter of its own",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
        "assert c.prctl(22, 2, 0, 0, 0) == -1\nraise OSError(ctypes.get_errno(), 'prctl')",
    ),
]

SIGNALS = [
    Attack("kill the app", "import os\nos.kill(@APP@, 9)"),
    Attack("kill the supervisor", "import os\nos.kill(@SUPERVISOR@, 9)"),
    Attack("kill its parent", "import os\nos.kill(os.getppid(), 15)"),
    Attack("stop another", "import os\nos.kill(@VICTIM@, 19)"),
    Attack("kill its group", "import os\nos.killpg(0, 9)"),
    Attack("kill everyone", "import os\nos.kill(-1, 9)"),
    Attack("ask who is there", "import os\nos.kill(@VICTIM@, 0)"),
    Attack("kill itself", "import os\nos.kill(os.getpid(), 9)", "died"),
    Attack("stop itself", "import os\nos.kill(os.getpid(), 19)", "stopped"),
    Attack("slow another down", "import os\nos.setpriority(os.PRIO_PROCESS, @VICTIM@, 19)"),
    Attack("go first", "import os\nos.nice(-5)"),
    Attack("take a processor", "import os\nos.sched_setaffinity(@VICTIM@, {0})"),
    Attack("limit another", "import resource as r\nr.prlimit(@VICTIM@, r.RLIMIT_NOFILE, (1, 1))"),
    Attack(
        "lift its limits",
        "import resource as r\nr.setrlimit(r.RLIMIT_AS, (r.RLIM_INFINITY, r.RLIM_INFINITY))",
        "raises",
    ),
    Attack("a timer", "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.001)"),
]

FAMILIES = {
    "files": FILES,
    "network": NETWORK,
    "processes": PROCESSES,
    "signals": SIGNALS,
    "memory": MEMORY,
    "time": TIME,
    "output": OUTPUT,
    "forging": FORGING,
    "torch": TORCH,
}
