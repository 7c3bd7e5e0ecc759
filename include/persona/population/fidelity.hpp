//! Does a population keep to its specification? Every line with its sampling error.
#pragma once

#include <persona/core/context.hpp>
#include <persona/core/result.hpp>
#include <persona/population/model.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace persona {

enum class Verdict {
  pass,   //!< within sampling error of what was asked
  moved,  //!< within sampling error of what could be had, which compile reported as moved or drifted
  fail,
};

enum class FidelityKind { marginal, conditional, correlation, missing, constraint, segment };

//! One statement about the population and how it was judged.
struct FidelityLine {
  FidelityKind kind = FidelityKind::marginal;
  std::string name;       //!< "income", "age ~ income", "income | education=bachelor"
  std::string measure;    //!< "KS", "TVD", "pearson", "spearman", "kendall", "share"
  double asked = 0;       //!< correlation or share asked; 0 for distances
  double target = 0;      //!< the same unless moved
  double achieved = 0;    //!< correlation, share or distance measured
  double band = 0;        //!< 95 % sampling band of |achieved - target|
  double p_value = 1;     //!< of a deviation this large if the population is right
  std::int64_t rows = 0;  //!< people it is about
  Verdict verdict = Verdict::pass;
  std::string note;
};

//! What a chart of one attribute needs.
struct MarginalChart {
  Field field;
  std::vector<std::string> labels;         //!< of bars; empty for numbers
  std::vector<double> edges;               //!< of the histogram; empty for labels
  std::vector<double> expected, achieved;  //!< shares per bar or bin
  double mean = 0, sd = 0;                 //!< achieved; NaN for labels
  double missing = 0;                      //!< share achieved
};

struct FidelityReport {
  std::string title, spec_hash;
  std::uint64_t seed = 0, start = 0;
  std::int64_t rows = 0;
  bool exact = false;
  double level = 0.01;  //!< family-wise: chance that a right population has any failing line
  double acceptance = 1;
  double seconds = 0;               //!< spent generating, if the caller filled it in
  std::vector<FidelityLine> lines;  //!< in the specification's order
  std::vector<MarginalChart> charts;
  std::vector<std::string> numeric;  //!< attributes of the matrix
  std::vector<double> correlation;   //!< achieved Pearson, numeric x numeric, row by row
  std::vector<CorrelationFinding> findings;
  std::vector<std::string> notes;

  bool passed() const {
    for (const auto& line : lines)
      if (line.verdict == Verdict::fail) return false;
    return true;
  }
};

struct FidelityOptions {
  bool exact = false;   //!< sort instead of sketch: slower, holds all values
  double level = 0.01;  //!< family-wise error rate, by Holm's method
};

//! Measures batch by batch; memory does not grow with rows unless exact.
class FidelityCheck {
 public:
  //! @errors infeasible, invalid_argument: as `PopulationModel::compile`
  [[nodiscard]] PERSONA_EXPORT static Result<FidelityCheck> make(const PopulationModel& model,
                                                                 FidelityOptions options = {});
  PERSONA_EXPORT FidelityCheck(FidelityCheck&&) noexcept;
  PERSONA_EXPORT FidelityCheck& operator=(FidelityCheck&&) noexcept;
  PERSONA_EXPORT ~FidelityCheck();

  //! @errors invalid_argument: columns that are not the model's
  [[nodiscard]] PERSONA_EXPORT Status add(const Population& batch, Parallelism parallelism = {});

  //! @errors invalid_argument: nothing was added
  [[nodiscard]] PERSONA_EXPORT Result<FidelityReport> finish() const;

 private:
  struct State;
  explicit FidelityCheck(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

//! Everything at once.
[[nodiscard]] PERSONA_EXPORT Result<FidelityReport> check_fidelity(const PopulationModel& model,
                                                                   const Population& population,
                                                                   FidelityOptions options = {});

PERSONA_EXPORT std::string_view to_string(Verdict verdict);
PERSONA_EXPORT std::string_view to_string(FidelityKind kind);
PERSONA_EXPORT std::string to_json(const FidelityReport& report);

//! A table for a terminal. @param color  ANSI colours
PERSONA_EXPORT std::string to_text(const FidelityReport& report, int width = 100, bool color = false);

//! One self-contained page: inline SVG, light and dark, no script needed to read it.
PERSONA_EXPORT std::string to_html(const FidelityReport& report);

}  // namespace persona
