"""A real server on loopback, and the ways in which servers fail."""

import contextlib
import http.server
import threading
import time


class Server(http.server.ThreadingHTTPServer):
    """A real server on loopback; each path has a list of behaviours, and the last of them repeats."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        """Take any free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes, self.requests = {}, []
        self.stop, self.half_sent = threading.Event(), threading.Event()

    def url(self, path="/mnist.npz", *behaviours):
        """Return the address of `path`, which is answered by `behaviours`."""
        self.routes[path] = list(behaviours)
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answer with the next behaviour of the path."""

    def do_GET(self):
        """Run the behaviour; the client may be gone."""
        behaviours = self.server.routes.get(self.path, [])
        self.server.requests.append(self.path)
        with contextlib.suppress(ConnectionError):
            if behaviours:
                (behaviours.pop(0) if len(behaviours) > 1 else behaviours[0])(self)
            else:
                self.send_error(404)

    def head(self, length):
        """Send the head of a good answer."""
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


def whole(body):
    """Answer with the whole body."""

    def behave(handler):
        handler.head(len(body))
        handler.wfile.write(body)

    return behave


def half(body, *, then_wait=False):
    """Promise the body, send half of it, and then cut the connection or say nothing more."""

    def behave(handler):
        handler.head(len(body))
        handler.wfile.write(body[: len(body) // 2])
        handler.wfile.flush()
        handler.server.half_sent.set()
        if then_wait:
            handler.server.stop.wait()

    return behave


def silence(handler):
    """Accept and never answer."""
    handler.server.stop.wait()


def drip(handler):
    """Send one head line after the other and never an answer: no time-out of a socket ends this."""
    handler.send_response(200)
    while not handler.server.stop.wait(0.1):
        handler.send_header("X-Wait", "longer")
        handler.flush_headers()


def busy(handler):
    """Answer with an error of the server."""
    handler.send_error(503)


def trickle(body, seconds, pieces=20):
    """Send the body in pieces, the whole of it in so many seconds."""

    def behave(handler):
        handler.head(len(body))
        size = -(-len(body) // pieces)
        for start in range(0, len(body), size):
            handler.wfile.write(body[start : start + size])
            time.sleep(seconds / pieces)

    return behave
