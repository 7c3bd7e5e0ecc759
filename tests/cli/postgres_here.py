"""A Postgres of our own for the command, stopped by its process id."""

import getpass
import glob
import os
import pathlib
import shutil
import subprocess
import tempfile

PASSWORD = "it's a \\ secret"
PROGRAMS = sorted(glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin"))


class Postgres:
    """Listens on a socket in a temporary folder; the superuser is "persona"."""

    def __init__(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="persona-pg-"))
        self.as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if getpass.getuser() == "root" else {}
        secret = self.folder / "password"
        secret.write_text(PASSWORD + "\n")
        if self.as_user:
            for path in (self.folder, secret):
                shutil.chown(path, "postgres", "postgres")
        self.run("initdb", "-D", self.folder / "data", "-U", "persona", "--auth=scram-sha-256", f"--pwfile={secret}",
                 "--no-sync", "-E", "UTF8", "--locale=C")
        self.process = subprocess.Popen(
            [PROGRAMS[-1] + "/postgres", "-D", self.folder / "data", "-c", "listen_addresses=", "-c",
             f"unix_socket_directories={self.folder}"], stderr=subprocess.PIPE, text=True, **self.as_user)
        for line in self.process.stderr:
            if "ready to accept connections" in line:
                return
        raise RuntimeError("postgres did not start")

    def run(self, program, *arguments) -> None:
        subprocess.run([f"{PROGRAMS[-1]}/{program}", *map(str, arguments)], check=True, capture_output=True, **self.as_user)

    @property
    def address(self) -> str:
        return f"postgresql:///postgres?host={self.folder}&user=persona"

    @property
    def environment(self) -> dict:
        return {**os.environ, "PGPASSWORD": PASSWORD}

    def stop(self) -> None:
        self.process.terminate()
        self.process.stderr.close()
        self.process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)
