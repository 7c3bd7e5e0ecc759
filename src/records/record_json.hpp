//! Records whose bodies are JSON objects of known fields.
#pragma once

#include <persona/storage/records.hpp>

#include <functional>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace persona {

inline JsonText record_body(const nlohmann::ordered_json& json) {
  return {json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

//! Reads a body with `read`, which may throw what nlohmann throws. @errors corrupted: names the record
template <class Read>
auto read_body(const Record& record, const Read& read) -> Result<decltype(read(nlohmann::json()))> {
  try {
    return read(nlohmann::json::parse(record.body.text));
  } catch (const nlohmann::json::exception&) {
    return fail(Errc::corrupted, fmt::format("{} '{}' is not what this library writes", record.kind, record.id));
  }
}

inline Result<std::int64_t> put_record(Records& records, RecordChange change) {
  const auto versions = records.put({std::move(change)});
  return versions ? Result<std::int64_t>(versions->front()) : tl::unexpected(versions.error());
}

//! All records of a kind with ids greater than `after` and less than `end`, by id.
inline Status each_record(const Records& records, const std::string& kind, std::string after, const std::string& end,
                          const std::function<Status(const Record&)>& take) {
  constexpr int page = 500;
  for (;;) {
    const auto found = records.list({.kind = kind, .after = after, .limit = page});
    if (!found) return tl::unexpected(found.error());
    for (const Record& record : *found) {
      if (record.id >= end) return {};
      if (Status taken = take(record); !taken) return taken;
    }
    if (static_cast<int>(found->size()) < page) return {};
    after = found->back().id;
  }
}

}  // namespace persona
