//! What an assumption rests on.
#include <persona/storage/evidence.hpp>

#include "records/record_json.hpp"

namespace persona {

Result<std::int64_t> put_evidence(Records& records, const Evidence& evidence, std::string_view actor) {
  if (evidence.about.empty() || evidence.about.find('/') != evidence.about.npos)
    return fail(Errc::invalid_argument,
                fmt::format("evidence is about something without '/', not '{}'", evidence.about));
  if (!(evidence.weight >= 0 && evidence.weight <= 1))
    return fail(Errc::invalid_argument, fmt::format("a weight is between 0 and 1, not {}", evidence.weight));
  return put_record(
      records,
      {.kind = "evidence",
       .id = evidence.about + "/" + evidence.id,
       .body = record_body({{"source", evidence.source}, {"quote", evidence.quote}, {"weight", evidence.weight}}),
       .person = evidence.person,
       .actor = std::string(actor),
       .expected = evidence.version});
}

Result<std::vector<Evidence>> evidence_about(const Records& records, std::string_view about) {
  const std::string prefix = std::string(about) + "/", end = std::string(about) + static_cast<char>('/' + 1);
  std::vector<Evidence> all;
  const Status read = each_record(records, "evidence", prefix, end, [&](const Record& record) -> Status {
    Result<Evidence> one = read_body(record, [&](const nlohmann::json& json) {
      return Evidence{.about = std::string(about),
                      .id = record.id.substr(prefix.size()),
                      .source = json.at("source").get<std::string>(),
                      .quote = json.at("quote").get<std::string>(),
                      .weight = json.at("weight").get<double>(),
                      .person = record.person,
                      .version = record.version};
    });
    if (!one) return tl::unexpected(one.error());
    all.push_back(*std::move(one));
    return {};
  });
  return read ? Result<std::vector<Evidence>>(std::move(all)) : tl::unexpected(read.error());
}

}  // namespace persona
