//! Metrics by name.
#include <persona/prompt/metric.hpp>

#include "core/text.hpp"

#include <array>
#include <utility>

namespace persona::prompt {
namespace {

constexpr std::array<std::pair<std::string_view, MetricPtr (*)(std::string, std::string)>, 9> named_metrics{{
    {"exact_match", exact_match},
    {"token_f1", token_f1},
    {"contains", contains},
    {"matches_pattern", matches_pattern},
    {"edit_similarity", edit_similarity},
    {"near",
     [](std::string field, std::string references) { return near(std::move(field), 0, 1e-6, std::move(references)); }},
    {"rouge_l", rouge_l},
    {"bleu", bleu},
    {"chrf", chrf},
}};

}  // namespace

Result<MetricPtr> metric_named(std::string_view name, std::string field, std::string references) {
  std::vector<std::string> names;
  for (const auto& [each, make] : named_metrics) {
    if (each == name) return make(std::move(field), std::move(references));
    names.emplace_back(each);
  }
  return fail(Errc::not_found, "there is no metric '" + std::string(name) + "'" + did_you_mean(name, names) +
                                   "; there are " + listing(names, names.size()));
}

}  // namespace persona::prompt
