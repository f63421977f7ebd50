"""`python -m tests.faults.server DATA`: what `bairi up` runs, but sweeps may be for any day."""

import sys
from pathlib import Path

from services.cli.server.server import serve_all_services, wait_until_stopped
from shared.logs import configure_logging

if __name__ == "__main__":
    configure_logging()
    serve_all_services(Path(sys.argv[1]), "", 0, wait_until_stopped, any_day=True)
