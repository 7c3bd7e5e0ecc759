//! Drawing from finitely many values: exact to 2^-64 by comparing whole numbers.
#pragma once

#include "draws.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace persona {

//! Cumulative probabilities of one law, rising, the last is 1.
using Cumulative = std::vector<double>;

//! The laws of one discrete attribute. A draw gives the position of a value in its law.
class DiscreteBank {
 public:
  explicit DiscreteBank(const std::vector<Cumulative>& laws);

  //! By independent uniforms of a stream. @param laws  one per person, null where there is one law
  void pick(const DrawSource& source, std::uint64_t stream, Purpose purpose, const Rows& rows,
            const std::uint16_t* laws, std::uint16_t* out) const;

  //! By given words.
  std::uint16_t pick(std::uint16_t law, std::uint64_t word) const;

  //! By given normal scores: the value whose share of the normal holds the score.
  void pick_normal(const double* z, const std::uint16_t* laws, std::size_t n, std::uint16_t* out) const;

 private:
  void fill_guides();

  struct Law {
    std::size_t first = 0, count = 0;  // in cuts_ and scores_
  };
  std::vector<Law> laws_;
  std::vector<std::uint64_t> cuts_;        // word < cut: at most this value; the last of a law is never looked at
  std::vector<double> scores_;             // the same as normal scores
  std::vector<std::uint32_t> lane_guide_;  // by 16-bit draws, see GuideView; empty where 64-bit words are used
  std::vector<std::uint16_t> word_guide_;  // by the highest bits of a word
  std::vector<std::uint16_t> score_guide_;
  int guide_bits_ = 0;
};

}  // namespace persona
