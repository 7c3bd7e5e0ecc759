"""All rooms of a database opened once: transactions across them, what they hold, copies.

    from persona import jobs, records, sqlite

    with sqlite.open_database("people.db") as rooms:          # or persona.postgres.open_database("host=db")
        def place(inside):
            version = inside.records.put(records.RecordChange("order", "7", {"what": "tea"}, actor="ana"))
            inside.jobs.enqueue(jobs.NewJob("send order", {"order": "7"}))
            return version

        rooms.transact(place)                                 # both or none

``copy`` copies populations between any two storages, ``Database.copy_rooms`` everything else. Backups are functions of
``persona.sqlite`` and ``persona.postgres``.
"""

from ._aio_database import copy_async, population_content_async
from ._storage import (
    BackupReport,
    CopiedPopulation,
    Database,
    DatabaseStatus,
    Rooms,
    SchemaStep,
    StoredPopulation,
    TableContent,
    copy,
    population_content,
)

__all__ = [
    "BackupReport",
    "CopiedPopulation",
    "Database",
    "DatabaseStatus",
    "Rooms",
    "SchemaStep",
    "StoredPopulation",
    "TableContent",
    "copy",
    "copy_async",
    "population_content",
    "population_content_async",
]
