//! Checks documents by the rules of a schema.
#include "schema_program.hpp"

#include <algorithm>
#include <iterator>

namespace persona::llm {
namespace {

constexpr int deepest_visit = 600;      // a schema that refers to itself for the same value never ends
constexpr std::size_t visit_cost = 64;  // of the budget, of which a state of a pattern is 1

JsonPath path_of(const DocumentPlace& place) {
  if (place.parent == nullptr) return {};
  const JsonPath parent = path_of(*place.parent);
  return place.key != nullptr ? parent / *place.key : parent / place.index;
}

}  // namespace

std::string path_text(const DocumentPlace& place) {
  return path_of(place).text();
}

void SchemaSeen::mark(std::size_t index, std::size_t size) {
  if (parts_.size() < size) parts_.resize(size);
  parts_[index] = true;
}

void SchemaSeen::add(const SchemaSeen& other) {
  all_ = all_ || other.all_;
  if (parts_.size() < other.parts_.size()) parts_.resize(other.parts_.size());
  for (std::size_t i = 0; i < other.parts_.size(); ++i)
    if (other.parts_[i]) parts_[i] = true;
}

bool SchemaVisit::wrong(const std::function<std::string()>& message) const {
  if (run.listens()) run.add(place, message());
  return false;
}

std::vector<SchemaIssue> SchemaRun::validate(const Json& document) {
  std::vector<SchemaIssue> issues;
  issues_ = &issues;
  const bool right = apply(*program_.root, document, {}, nullptr);
  issues_ = nullptr;
  if (budget_ == 0) return {{"", "takes too long to check against this schema"}};
  if (!right && issues.empty()) return {{"", "is not what the schema asks for"}};
  return issues;
}

bool SchemaRun::apply(const SchemaNode& node, const Json& json, const DocumentPlace& place, SchemaSeen* seen) {
  budget_ -= std::min(budget_, visit_cost);
  if (depth_ > deepest_visit) budget_ = 0;
  if (budget_ == 0) return false;
  const bool enters = scope_.empty() || scope_.back() != node.resource;
  if (enters) scope_.push_back(node.resource);
  ++depth_;
  SchemaSeen own;
  SchemaVisit visit{json, place, own, *this};
  bool right = true;
  for (const SchemaRule& rule : node.rules) {
    right = rule(visit) && right;
    if (!right && !listens()) break;
  }
  --depth_;
  if (enters) scope_.pop_back();
  if (right && seen != nullptr) seen->add(own);
  return right && budget_ > 0;
}

bool SchemaRun::fits(const SchemaNode& node, const Json& json, const DocumentPlace& place, SchemaSeen* seen) {
  std::vector<SchemaIssue>* const listening = std::exchange(issues_, nullptr);
  const bool right = apply(node, json, place, seen);
  issues_ = listening;
  return right;
}

std::vector<SchemaIssue> SchemaRun::issues_of(const SchemaNode& node, const Json& json, const DocumentPlace& place) {
  std::vector<SchemaIssue> issues;
  std::vector<SchemaIssue>* const listening = std::exchange(issues_, &issues);
  apply(node, json, place, nullptr);
  issues_ = listening;
  return issues;
}

void SchemaRun::add(const DocumentPlace& place, std::string message) {
  issues_->push_back({path_text(place), std::move(message)});
}

void SchemaRun::add(std::vector<SchemaIssue> issues) {
  std::move(issues.begin(), issues.end(), std::back_inserter(*issues_));
}

const SchemaNode* SchemaRun::dynamic(const std::string& anchor) const {
  for (const SchemaResource* resource : scope_) {
    if (const auto found = program_.dynamic.find({resource, anchor}); found != program_.dynamic.end())
      return found->second;
  }
  return nullptr;
}

}  // namespace persona::llm
