"""Folders and files that appear whole or not at all, whatever happens to the process that fills them."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Where drafts lie, beside the folders that they become; each is a folder with its lock.
FOLDER = ".drafts"


@contextmanager
def folder(out: Path) -> Iterator[Path]:
    """Give an empty folder, which becomes ``out`` at the end; nothing does where an error ends it, or where ``out`` is there first."""
    with _draft(out) as draft:
        new = draft / "new"
        new.mkdir()
        yield new
        try:
            new.rename(out)
        except OSError:
            if not out.is_dir():
                raise


@contextmanager
def file(out: Path) -> Iterator[Path]:
    """Give the path of a file to write, which takes the place of ``out`` at the end, and does not where an error ends it.

    Its folder is there for whatever else is needed meanwhile.
    """
    with _draft(out) as draft:
        yield draft / "new"
        (draft / "new").replace(out)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the file ``path`` as a lock; raise ``BlockingIOError`` with the other's process number where another process holds it.

    The system releases it when the process ends, however it ends. The file stays: who removes it could lock out nobody.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise BlockingIOError(lock.read().strip() or "unknown") from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def _draft(out: Path) -> Iterator[Path]:
    """Give a folder for one draft.

    A process holds a lock on each of its drafts, which the system releases when the process ends, however it ends. So the next
    draft beside ``out`` sweeps away what killed processes left, and never what a running one fills.
    """
    drafts = out.parent / FOLDER
    drafts.mkdir(parents=True, exist_ok=True)
    with (drafts / "lock").open("w") as all_drafts:
        fcntl.flock(all_drafts, fcntl.LOCK_EX)
        for left in drafts.iterdir():
            if left.is_dir() and not _is_held(left):
                shutil.rmtree(left, ignore_errors=True)
        mine = Path(tempfile.mkdtemp(dir=drafts, prefix=f"{out.name}."))
        held = (mine / "lock").open("w")
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield mine
    finally:
        shutil.rmtree(mine, ignore_errors=True)
        held.close()


def _is_held(draft: Path) -> bool:
    try:
        handle = os.open(draft / "lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
