"""Documents of any kind, kept with every version, an audit trail, and erasure of a person.

    from persona import records, sqlite

    with sqlite.open_records("people.db") as store:
        change = records.RecordChange("template", "interview", {"text": "..."}, actor="ana")
        version = store.put(change)
        store.find("template", "interview").body["text"]

Bodies are plain objects; moments are seconds since 1970. ``persona.postgres.open_records`` opens the same in Postgres.

Groups, templates, API keys, evidence and usage are records that have a type. Their functions take any ``Records``, also
those of a transaction:

        made = records.make_api_key(store, records.ApiKey(owner="ana", scopes=["read"]), actor="admin")
        show_once(made.text.reveal())
        records.verify_api_key(store, presented).owner
"""

from ._aio_records import (
    add_usage_async,
    evidence_about_async,
    find_group_async,
    find_template_async,
    list_api_keys_async,
    list_groups_async,
    make_api_key_async,
    put_evidence_async,
    put_group_async,
    put_template_async,
    revoke_api_key_async,
    template_versions_async,
    total_usage_async,
    verify_api_key,
    verify_api_key_async,
)
from ._storage import (
    ApiKey,
    AuditLine,
    Erasure,
    Evidence,
    Group,
    NewApiKey,
    Record,
    RecordChange,
    Records,
    TemplateText,
    Usage,
    UsageTotal,
    add_usage,
    evidence_about,
    find_group,
    find_template,
    list_api_keys,
    list_groups,
    make_api_key,
    put_evidence,
    put_group,
    put_template,
    revoke_api_key,
    template_versions,
    total_usage,
)

__all__ = [
    "ApiKey",
    "AuditLine",
    "Erasure",
    "Evidence",
    "Group",
    "NewApiKey",
    "Record",
    "RecordChange",
    "Records",
    "TemplateText",
    "Usage",
    "UsageTotal",
    "add_usage",
    "add_usage_async",
    "evidence_about",
    "evidence_about_async",
    "find_group",
    "find_group_async",
    "find_template",
    "find_template_async",
    "list_api_keys",
    "list_api_keys_async",
    "list_groups",
    "list_groups_async",
    "make_api_key",
    "make_api_key_async",
    "put_evidence",
    "put_evidence_async",
    "put_group",
    "put_group_async",
    "put_template",
    "put_template_async",
    "revoke_api_key",
    "revoke_api_key_async",
    "template_versions",
    "template_versions_async",
    "total_usage",
    "total_usage_async",
    "verify_api_key",
    "verify_api_key_async",
]
