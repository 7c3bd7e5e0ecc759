"""A Postgres of our own, started from the system's programs and stopped by its process id."""

import glob
import itertools
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading

import persona

PASSWORD = "it's a \\ secret"
_schemas = itertools.count(1)


def programs():
    """The folder of initdb and postgres; None where there is none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb") + glob.glob("/usr/pgsql-*/bin/initdb"))
    found += [path for path in [shutil.which("initdb")] if path]
    return pathlib.Path(found[-1]).parent if found else None


def other_user():
    """Postgres refuses to run as root: then we are the user of the system's package, or nobody."""
    if os.geteuid() != 0:
        return {}
    users = {user.pw_name: user for user in pwd.getpwall()}
    user = users.get("postgres") or users["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Database:
    """The functions of `persona.sqlite` or `persona.postgres` for one database."""

    def __init__(self, module, where, options):
        self.module, self.where, self.options = module, where, options

    def __getattr__(self, name):
        function = getattr(self.module, name)
        return lambda **options: function(self.where, **self.options, **options)


def fresh_postgres(server):
    """A Database in a schema that no other test has."""
    options = {"password": PASSWORD, "schema": f"test_{next(_schemas)}"}
    return Database(persona.postgres, server.connection, options)


class PostgresServer:
    """Listens on a socket in a temporary folder and nowhere else. The superuser is "persona"."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="persona-pg-"))
        self.user = other_user()
        (self.folder / "password").write_text(PASSWORD + "\n")
        for path in (self.folder, self.folder / "password"):
            if self.user:
                os.chown(path, self.user["user"], self.user["group"])
        done = self._begin("initdb", "-D", self.folder / "data", "-U", "persona", "--auth=scram-sha-256",
                           f"--pwfile={self.folder / 'password'}", "--no-sync", "--no-instructions", "-E", "UTF8",
                           "--locale=C")
        said, _ = done.communicate()
        assert done.returncode == 0, said
        self.start()

    def _begin(self, program, *arguments):
        return subprocess.Popen([programs() / program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, cwd="/", **self.user)

    @property
    def connection(self):
        """Without the password."""
        return f"host={self.folder} user=persona dbname=postgres"

    def start(self):
        settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=60", "fsync=off"]
        self.process = self._begin("postgres", "-D", self.folder / "data", *(f"-c{one}" for one in settings))
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "ready to accept connections" in line:
                break
        assert self.process.poll() is None, "".join(said)
        # What it says is read until it ends, so that it never waits for us.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def stop(self, how=signal.SIGINT):
        """SIGINT ends sessions, SIGQUIT ends at once as a crash would."""
        self.process.send_signal(how)
        self.process.wait()

    def close(self):
        if self.process.poll() is None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
