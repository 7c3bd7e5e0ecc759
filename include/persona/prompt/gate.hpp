//! Whether a child deserves to live: a quick paired decision, not a proof.
#pragma once

#include <persona/core/config.hpp>
#include <persona/prompt/selection.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace persona::prompt {

//! The order in which examples tell programs apart: those first on which the given candidates disagree
//! the most, by what the table holds; the others, and ties, in an order by `seed`. The parent must not
//! be among them: choosing examples by its failures would favour any child.
PERSONA_EXPORT std::vector<std::size_t> contested_first(const ScoreTable& table,
                                                        std::span<const std::size_t> candidates,
                                                        std::uint64_t seed = 0);

//! A walk of the child's lead over its parent, example by example: kept at a high lead, dropped at a
//! deficit, decided at the end by a lead of two. Wald's sequential test of wins against losses with
//! bounds that spend about `examples` on average where examples are contested.
//! @source{Wald 1945, Sequential tests of statistical hypotheses}
class Gate {
 public:
  enum class Verdict { undecided, kept, dropped };

  //! @param examples  to spend on average, at most twice as many; >= 3
  PERSONA_EXPORT explicit Gate(std::size_t examples);

  //! One example's scores, each in [0, 1]; nothing changes after a verdict.
  PERSONA_EXPORT Verdict add(double parent, double child);
  Verdict verdict() const { return verdict_; }
  std::size_t count() const { return count_; }
  std::size_t most() const { return most_; }

 private:
  double keep_at_, drop_at_, lead_ = 0;
  std::size_t most_, count_ = 0;
  Verdict verdict_ = Verdict::undecided;
};

}  // namespace persona::prompt
