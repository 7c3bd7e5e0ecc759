//! Texts that a proposing model is asked for.
#pragma once

#include <persona/prompt/optimizer.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! One question to the proposer.
struct Proposal {
  std::string question = {};
  double temperature = 1;
  int sample = 0;  //!< of equal questions, each is answered anew
};

//! The proposer's answers in order; none where it failed, or where the budget or the context ended.
//! @errors io; unsupported: no price
Result<std::vector<std::optional<std::string>>> ask(Session& session, const std::vector<Proposal>& proposals,
                                                    const Context& context);

//! The instruction in an answer: what stands in the last fenced block, else all of it; trimmed, without quotes.
std::string instruction_in(std::string_view answer);

//! A run as a reader sees it: inputs, outputs, expectation, what was wrong.
std::string shown(const Example& example, const Outcome& outcome, const Signature& signature);
//! An example alone.
std::string shown(const Example& example, const Signature& signature);

//! A random source: the n-th number depends on (seed, n) alone.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::size_t below(std::size_t count);                                //!< 0 .. count - 1; @pre count > 0
  double uniform();                                                    //!< [0, 1)
  std::vector<std::size_t> sample(std::size_t count, std::size_t of);  //!< different ones, in random order

 private:
  std::uint64_t state_;
};

}  // namespace persona::prompt
