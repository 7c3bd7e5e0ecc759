//! The lines of cassettes: JSON objects with the call, its request and its answer.
#include "cassette_line.hpp"

#include "canonical_json.hpp"
#include "core/json_document.hpp"
#include "core/utf8.hpp"
#include "json_fields.hpp"

#include <persona/core/secret.hpp>
#include <persona/llm/json.hpp>

#include <array>
#include <bit>
#include <utility>

namespace persona::llm {
namespace {

constexpr std::array cassette_kinds = {"model", "reply", "embeddings", "tokens"};

constexpr std::array<std::pair<const char*, bool Capabilities::*>, 7> cassette_abilities = {
    {{"json_schema", &Capabilities::json_schema},
     {"tools", &Capabilities::tools},
     {"images", &Capabilities::images},
     {"streaming", &Capabilities::streaming},
     {"seed", &Capabilities::seed},
     {"embeddings", &Capabilities::embeddings},
     {"count_tokens", &Capabilities::count_tokens}}};

//! String by string: in JSON text, an escape before a key would hide it.
void mask(Json& json) {
  if (json.is_string()) json = redact(json.get_ref<const std::string&>());
  if (!json.is_structured()) return;
  for (Json& item : json) mask(item);
}

Json masked_json(const std::string& text) {
  auto json = parse_json_document(text);
  if (!json) return redact(text);
  mask(*json);
  return std::move(*json);
}

Json piece_json(const HeldDelta& piece) {
  if (piece.kind == HeldDelta::Kind::text) return piece.text;
  if (piece.kind == HeldDelta::Kind::thinking) return {{"thinking", piece.text}};
  return {{"tool_call", piece.index}, {"id", piece.id}, {"name", piece.name}, {"arguments", piece.text}};
}

HeldDelta read_piece(const Json& json) {
  using Kind = HeldDelta::Kind;
  if (json.is_string()) return {.text = json.get<std::string>()};
  if (json.contains("thinking")) return {.kind = Kind::thinking, .text = json.at("thinking").get<std::string>()};
  return {.kind = Kind::tool_call,
          .text = json.at("arguments").get<std::string>(),
          .index = json.at("tool_call").get<std::size_t>(),
          .id = json.at("id").get<std::string>(),
          .name = json.at("name").get<std::string>()};
}

//! A key could lie across pieces, where no mask finds it, and a piece may end inside a character.
bool may_keep(const std::vector<HeldDelta>& pieces) {
  std::string joined;
  for (const HeldDelta& piece : pieces) {
    if (!is_utf8(piece.text)) return false;
    joined += piece.text;
  }
  return redact(joined) == joined;
}

std::string vector_text(const std::vector<float>& vector) {
  std::string bytes;
  for (const float x : vector) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift & 255);
  }
  return base64(bytes);
}

std::vector<float> read_vector(const std::string& text) {
  const std::string bytes = bytes_of_base64(text).value_or(std::string());
  std::vector<float> vector;
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 4; ++k) bits |= std::uint32_t{static_cast<unsigned char>(bytes[at + k])} << (8 * k);
    vector.push_back(std::bit_cast<float>(bits));
  }
  return vector;
}

//! An error is kept as the error of an attempt.
Json answer_json(const Result<Reply>& reply) {
  if (reply) return masked_json(to_json(*reply));
  Reply failed;
  failed.attempts.push_back({.error = reply.error()});
  return masked_json(to_json(failed));
}

Json model_json(const CassetteLine& line) {
  Json json = {{"call", "model"}, {"model", line.request}, {"provider", line.provider}};
  for (const auto& [name, ability] : cassette_abilities) json["capabilities"][name] = line.capabilities.*ability;
  return json;
}

CassetteLine read_model(const Json& json) {
  CassetteLine line{.kind = CassetteLine::Kind::model, .request = json.at("model").get<std::string>()};
  line.provider = json.at("provider").get<std::string>();
  for (const auto& [name, ability] : cassette_abilities)
    line.capabilities.*ability = json.at("capabilities").value(name, false);
  return line;
}

//! Throws where something is missing or of another type.
Result<CassetteLine> read_line(const Json& json) {
  const std::string call = json.at("call").get<std::string>();
  if (call == "model") return read_model(json);
  CassetteLine line;
  if (call == "embeddings") line.kind = CassetteLine::Kind::embeddings;
  if (call == "tokens") line.kind = CassetteLine::Kind::tokens;
  line.request = print_json_compact(json.at("request"));
  const bool failed = json.contains("failed");
  line.reply = parse_reply(print_json_compact(json.at(failed ? "failed" : "answer")));
  if (!line.reply) return fail(Errc::corrupted, to_string(line.reply.error()));
  if (failed) {
    const std::vector<Attempt> attempts = line.reply->attempts;
    line.reply = tl::unexpected(attempts.at(0).error.value());
  }
  for (const Json& piece : json.value("pieces", Json::array())) line.pieces.push_back(read_piece(piece));
  for (const Json& vector : json.value("vectors", Json::array()))
    line.vectors.push_back(read_vector(vector.get<std::string>()));
  line.tokens = json.value("tokens", std::int64_t{0});
  return line;
}

}  // namespace

std::string print_line(const CassetteLine& line) {
  if (line.kind == CassetteLine::Kind::model) return print_json_compact(model_json(line)) + '\n';
  Json json = {{"call", cassette_kinds[static_cast<std::size_t>(line.kind)]}};
  json["request"] = Json::parse(line.request);
  json[line.reply ? "answer" : "failed"] = answer_json(line.reply);
  if (may_keep(line.pieces)) {
    for (const HeldDelta& piece : line.pieces) json["pieces"].push_back(piece_json(piece));
  }
  for (const auto& vector : line.vectors) json["vectors"].push_back(vector_text(vector));
  if (line.kind == CassetteLine::Kind::tokens) json["tokens"] = line.tokens;
  return print_json_compact(json) + '\n';
}

Result<CassetteLine> parse_line(std::string_view text) {
  const auto json = parse_json_document(text);
  if (!json) return fail(Errc::corrupted, json.error().message);
  try {
    return read_line(*json);
  } catch (const std::exception& problem) {
    return fail(Errc::corrupted, std::string("not a recorded call: ") + problem.what());
  }
}

std::string request_key(const Request& request) {
  return print_json_compact(masked_json(to_json(request)));
}

std::string request_key(const EmbedRequest& request) {
  Json json = {{"model", request.model}, {"inputs", request.inputs}};
  if (request.dimensions) json["dimensions"] = *request.dimensions;
  return print_json_compact(masked_json(print_json_compact(json)));
}

}  // namespace persona::llm
