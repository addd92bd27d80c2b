"""Writes a run folder: whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from allocator.errors import RunError
from allocator.runs.exchange import exchange
from allocator.runs.files import MANIFEST, TABLES, manifest, run_files
from allocator.runs.plan import Plan
from allocator.tables.write import write_folder

WRITING = ".writing-"  # in the name of a folder that is not whole
REPLACED = ".replaced-"  # in the name of a run that another takes the place of


def write_run(
    plan: Plan,
    target: Path,
    *,
    force: bool = False,
    command: str = "",
    extra: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a plan as a run folder, and give back its path.

    Everything goes to a folder beside the target first, is flushed to the disk, and gets its name when it is whole:
    a run that is cut off at any moment leaves nothing that looks finished. A run that is there is replaced only with
    force, and only by a whole one. extra: further files, by their path in the folder. command: what was typed.
    Raises RunError for a target that may not be written, one that is there, a full disk and the like.
    """
    target = Path(target)
    check_target(target, force=force)
    files = run_files(plan)
    for path in extra or {}:
        if path in files or not _is_inside(path):
            raise RunError(path, "found a file that is not the run's to hold", "a new name inside the run folder")
    files.update(extra or {})
    building = target.with_name(f".{target.name[:100]}{WRITING}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        building.mkdir()
        _fill(building, plan, files, command)
        _put_in_place(building, target, force=force)
    except OSError as error:
        raise RunError(str(target), f"the run cannot be written: {error.strerror or error}", "", _FIX) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


_FLUSHED_AT_ONCE = 16
_FIX = "Nothing was left half-written. Make room, or name another folder with `output`."


def refuse_name(run: Path) -> None:
    """Raise RunError for a run without a name of its own, with a character no file system takes, or a symbolic link."""
    where = str(run).replace("\0", "\\0")
    if "\0" in str(run) or run.name in ("", ".", ".."):
        raise RunError(where, "found a name that is no run folder's", "a folder's name at the end of the path")
    within = [run] if run.is_absolute() else [run, *run.parents]
    try:
        link = next((part for part in within if part.is_symlink()), None)
    except OSError as error:
        raise RunError(where[:200], f"found a name that cannot be used: {error.strerror}", "a folder") from error
    if link is not None:
        raise RunError(where, f"found a symbolic link, {link}", "a folder itself", "Name the folder it leads to.")


def check_target(target: Path, *, force: bool = False) -> None:
    """Raise RunError where write_run would refuse the target: to be asked before hours are spent on a plan."""
    refuse_name(target)
    try:
        _refuse_occupied(target, force=force)
    except OSError as error:
        raise RunError(str(target), f"the run cannot be written: {error.strerror or error}", "", _FIX) from error


def _refuse_occupied(target: Path, *, force: bool) -> None:
    if not target.exists():
        return
    if not force:
        raise RunError(str(target), "found something there already", "a new folder", "Name another, or use `force`.")
    if not (target / MANIFEST).is_file() and not (target.is_dir() and not any(target.iterdir())):
        raise RunError(str(target), "found something that is no run", "a run folder to replace", "Name another folder.")


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and "\\" not in path and ".." not in parts and "\0" not in path


def _fill(folder: Path, plan: Plan, files: Mapping[str, bytes], command: str) -> None:
    """Write every file, the manifest last, and flush them all."""
    tables = folder / TABLES
    tables.mkdir(parents=True)
    write_folder(plan.data.tables, tables)
    digests = {
        f"{TABLES}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(tables.iterdir())
    }
    for path, content in files.items():
        _write(folder / path, content)
        digests[path] = hashlib.sha256(content).hexdigest()
    folders = {folder / parent for path in digests for parent in PurePosixPath(path).parents}
    with ThreadPoolExecutor(_FLUSHED_AT_ONCE) as pool:  # a disk flushes many as fast as one
        list(pool.map(_flush, [folder / path for path in digests]))
        _write(folder / MANIFEST, manifest(plan, digests, command))
        list(pool.map(_flush, [folder / MANIFEST, *folders]))


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as stream:
        stream.write(content)


def _flush(path: Path) -> None:
    """Wait until a file, or the list of a folder's files, is on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # there folders cannot be opened, nor need they be
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_in_place(built: Path, target: Path, *, force: bool) -> None:
    """Put the whole folder in its place. With force it changes places with the run that is there, which can then go."""
    if not (force and target.exists() and exchange(built, target)):
        _move_aside_and_in(built, target, force=force)
    _flush(target.parent)


def _move_aside_and_in(built: Path, target: Path, *, force: bool) -> None:
    """Put it in place in two steps, for systems that have no exchange.

    Whatever stops it, the old run gets its name back.
    """
    aside = target.with_name(f".{target.name[:100]}{REPLACED}{secrets.token_hex(4)}")
    moved = False
    if force and target.exists():
        target.rename(aside)
        moved = True
    try:
        if target.exists():  # an empty folder would be taken without a word
            raise FileExistsError(17, "another process wrote there at the same time")
        built.rename(target)
    except BaseException:
        if moved and not target.exists():
            aside.rename(target)
            moved = False
        raise
    finally:
        if moved:
            shutil.rmtree(aside, ignore_errors=True)
