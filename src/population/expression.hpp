//! The expression language of derived attributes, constraints, parameters and filters, on muParser.
//!
//! Numbers, attribute names, 'labels' in single or double quotes, + - * / ^ %, comparisons, and/or/not
//! (&& || !), true/false, if(c, a, b), min max abs floor ceil round sqrt exp log, in(attribute, 'a', 'b', ...),
//! is_missing(attribute), year(date). Labels stand beside the attribute they belong to, days ('2019-07-04')
//! beside a date. No assignment, no strings, no user code.
//!
//! Missing is NaN: arithmetic spreads it; comparisons with it are false, != too; as a condition it is no.
//! What has no finite value (x / 0, sqrt(-1), exp(1000)) is missing. % has the sign of the divisor.
#pragma once

#include <persona/core/result.hpp>
#include <persona/population/column.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! What a name in an expression stands for.
struct Symbol {
  std::string name = {};
  ColumnType type = ColumnType::float64;
  std::shared_ptr<const std::vector<std::string>> labels = {};  //!< of a category
  bool ordered = false;                                         //!< < and > with labels are allowed
};

//! A parsed expression. Immutable and shareable; each thread evaluates with its own Evaluator.
class Expression {
 public:
  //! @param result_labels  where the expression names a category: 'young' becomes its code
  //! @errors invalid_argument: message says what and where in the text; a label that does not exist is
  //!   answered with those that do; unknown names with the known ones nearest
  static Result<Expression> parse(std::string_view text, std::span<const Symbol> symbols,
                                  const std::vector<std::string>* result_labels = nullptr);

  const std::string& text() const { return text_; }
  const std::vector<std::string>& names() const { return names_; }  //!< the attributes it reads, in order of first use

  //! float64, boolean (0, 1 or missing), category (codes of result_labels, or of the attribute named) or date (days).
  ColumnType result_type() const { return type_; }

 private:
  friend class Evaluator;
  std::string text_, code_;  // code_ is what muParser sees
  std::vector<std::string> names_;
  ColumnType type_ = ColumnType::float64;
};

//! Evaluates one expression over blocks of rows. Not thread safe; make one per thread.
class Evaluator {
 public:
  explicit Evaluator(const Expression& expression);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  //! inputs[k] holds out.size() numbers of names()[k] (codes for categories, 0/1, days; NaN missing).
  //! Text and lists can only be asked whether they are missing: any number where they are not.
  void operator()(std::span<const double* const> inputs, std::span<double> out);

 private:
  struct Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace persona
