"""`python -m tests.faults.server DATA`: what `bairi up` runs, but sweeps may be for any day."""

import sys
from pathlib import Path

from services.cli.server.server import serve, until_stopped
from shared.logs import to_standard_error

if __name__ == "__main__":
    to_standard_error()
    serve(Path(sys.argv[1]), "", 0, until_stopped, any_day=True)
