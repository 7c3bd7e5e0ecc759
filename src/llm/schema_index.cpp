//! Walks schemas for addresses and anchors.
#include "schema_index.hpp"

#include "core/text.hpp"
#include "url_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace persona::llm {
namespace {

constexpr std::size_t most_schema_properties = 5'000;
constexpr std::string_view validation_vocabulary = "https://json-schema.org/draft/2020-12/vocab/validation";

//! Which keywords hold schemas: one, a list of them, or one for each name.
constexpr std::array one_schema = {
    "additionalProperties", "propertyNames",         "contains",        "not",  "if", "then", "else",
    "unevaluatedItems",     "unevaluatedProperties", "additionalItems", "items"};
constexpr std::array schema_lists = {"allOf", "anyOf", "oneOf", "prefixItems", "items"};
constexpr std::array schema_maps = {"properties",  "patternProperties", "$defs",
                                    "definitions", "dependentSchemas",  "dependencies"};

bool is_schema(const Json& json) {
  return json.is_object() || json.is_boolean();
}

const std::string* keyword_text(const Json& schema, const char* keyword) {
  const auto found = schema.find(keyword);
  return found != schema.end() && found->is_string() ? &found->get_ref<const std::string&>() : nullptr;
}

std::string without_empty_fragment(std::string url) {
  if (url.ends_with('#')) url.pop_back();
  return url;
}

tl::unexpected<Error> wrong_schema(const JsonPath& path, std::string message) {
  return fail(Errc::invalid_argument, "the schema " + std::move(message), path.text());
}

}  // namespace

Status SchemaIndex::add(std::string url, std::string_view text) {
  auto json = parse_json_document(text);
  if (!json) return fail(Errc::invalid_argument, fmt::format("the schema {}: {}", url, json.error().message));
  const Json& document = documents_.emplace_back(std::move(*json));
  if (document.is_object()) {
    if (const std::string* id = keyword_text(document, "$id"))
      addresses_.emplace(without_empty_fragment(resolve_url(url, *id)), &document);
  }
  addresses_.emplace(without_empty_fragment(std::move(url)), &document);
  return {};
}

Result<const Json*> SchemaIndex::add_main(std::string_view text) {
  auto json = parse_json_document(text);
  if (!json) return fail(Errc::invalid_argument, "the schema: " + json.error().message, json.error().path);
  const Json& document = documents_.emplace_back(std::move(*json));
  if (const auto walked = walk(document, nullptr, {}); !walked) return tl::unexpected(walked.error());
  draft7_ = place(document).resource->draft7;
  return &document;
}

Status SchemaIndex::walk(const Json& schema, SchemaResource* resource, const JsonPath& path) {
  if (!is_schema(schema))
    return wrong_schema(path, fmt::format("must be an object, true or false, is {}", json_kind(schema)));
  if (places_.count(&schema) > 0) return {};
  const auto own = resource_of(schema, resource, path);
  if (!own) return tl::unexpected(own.error());
  places_.emplace(&schema, Place{*own, path.text()});
  return schema.is_object() ? walk_inside(schema, **own, path) : Status();
}

Result<SchemaResource*> SchemaIndex::resource_of(const Json& schema, SchemaResource* parent, const JsonPath& path) {
  const std::string* id = schema.is_object() ? keyword_text(schema, "$id") : nullptr;
  const bool only_refers = parent != nullptr && parent->draft7 && schema.is_object() && schema.contains("$ref");
  const bool only_anchors = id != nullptr && id->starts_with('#');
  if (parent != nullptr && (id == nullptr || only_refers || only_anchors)) return parent;
  SchemaResource fresh{.draft7 = parent != nullptr ? parent->draft7 : draft7_, .root = &schema};
  const std::string base = parent != nullptr ? parent->url : std::string();
  fresh.url = id == nullptr || only_anchors ? base : split_fragment(resolve_url(base, *id)).first;
  if (const auto read = read_dialect(schema, fresh, path); !read) return tl::unexpected(read.error());
  resources_.push_back(std::move(fresh));
  by_url_.emplace(resources_.back().url, &resources_.back());
  return &resources_.back();
}

Status SchemaIndex::read_dialect(const Json& schema, SchemaResource& resource, const JsonPath& path) const {
  const std::string* given = schema.is_object() ? keyword_text(schema, "$schema") : nullptr;
  if (given == nullptr) return {};
  const std::string url = without_empty_fragment(*given);
  resource.draft7 = url == "http://json-schema.org/draft-07/schema" || url == "https://json-schema.org/draft-07/schema";
  if (resource.draft7 || url == "https://json-schema.org/draft/2020-12/schema") return {};
  const auto meta = addresses_.find(url);
  if (meta == addresses_.end() || !meta->second->is_object())
    return wrong_schema(path / "$schema", fmt::format("is of '{}'; known are 2020-12 and draft 7", shortened(url)));
  const Json vocabulary = meta->second->value("$vocabulary", Json(nullptr));
  resource.asserts = !vocabulary.is_object() || vocabulary.contains(validation_vocabulary);
  return {};
}

Status SchemaIndex::walk_inside(const Json& schema, SchemaResource& resource, const JsonPath& path) {
  if (!resource.draft7) {
    for (const char* keyword : {"$anchor", "$dynamicAnchor"})
      if (const std::string* name = keyword_text(schema, keyword)) resource.anchors.emplace(*name, &schema);
    if (const std::string* name = keyword_text(schema, "$dynamicAnchor"))
      resource.dynamic_anchors.emplace(*name, &schema);
  } else if (const std::string* id = keyword_text(schema, "$id"); id != nullptr && !schema.contains("$ref")) {
    if (const std::string anchor = split_fragment(*id).second; !anchor.empty())
      resource.anchors.emplace(anchor, &schema);
  }
  Status walked;
  const auto follow = [&](const Json& part, const JsonPath& where) {
    if (walked) walked = walk(part, &resource, where);
  };
  for (const char* keyword : one_schema) {
    const auto found = schema.find(keyword);
    if (found != schema.end() && !(found->is_array() && std::string_view(keyword) == "items"))
      follow(*found, path / keyword);
  }
  for (const char* keyword : schema_lists) {
    const auto found = schema.find(keyword);
    if (found == schema.end() || !found->is_array()) continue;
    for (std::size_t i = 0; i < found->size(); ++i) follow((*found)[i], path / keyword / i);
  }
  for (const char* keyword : schema_maps) {
    const auto found = schema.find(keyword);
    if (found == schema.end() || !found->is_object()) continue;
    if (std::string_view(keyword) == "properties" && (properties_ += found->size()) > most_schema_properties)
      return wrong_schema(path / keyword, fmt::format("has more than {} properties", most_schema_properties));
    for (const auto& [name, part] : found->items())
      if (!(part.is_array() && std::string_view(keyword) == "dependencies")) follow(part, path / keyword / name);
  }
  return walked;
}

Result<const Json*> SchemaIndex::resolve(const Json& from, const std::string& reference) {
  const Place& place = places_.at(&from);
  const auto [url, fragment] = split_fragment(resolve_url(place.resource->url, reference));
  const auto nowhere = [&, path = place.path] {
    return fail(Errc::invalid_argument,
                fmt::format("the schema refers to '{}', which leads nowhere", shortened(reference, 100)), path);
  };
  auto found = by_url_.find(url);
  if (found == by_url_.end()) {
    const auto document = addresses_.find(url);
    if (document == addresses_.end()) return nowhere();
    if (const auto walked = walk(*document->second, nullptr, {}); !walked) return tl::unexpected(walked.error());
    SchemaResource* resource = places_.at(document->second).resource;
    if (resource->url.empty()) resource->url = url;
    found = by_url_.emplace(url, resource).first;
  }
  SchemaResource& resource = *found->second;
  if (fragment.empty()) return resource.root;
  if (!fragment.starts_with('/')) {
    const auto anchor = resource.anchors.find(fragment);
    if (anchor == resource.anchors.end()) return nowhere();
    return anchor->second;
  }
  auto target = point(resource, fragment);
  if (target && *target == nullptr) return nowhere();
  return target;
}

//! @return null: there is nothing
Result<const Json*> SchemaIndex::point(SchemaResource& resource, const std::string& pointer) {
  const Json* at = resource.root;
  SchemaResource* inside = &resource;
  for (std::size_t begin = 1; begin <= pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
    std::string token = pointer.substr(begin, end - begin);
    begin = end + 1;
    for (std::size_t tilde = token.find('~'); tilde != std::string::npos; tilde = token.find('~', tilde + 1))
      token.replace(tilde, 2, token.substr(tilde, 2) == "~1" ? "/" : "~");
    std::size_t index = 0;
    if (at->is_object() && at->contains(token)) {
      at = &at->at(token);
    } else if (at->is_array() &&
               std::from_chars(token.data(), token.data() + token.size(), index).ptr == token.data() + token.size() &&
               index < at->size()) {
      at = &(*at)[index];
    } else {
      return nullptr;
    }
    if (const auto known = places_.find(at); known != places_.end()) inside = known->second.resource;
  }
  JsonPath path;
  for (std::size_t begin = 1; begin <= pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
    path = path / pointer.substr(begin, end - begin);
    begin = end + 1;
  }
  if (const auto walked = walk(*at, inside, path); !walked) return tl::unexpected(walked.error());
  return at;
}

}  // namespace persona::llm
