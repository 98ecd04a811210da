"""A road to PostgreSQL on which the answer to a COMMIT gets lost."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

if TYPE_CHECKING:
    from types import TracebackType

COMMIT = b"COMMIT\0"  # as the protocol spells it; `READ COMMITTED` is another matter
PORT = 5432  # names the socket's file; nothing listens on the network


class CommitEater:
    """Passes everything on, until told to keep the answer to one COMMIT and cut that connection."""

    def __init__(self, server_url: str) -> None:
        url = make_url(server_url)
        self._target = (str(url.query.get("host", url.host)), url.port or PORT)
        self._folder = Path(tempfile.mkdtemp(prefix="infusion-eater-", dir="/tmp"))
        self.url = (
            url.set(host=None, port=None)
            .update_query_dict({"host": str(self._folder)})
            .render_as_string(hide_password=False)
        )
        self.eaten = 0
        self._hungry = self._refusing = self._refuse_after = False
        self._eating: socket.socket | None = None
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self._folder / f".s.PGSQL.{PORT}"))

    def __enter__(self) -> CommitEater:
        self._door.listen()
        self._run(self._welcome)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close(self._door, *self._sockets)
        for thread in self._threads:
            thread.join()
        shutil.rmtree(self._folder)

    def eat_next(self, *, and_refuse: bool = False) -> None:
        self._hungry, self._refuse_after = True, and_refuse

    def accept(self) -> None:
        self._refusing = False

    def _run(self, what: object, *args: socket.socket) -> None:
        thread = threading.Thread(target=what, args=args, daemon=True)  # type: ignore[arg-type]  # any of the methods below
        self._threads.append(thread)
        thread.start()

    def _welcome(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                if self._refusing:
                    client.close()
                    continue
                server = self._to_server()
                self._sockets += [client, server]
                self._run(self._to, client, server)
                self._run(self._back, server, client)

    def _to_server(self) -> socket.socket:
        host, port = self._target
        if host.startswith("/"):
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{host}/.s.PGSQL.{port}")
            return server
        return socket.create_connection((host, port))

    def _to(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65_536):
                if self._hungry and COMMIT in data:
                    self._hungry = False
                    self._refusing = self._refuse_after
                    self._eating = client
                server.sendall(data)
        self._close(client, server)

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                if client is self._eating:  # the server has answered, and has so committed
                    self.eaten += 1
                    break
                client.sendall(data)
        self._close(client, server)

    @staticmethod
    def _close(*sockets: socket.socket) -> None:
        for one in sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
