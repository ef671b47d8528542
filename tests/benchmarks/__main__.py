"""`make bench`: every bench_*.py beside this file, one after the other.

Each prints rows of `name  ours  floor-or-peer  ratio  aim`, both figures measured in the same run: on a
shared machine the times move, the ratios hardly.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    wanted = sys.argv[1:]
    worst = 0
    for script in sorted(Path(__file__).parent.glob("bench_*.py")):
        if wanted and not any(word in script.stem for word in wanted):
            continue
        print(f"\n== {script.stem.removeprefix('bench_')} ==", flush=True)
        worst = max(worst, subprocess.run([sys.executable, script], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
