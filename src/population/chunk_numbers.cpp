//! Values as numbers, for cases and expressions.
#include "chunk_work.hpp"

#include <limits>

namespace persona {
namespace {

template <class T>
void widen_slot(const void* values, std::size_t n, double* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<double>(static_cast<const T*>(values)[i]);
}

void widen_slot(Slot slot, const void* values, std::size_t n, double* out) {
  switch (slot) {
    case Slot::f64: return widen_slot<double>(values, n, out);
    case Slot::i64: return widen_slot<std::int64_t>(values, n, out);
    case Slot::i32: return widen_slot<std::int32_t>(values, n, out);
    case Slot::i16: return widen_slot<std::int16_t>(values, n, out);
    case Slot::i8: return widen_slot<std::int8_t>(values, n, out);
    case Slot::mask: return;
  }
}

void hide_missing(const SlotOutput& slot, std::size_t n, double* out) {
  if (slot.valid == nullptr) return;
  for (std::size_t i = 0; i < n; ++i)
    if (slot.valid[i] == 0) out[i] = std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

const double* ChunkSampler::Work::true_numbers(std::size_t attribute) {
  auto& cache = numbers[attribute];
  if (has_numbers[attribute] != Numbers::none) return cache.data();
  cache.resize(score_stride);
  // Taken before a missing rate hides values, so what is invalid here has no value at all.
  widen_slot(tables.attributes[attribute].slot, slots[attribute].values, rows.count, cache.data());
  hide_missing(slots[attribute], rows.count, cache.data());
  has_numbers[attribute] = Numbers::truth;
  return cache.data();
}

const double* ChunkSampler::Work::known_numbers_of(std::size_t attribute) {
  if (!tables.attributes[attribute].missing.has_value()) return true_numbers(attribute);
  auto& cache = known_numbers[attribute];
  if (has_numbers[attribute] == Numbers::known) return cache.data();
  cache.resize(score_stride);
  widen_slot(tables.attributes[attribute].slot, slots[attribute].values, rows.count, cache.data());
  hide_missing(slots[attribute], rows.count, cache.data());
  has_numbers[attribute] = Numbers::known;  // the truth was noted when it was hidden
  return cache.data();
}

const double* ChunkSampler::Work::evaluate(int expression, Numbers sight) {
  const auto& bound = compiled.expressions[static_cast<std::size_t>(expression)];
  std::vector<const double*> inputs;
  for (const std::size_t attribute : bound.inputs)
    inputs.push_back(sight == Numbers::known ? known_numbers_of(attribute) : true_numbers(attribute));
  evaluators[static_cast<std::size_t>(expression)](inputs, {evaluated, rows.count});
  return evaluated;
}

}  // namespace persona
