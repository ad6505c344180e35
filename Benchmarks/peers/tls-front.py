"""Starts a plain server, and nginx or stunnel in front of it, which takes TLS off the connections.
Prints the port of TLS: tls-front.py nginx|stunnel PROGRAM CERTIFICATE KEY SERVER [ARGUMENT ...]

Server and front are its only children. They are what is measured.
"""

import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NGINX = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr error;
worker_rlimit_nofile 20000;
events {{ worker_connections 20000; multi_accept on; }}
http {{
    access_log off;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    server {{
        listen 127.0.0.1:{port} ssl backlog=4096;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_cache off;
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_read_timeout 1h;
            tcp_nodelay on;
        }}
    }}
}}
"""

STUNNEL = """\
foreground = yes
pid =
syslog = no
debug = err
socket = l:TCP_NODELAY=1
socket = r:TCP_NODELAY=1
[chat]
accept = 127.0.0.1:{port}
connect = 127.0.0.1:{behind}
cert = {certificate}
key = {key}
sslVersionMin = TLSv1.2
TIMEOUTclose = 0
"""

# What follows the program's name, with the text of the file that configures it.
FRONTS = {
    "nginx": (NGINX, lambda file, folder: ["-p", folder, "-c", file]),
    "stunnel": (STUNNEL, lambda file, folder: [file]),
}


def main() -> None:
    kind, program, certificate, key, *server = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="tls-front-") as folder:
        children = []
        try:
            log = Path(folder, "log")
            with log.open("w") as output:
                children.append(subprocess.Popen(
                    server, stdin=subprocess.DEVNULL, stdout=output, stderr=output))
            behind, port = port_of(log, children[0]), free_port()
            text, arguments = FRONTS[kind]
            file = Path(folder, "configuration")
            file.write_text(text.format(
                folder=folder, port=port, behind=behind, certificate=certificate, key=key))
            children.append(subprocess.Popen(
                [program, *arguments(str(file), folder)], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=sys.stderr))
            wait_until_open(port, children[-1])
            print(port, flush=True)
            while all(child.poll() is None for child in children):
                time.sleep(0.2)
            sys.exit(f"{kind} or the server behind it has ended")
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait()


def port_of(log: Path, process: subprocess.Popen) -> int:
    """The port of the server behind the front, as soon as its log names it."""
    while process.poll() is None:
        if found := re.search(r"listening on \S+:(\d{1,5})\b", log.read_text()):
            return int(found[1])
        time.sleep(0.02)
    sys.exit(f"the server behind the front doesn't start:\n{log.read_text()}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_until_open(port: int, process: subprocess.Popen) -> None:
    while process.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
    sys.exit("the front doesn't start")


if __name__ == "__main__":
    main()
