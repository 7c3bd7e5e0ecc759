//! Metrics by name.
#include <persona/prompt/metric.hpp>

#include "core/text.hpp"

#include <array>
#include <utility>

namespace persona::prompt {
namespace {

constexpr std::array<std::pair<std::string_view, MetricPtr (*)(std::string)>, 9> named_metrics{{
    {"exact_match", [](std::string field) { return exact_match(std::move(field)); }},
    {"token_f1", [](std::string field) { return token_f1(std::move(field)); }},
    {"contains", [](std::string field) { return contains(std::move(field)); }},
    {"matches_pattern", [](std::string field) { return matches_pattern(std::move(field)); }},
    {"edit_similarity", [](std::string field) { return edit_similarity(std::move(field)); }},
    {"near", [](std::string field) { return near(std::move(field)); }},
    {"rouge_l", [](std::string field) { return rouge_l(std::move(field)); }},
    {"bleu", [](std::string field) { return bleu(std::move(field)); }},
    {"chrf", [](std::string field) { return chrf(std::move(field)); }},
}};

}  // namespace

Result<MetricPtr> metric_named(std::string_view name, std::string field) {
  std::vector<std::string> names;
  for (const auto& [each, make] : named_metrics) {
    if (each == name) return make(std::move(field));
    names.emplace_back(each);
  }
  return fail(Errc::not_found, "there is no metric '" + std::string(name) + "'" + did_you_mean(name, names) +
                                   "; there are " + listing(names, names.size()));
}

}  // namespace persona::prompt
