//! Random delays that a seed repeats.
#pragma once

#include <atomic>
#include <cstdint>
#include <random>

namespace persona::llm {

//! The n-th throw is a function of seed and n alone; any thread may throw.
//! @source{Steele, Lea and Flood 2014, SplitMix}
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed != 0 ? seed : random_seed()) {}

  //! Uniform, 0 <= u < 1.
  double throw_once() {
    std::uint64_t bits = seed_ + 0x9e3779b97f4a7c15U * (thrown_.fetch_add(1, std::memory_order_relaxed) + 1);
    bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebU;
    return static_cast<double>((bits ^ (bits >> 31U)) >> 11U) * 0x1p-53;
  }

 private:
  static std::uint64_t random_seed() {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32U) | device();
  }

  std::uint64_t seed_;
  std::atomic<std::uint64_t> thrown_ = 0;
};

}  // namespace persona::llm
