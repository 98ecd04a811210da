"""The archive as a file: members of lines, and a manifest that only the log key can sign."""

from __future__ import annotations

import hashlib
import hmac
import struct
import zlib
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from io import BufferedReader
from typing import IO, TYPE_CHECKING, Any, Final, Self, cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import orjson

from app.backup.errors import CannotBackUp, Damaged
from app.backup.rows import Content
from app.models.chain import GENESIS
from app.models.codec import canonical
from app.models.log_key import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import RawIOBase
    from pathlib import Path

    from app.backup.rows import Told
    from app.models.chain import Chain

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
LABEL: Final = b"the key of backups"
LEVEL: Final = 4  # of compression: half the time of the default for a tenth more
MANIFEST_BYTES: Final = 1_000_000  # it has some KB; more is no manifest of ours
BUFFER: Final = 1 << 18  # bytes read from the archive together
LINE_BYTES: Final = 64_000_000  # a session's state has some hundred KB; more is no row of ours
UNREADABLE: Final = (
    BadZipFile,
    struct.error,
    zlib.error,
    EOFError,
    KeyError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What the library says of a zip file that is not one any more."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself. `log_key` tells which key its chains are made with, without
    giving it away.
    """

    app_version: str
    revision: str
    epoch: str
    made_at: str
    log_key: str
    access_log_end: str
    sessions: int
    columns: dict[str, list[str]]
    contents: dict[str, Content]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(content.rows for content in self.contents.values())


class Writer:
    """Tables first, the manifest last: what was not finished has none."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # of a full disk that has been told already
            self._zip.close()

    def table(self, name: str, parts: Iterator[bytes], told: Told) -> Content:
        hash, rows = hashlib.sha256(), 0
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            for lines in parts:
                member.write(lines)
                hash.update(lines)
                many = lines.count(b"\n")
                rows += many
                told(many)
        return Content(rows, hash.hexdigest())

    def finish(self, manifest: Manifest, chain: Chain) -> None:
        said = asdict(manifest)
        signed = {"manifest": said, "signature": _signature(said, chain)}
        self._zip.writestr(MANIFEST, orjson.dumps(signed, option=orjson.OPT_INDENT_2))
        self._zip.close()


class Reader:
    """An archive whose manifest was made with our log key."""

    def __init__(self, zip: ZipFile, chain: Chain) -> None:
        self._zip = zip
        self.manifest = _read_manifest(zip, chain)

    def lines(self, name: str) -> Iterator[bytes]:
        """One by one; raises Damaged where they are not those that were written, at the latest
        after the last.
        """
        expected = self.manifest.contents[name]
        hash, rows = hashlib.sha256(), 0
        with _damage(name), self._member(name) as member:
            while line := member.readline(LINE_BYTES):
                hash.update(line)
                rows += 1
                yield line
        if Content(rows, hash.hexdigest()) != expected:
            raise Damaged(f"table {name} is not as it was written")

    def _member(self, name: str) -> BufferedReader:
        return BufferedReader(cast("RawIOBase", self._zip.open(_member(name))), BUFFER)


@contextmanager
def opened(path: Path, chain: Chain) -> Iterator[Reader]:
    """Raises CannotBackUp: Damaged, of another key, of a version that is not known."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise CannotBackUp(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        try:
            zip = ZipFile(file)
        except UNREADABLE:
            raise Damaged("it is no archive of this program, or its end is missing") from None
        with zip:
            yield Reader(zip, chain)


@contextmanager
def _damage(name: str) -> Iterator[None]:
    try:
        yield
    except UNREADABLE:
        raise Damaged(f"table {name} cannot be read") from None


def _read_manifest(zip: ZipFile, chain: Chain) -> Manifest:
    with _damage("of contents"), zip.open(MANIFEST) as member:
        text = member.read(MANIFEST_BYTES)
    try:
        signed = orjson.loads(text)
        said, signature = signed["manifest"], str(signed["signature"])
        number = said["format"]
        log_key = str(said["log_key"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Damaged("its table of contents cannot be read") from None
    if number != FORMAT:
        raise CannotBackUp(
            f"The archive has format {number}, this program reads {FORMAT}. Nothing was restored."
            " Restore it with the version of the program that made it."
        )
    if not hmac.compare_digest(log_key, mark_of(chain)):
        raise CannotBackUp(
            "The archive was made with another log key than the one set here. Nothing was restored."
            " Bring back the key that belongs to it: INFUSION_LOG_KEY, or its file in"
            " INFUSION_DATA_DIR."
        )
    if not hmac.compare_digest(signature, _signature(said, chain)):
        raise Damaged("its table of contents was changed after it was signed")
    contents = {name: Content(**content) for name, content in said.pop("contents").items()}
    return Manifest(contents=contents, **said)


def _signature(said: dict[str, Any], chain: Chain) -> str:
    return chain.derived(LABEL).next(GENESIS, canonical(said)).hex()


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"
