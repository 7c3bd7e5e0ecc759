//! Groups: people, populations or other groups under one name.
#include <persona/storage/groups.hpp>

#include "records/record_json.hpp"

namespace persona {
namespace {

Result<Group> group_of(const Record& record) {
  return read_body(record, [&](const nlohmann::json& json) {
    return Group{.id = record.id,
                 .name = json.at("name").get<std::string>(),
                 .description = json.at("description").get<std::string>(),
                 .members = json.at("members").get<std::vector<std::string>>(),
                 .version = record.version};
  });
}

}  // namespace

Result<std::int64_t> put_group(Records& records, const Group& group, std::string_view actor) {
  return put_record(
      records,
      {.kind = "group",
       .id = group.id,
       .body = record_body({{"name", group.name}, {"description", group.description}, {"members", group.members}}),
       .actor = std::string(actor),
       .expected = group.version});
}

Result<Group> find_group(const Records& records, std::string_view id) {
  const Result<Record> record = records.find("group", id);
  return record ? group_of(*record) : tl::unexpected(record.error());
}

Result<std::vector<Group>> list_groups(const Records& records, std::string_view after, int limit) {
  const auto found = records.list({.kind = "group", .after = std::string(after), .limit = limit});
  if (!found) return tl::unexpected(found.error());
  std::vector<Group> groups;
  for (const Record& record : *found) {
    Result<Group> group = group_of(record);
    if (!group) return tl::unexpected(group.error());
    groups.push_back(*std::move(group));
  }
  return groups;
}

}  // namespace persona
