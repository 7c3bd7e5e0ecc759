//! Records and lines of the audit trail as rows of tables.
#include "records/record_row.hpp"

#include "core/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace persona {
namespace {

using RecordJson = nlohmann::ordered_json;

RecordTime record_time(std::int64_t milliseconds) {
  return RecordTime(std::chrono::milliseconds(milliseconds));
}

bool is_record_text(std::string_view text) {
  return is_utf8(text) && text.find('\0') == std::string_view::npos;
}

}  // namespace

std::vector<Record> records_of(const SqlRows& rows) {
  std::vector<Record> records;
  for (std::size_t row = 0; row < rows.cells.size(); ++row)
    records.push_back({.kind = rows.text(row, 0),
                       .id = rows.text(row, 1),
                       .version = rows.integer(row, 2),
                       .body = {rows.text(row, 3)},
                       .person = rows.text(row, 4),
                       .actor = rows.text(row, 5),
                       .changed = record_time(rows.integer(row, 6)),
                       .is_removed = rows.integer(row, 7) != 0});
  return records;
}

std::vector<AuditLine> audit_of(const SqlRows& rows) {
  std::vector<AuditLine> lines;
  for (std::size_t row = 0; row < rows.cells.size(); ++row)
    lines.push_back({.number = rows.integer(row, 0),
                     .at = record_time(rows.integer(row, 1)),
                     .actor = rows.text(row, 2),
                     .action = rows.text(row, 3),
                     .kind = rows.text(row, 4),
                     .id = rows.text(row, 5),
                     .version = rows.integer(row, 6)});
  return lines;
}

Status check_actor(std::string_view actor) {
  if (!actor.empty() && is_record_text(actor)) return {};
  return fail(Errc::invalid_argument, "who changes a record must be said, in UTF-8: the audit trail names them");
}

Status check_change(const RecordChange& change) {
  if (Status named = check_actor(change.actor); !named) return named;
  for (const std::string* text : {&change.kind, &change.id, &change.person, &change.idempotency_key})
    if (!is_record_text(*text))
      return fail(Errc::invalid_argument, "a record's kind, id, person and key must be UTF-8 text");
  if (change.kind.empty() || change.id.empty()) return fail(Errc::invalid_argument, "a record needs a kind and an id");
  if (nlohmann::json::accept(change.body.text)) return {};
  return fail(Errc::invalid_argument, fmt::format("the body of {} '{}' is no JSON", change.kind, change.id));
}

JsonText person_json(std::string_view person, const std::vector<Record>& versions,
                     const std::vector<AuditLine>& audit) {
  RecordJson records = RecordJson::array(), lines = RecordJson::array();
  for (const Record& record : versions)
    records.push_back({{"kind", record.kind},
                       {"id", record.id},
                       {"version", record.version},
                       {"removed", record.is_removed},
                       {"changed_ms", record.changed.time_since_epoch().count()},
                       {"actor", record.actor},
                       {"body", RecordJson::parse(record.body.text, nullptr, false)}});
  for (const AuditLine& line : audit)
    lines.push_back({{"at_ms", line.at.time_since_epoch().count()},
                     {"actor", line.actor},
                     {"action", line.action},
                     {"kind", line.kind},
                     {"id", line.id},
                     {"version", line.version}});
  const RecordJson all = {{"person", person}, {"records", records}, {"audit", lines}};
  return {all.dump()};
}

}  // namespace persona
