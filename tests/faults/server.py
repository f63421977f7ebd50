"""`python -m tests.faults.server DATA REGION`: `bairi up`, but sweeps may be for any day."""

import sys
from functools import partial
from pathlib import Path

from services.cli.server.issuer import write_office_token
from services.cli.server.server import serve_all_services, wait_until_stopped
from shared.logs import configure_logging

if __name__ == "__main__":
    configure_logging()
    data, region = Path(sys.argv[1]), sys.argv[2]
    wait = partial(wait_until_stopped, data=data, token=write_office_token(data, region))
    serve_all_services(data, "", 0, wait, any_day=True)
