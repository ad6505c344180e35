"""Real proxies in front of a daemon, with their default configuration."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from daemon import PATIENCE

# What Debian's package of HAProxy is configured with.
HAPROXY = """
defaults
    mode http
    timeout connect 5000
    timeout client 50000
    timeout server 50000
frontend chat
    bind 127.0.0.1:{port}
    default_backend daemon
backend daemon
    server one 127.0.0.1:{daemon}
"""
NGINX = """
daemon off;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://127.0.0.1:{daemon}; }}
    }}
}}
"""
CADDY = """
{{
    admin off
    auto_https off
}}
http://:{port} {{
    bind 127.0.0.1
    reverse_proxy 127.0.0.1:{daemon}
}}
"""
# The program, its arguments, and its configuration.
PROXIES = {
    "nginx": (["/usr/sbin/nginx", "-e", "stderr", "-c"], NGINX),
    "haproxy": (["/usr/sbin/haproxy", "-db", "-f"], HAPROXY),
    "caddy": (["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config"], CADDY),
}


def is_installed(name: str) -> bool:
    return bool(shutil.which(PROXIES[name][0][0]))


class Proxy:
    """One running proxy. The end of a `with` ends it."""

    def __init__(self, name: str, daemon: int, folder: Path):
        command, text = PROXIES[name]
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = server.getsockname()[1]
        file = folder / "proxy.conf"
        file.write_text(text.format(port=self.port, daemon=daemon, folder=folder))
        self._process = subprocess.Popen(
            [*command, file], env=os.environ | {"HOME": str(folder)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), PATIENCE).close()
                return self
            except ConnectionRefusedError:
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(0.01)
        self.__exit__()
        raise AssertionError("the proxy didn't start")

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(PATIENCE)
