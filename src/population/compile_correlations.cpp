//! Blocks of correlated attributes: matched in closed form where there is one, by pilot elsewhere.
#include "compile.hpp"
#include "correlation_match.hpp"
#include "dependencies.hpp"
#include "latent_matrix.hpp"
#include "pilot.hpp"
#include "sampler_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace persona {
namespace {

constexpr double latent_limit = 0.9995;
constexpr int most_pilot_rounds = 10;
constexpr double pilot_tolerance = 2e-4;  // a fifth of the standard error at a million people
constexpr std::uint64_t pilot_factor = 4;

// One asked correlation while its normal correlation is sought.
struct CorrelationTask {
  std::size_t a = 0, b = 0;
  bool exact = false;  // the closed form holds
  double latent = 0;
  double previous_latent = 0, previous_value = 0;
  bool has_previous = false;
};

std::vector<WeightedMarginal> weighted_marginals(const CompiledAttribute& attribute) {
  std::vector<WeightedMarginal> cases;
  for (const Law& law : attribute.laws) {
    if (!law.marginal.has_value() || law.transform != Transform::none) return {};
    if (law.probability > 0) cases.push_back({law.probability, &*law.marginal});
  }
  return cases;
}

// The cases of an attribute are independent of each other and of everything it may be correlated with.
bool has_simple_cases(const CompiledModel& model, std::size_t attribute) {
  const auto& given = model.attributes[attribute].cases.given;
  return std::all_of(given.begin(), given.end(), [&](const auto& g) {
    const CompiledAttribute& parent = model.attributes[g.attribute];
    return parent.block < 0 && parent.cases.given.empty() && parent.laws.front().marginal.has_value() &&
           parent.laws.front().transform == Transform::none;
  });
}

bool closed_form_holds(const CompiledModel& model, std::size_t a, std::size_t b) {
  if (!model.constraints.empty()) return false;
  if (weighted_marginals(model.attributes[a]).empty() || weighted_marginals(model.attributes[b]).empty()) return false;
  const bool cases_a = !model.attributes[a].cases.given.empty(), cases_b = !model.attributes[b].cases.given.empty();
  if (!has_simple_cases(model, a) || !has_simple_cases(model, b)) return false;
  if (!cases_a || !cases_b) return true;
  for (const auto& ga : model.attributes[a].cases.given)
    for (const auto& gb : model.attributes[b].cases.given)
      if (ga.attribute == gb.attribute) return false;
  return true;
}

// Attributes joined by asked correlations, in column order.
void make_blocks(CompiledModel& model, const std::vector<CorrelationTask>& tasks) {
  std::vector<std::size_t> root(model.attributes.size());
  std::iota(root.begin(), root.end(), std::size_t{0});
  const auto find = [&](std::size_t i) {
    while (root[i] != i) i = root[i];
    return i;
  };
  std::vector<bool> correlated(root.size(), false);
  for (const auto& task : tasks) {
    correlated[task.a] = correlated[task.b] = true;
    const std::size_t ra = find(task.a), rb = find(task.b);
    root[std::max(ra, rb)] = std::min(ra, rb);
  }
  std::vector<int> block_of(root.size(), -1);
  for (std::size_t i = 0; i < root.size(); ++i) {
    if (!correlated[i]) continue;
    int& block = block_of[find(i)];
    if (block < 0) {
      block = static_cast<int>(model.blocks.size());
      model.blocks.emplace_back();
    }
    auto& members = model.blocks[static_cast<std::size_t>(block)].attributes;
    model.attributes[i].block = block;
    model.attributes[i].position = members.size();
    members.push_back(i);
  }
}

std::string_view kind_name(CorrelationKind kind) {
  return kind == CorrelationKind::pearson ? "Pearson" : kind == CorrelationKind::spearman ? "Spearman" : "Kendall";
}

Status refuse_infinite(const CompiledModel& model, const CorrelationFinding& finding, const CorrelationTask& task,
                       std::size_t at) {
  if (finding.asked.kind != CorrelationKind::pearson) return {};
  for (const std::size_t attribute : {task.a, task.b})
    for (const Law& law : model.attributes[attribute].laws)
      if (law.marginal.has_value() && !std::isfinite(law.marginal->sd()))
        return fail(Errc::infeasible,
                    fmt::format("attribute '{}' has no finite variance, so it has no Pearson correlation; ask for "
                                "spearman or kendall, or truncate it",
                                model.attributes[attribute].field.name),
                    fmt::format("/correlations/{}", at));
  return {};
}

Status match_in_closed_form(CompiledModel& model, std::vector<CorrelationTask>& tasks) {
  std::vector<std::optional<MatchedMarginal>> matched(model.attributes.size());
  for (const auto& task : tasks) {
    for (const std::size_t attribute : {task.a, task.b}) {
      auto cases = weighted_marginals(model.attributes[attribute]);
      if (!matched[attribute].has_value() && !cases.empty()) matched[attribute].emplace(std::move(cases));
    }
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    CorrelationTask& task = tasks[i];
    CorrelationFinding& finding = model.report.correlations[i];
    if (auto status = refuse_infinite(model, finding, task, i); !status) return status;
    task.exact = closed_form_holds(model, task.a, task.b);
    task.latent = std::clamp(finding.asked.value, -0.95, 0.95);
    if (!matched[task.a].has_value() || !matched[task.b].has_value()) continue;
    const PairRange range = feasible_range(*matched[task.a], *matched[task.b], finding.asked.kind);
    finding.lowest = range.lowest;
    finding.highest = range.highest;
    if (task.exact && (finding.asked.value < range.lowest - 1e-9 || finding.asked.value > range.highest + 1e-9))
      return fail(
          Errc::infeasible,
          fmt::format(
              "'{}' and '{}' cannot have a {} correlation of {}: their distributions reach from {:.4f} to {:.4f}",
              finding.asked.a, finding.asked.b, kind_name(finding.asked.kind), finding.asked.value, range.lowest,
              range.highest),
          fmt::format("/correlations/{}", i));
    const double target = std::clamp(finding.asked.value, range.lowest, range.highest);
    task.latent = solve_latent(*matched[task.a], *matched[task.b], finding.asked.kind, target);
  }
  return {};
}

// The latent matrices of all blocks from the tasks, made positive definite. @return whether any was moved
Status assemble(CompiledModel& model, std::vector<CorrelationTask>& tasks, bool& moved) {
  moved = false;
  for (std::size_t b = 0; b < model.blocks.size(); ++b) {
    CorrelatedBlock& block = model.blocks[b];
    LatentMatrix matrix(block.attributes.size());
    for (std::size_t i = 0; i < tasks.size(); ++i)
      if (model.attributes[tasks[i].a].block == static_cast<int>(b))
        matrix.ask(model.attributes[tasks[i].a].position, model.attributes[tasks[i].b].position, tasks[i].latent,
                   model.report.correlations[i].asked.weight);
    moved = matrix.make_positive_definite() || moved;
    block.latent = matrix.values();
    if (!cholesky(block.latent, block.attributes.size(), block.lower))
      return fail(Errc::internal, "the correlation matrix could not be made positive definite", "/correlations");
    for (auto& task : tasks)
      if (model.attributes[task.a].block == static_cast<int>(b))
        task.latent = matrix.at(model.attributes[task.a].position, model.attributes[task.b].position);
  }
  return {};
}

// A secant step towards the asked value, held within reason.
double next_latent(CorrelationTask& task, double asked, double measured) {
  double slope = 1;
  if (task.has_previous && std::abs(task.latent - task.previous_latent) > 1e-6)
    slope = std::clamp((measured - task.previous_value) / (task.latent - task.previous_latent), 0.1, 2.0);
  task.previous_latent = task.latent;
  task.previous_value = measured;
  task.has_previous = true;
  return std::clamp(task.latent + std::clamp((asked - measured) / slope, -0.5, 0.5), -latent_limit, latent_limit);
}

Status match_by_pilot(CompiledModel& model, SamplerTables& tables, std::vector<CorrelationTask>& tasks,
                      const CompileOptions& options, const Context& context, bool& moved) {
  for (int round = 0;; ++round) {
    tables.set_lower(model);
    auto pilot = draw_pilot(model, options.pilot_rows * pilot_factor, true, context);
    if (!pilot) return tl::unexpected<Error>(pilot.error());
    double worst = 0;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (tasks[i].exact) continue;
      CorrelationFinding& finding = model.report.correlations[i];
      const MeasuredCorrelation measured = measure_correlation(model, pilot->people, finding.asked);
      finding.used = measured.value;
      finding.pilot_error = measured.standard_error;
      worst = std::max(worst, std::abs(measured.value - finding.asked.value));
    }
    if (worst < pilot_tolerance || round == most_pilot_rounds) return {};
    for (std::size_t i = 0; i < tasks.size(); ++i)
      if (!tasks[i].exact)
        tasks[i].latent =
            next_latent(tasks[i], model.report.correlations[i].asked.value, model.report.correlations[i].used);
    if (auto status = assemble(model, tasks, moved); !status) return status;
  }
}

// What a latent correlation that was moved amounts to.
void settle(CompiledModel& model, const std::vector<CorrelationTask>& tasks, bool moved) {
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    CorrelationFinding& finding = model.report.correlations[i];
    finding.latent = tasks[i].latent;
    if (tasks[i].exact) {
      if (moved) {
        const MatchedMarginal a(weighted_marginals(model.attributes[tasks[i].a]));
        const MatchedMarginal b(weighted_marginals(model.attributes[tasks[i].b]));
        finding.used = finished_correlation(a, b, finding.asked.kind, finding.latent);
      }
      finding.moved = std::abs(finding.used - finding.asked.value) > 1e-6;
      if (finding.moved)
        finding.reason = "not all asked correlations can be had at once; this is the nearest set that can";
    } else {
      finding.moved = std::abs(finding.used - finding.asked.value) > 5 * pilot_tolerance;
      if (finding.moved)
        finding.reason = moved ? "not all asked correlations can be had at once; this is near the nearest set that can"
                               : "cases, parameters or constraints leave no more of it";
    }
    if (!finding.moved) finding.used = finding.asked.value;
  }
}

// Everything that decides an attribute's case: its given attributes and what they are given by in turn.
void collect_deciders(const CompiledModel& model, std::size_t attribute, std::vector<bool>& deciders) {
  for (const std::string& name : references(model.flat.attributes[attribute])) {
    const int index = find_attribute(model, name);
    if (index < 0 || deciders[static_cast<std::size_t>(index)]) continue;
    deciders[static_cast<std::size_t>(index)] = true;
    collect_deciders(model, static_cast<std::size_t>(index), deciders);
  }
}

// Cases and correlations that both say how an attribute depends on another cannot both be kept.
void note_contradictions(CompiledModel& model) {
  for (const CorrelatedBlock& block : model.blocks) {
    const std::size_t d = block.attributes.size();
    for (std::size_t i = 0; i < d; ++i) {
      std::vector<bool> deciders(model.attributes.size(), false);
      collect_deciders(model, block.attributes[i], deciders);
      for (std::size_t j = 0; j < d; ++j)
        if (i != j && deciders[block.attributes[j]] && std::abs(block.latent[i * d + j]) > 1e-6)
          model.report.notes.push_back(fmt::format(
              "attribute '{0}': its cases or parameters follow from '{1}', and so does a correlation of the "
              "two; the correlation is kept and the distribution within cases shifts. Leave one of them out",
              model.attributes[block.attributes[i]].field.name, model.attributes[block.attributes[j]].field.name));
    }
  }
}

}  // namespace

Status compile_correlations(CompiledModel& model, const CompileOptions& options, const Context& context) {
  std::vector<CorrelationTask> tasks;
  for (const Correlation& asked : model.flat.correlations) {
    tasks.push_back({static_cast<std::size_t>(find_attribute(model, asked.a)),
                     static_cast<std::size_t>(find_attribute(model, asked.b))});
    CorrelationFinding& finding = model.report.correlations.emplace_back();
    finding.asked = asked;
    finding.used = asked.value;
  }
  make_blocks(model, tasks);
  if (auto status = match_in_closed_form(model, tasks); !status) return status;
  bool moved = false;
  if (auto status = assemble(model, tasks, moved); !status) return status;
  auto tables = SamplerTables::make(model);
  model.tables = tables;
  tables->set_lower(model);
  const bool all_exact = std::all_of(tasks.begin(), tasks.end(), [](const auto& task) { return task.exact; });
  if (!all_exact) {
    if (!model.constraints.empty()) {  // refused before people are sought that do not exist
      auto free = draw_pilot(model, options.pilot_rows, false, context);
      if (!free) return tl::unexpected<Error>(free.error());
      const auto share = satisfied_share(model, free->people);
      if (!share) return tl::unexpected<Error>(share.error());
      if (*share < options.least_acceptance) return measure_constraints(model, options, context);
    }
    if (auto status = match_by_pilot(model, *tables, tasks, options, context, moved); !status) return status;
  }
  settle(model, tasks, moved);
  note_contradictions(model);
  return {};
}

}  // namespace persona
