"""The one address of the local environment: the deployed API, the mailbox, and a page that says what is where."""

import http.client
import json
import socket
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.local import pages
from infra.local.place import Place

API_PATHS = ("/v1", "/docs", "/openapi.json", "/health")
# RFC 9110 section 7.6.1: between two hops only.
HOP_BY_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade",
})  # fmt: skip
# API Gateway takes no more than 10 MB.
BODY_LIMIT = 10 * 1024 * 1024
TIMEOUT_SECONDS = 60


class Front:
    """Serves on a listening socket in threads of this process."""

    def __init__(self, listening: socket.socket, place: Place) -> None:
        handler = type("Handler", (_Handler,), {"place": place})
        self._server = _Server(listening.getsockname(), handler, bind_and_activate=False)
        self._server.socket.close()
        self._server.socket = listening
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), daemon=True, name="front"
        )

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away before its answer; of all else what happened."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    place: Place
    protocol_version = "HTTP/1.1"
    timeout = 75  # idle keep-alive connections
    disable_nagle_algorithm = True

    def handle_any(self) -> None:
        """Answer one request."""
        path = urlsplit(self.path).path
        if path.startswith("//") or not path.startswith("/"):
            self._send(404, "text/plain; charset=utf-8", b"There is nothing here.\n")
        elif any(path == known or path.startswith(f"{known}/") for known in API_PATHS):
            self._forward()
        elif self.command not in ("GET", "HEAD"):
            self._send(405, "text/plain; charset=utf-8", b"This page is for reading.\n")
        elif path == "/":
            self._send(200, pages.HTML, pages.landing(self.place))
        elif path.startswith("/dev/mailbox"):
            self._mailbox(path)
        else:
            self._send(404, "text/plain; charset=utf-8", b"There is nothing here. The API is under /v1.\n")

    # The names under which BaseHTTPRequestHandler looks for them.
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any  # noqa: N815

    def _forward(self) -> None:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            self._send(400, "text/plain; charset=utf-8", b"Content-Length is no number.\n", close=True)
            return
        if self.headers.get("Transfer-Encoding"):
            self._send(411, "text/plain; charset=utf-8", b"Send Content-Length.\n", close=True)
            return
        if length > BODY_LIMIT:
            self._send(413, "text/plain; charset=utf-8", b"API Gateway takes at most 10 MB.\n", close=True)
            return
        body = self.rfile.read(length) if length else None
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        target = urlsplit(self.place.api)
        path = target.path + self.path
        # A connection a request: a kept one may close under a change that then cannot be repeated safely.
        connection = http.client.HTTPConnection(target.netloc, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(self.command, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._send(502, "text/plain; charset=utf-8", b"The emulator does not answer.\n")
            return
        finally:
            connection.close()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _mailbox(self, path: str) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        mails = read_mails(self.place)
        to = (asked.get("to") or [""])[0].strip().lower()
        if to:
            mails = [mail for mail in mails if any(to in address.lower() for address in mail["to"])]
        if path == "/dev/mailbox.json":
            self._send(200, "application/json", json.dumps({"items": mails}, ensure_ascii=False).encode())
        elif path in ("/dev/mailbox", "/dev/mailbox/"):
            self._send(200, pages.HTML, pages.mailbox(mails, to))
        else:
            wanted = path.removeprefix("/dev/mailbox/")
            found = next((mail for mail in mails if mail["id"] == wanted), None)
            if found is None:
                self._send(404, "text/plain; charset=utf-8", b"There is no such mail.\n")
            else:
                self._send(200, pages.HTML, pages.one_mail(found))

    def _send(self, status: int, media_type: str, content: bytes, *, close: bool = False) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        # Mails are shown in frames without scripts; nothing is loaded from elsewhere.
        self.send_header("Content-Security-Policy", pages.POLICY)
        if close:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: addresses in URLs are nobody's business, and the emulator logs the requests."""


def read_mails(place: Place) -> list[dict[str, Any]]:
    """Return every mail that went out, newest first, as its recipient gets it.

    Each has `id`, `at` (seconds since 1970), `from`, `to`, `cc`, `subject`, `text`, `html`, `headers`, `tags`, and
    `calendar`: the `method` and `text` of its calendar file, or None.
    """
    with urllib.request.urlopen(f"{place.emulator}/_crossward/mails", timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - ours
        sent = json.load(answer)
    return [
        {
            "id": one["MessageId"].partition("@")[0],
            "at": one["Timestamp"],
            "from": one["Source"],
            "to": one["To"],
            "cc": one["CC"],
            "subject": one["Subject"],
            "text": one["BodyText"] or "",
            "html": one["BodyHtml"] or "",
            "headers": {h["Name"]: h["Value"] for h in one.get("Headers", [])},
            "calendar": one.get("Calendar"),
            "tags": {t["Name"]: t["Value"] for t in one.get("Tags", [])},
        }
        for one in reversed(sent)
    ]
