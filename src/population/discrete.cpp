//! Guide tables: most draws need one look-up and one comparison.
#include "discrete.hpp"

#include "marginal.hpp"

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

constexpr std::size_t lane_guide_bytes = 512 * 1024;  // beyond this the guides fall out of the second cache
constexpr std::size_t lane_guide_values = 1024;
constexpr int score_cells = 1024;
constexpr double score_low = -8.5, score_scale = score_cells / 17.0;

std::uint64_t uniform_cut(double cumulative) {
  const long double scaled = static_cast<long double>(cumulative) * 18446744073709551616.0L;
  return scaled >= 18446744073709551615.0L ? ~std::uint64_t{0} : static_cast<std::uint64_t>(scaled);
}

double score_cut(double cumulative) {
  if (cumulative <= 0) return -1e300;
  if (cumulative >= 1) return 1e300;
  return cumulative <= 0.5 ? normal_quantile(cumulative) : -normal_quantile(1 - cumulative);
}

int score_cell(double z) {
  const double y = (z - score_low) * score_scale;
  return y <= 0 ? 0 : y >= score_cells ? score_cells - 1 : static_cast<int>(y);
}

}  // namespace

DiscreteBank::DiscreteBank(const std::vector<Cumulative>& laws) {
  std::size_t largest = 1;
  for (const auto& law : laws) {
    laws_.push_back({cuts_.size(), law.size()});
    largest = std::max(largest, law.size());
    for (const double p : law) {
      cuts_.push_back(uniform_cut(p));
      scores_.push_back(score_cut(p));
    }
  }
  guide_bits_ = 3;
  while ((std::size_t{1} << guide_bits_) < 4 * largest && guide_bits_ < 16) ++guide_bits_;
  fill_guides();
}

void DiscreteBank::fill_guides() {
  std::size_t largest = 0;
  for (const Law& law : laws_) largest = std::max(largest, law.count);
  const bool lanes = largest <= lane_guide_values && laws_.size() * GuideView::buckets * 4 <= lane_guide_bytes;
  for (const Law& law : laws_) {
    const std::uint64_t* cut = cuts_.data() + law.first;
    const double* score = scores_.data() + law.first;
    const std::size_t last = law.count - 1;
    for (std::size_t b = 0, j = 0; lanes && b < GuideView::buckets; ++b) {
      const std::uint64_t low = b << 4, high = low + 15;
      while (j < last && (cut[j] >> 48) < low) ++j;
      std::uint16_t base = static_cast<std::uint16_t>(j), first_cut = 0xFFFF;
      if (j < last && (cut[j] >> 48) <= high) {
        first_cut = static_cast<std::uint16_t>(cut[j] >> 48);
        if (j + 1 < last && (cut[j + 1] >> 48) <= high) base |= GuideView::ambiguous;
      }
      // A cut of 0xFFFF flags the draw 0xFFFF, which is then looked up exactly like any other on a cut.
      lane_guide_.push_back(std::uint32_t{first_cut} << 16 | base);
    }
    for (std::size_t b = 0, j = 0; b < std::size_t{1} << guide_bits_; ++b) {
      while (j < last && cut[j] <= b << (64 - guide_bits_)) ++j;
      word_guide_.push_back(static_cast<std::uint16_t>(j));
    }
    for (std::size_t b = 0, j = 0; b < score_cells; ++b) {
      while (j < last && score_cell(score[j]) < static_cast<int>(b)) ++j;
      score_guide_.push_back(static_cast<std::uint16_t>(j));
    }
  }
}

std::uint16_t DiscreteBank::pick(std::uint16_t law, std::uint64_t word) const {
  const Law& l = laws_[law];
  const std::uint64_t* cut = cuts_.data() + l.first;
  std::size_t j = word_guide_[(std::size_t{law} << guide_bits_) + (word >> (64 - guide_bits_))];
  while (j + 1 < l.count && word >= cut[j]) ++j;
  return static_cast<std::uint16_t>(j);
}

void DiscreteBank::pick(const DrawSource& source, std::uint64_t stream, Purpose purpose, const Rows& rows,
                        const std::uint16_t* laws, std::uint16_t* out) const {
  WordScratch scratch;
  const StreamKey key = source.key(stream, purpose);
  if (lane_guide_.empty()) {
    const std::uint64_t* words = draw_words(source, key, rows, scratch);
    for (std::size_t i = 0; i < rows.count; ++i) out[i] = pick(laws != nullptr ? laws[i] : 0, words[i]);
    return;
  }
  const std::uint16_t* lanes = draw_lanes(source, key, rows, scratch);
  if (!source.kernels->guide({lane_guide_.data()}, lanes, laws, rows.count, out)) return;
  const StreamKey refine = source.key(stream, purpose == Purpose::value ? Purpose::refine : Purpose::missing_refine);
  constexpr std::size_t block = 32;  // few draws are looked at again: most blocks are passed over
  for (std::size_t from = 0; from < rows.count; from += block) {
    const std::size_t to = std::min(from + block, rows.count);
    std::uint16_t any = 0;
    for (std::size_t i = from; i < to; ++i) any |= out[i];
    if ((any & GuideView::ambiguous) == 0) continue;
    for (std::size_t i = from; i < to; ++i) {
      if ((out[i] & GuideView::ambiguous) == 0) continue;
      const std::uint64_t word = std::uint64_t{lanes[i]} << 48 | threefry::word(refine, rows[i]) >> 16;
      out[i] = pick(laws != nullptr ? laws[i] : 0, word);
    }
  }
}

void DiscreteBank::pick_normal(const double* z, const std::uint16_t* laws, std::size_t n, std::uint16_t* out) const {
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t law = laws != nullptr ? laws[i] : 0;
    const double* score = scores_.data() + laws_[law].first;
    const std::size_t last = laws_[law].count - 1;
    std::size_t j = score_guide_[law * score_cells + static_cast<std::size_t>(score_cell(z[i]))];
    while (j < last && z[i] >= score[j]) ++j;
    out[i] = static_cast<std::uint16_t>(j);
  }
}

}  // namespace persona
