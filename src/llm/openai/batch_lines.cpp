//! Writes and reads the files of a batch.
#include "llm/openai/batch_lines.hpp"

#include "llm/openai/errors.hpp"
#include "llm/openai/reply.hpp"
#include "llm/wire/fields.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <unordered_set>
#include <utility>

namespace persona::llm::openai_api {
namespace {

using wire::at;
using wire::text_at;

constexpr std::size_t most_items = 50'000;
constexpr std::size_t most_batch_bytes = 200'000'000;

tl::unexpected<Error> item_error(std::size_t index, const Error& error) {
  return fail(error.code, fmt::format("item {}: {}", index, error.message),
              (JsonPath() / index / "request").text() + error.path);
}

Status add_line(const OpenAIBatches::Item& item, const Server& server, std::string& lines,
                std::vector<std::string>& warnings) {
  const auto documents = wire::read_documents(item.request);
  if (!documents) return tl::unexpected(documents.error());
  auto prepared = chat_request(item.request, *documents, server, false);
  if (!prepared) return tl::unexpected(prepared.error());
  wire::merge(prepared->body, documents->extra);
  for (const std::string& warning : prepared->warnings) warnings.push_back(fmt::format("'{}': {}", item.id, warning));
  lines += print_json_compact({{"custom_id", item.id},
                               {"method", "POST"},
                               {"url", "/v1" + prepared->path},
                               {"body", std::move(prepared->body)}});
  lines += '\n';
  return {};
}

Result<Reply> read_reply(const Json& line, const std::string& name) {
  const Json& response = at(line, "response");
  const Json& body = at(response, "body");
  const auto status = static_cast<int>(wire::count_at(response, "status_code"));
  if (!response.is_object()) return tl::unexpected(wire::error_of(read_complaint(line), 0, name));
  if (status < 200 || status >= 300) return tl::unexpected(wire::error_of(read_complaint(body), status, name));
  wire::Answer answer(name);
  auto read = read_chat(body, answer);
  if (read) read = answer.end_calls();
  if (!read) return tl::unexpected(read.error());
  Reply reply = answer.take(0);
  reply.provider = name;
  reply.request_id = text_at(response, "request_id");
  return reply;
}

}  // namespace

Result<std::string> batch_lines(std::span<const OpenAIBatches::Item> items, const Server& server,
                                std::vector<std::string>& warnings) {
  if (items.empty()) return fail(Errc::invalid_argument, "the batch is empty");
  if (items.size() > most_items) {
    return fail(Errc::invalid_argument,
                fmt::format("the batch has {} items; at most {} are taken", items.size(), most_items));
  }
  std::unordered_set<std::string_view> ids;
  std::string lines;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].id.empty() || !is_utf8(items[i].id) || !ids.insert(items[i].id).second) {
      return fail(Errc::invalid_argument,
                  fmt::format("the id '{}' of item {} is empty, no text or there already", shortened(items[i].id), i),
                  (JsonPath() / i / "id").text());
    }
    if (const auto added = add_line(items[i], server, lines, warnings); !added) return item_error(i, added.error());
    if (lines.size() > most_batch_bytes) {
      return fail(Errc::invalid_argument,
                  fmt::format("the batch is larger than {} bytes from item {} on", most_batch_bytes, i));
    }
  }
  return lines;
}

Result<std::vector<OpenAIBatches::Answer>> read_batch_lines(std::string_view lines, const std::string& name) {
  std::vector<OpenAIBatches::Answer> answers;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    if (line.find_first_not_of(" \r\t") == std::string_view::npos) continue;
    const auto document = wire::parse(line, name);
    if (!document) return tl::unexpected(document.error());
    const std::string_view id = text_at(*document, "custom_id");
    if (id.empty()) return fail(Errc::invalid_output, name + " sent an answer of a batch without its id");
    answers.push_back({std::string(id), read_reply(*document, name)});
  }
  return answers;
}

FileForm file_form(std::string_view purpose, std::string_view file_name, std::string_view content) {
  std::string boundary = "persona-form";
  for (int i = 0; content.find(boundary) != std::string_view::npos; ++i) boundary = fmt::format("persona-form-{}", i);
  FileForm form;
  form.content_type = "multipart/form-data; boundary=" + boundary;
  form.body.reserve(content.size() + 512);
  form.body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n{}\r\n", boundary, purpose);
  form.body += fmt::format(
      "--{}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n"
      "Content-Type: application/jsonl\r\n\r\n",
      boundary, file_name);
  form.body += content;
  form.body += fmt::format("\r\n--{}--\r\n", boundary);
  return form;
}

}  // namespace persona::llm::openai_api
