//! Templates of prompts and texts, with every version that there ever was.
#include <persona/storage/templates.hpp>

#include "records/record_json.hpp"

namespace persona {
namespace {

Result<TemplateText> template_of(const Record& record) {
  return read_body(record, [&](const nlohmann::json& json) {
    return TemplateText{.name = record.id,
                        .text = json.at("text").get<std::string>(),
                        .note = json.at("note").get<std::string>(),
                        .version = record.version};
  });
}

}  // namespace

Result<std::int64_t> put_template(Records& records, const TemplateText& text, std::string_view actor) {
  if (const auto newest = find_template(records.current(), text.name); newest && newest->text == text.text)
    return newest->version;
  return put_record(records, {.kind = "template",
                              .id = text.name,
                              .body = record_body({{"text", text.text}, {"note", text.note}}),
                              .actor = std::string(actor),
                              .expected = text.version});
}

Result<TemplateText> find_template(const Records& records, std::string_view name, std::int64_t version) {
  if (version == 0) {
    const Result<Record> record = records.find("template", name);
    return record ? template_of(*record) : tl::unexpected(record.error());
  }
  const auto versions = records.history("template", name);
  if (!versions) return tl::unexpected(versions.error());
  for (const Record& record : *versions)
    if (record.version == version && !record.is_removed) return template_of(record);
  return fail(Errc::not_found, fmt::format("template '{}' has no version {}", name, version));
}

Result<std::vector<TemplateText>> template_versions(const Records& records, std::string_view name) {
  const auto versions = records.history("template", name);
  if (!versions) return tl::unexpected(versions.error());
  std::vector<TemplateText> texts;
  for (const Record& record : *versions) {
    Result<TemplateText> text = template_of(record);
    if (!text) return tl::unexpected(text.error());
    texts.push_back(*std::move(text));
  }
  return texts;
}

}  // namespace persona
