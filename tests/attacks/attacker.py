"""`python -m tests.attacks.attacker NAME ADDRESS`: one attack, in a process of its own.

The token comes in as the first line. It says `ready`, begins at the next line, ends when there are
no more lines, and then says as JSON what it got. It gives way to everybody on the processor, as an
attacker sits at another machine.
"""

import asyncio
import json
import os
import sys

from tests.attacks.attacks import ATTACKS, Attacker

END_GRACE = 5  # seconds in which what was sent last may be answered


async def attack(name: str, address: str) -> None:
    chosen, lines = ATTACKS[name], asyncio.Queue[str]()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, lambda: lines.put_nowait(sys.stdin.readline()))
    attacker = Attacker(address, (await lines.get()).strip())
    deed = chosen.deed()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await lines.get()

    async def go_on() -> None:
        while True:
            try:
                await deed(attacker)
            except OSError:
                attacker.got["no connection"] += 1
                await asyncio.sleep(1)  # whoever is refused tries again, but not at once

    going = [asyncio.create_task(go_on()) for _ in range(chosen.at_once)]
    await lines.get()
    await asyncio.wait(going, timeout=END_GRACE)
    sys.stdout.write(json.dumps(attacker.got) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    os.nice(19)
    asyncio.run(attack(*sys.argv[1:]))
