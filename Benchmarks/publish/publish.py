"""Lines by requests: how many a second the daemon takes over keep-alive connections, on one core.

    python3 Benchmarks/publish/publish.py --daemon .build/release/hubbub

With --cluster the lines go through a Redis, which runs on that program's core. The daemon has one core, this program
another. Each connection sends requests in groups, and the next group when all answers
have come. Every answer must be 201."""

import argparse
import os
import re
import selectors
import socket
import subprocess
import tempfile
import time
from pathlib import Path

KEY = "0123456789abcdef" * 4
BODY = b'{"message": "Hello everybody, can you hear me well today?"}'
ANSWER = b"HTTP/1.1 201 "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--daemon", required=True)
    parser.add_argument("--history", choices=["none", "sqlite"], default="sqlite")
    parser.add_argument("--cluster", metavar="URL", help="a Redis that keeps the lines")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--group", type=int, default=16, help="requests that are sent at once")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--cores", default="0", help="those of the daemon")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys"
        keys.write_text(f"backend owner {KEY}\n")
        kept = ["--cluster", options.cluster] if options.cluster else ["--history", options.history]
        daemon = subprocess.Popen(
            ["taskset", "-c", options.cores, options.daemon, "serve", "--host", "127.0.0.1", "--port", "0",
             "--data", f"{folder}/data", "--api-key-file", str(keys), *kept],
            stderr=subprocess.PIPE, text=True)
        try:
            port = next(int(found[1]) for line in daemon.stderr
                        if (found := re.search(r"listening on \S*:(\d+)", line)))
            os.sched_setaffinity(0, {1})
            print(f"{' '.join(kept)}: {rate(port, options):,.0f} lines/s")
        finally:
            daemon.terminate()
            daemon.communicate()


def rate(port: int, options: argparse.Namespace) -> float:
    """Lines a second, answered with 201."""
    group = options.group * (
        b"POST /api/v1/rooms/lobby/messages HTTP/1.1\r\nHost: localhost\r\n"
        + b"Authorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        % (KEY.encode(), len(BODY), BODY))
    selector = selectors.DefaultSelector()
    for _ in range(options.connections):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(group)
        selector.register(client, selectors.EVENT_READ, {"left": options.group, "rest": b""})
    done, start = 0, time.monotonic()
    while (now := time.monotonic()) < start + options.seconds:
        for key, _ in selector.select(1):
            state = key.data
            received = key.fileobj.recv(1 << 20)
            assert received, "the daemon has ended a connection"
            text = state["rest"] + received
            assert b"HTTP/1.1 4" not in text and b"HTTP/1.1 5" not in text, text
            found = text.count(ANSWER)
            # The beginning of an answer may be cut.
            state["rest"] = text[text.rindex(ANSWER) + 1:] if found else text
            done += found
            state["left"] -= found
            if state["left"] == 0:
                state["left"] = options.group
                key.fileobj.sendall(group)
    return done / (now - start)


if __name__ == "__main__":
    main()
