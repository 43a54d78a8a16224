"""`python -m headroom_core` is the command `headroom-core`."""

import sys

from headroom_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
