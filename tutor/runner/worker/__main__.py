"""Started by the client as a script, with the control socket's descriptor and the import path.

The interpreter runs without site-packages and without an environment; the app hands over where it
found its own packages, so that a virtual environment, a user installation and a checkout all work.
"""

import os
import sys

if __name__ == "__main__":
    fd, *path = sys.argv[1:]
    sys.path[:] = [*sys.path, *(entry for entry in path if entry not in sys.path)]
    from tutor.runner.worker.supervisor import main

    main(int(fd))
    # Taking a loaded torch apart in order takes a second.
    os._exit(0)
