//! What running and judging a program takes at most, and what has to be asked before.
#pragma once

#include <persona/prompt/metric.hpp>
#include <persona/prompt/program.hpp>
#include <persona/prompt/session.hpp>

#include <string>

namespace persona::prompt {

//! One run of a program and its judging.
//! @errors unsupported: no price for a model, and a budget of money
Result<llm::Charge> most_of_item(const Program& program, const Metric& metric, const Fields& fields,
                                 const Session& session);

//! Other models on an item's account, in a role of `LedgerEntry`.
Lend lend_through(Models& models, std::string role);

//! Asks what a program asks before its first run, each reserved before it is asked.
//! @return false: the budget does not bear it
Result<bool> prepare(const Program& program, const std::string& hash, Session& session, const Context& context);

//! Failures that another try may mend.
bool may_pass_later(const Error& error);

//! How often what failed for a passing reason is tried again.
constexpr int more_tries = 2;

//! Counts how often this process has tried.
class Tries {
 public:
  Tries(const Session& session, int most) : session_(session), left_(most) {}
  bool are_left() const { return left_ > 0; }
  void begin();
  void end();

 private:
  const Session& session_;
  Spent before_;
  int left_;
};

}  // namespace persona::prompt
