#!/usr/bin/env python3
"""Anonymous memory of the daemon for each idle WebSocket: `memory.py BINARY [5000]`."""

import re
import ssl
import sys
import tempfile
import time
from pathlib import Path

from peer import Daemon, certificate, context, raise_descriptor_limit


def anonymous(daemon: Daemon) -> int:
    """KiB."""
    rollup = Path(f"/proc/{daemon.process.pid}/smaps_rollup").read_text()
    return int(re.search(r"^Anonymous:\s+(\d+)", rollup, re.MULTILINE)[1])


def main(binary: str, count: str = "5000"):
    raise_descriptor_limit()
    kinds = {"plain": None, "TLS 1.3": context(), "TLS 1.2": context(ssl.TLSVersion.TLSv1_2)}
    with tempfile.TemporaryDirectory() as folder:
        flags = certificate(folder, "ecdsa")
        for name, trusting in kinds.items():
            with Daemon(binary, *(flags if trusting else [])) as daemon:
                # The first ones pay for what all share.
                peers = [daemon.connected(trusting) for _ in range(500)]
                time.sleep(0.5)
                before = anonymous(daemon)
                peers += [daemon.connected(trusting) for _ in range(int(count))]
                time.sleep(0.5)
                each = (anonymous(daemon) - before) / int(count)
                print(f"{name}: {each:.2f} KiB a connection")
                for peer in peers:
                    peer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
