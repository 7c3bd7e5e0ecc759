//! Rules that ask other schemas about the same value.
#include "schema_builder.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace persona::llm {
namespace {

using SchemaNodes = std::vector<const SchemaNode*>;

SchemaNodes nodes_of(SchemaBuilder& schema, const char* keyword) {
  SchemaNodes nodes;
  const Json* list = schema.list(keyword);
  if (list == nullptr) return nodes;
  if (list->empty()) schema.wrong(keyword, "must not be empty");
  for (const Json& part : *list) nodes.push_back(schema.node(part));
  return nodes;
}

//! Another kind of thing altogether, not one with faults.
bool is_far(const std::vector<SchemaIssue>& issues, const std::string& path) {
  return std::any_of(issues.begin(), issues.end(), [&](const SchemaIssue& issue) {
    return issue.path == path && issue.message.starts_with("must be ");
  });
}

//! Where one form alone is near, its issues; else the first issue of each.
void explain_choice(SchemaVisit& visit, const SchemaNodes& forms) {
  constexpr std::size_t most_forms = 8;
  const std::string path = path_text(visit.place);
  std::vector<std::vector<SchemaIssue>> near;
  std::string all;
  for (std::size_t i = 0; i < std::min(forms.size(), most_forms); ++i) {
    auto issues = visit.run.issues_of(*forms[i], visit.json, visit.place);
    if (issues.empty()) continue;
    const std::string& where = issues[0].path == path ? std::string() : issues[0].path.substr(path.size()) + " ";
    all += fmt::format("; ({}) {}{}", i + 1, where, issues[0].message);
    if (!is_far(issues, path)) near.push_back(std::move(issues));
  }
  if (near.size() == 1 && forms.size() <= most_forms) return visit.run.add(std::move(near[0]));
  visit.wrong([&] { return fmt::format("fits none of {} forms{}", forms.size(), all); });
}

void add_any_of(SchemaBuilder& schema) {
  SchemaNodes forms = nodes_of(schema, "anyOf");
  if (forms.empty()) return;
  schema.rule([forms = std::move(forms)](SchemaVisit& visit) {
    bool any = false;
    for (const SchemaNode* form : forms) any = visit.run.fits(*form, visit.json, visit.place, &visit.seen) || any;
    if (!any && visit.run.listens()) explain_choice(visit, forms);
    return any;
  });
}

void add_one_of(SchemaBuilder& schema) {
  SchemaNodes forms = nodes_of(schema, "oneOf");
  if (forms.empty()) return;
  schema.rule([forms = std::move(forms)](SchemaVisit& visit) {
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < forms.size(); ++i)
      if (visit.run.fits(*forms[i], visit.json, visit.place, &visit.seen)) fitting.push_back(i + 1);
    if (fitting.size() == 1) return true;
    if (fitting.empty() && visit.run.listens()) explain_choice(visit, forms);
    if (fitting.empty()) return false;
    return visit.wrong([&] {
      return fmt::format("must fit one of {} forms alone, fits ({}) and ({})", forms.size(), fitting[0], fitting[1]);
    });
  });
}

void add_condition(SchemaBuilder& schema) {
  const SchemaNode* condition = schema.node("if");
  const SchemaNode* holds = schema.node("then");
  const SchemaNode* fails = schema.node("else");
  if (condition == nullptr) return;
  schema.rule([=](SchemaVisit& visit) {
    const bool so = visit.run.fits(*condition, visit.json, visit.place, &visit.seen);
    const SchemaNode* next = so ? holds : fails;
    return next == nullptr || visit.run.apply(*next, visit.json, visit.place, &visit.seen);
  });
}

}  // namespace

void add_choice_rules(SchemaBuilder& schema) {
  for (const SchemaNode* part : nodes_of(schema, "allOf"))
    schema.rule([part](SchemaVisit& visit) { return visit.run.apply(*part, visit.json, visit.place, &visit.seen); });
  add_any_of(schema);
  add_one_of(schema);
  if (const SchemaNode* forbidden = schema.node("not")) {
    schema.rule([forbidden](SchemaVisit& visit) {
      if (!visit.run.fits(*forbidden, visit.json, visit.place, nullptr)) return true;
      return visit.wrong([] { return std::string("is what the schema says it must not be"); });
    });
  }
  add_condition(schema);
}

void add_reference_rules(SchemaBuilder& schema) {
  if (const Json* reference = schema.find("$ref")) {
    if (!reference->is_string()) return schema.wrong("$ref", "must be text");
    const SchemaNode* target = schema.target("$ref", reference->get<std::string>());
    if (target == nullptr) return;
    schema.rule(
        [target](SchemaVisit& visit) { return visit.run.apply(*target, visit.json, visit.place, &visit.seen); });
  }
  const Json* reference = schema.draft7() ? nullptr : schema.find("$dynamicRef");
  if (reference == nullptr) return;
  if (!reference->is_string()) return schema.wrong("$dynamicRef", "must be text");
  const SchemaNode* target = schema.target("$dynamicRef", reference->get<std::string>());
  if (target == nullptr) return;
  std::string anchor;
  const bool dynamic = schema.is_dynamic(reference->get<std::string>(), anchor);
  schema.rule([=](SchemaVisit& visit) {
    const SchemaNode* outer = dynamic ? visit.run.dynamic(anchor) : nullptr;
    return visit.run.apply(outer != nullptr ? *outer : *target, visit.json, visit.place, &visit.seen);
  });
}

}  // namespace persona::llm
