"""An order and the job that sends it, in one transaction; then the database is copied, backed up and restored.

usage: outbox.py DATABASE COPY.db    (DATABASE: a file, or a connection string of Postgres)
"""

import os
import sys

import persona
from persona import jobs, records

where, copy_path = sys.argv[1:]
place_of, options = persona.sqlite, {}
if "=" in where or "://" in where:
    place_of = persona.postgres
    options = {"password": persona.Secret.from_environment("PEOPLE_PASSWORD"), "schema": os.environ["PEOPLE_SCHEMA"]}

with place_of.open_database(where, **options) as database, persona.sqlite.open_database(copy_path) as other:
    number, order = "7", {"what": "tea", "cups": 2}

    # [transaction]
    def place(rooms):
        rooms.records.put(records.RecordChange("order", number, order, actor="ana"))
        return rooms.jobs.enqueue(jobs.NewJob("send order", {"order": number}))

    job = database.transact(place)
    # [transaction]
    print("placed", database.records.find("order", number).body, database.jobs.find(job).state)

    def place_and_fail(rooms):
        rooms.records.put(records.RecordChange("order", "8", order, actor="ana"))
        raise ConnectionError("the shop is closed")

    try:
        database.transact(place_and_fail)
    except ConnectionError as error:
        print("not placed:", error, [one.id for one in database.records.list("order")])

    generator = persona.PersonaGenerator.compile(persona.SpecBuilder("Guests").attribute("age", persona.Normal(41, 14)))
    database.populations.put("guests", generator.generate(count=1000, seed=7), generator.spec)

    # [copy]
    from persona import database as databases

    copied = databases.copy(database.populations, other.populations)    # [CopiedPopulation(name=..., count=..., content=...)]
    rows = database.copy_rooms(other)
    # [copy]
    print("copied", [(one.name, one.count) for one in copied], rows > 0, other.records.audit() == database.records.audit())

# [backup]
report = place_of.backup(where, "monday.backup", **options)         # persona.sqlite or persona.postgres
place_of.restore("monday.backup", where, **{**options, "replace": True})
assert place_of.contents(where, **options) == report.tables
# [backup]
print("restored", sum(table.rows for table in report.tables) > 1000)
