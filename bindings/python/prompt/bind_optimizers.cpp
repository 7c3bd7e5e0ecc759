//! The optimizers of the library.
#include "bind_prompt.hpp"
#include "fields_caster.hpp"
#include "llm/provider_caster.hpp"
#include "optimizer_caster.hpp"
#include "result_caster.hpp"

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

namespace persona::python {
namespace py = pybind11;
using namespace prompt;
namespace {

// One keyword for each option, with the default that it has.
template <class Options, class... M>
void def_optimizer(py::module_& m, const char* name, OptimizerPtr (*make)(Options), const char* doc,
                   std::pair<const char*, M Options::*>... options) {
  const Options usual{};
  m.def(
      name,
      [=](M... given) {
        Options chosen;
        ((chosen.*(options.second) = std::move(given)), ...);
        return make(std::move(chosen));
      },
      (py::arg(options.first) = usual.*(options.second))..., doc);
}

template <class Options, class M>
std::pair<const char*, M Options::*> option(const char* name, M Options::*pointer) {
  return {name, pointer};
}

void bind_demos(py::module_& m) {
  def_optimizer(m, "labeled_few_shot", &labeled_few_shot, "k examples of the data as demos (DSPy LabeledFewShot).",
                option("k", &LabeledFewShotOptions::k));
  def_optimizer(
      m, "bootstrap_few_shot", &bootstrap_few_shot, "Demos made by running the program and keeping what went well.",
      option("bootstrapped_demos", &BootstrapFewShotOptions::bootstrapped_demos),
      option("labeled_demos", &BootstrapFewShotOptions::labeled_demos),
      option("rounds", &BootstrapFewShotOptions::rounds), option("threshold", &BootstrapFewShotOptions::threshold));
  def_optimizer(m, "random_search", &random_search, "Many sets of bootstrapped demos, and the best of them.",
                option("candidates", &RandomSearchOptions::candidates),
                option("bootstrapped_demos", &RandomSearchOptions::bootstrapped_demos),
                option("labeled_demos", &RandomSearchOptions::labeled_demos),
                option("threshold", &RandomSearchOptions::threshold));
  def_optimizer(m, "knn_few_shot", &knn_few_shot, "Demos chosen for each question (Liu et al. 2022).",
                option("k", &KnnFewShotOptions::k), option("embedder", &KnnFewShotOptions::embedder),
                option("embedding_model", &KnnFewShotOptions::embedding_model));
  def_optimizer(m, "ensemble_search", &ensemble_search, "The best of several programs, voting (Caruana et al. 2004).",
                option("members", &EnsembleOptions::members), option("candidates", &EnsembleOptions::candidates));
}

void bind_instructions(py::module_& m) {
  def_optimizer(m, "copro", &copro, "Instructions by coordinate ascent (DSPy COPRO).",
                option("breadth", &CoproOptions::breadth), option("depth", &CoproOptions::depth),
                option("temperature", &CoproOptions::temperature));
  def_optimizer(m, "mipro", &mipro,
                "Instructions and demo sets chosen together by a surrogate (Opsahl-Ong et al. 2024). size: 'light',\n"
                "'medium' or 'heavy'.",
                option("size", &MiproOptions::size), option("bootstrapped_demos", &MiproOptions::bootstrapped_demos),
                option("labeled_demos", &MiproOptions::labeled_demos), option("minibatch", &MiproOptions::minibatch),
                option("full_every", &MiproOptions::full_every), option("temperature", &MiproOptions::temperature));
  def_optimizer(m, "simba", &simba, "Demos and rules from examples whose runs disagree (DSPy SIMBA).",
                option("batch", &SimbaOptions::batch), option("candidates", &SimbaOptions::candidates),
                option("steps", &SimbaOptions::steps), option("most_demos", &SimbaOptions::most_demos),
                option("temperature", &SimbaOptions::temperature));
  def_optimizer(m, "gepa", &gepa,
                "Reflection on failures, and a Pareto front of who is best where (Agrawal et al. 2025).",
                option("minibatch", &GepaOptions::minibatch), option("most_merges", &GepaOptions::most_merges),
                option("proposals", &GepaOptions::proposals), option("race_gate", &GepaOptions::race_gate));
  def_optimizer(m, "opro", &opro, "Instructions from a scored history of instructions (Yang et al. 2023).",
                option("steps", &OproOptions::steps), option("proposals", &OproOptions::proposals),
                option("history", &OproOptions::history), option("exemplars", &OproOptions::exemplars),
                option("temperature", &OproOptions::temperature));
  def_optimizer(m, "evoprompt", &evoprompt,
                "Instructions that are crossed and mutated (Guo et al. 2023). evolution: 'genetic' or 'differential'.",
                option("evolution", &EvoPromptOptions::evolution), option("population", &EvoPromptOptions::population),
                option("generations", &EvoPromptOptions::generations));
  def_optimizer(m, "protegi", &protegi, "Instructions mended by criticism, in a beam (Pryzant et al. 2023).",
                option("beam", &ProtegiOptions::beam), option("rounds", &ProtegiOptions::rounds),
                option("minibatch", &ProtegiOptions::minibatch), option("criticisms", &ProtegiOptions::criticisms),
                option("errors", &ProtegiOptions::errors), option("paraphrases", &ProtegiOptions::paraphrases),
                option("expansions", &ProtegiOptions::expansions));
  def_optimizer(m, "rule_induction", &rule_induction, "Rules induced from examples, added to the instructions.",
                option("candidates", &RuleInductionOptions::candidates), option("rules", &RuleInductionOptions::rules));
  def_optimizer(
      m, "halving", &halving, "The default: demos and instructions, compared by a model of how hard each example is.",
      option("instructions", &HalvingOptions::instructions), option("demo_sets", &HalvingOptions::demo_sets),
      option("rounds", &HalvingOptions::rounds), option("bootstrapped_demos", &HalvingOptions::bootstrapped_demos),
      option("labeled_demos", &HalvingOptions::labeled_demos));
}

}  // namespace

void bind_optimizers(py::module_& module) {
  bind_demos(module);
  bind_instructions(module);
  module.def("optimizer_names", &optimizer_names, "The default comes first.");
  module.def("optimizer_named", &optimizer_named, py::arg("name"), "Raises NotFound: the message lists the names.");
}

}  // namespace persona::python
