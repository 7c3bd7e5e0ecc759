//! What was used, by whom, for how much: entries that are added up.
#include <persona/storage/usage.hpp>

#include "records/record_json.hpp"

#include <limits>

namespace persona {
namespace {

// Ids are in the order of time.
std::string usage_id(std::string_view account, RecordTime at) {
  return fmt::format("{}/{:015d}", account, at.time_since_epoch().count());
}

std::int64_t added(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

}  // namespace

Status add_usage(Records& records, const Usage& usage, std::string_view key, std::string_view actor) {
  if (usage.account.empty() || usage.account.find('/') != usage.account.npos)
    return fail(Errc::invalid_argument, fmt::format("an account has a name without '/', not '{}'", usage.account));
  if (usage.units < 0 || usage.cost.picodollars < 0 || usage.at.time_since_epoch().count() < 0)
    return fail(Errc::invalid_argument, fmt::format("account '{}' cannot use less than nothing", usage.account));
  const std::string id = fmt::format("{}-{}", usage_id(usage.account, usage.at), key);
  const auto kept = put_record(
      records,
      {.kind = "usage",
       .id = id,
       .body = record_body({{"what", usage.what}, {"units", usage.units}, {"picodollars", usage.cost.picodollars}}),
       .actor = std::string(actor),
       .expected = 0,
       .idempotency_key = "usage " + id});
  return kept ? Status() : tl::unexpected(kept.error());
}

Result<UsageTotal> total_usage(const Records& records, std::string_view account, RecordTime from, RecordTime to) {
  UsageTotal total;
  const Status read = each_record(
      records, "usage", usage_id(account, from), usage_id(account, to), [&](const Record& record) -> Status {
        const auto entry = read_body(record, [](const nlohmann::json& json) {
          return UsageTotal{1, json.at("units").get<std::int64_t>(), Money{json.at("picodollars").get<std::int64_t>()}};
        });
        if (!entry) return tl::unexpected(entry.error());
        ++total.entries;
        total.units = added(total.units, entry->units);
        total.cost += entry->cost;
        return {};
      });
  return read ? Result<UsageTotal>(total) : tl::unexpected(read.error());
}

}  // namespace persona
