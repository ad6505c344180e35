"""A receiver of webhooks that checks each signature with the library of Standard Webhooks."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"


def serve(handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    """A server on a free port, in a thread of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    # A daemon that was killed, or that doesn't wait for an answer, has gone.
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Hook:
    """Answers posts with `status`, and keeps the events of those that it has taken.

    `answer` may say otherwise: it is called with the number of the post, and returns a status and
    fields. It may block.
    """

    def __init__(self, status: int = 204, answer=None):
        self.events: list[dict] = []
        self.posts: list[tuple[str, int]] = []
        self.problems: list[str] = []
        self.changed = threading.Condition()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                with hook.changed:
                    number = len(hook.posts)
                    hook.posts.append((self.headers["webhook-id"], number))
                    hook.changed.notify_all()
                code, fields = answer(number) if answer else (status, {})
                try:
                    assert self.headers["content-type"] == "application/json"
                    content = Webhook(SECRET).verify(body, dict(self.headers))
                    assert content == json.loads(body) and content.keys() == {"events"}
                    assert content["events"]
                except Exception as problem:
                    hook.problems.append(repr(problem))
                with hook.changed:
                    if 200 <= code < 300:
                        hook.events += json.loads(body)["events"]
                    hook.changed.notify_all()
                self.send_response(code)
                for name, value in ({"content-length": "0"} | fields).items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = serve(Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def setting(self, **more) -> dict:
        """What the configuration file says of it."""
        return {"url": self.url, "secret": SECRET, "allow_private": True} | more

    def wait(self, condition, patience: float) -> bool:
        """Waits until `condition` holds, which is checked after each post."""
        with self.changed:
            return self.changed.wait_for(condition, patience)

    def of(self, kind: str) -> list[dict]:
        return [event for event in self.events if event["type"] == kind]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
