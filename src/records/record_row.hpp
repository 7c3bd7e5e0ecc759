//! Records and lines of the audit trail as rows of tables.
#pragma once

#include "storage/sql.hpp"

#include <persona/storage/records.hpp>

#include <string>
#include <vector>

namespace persona {

//! What `records_of` reads, of persona_record and of persona_record_version.
inline constexpr const char* record_columns = "kind, id, version, body, person, actor, changed_ms, removed";
inline constexpr const char* audit_columns = "number, at_ms, actor, action, kind, id, version";

std::vector<Record> records_of(const SqlRows& rows);
std::vector<AuditLine> audit_of(const SqlRows& rows);

//! @errors invalid_argument
[[nodiscard]] Status check_change(const RecordChange& change);

//! @errors invalid_argument
[[nodiscard]] Status check_actor(std::string_view actor);

//! One document with everything about a person.
JsonText person_json(std::string_view person, const std::vector<Record>& versions, const std::vector<AuditLine>& audit);

}  // namespace persona
