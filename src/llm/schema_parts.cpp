//! Rules about the members of objects and the items of lists.
#include "schema_builder.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace persona::llm {
namespace {

//! What a schema says about members, by their names.
struct MemberSchemas {
  std::unordered_map<std::string_view, const SchemaNode*> named = {};
  std::vector<std::pair<Pattern, const SchemaNode*>> patterns = {};
  const SchemaNode* others = nullptr;
  bool others_forbidden = false;

  bool check(SchemaVisit& visit, const std::string& name, const Json& value, std::size_t index) const {
    const DocumentPlace place{&visit.place, &name, 0};
    bool known = false, right = true;
    const auto ask = [&](const SchemaNode& node) {
      known = true;
      right = visit.run.apply(node, value, place, nullptr) && right;
    };
    if (const auto found = named.find(name); found != named.end()) ask(*found->second);
    for (const auto& [pattern, node] : patterns)
      if (pattern.search(name, visit.run.budget()).value_or(false)) ask(*node);
    if (!known && others_forbidden) {
      right = SchemaVisit{value, place, visit.seen, visit.run}.wrong(
          [&] { return fmt::format("is not one of the members that may be here"); });
    } else if (!known && others != nullptr) {
      ask(*others);
    }
    if (known) visit.seen.mark(index, visit.json.size());
    return right;
  }
};

void add_members(SchemaBuilder& schema) {
  MemberSchemas members{.others = schema.node("additionalProperties")};
  members.others_forbidden = members.others != nullptr && *schema.find("additionalProperties") == Json(false);
  const Json* properties = schema.object("properties");
  if (properties != nullptr) {
    for (const auto& [name, part] : properties->get_ref<const Json::object_t&>())
      members.named.emplace(name, schema.node(part));
  }
  const Json* patterns = schema.object("patternProperties");
  if (patterns != nullptr) {
    for (const auto& [text, part] : patterns->get_ref<const Json::object_t&>())
      if (auto pattern = schema.pattern(text, "patternProperties"))
        members.patterns.emplace_back(std::move(*pattern), schema.node(part));
  }
  if (properties == nullptr && patterns == nullptr && members.others == nullptr) return;
  schema.rule([members = std::move(members)](SchemaVisit& visit) {
    if (!visit.json.is_object()) return true;
    bool right = true;
    std::size_t index = 0;
    for (const auto& [name, value] : visit.json.get_ref<const Json::object_t&>())
      right = members.check(visit, name, value, index++) && right;
    return right;
  });
}

void add_dependent_schemas(SchemaBuilder& schema, const char* keyword) {
  const Json* dependent = schema.object(keyword);
  if (dependent == nullptr) return;
  for (const auto& [name, part] : dependent->get_ref<const Json::object_t&>()) {
    if (part.is_array()) continue;  // a list of names is another rule
    schema.rule([&name = name, node = schema.node(part)](SchemaVisit& visit) {
      if (!visit.json.is_object() || !visit.json.contains(name)) return true;
      return visit.run.apply(*node, visit.json, visit.place, &visit.seen);
    });
  }
}

void add_contains(SchemaBuilder& schema) {
  const SchemaNode* wanted = schema.node("contains");
  if (wanted == nullptr) return;
  const std::size_t least = schema.draft7() ? 1 : schema.count("minContains").value_or(1);
  const std::size_t most = schema.draft7() ? SIZE_MAX : schema.count("maxContains").value_or(SIZE_MAX);
  const bool marks = !schema.draft7();
  schema.rule([=](SchemaVisit& visit) {
    if (!visit.json.is_array()) return true;
    std::size_t has = 0;
    for (std::size_t i = 0; i < visit.json.size(); ++i) {
      if (!visit.run.fits(*wanted, visit.json[i], {&visit.place, nullptr, i}, nullptr)) continue;
      ++has;
      if (marks) visit.seen.mark(i, visit.json.size());
    }
    if (has >= least && has <= most) return true;
    return visit.wrong([&] {
      return fmt::format("must have {} {} items of the kind that it must contain, has {}",
                         has < least ? "at least" : "at most", has < least ? least : most, has);
    });
  });
}

bool check_items(SchemaVisit& visit, std::size_t first, std::size_t end, const SchemaNode& node) {
  bool right = true;
  for (std::size_t i = first; i < end; ++i) {
    right = visit.run.apply(node, visit.json[i], {&visit.place, nullptr, i}, nullptr) && right;
    visit.seen.mark(i, visit.json.size());
  }
  return right;
}

//! The first items one by one, then the rest: draft 7 has other words for it.
void add_items(SchemaBuilder& schema) {
  const Json* items = schema.find("items");
  const bool old_tuple = schema.draft7() && items != nullptr && items->is_array();
  std::vector<const SchemaNode*> firsts;
  if (const Json* list = old_tuple ? items : schema.draft7() ? nullptr : schema.list("prefixItems")) {
    for (const Json& part : *list) firsts.push_back(schema.node(part));
  }
  if (!old_tuple && items != nullptr && items->is_array()) return schema.wrong("items", "must be a schema");
  const SchemaNode* rest = old_tuple ? schema.node("additionalItems") : schema.node("items");
  if (firsts.empty() && rest == nullptr) return;
  schema.rule([firsts = std::move(firsts), rest](SchemaVisit& visit) {
    if (!visit.json.is_array()) return true;
    bool right = true;
    const std::size_t size = visit.json.size(), single = std::min(firsts.size(), size);
    for (std::size_t i = 0; i < single; ++i) right = check_items(visit, i, i + 1, *firsts[i]) && right;
    return (rest == nullptr || check_items(visit, single, size, *rest)) && right;
  });
}

}  // namespace

void add_member_rules(SchemaBuilder& schema) {
  add_members(schema);
  add_dependent_schemas(schema, "dependencies");
  if (!schema.draft7()) add_dependent_schemas(schema, "dependentSchemas");
  const SchemaNode* names = schema.node("propertyNames");
  if (names == nullptr) return;
  schema.rule([names](SchemaVisit& visit) {
    if (!visit.json.is_object()) return true;
    bool right = true;
    for (const auto& [name, value] : visit.json.get_ref<const Json::object_t&>()) {
      if (visit.run.fits(*names, Json(name), {&visit.place, &name, 0}, nullptr)) continue;
      right = visit.wrong(
          [&name = name] { return fmt::format("'{}' is no name that its members may have", shortened(name)); });
    }
    return right;
  });
}

void add_item_rules(SchemaBuilder& schema) {
  add_items(schema);
  add_contains(schema);
}

void add_rest_rules(SchemaBuilder& schema) {
  if (const SchemaNode* rest = schema.node("unevaluatedItems")) {
    schema.rule([rest](SchemaVisit& visit) {
      if (!visit.json.is_array()) return true;
      bool right = true;
      for (std::size_t i = 0; i < visit.json.size(); ++i)
        if (!visit.seen.has(i)) right = check_items(visit, i, i + 1, *rest) && right;
      return right;
    });
  }
  if (const SchemaNode* rest = schema.node("unevaluatedProperties")) {
    schema.rule([rest](SchemaVisit& visit) {
      if (!visit.json.is_object()) return true;
      bool right = true;
      std::size_t index = 0;
      for (const auto& [name, value] : visit.json.get_ref<const Json::object_t&>()) {
        if (!visit.seen.has(index)) {
          right = visit.run.apply(*rest, value, {&visit.place, &name, 0}, nullptr) && right;
          visit.seen.mark(index, visit.json.size());
        }
        ++index;
      }
      return right;
    });
  }
}

}  // namespace persona::llm
