//! All optimizers, by name.
#include <persona/prompt/optimizers.hpp>
#include <persona/prompt/optimizers/bootstrap_few_shot.hpp>
#include <persona/prompt/optimizers/copro.hpp>
#include <persona/prompt/optimizers/ensemble_search.hpp>
#include <persona/prompt/optimizers/evoprompt.hpp>
#include <persona/prompt/optimizers/gepa.hpp>
#include <persona/prompt/optimizers/halving.hpp>
#include <persona/prompt/optimizers/knn_few_shot.hpp>
#include <persona/prompt/optimizers/labeled_few_shot.hpp>
#include <persona/prompt/optimizers/mipro.hpp>
#include <persona/prompt/optimizers/opro.hpp>
#include <persona/prompt/optimizers/protegi.hpp>
#include <persona/prompt/optimizers/random_search.hpp>
#include <persona/prompt/optimizers/rule_induction.hpp>
#include <persona/prompt/optimizers/simba.hpp>

#include "core/text.hpp"

#include <array>
#include <utility>

namespace persona::prompt {
namespace {

constexpr std::array<std::pair<std::string_view, OptimizerPtr (*)()>, 14> named_optimizers{{
    {"halving", [] { return halving(); }},
    {"labeled_few_shot", [] { return labeled_few_shot(); }},
    {"bootstrap_few_shot", [] { return bootstrap_few_shot(); }},
    {"random_search", [] { return random_search(); }},
    {"knn_few_shot", [] { return knn_few_shot(); }},
    {"copro", [] { return copro(); }},
    {"mipro", [] { return mipro(); }},
    {"simba", [] { return simba(); }},
    {"gepa", [] { return gepa(); }},
    {"opro", [] { return opro(); }},
    {"evoprompt", [] { return evoprompt(); }},
    {"protegi", [] { return protegi(); }},
    {"rule_induction", [] { return rule_induction(); }},
    {"ensemble_search", [] { return ensemble_search(); }},
}};

}  // namespace

std::vector<std::string> optimizer_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : named_optimizers) names.emplace_back(name);
  return names;
}

Result<OptimizerPtr> optimizer_named(std::string_view name) {
  for (const auto& [each, make] : named_optimizers)
    if (each == name) return make();
  const auto names = optimizer_names();
  return fail(Errc::not_found, "there is no optimizer '" + std::string(name) + "'" + did_you_mean(name, names) +
                                   "; there are " + listing(names, names.size()));
}

}  // namespace persona::prompt
