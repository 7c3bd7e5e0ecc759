//! Many weighted draws, each from 64 random bits.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace persona {

//! Tables of weighted codes, all in three arrays: cumulative thresholds behind a guide on the top 8 bits.
class WeightedDraws {
 public:
  //! Returns the number of the new table. @pre not empty, weights positive
  int add(const std::vector<std::pair<std::int32_t, double>>& weighted) {
    double total = 0, sum = 0;
    for (const auto& [code, weight] : weighted) total += weight;
    const std::size_t first = codes_.size();
    for (const auto& [code, weight] : weighted) {
      sum += weight;
      const double scaled = std::ldexp(sum / total, 64);
      thresholds_.push_back(scaled < 0x1p64 ? static_cast<std::uint64_t>(scaled) : top_);
      codes_.push_back(code);
    }
    thresholds_.back() = top_;
    std::size_t at = first;
    for (std::uint64_t slot = 0; slot < 256; ++slot) {
      while (thresholds_[at] <= slot << 56 && thresholds_[at] != top_) ++at;
      guide_.push_back(static_cast<std::uint32_t>(at));
    }
    return static_cast<int>(guide_.size() / 256) - 1;
  }

  std::int32_t draw(int table, std::uint64_t bits) const {
    std::size_t at = guide_[static_cast<std::size_t>(table) * 256 + (bits >> 56)];
    while (bits >= thresholds_[at] && thresholds_[at] != top_) ++at;
    return codes_[at];
  }

 private:
  static constexpr std::uint64_t top_ = std::numeric_limits<std::uint64_t>::max();
  std::vector<std::uint64_t> thresholds_;
  std::vector<std::int32_t> codes_;
  std::vector<std::uint32_t> guide_;
};

}  // namespace persona
