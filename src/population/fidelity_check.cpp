//! People stream in, cut into equal blocks; measures read each block side by side.
#include "fidelity_measure.hpp"
#include "fidelity_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <limits>
#include <thread>

namespace persona {

namespace {

//! Each task by one thread; which one never matters to what it computes.
void run_fidelity_tasks(std::size_t tasks, Parallelism parallelism, const std::function<void(std::size_t)>& task) {
  const std::size_t allowed = parallelism.threads != 0 ? parallelism.threads : std::thread::hardware_concurrency();
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < tasks; i = next++) task(i);
  };
  std::vector<std::jthread> helpers;
  for (std::size_t k = 1; k < std::min(allowed, tasks); ++k) helpers.emplace_back(work);
  work();
}

bool is_counted_as_numbers(const Field& field) {
  return field.type != ColumnType::text && field.type != ColumnType::list;
}

std::vector<FidelityMeasurePtr> clone_measures(const std::vector<FidelityMeasurePtr>& measures) {
  std::vector<FidelityMeasurePtr> clones;
  for (const auto& measure : measures) clones.push_back(measure->clone());
  return clones;
}

}  // namespace

struct FidelityCheck::State {
  PopulationModel model;
  FidelityOptions options;
  std::vector<FidelityMeasurePtr> measures;
  std::vector<std::vector<double>> pending;  //!< one per attribute, the rows of the block being filled
  std::size_t filled = 0;
  std::uint64_t blocked = 0;  //!< rows in finished blocks
  Origin origin;
  bool same_origin = true;  //!< all batches are one run of one seed

  State(PopulationModel model, FidelityOptions options) : model(std::move(model)), options(options) {}

  FidelityBlock block() const {
    FidelityBlock block{blocked, filled, {}};
    for (const auto& column : pending) block.columns.push_back(column.empty() ? nullptr : column.data());
    return block;
  }

  static void measure(const FidelityBlock& block, std::vector<FidelityMeasurePtr>& measures, Parallelism parallelism) {
    run_fidelity_tasks(measures.size(), parallelism, [&](std::size_t i) {
      if (block.first == 0) measures[i]->calibrate(block);
      measures[i]->add(block);
    });
  }

  std::vector<const Column*> columns_of(const Population& batch) const {
    std::vector<const Column*> columns;
    for (const auto& attribute : model.compiled().attributes) columns.push_back(batch.find(attribute.field.name));
    return columns;
  }

  Status accept(const std::vector<const Column*>& columns) const {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Field& field = model.compiled().attributes[i].field;
      if (columns[i] == nullptr)
        return fail(Errc::invalid_argument, fmt::format("the population has no column '{}'", field.name));
      const Field& given = columns[i]->field();
      if (given.type != field.type)
        return fail(Errc::invalid_argument, fmt::format("column '{}' is {}, the model's is {}", field.name,
                                                        to_string(given.type), to_string(field.type)));
      if (field.labels && (!given.labels || *given.labels != *field.labels))
        return fail(Errc::invalid_argument, fmt::format("column '{}' has other labels than the model's", field.name));
    }
    return {};
  }

  void remember_origin(const Origin& batch) {
    const std::uint64_t rows = blocked + filled;
    if (rows == 0) origin = batch;
    same_origin = same_origin && batch.spec_hash == origin.spec_hash && batch.seed == origin.seed &&
                  batch.start == origin.start + rows;
  }

  void take(const std::vector<const Column*>& columns, std::int64_t rows, Parallelism parallelism) {
    for (std::int64_t first = 0; first < rows;) {
      const std::size_t count = std::min(fidelity_block_rows - filled, static_cast<std::size_t>(rows - first));
      run_fidelity_tasks(columns.size(), parallelism, [&](std::size_t i) {
        if (!pending[i].empty()) columns[i]->numbers(first, {pending[i].data() + filled, count});
      });
      first += static_cast<std::int64_t>(count);
      filled += count;
      if (filled < fidelity_block_rows) return;
      measure(block(), measures, parallelism);
      blocked += filled;
      filled = 0;
    }
  }
};

FidelityCheck::FidelityCheck(std::unique_ptr<State> state) : state_(std::move(state)) {}
FidelityCheck::FidelityCheck(FidelityCheck&&) noexcept = default;
FidelityCheck& FidelityCheck::operator=(FidelityCheck&&) noexcept = default;
FidelityCheck::~FidelityCheck() = default;

Result<FidelityCheck> FidelityCheck::make(const PopulationModel& model, FidelityOptions options) {
  if (!(options.level > 0 && options.level < 1))
    return fail(Errc::invalid_argument, fmt::format("level must lie between 0 and 1, got {}", options.level));
  auto state = std::make_unique<State>(model, options);
  const PopulationModel::Compiled& compiled = state->model.compiled();
  const auto keep = [&](FidelityMeasurePtr measure) {
    if (measure) state->measures.push_back(std::move(measure));
  };
  for (std::size_t i = 0; i < compiled.attributes.size(); ++i) {
    state->pending.emplace_back(is_counted_as_numbers(compiled.attributes[i].field) ? fidelity_block_rows : 0);
    keep(measure_attribute(compiled, i, options.exact));
  }
  for (const CorrelationFinding& finding : compiled.report.correlations)
    keep(finding.asked.kind == CorrelationKind::pearson ? measure_pearson(compiled, finding)
                                                        : measure_ranks(compiled, finding, options.exact));
  for (std::size_t i = 0; i < compiled.constraints.size(); ++i) keep(measure_constraint(compiled, i));
  keep(measure_matrix(compiled));
  return FidelityCheck(std::move(state));
}

Status FidelityCheck::add(const Population& batch, Parallelism parallelism) {
  const auto columns = state_->columns_of(batch);
  if (Status accepted = state_->accept(columns); !accepted) return accepted;
  state_->remember_origin(batch.origin());
  run_fidelity_tasks(state_->measures.size(), parallelism,
                     [&](std::size_t i) { state_->measures[i]->add_lists(batch); });
  state_->take(columns, batch.size(), parallelism);
  return {};
}

namespace {

//! A line is right unless Holm's method rejects it among all lines that chance could fail.
void give_verdicts(FidelityReport& report) {
  std::vector<double> p_values;
  for (const FidelityLine& line : report.lines)
    if (line.kind != FidelityKind::constraint) p_values.push_back(line.p_value);
  const auto rejected = holm_rejections(p_values, report.level);
  std::size_t next = 0;
  for (FidelityLine& line : report.lines) {
    const bool fails = line.kind == FidelityKind::constraint ? line.p_value < 1 : rejected[next++];
    if (fails) line.verdict = Verdict::fail;
  }
}

}  // namespace

Result<FidelityReport> FidelityCheck::finish() const {
  const std::uint64_t rows = state_->blocked + state_->filled;
  if (rows == 0) return fail(Errc::invalid_argument, "no people were added, so there is nothing to judge");
  auto measures = clone_measures(state_->measures);
  if (state_->filled > 0) State::measure(state_->block(), measures, {});
  const PopulationModel::Compiled& compiled = state_->model.compiled();
  FidelityReport report;
  report.title = compiled.spec.name.empty() ? "Population" : compiled.spec.name;
  report.spec_hash = compiled.spec_hash;
  report.rows = static_cast<std::int64_t>(rows);
  report.exact = state_->options.exact;
  report.level = state_->options.level;
  report.acceptance = compiled.report.acceptance;
  report.findings = compiled.report.correlations;
  report.notes = compiled.report.notes;
  report.seed = state_->origin.seed;
  report.start = state_->origin.start;
  if (state_->origin.spec_hash != compiled.spec_hash)
    report.notes.push_back("these people do not say that they were drawn from this specification");
  else if (!state_->same_origin)
    report.notes.push_back("the batches are not one run of one seed; seed and start are those of the first");
  for (const auto& measure : measures) measure->report(report);
  give_verdicts(report);
  return report;
}

Result<FidelityReport> check_fidelity(const PopulationModel& model, const Population& population,
                                      FidelityOptions options) {
  return FidelityCheck::make(model, options).and_then([&](FidelityCheck check) -> Result<FidelityReport> {
    if (Status added = check.add(population); !added) return tl::unexpected<Error>(added.error());
    return check.finish();
  });
}

std::string_view to_string(Verdict verdict) {
  static constexpr std::string_view names[] = {"pass", "moved", "fail"};
  return names[static_cast<int>(verdict)];
}

std::string_view to_string(FidelityKind kind) {
  static constexpr std::string_view names[] = {"marginal", "conditional", "correlation",
                                               "missing",  "constraint",  "segment"};
  return names[static_cast<int>(kind)];
}

}  // namespace persona
