"""Documents of any kind, kept with every version, an audit trail, and erasure of a person.

    from persona import records, sqlite

    with sqlite.open_records("people.db") as store:
        change = records.RecordChange("template", "interview", {"text": "..."}, actor="ana")
        version = store.put(change)
        store.find("template", "interview").body["text"]

Bodies are plain objects; moments are seconds since 1970. ``persona.postgres.open_records`` opens the same in Postgres.
"""

from ._storage import AuditLine, Erasure, Record, RecordChange, Records

__all__ = ["AuditLine", "Erasure", "Record", "RecordChange", "Records"]
