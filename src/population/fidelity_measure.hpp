//! What a fidelity check keeps while people stream through it: one measure per attribute, pair and constraint.
#pragma once

#include "compiled.hpp"

#include <persona/population/fidelity.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace persona {

using Compiled = PopulationModel::Compiled;

//! The next people, as numbers. All blocks but the last hold `fidelity_block_rows`, however the
//! batches were cut: what is measured cannot depend on that.
struct FidelityBlock {
  std::uint64_t first = 0;  //!< people before it
  std::size_t rows = 0;
  std::vector<const double*> columns;  //!< one per attribute; null for texts and lists
};

inline constexpr std::size_t fidelity_block_rows = 32'768;

//! One or a few lines of the report in the making. One thread at a time.
class FidelityMeasure {
 public:
  virtual ~FidelityMeasure() = default;
  virtual std::unique_ptr<FidelityMeasure> clone() const = 0;

  //! Sees the first block before it is added: scales and bins that need not be exact come from it.
  virtual void calibrate(const FidelityBlock&) {}
  virtual void add(const FidelityBlock&) {}
  virtual void add_lists(const Population&) {}  //!< lists have no numbers; they are counted batch by batch

  //! Appends lines and charts. A line's verdict says what it is unless its p-value is rejected.
  virtual void report(FidelityReport& report) const = 0;

 protected:
  FidelityMeasure() = default;
  FidelityMeasure(const FidelityMeasure&) = default;
  FidelityMeasure& operator=(const FidelityMeasure&) = default;
};

using FidelityMeasurePtr = std::unique_ptr<FidelityMeasure>;

//! Of one attribute; null where there is nothing to say of it.
FidelityMeasurePtr measure_attribute(const Compiled& model, std::size_t attribute, bool exact);

FidelityMeasurePtr measure_labels(const Compiled& model, std::size_t attribute);
FidelityMeasurePtr measure_numbers(const Compiled& model, std::size_t attribute, bool exact);
FidelityMeasurePtr measure_list(const Compiled& model, std::size_t attribute);
FidelityMeasurePtr measure_derived(const Compiled& model, std::size_t attribute);

//! Of one asked correlation.
FidelityMeasurePtr measure_pearson(const Compiled& model, const CorrelationFinding& finding);
FidelityMeasurePtr measure_ranks(const Compiled& model, const CorrelationFinding& finding, bool exact);

FidelityMeasurePtr measure_constraint(const Compiled& model, std::size_t constraint);

//! The matrix of everything that has numbers, for the chart.
FidelityMeasurePtr measure_matrix(const Compiled& model);

// What several measures need.

std::size_t attribute_index(const Compiled& model, std::string_view name);

//! Labels, or "false" and "true"; empty for numbers.
std::vector<std::string> bar_labels(const Field& field);

//! Scores of an ordinal's codes; empty where a number stands for itself.
std::vector<double> ordinal_scores(const CompiledAttribute& attribute);

//! The sorted values of the pilot, or null where constraints do not touch the attribute.
const std::vector<double>* pilot_values(const Compiled& model, std::size_t attribute);
std::string drift_note(const Compiled& model, const std::string& attribute);

//! Computed from others: right by construction, so there is nothing to judge.
bool is_derived(const Law& law);
bool any_derived(const CompiledAttribute& attribute);

//! The law to judge each person by. People were drawn by true values that may since be hidden: where
//! a given attribute is missing, or the law is derived, it is `no_law`. Missing at random, so unbiased.
std::vector<std::uint16_t> laws_of_rows(const CompiledAttribute& attribute, const FidelityBlock& block);

//! An operand for some rows of a block; NaN where anything it reads is missing.
std::vector<double> operand_values(const Compiled& model, const Operand& operand, const FidelityBlock& block,
                                   std::span<const std::uint32_t> rows);
std::vector<double> expression_values(const BoundExpression& expression, const FidelityBlock& block,
                                      std::span<const std::uint32_t> rows);

FidelityLine attribute_line(const Compiled& model, std::size_t attribute);             //!< of all its people
FidelityLine law_line(const Compiled& model, std::size_t attribute, std::size_t law);  //!< of the people of one law

//! Counts missing values where the law is known.
struct MissingCount {
  std::int64_t people = 0, missing = 0;
  void add(bool is_missing) {
    ++people;
    missing += is_missing ? 1 : 0;
  }
  void report(const Compiled& model, std::size_t attribute, FidelityReport& report) const;
};

}  // namespace persona
