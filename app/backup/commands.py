"""The commands `backup`, `restore` and `verify`, for the application's command line to register."""

from __future__ import annotations

import getpass
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer
from pydantic import ValidationError

from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.backup.heads import Head
    from app.backup.rows import Begin, Told
    from app.models.access_log import End, Entry
    from app.models.chain import Chain
    from app.monitoring.commands import Actor

USAGE: Final = 2
BROKEN: Final = 1
HASH_BYTES: Final = 32
MEGABYTE: Final = 1_000_000

Archive = Annotated[Path, typer.Argument(help="The archive, one file.")]


def register(app: typer.Typer) -> None:
    """Add the commands to a command line."""
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)
    app.command("verify")(verify_command)


def backup_command(file: Archive) -> None:
    """Write the whole database into one archive, beside a server that runs.

    The archive holds patient data: keep it encrypted. The log key is not in it: keep that apart, as
    nothing can be restored without it.
    """
    from app.backup.make import back_up
    from app.clock import monotonic_s
    from app.models.access_log import Entry

    settings = _settings()
    url = _existing(settings)
    chain = _chain(settings)
    began = monotonic_s()
    with _in_words(), _bar() as begin:
        manifest = back_up(url, file, chain, begin)
    took_s = max(monotonic_s() - began, 0.001)
    size = file.stat().st_size / MEGABYTE
    typer.echo(
        f"{file}: {manifest.rows} rows of {len(manifest.contents)} tables, {size:.1f} MB, restored"
        " for a trial and compared."
    )
    typer.echo(f"It took {took_s:.1f} s: {manifest.rows / took_s:,.0f} rows a second.")
    typer.echo(f"The access log in it ends at {manifest.access_log_end}")
    typer.echo("The log key is not in it: keep it too, in another place.")
    data = {"file": file.name[:200], "rows": manifest.rows, "end": manifest.access_log_end}
    _note(url, chain, Entry("backup.made", _who(), data=data))


def restore_command(
    file: Archive,
    keep_tokens: Annotated[
        bool,
        typer.Option(
            "--keep-tokens",
            help="Leave the tokens of devices, programs and wall screens as they are in the"
            " archive; one that was revoked since holds again",
        ),
    ] = False,
) -> None:
    """Make an empty database what an archive says; everybody must sign in again.

    Every token is revoked, as one that was revoked since the backup would hold again. Users and
    passwords are those of the backup.

    The log key that the archive was made with must be there before.
    """
    from app.backup import archive, restore
    from app.models.database import is_sqlite
    from app.models.lock import AlreadyServed, only_server

    settings = _settings()
    url = _url(settings)
    chain = _chain(settings)
    with ExitStack() as held, _in_words():
        if is_sqlite(url):
            try:
                held.enter_context(only_server(settings.data_dir))
            except AlreadyServed as error:
                _fail(f"{error} Nothing was changed.")
        with archive.opened(file, chain) as opened:
            manifest = opened.manifest
            with _bar() as begin:
                told = begin("restoring", 2 * manifest.rows)
                revoked = restore.restore(opened, url, told, keep_tokens=keep_tokens)
        said = {"made_at": manifest.made_at, "end": manifest.access_log_end}
        restore.finish(url, chain, _who(), said, revoked)
        aside = restore.set_ends_aside(settings.data_dir)
    typer.echo(
        f"{manifest.rows} rows of {len(manifest.contents)} tables, as they were at"
        f" {manifest.made_at}, compared with the archive. Every sign-in has been ended."
    )
    typer.echo(
        "The tokens are those of the archive: revoke again what was revoked since."
        if keep_tokens
        else f"{len(revoked)} tokens have been revoked: devices, programs and wall screens need new"
        " ones (`infusion-monitor token create`, or the page of tokens). --keep-tokens leaves them."
    )
    typer.echo(
        f"Users, roles, passwords and PINs are those of {manifest.made_at}: disable again who was"
        " disabled since, and reset the passwords that were changed since."
    )
    if aside is not None:
        typer.echo(
            f"The ends of sessions that were kept apart, of the database before, are in {aside}."
        )


def verify_command(
    session: Annotated[
        str | None, typer.Option(help="Only the log of this session (its id)")
    ] = None,
    expect: Annotated[
        list[str] | None,
        typer.Option(help="An end of the access log that was kept elsewhere, as 123:0f3a..."),
    ] = None,
    expect_session: Annotated[
        list[str] | None,
        typer.Option(help="A session's head as a report prints it: its id:123:0f3a..."),
    ] = None,
) -> None:
    """Check that no log was changed, cut or added to by another hand; exit code 1 if one was.

    What the server keeps apart of sessions under way is in the file `ends` of its data directory.
    """
    from app.backup.kept import kept_apart
    from app.backup.verify import verify
    from app.errors import UnknownSession
    from app.models.database import connect

    expected = [_end(text) for text in expect or ()]
    heads = [_head(text) for text in expect_session or ()]
    settings = _settings()
    url = _existing(settings)
    chain = _chain(settings)
    apart = kept_apart(settings.data_dir, chain)
    engine = connect(url, read_only=True, pool_size=1)
    try:
        with _in_words(), _bar() as begin:
            verdict = verify(
                engine,
                chain,
                begin,
                session_id=session,
                expected=expected,
                heads=heads,
                apart=apart,
            )
    except UnknownSession as unknown:
        _fail(unknown.detail)
    finally:
        engine.dispose()
    typer.echo(f"{verdict.sessions} sessions with {verdict.events} events")
    if session is None:
        typer.echo(f"{verdict.entries} entries of the access log, which ends at {verdict.end}")
    for sentence in (*verdict.remarks, *verdict.broken):
        typer.echo(sentence, err=True)
    if not verdict.holds:
        raise typer.Exit(BROKEN)
    typer.echo("All of it holds.")


@contextmanager
def _in_words() -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError

    from app.backup.errors import CannotBackUp

    try:
        yield
    except CannotBackUp as refusal:
        _fail(str(refusal))
    except SQLAlchemyError as error:
        _fail(
            f"The database did not answer or is not of this version ({error.__class__.__name__})."
            " Look at DATABASE_URL and INFUSION_DATA_DIR, or run `infusion-monitor migrate` first."
        )


@contextmanager
def _bar() -> Iterator[Begin]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def begin(what: str, many: int) -> Told:
            task = bar.add_task(what, total=many)
            return lambda done: bar.advance(task, done)

        yield begin


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError:
        _fail("A setting is not valid. See the table of settings in README.md.")


def _url(settings: Settings) -> str:
    from app.models.database import normalise

    return normalise(settings.resolved_database_url)


def _existing(settings: Settings) -> str:
    from sqlalchemy.engine import make_url

    from app.models.database import is_sqlite

    url = _url(settings)
    file = make_url(url).database
    if is_sqlite(url) and file and not Path(file).exists():
        _fail(f"There is no database {file}.")  # or an empty one would be made of that name
    return url


def _chain(settings: Settings) -> Chain:
    """Of a key that is there: one that was made now would fit nothing."""
    from app.models.chain import Chain, load_key
    from app.models.store import KEY_FILE

    file, given = settings.data_dir / KEY_FILE, settings.log_key
    if given is None and not file.exists():
        _fail(
            f"The log key is missing: there is no {file}, and INFUSION_LOG_KEY is not set. Nothing"
            " was changed."
        )
    try:
        return Chain(load_key(file, given.get_secret_value() if given else None))
    except (OSError, ValueError) as error:
        _fail(f"The log key {file} cannot be read: {error.__class__.__name__}.")


def _end(text: str) -> End:
    from app.models.access_log import End

    seq, _, hash = text.partition(":")
    try:
        end = End(int(seq), bytes.fromhex(hash))
    except ValueError:
        end = None
    if end is None or len(end.hash) != HASH_BYTES:
        _fail(f"{text}: is no end such as 123:0f3a..., as `verify` and `backup` tell it.")
    return end


def _head(text: str) -> Head:
    from app.backup.heads import Head
    from app.models.access_log import one_spelling

    id, _, end = text.partition(":")
    seq, _, hash = end.partition(":")
    session_id = one_spelling(id)
    try:
        head = Head(session_id, int(seq), bytes.fromhex(hash)) if session_id else None
    except ValueError:
        head = None
    if head is None or len(head.hash) != HASH_BYTES:
        _fail(f"{text}: is no head such as 0199...:123:0f3a..., as a report prints it.")
    return head


def _who() -> Actor:
    from app.monitoring.commands import Actor

    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # the system has no name for this user
        name = "unknown"
    return Actor("program", "command_line", f"Command line ({name[:64]})")


def _note(url: str, chain: Chain, entry: Entry) -> None:
    """The backup stands, also where the database cannot be written, as on a full disk."""
    from sqlalchemy.exc import SQLAlchemyError

    from app.backup.restore import note
    from app.models.database import connect

    engine = connect(url, pool_size=1)
    try:
        note(engine, chain, entry)
    except SQLAlchemyError as error:
        typer.echo(
            f"That a backup was made could not be written down ({error.__class__.__name__}).",
            err=True,
        )
    finally:
        engine.dispose()


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)
