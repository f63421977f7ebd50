"""`python -m tests.faults.server DATA`: what `bairi up` runs, but sweeps may be for any day."""

import sys
from functools import partial
from pathlib import Path

from services.cli.server.issuer import write_office_token
from services.cli.server.server import serve_all_services, wait_until_stopped
from shared.logs import configure_logging
from tests.registry.clients import REGION

if __name__ == "__main__":
    configure_logging()
    data = Path(sys.argv[1])
    wait = partial(wait_until_stopped, data=data, token=write_office_token(data, REGION))
    serve_all_services(data, "", 0, wait, any_day=True)
