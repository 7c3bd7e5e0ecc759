//! How the values of one attribute are drawn: by position in a bank, option by option, or law by law.
#include "chunk_work.hpp"
#include "portable_math.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace persona {
namespace {

template <class T>
T* slot_values(const SlotOutput& slot) {
  return static_cast<T*>(slot.values);
}

template <class T>
void copy_positions(const std::uint16_t* positions, std::size_t n, T* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<T>(positions[i]);
}

// A number that a slot of whole numbers cannot hold is not a value.
template <class T>
void store_whole(const double* x, std::size_t n, double low, double high, const SlotOutput& slot) {
  for (std::size_t i = 0; i < n; ++i) {
    const bool fits = x[i] >= low && x[i] <= high;
    slot_values<T>(slot)[i] = fits ? static_cast<T>(x[i]) : T{};
    if (!fits && slot.valid != nullptr) slot.valid[i] = 0;
  }
}

}  // namespace

void ChunkSampler::Work::draw_bank(std::size_t attribute, const std::uint16_t* laws) {
  const auto& a = compiled.attributes[attribute];
  const auto& t = tables.attributes[attribute];
  if (a.block >= 0)
    t.bank->pick_normal(scores(attribute), laws, rows.count, positions);
  else
    t.bank->pick(*source, a.stream, Purpose::value, rows, laws, positions);
  store_positions(attribute, laws);
}

void ChunkSampler::Work::store_positions(std::size_t attribute, const std::uint16_t* laws) {
  const auto& t = tables.attributes[attribute];
  const SlotOutput& slot = slots[attribute];
  const std::size_t n = rows.count;
  if (t.positions_are_values) {
    if (t.slot == Slot::i8) return source->kernels->narrow(positions, n, slot_values<std::int8_t>(slot));
    if (t.slot == Slot::i16) return copy_positions(positions, n, slot_values<std::int16_t>(slot));
    return copy_positions(positions, n, slot_values<std::int32_t>(slot));
  }
  if (t.slot == Slot::i32 && t.consecutive)
    return source->kernels->widen(positions, t.whole_values.front(), n, slot_values<std::int32_t>(slot));
  const auto index = [&](std::size_t i) { return (laws != nullptr ? t.first_value[laws[i]] : 0u) + positions[i]; };
  if (t.slot == Slot::i32 && !t.whole_values.empty()) {
    for (std::size_t i = 0; i < n; ++i) slot_values<std::int32_t>(slot)[i] = t.whole_values[index(i)];
  } else {
    for (std::size_t i = 0; i < n; ++i) values[i] = t.values[index(i)];
    store(attribute, values);
  }
}

void ChunkSampler::Work::draw_options(std::size_t attribute, const std::uint16_t* laws) {
  const auto& t = tables.attributes[attribute];
  auto* masks = slot_values<std::uint64_t>(slots[attribute]);
  std::fill(masks, masks + rows.count, 0);
  for (std::size_t option = 0; option < t.options.size(); ++option) {
    t.options[option].pick(*source, t.option_streams[option], Purpose::value, rows, laws, positions);
    for (std::size_t i = 0; i < rows.count; ++i) masks[i] |= std::uint64_t{positions[i]} << option;
  }
}

void ChunkSampler::Work::draw_laws(std::size_t attribute, const std::uint16_t* laws) {
  const auto& a = compiled.attributes[attribute];
  const auto& t = tables.attributes[attribute];
  if (std::holds_alternative<Identity>(a.laws.front().distribution)) return draw_identity(attribute);
  const bool only_derived = a.laws.size() == 1 && std::holds_alternative<Derived>(a.laws.front().distribution);
  const double* z = only_derived ? nullptr : scores(attribute);
  if (laws == nullptr) {
    for (std::size_t i = 0; i < rows.count; ++i) picked[i] = static_cast<std::uint16_t>(i);
    // A full chunk of plain numbers is written where it belongs; kernels overhang a partial one.
    const bool in_place = t.slot == Slot::f64 && !t.may_be_missing && rows.count % lane_padding == 0;
    double* x = in_place ? slot_values<double>(slots[attribute]) : values;
    apply_law(a, t.laws.front(), a.laws.front(), z, rows.count, x);
    if (!in_place) store(attribute, x);
    return;
  }
  for (std::size_t law = 0; law < a.laws.size(); ++law) {
    std::size_t m = 0;
    for (std::size_t i = 0; i < rows.count; ++i)
      if (laws[i] == law) picked[m++] = static_cast<std::uint16_t>(i);
    if (m == 0) continue;
    for (std::size_t i = 0; z != nullptr && i < m; ++i) picked_scores[i] = z[picked[i]];
    apply_law(a, t.laws[law], a.laws[law], picked_scores, m, picked_values);
    for (std::size_t i = 0; i < m; ++i) values[picked[i]] = picked_values[i];
  }
  store(attribute, values);
}

void ChunkSampler::Work::apply_law(const CompiledAttribute& attribute, const LawTables& t, const Law& law,
                                   const double* z, std::size_t m, double* x) {
  if (std::holds_alternative<Derived>(law.distribution)) {
    const double* result = operand(law.location, 0, Numbers::known, m);
    std::copy(result, result + m, x);
  } else if (t.discrete.has_value()) {
    t.discrete->pick_normal(z, nullptr, m, positions);
    for (std::size_t i = 0; i < m; ++i) x[i] = t.values[positions[i]];
  } else if (t.table.has_value() && t.table->pieces.size() == 1) {
    const auto& piece = t.table->pieces.front();
    source->kernels->polynomial({t.table->coefficients.data(), t.table->degree, piece.scale, piece.offset}, z, m, x);
  } else if (t.table.has_value()) {
    for (std::size_t i = 0; i < m; ++i) x[i] = (*t.table)(z[i]);
  } else if (law.transform == Transform::none) {
    source->kernels->affine(t.mean, t.sd, z, m, x);
  } else {
    std::copy(z, z + m, x);
  }
  if (law.transform != Transform::none) transform(law, z, m, x);
  if (attribute.field.type == ColumnType::category && std::holds_alternative<Derived>(law.distribution)) return;
  const double step = std::holds_alternative<Derived>(law.distribution) ? attribute.round : t.round;
  if (step > 0) {
    const Rounder rounded(step);
    for (std::size_t i = 0; i < m; ++i) x[i] = rounded(x[i]);
  }
}

// x holds the base law's values, or the scores where the base is the normal.
void ChunkSampler::Work::transform(const Law& law, const double* z, std::size_t m, double* x) {
  const double* location = operand(law.location, 0, Numbers::truth, m);
  const double* scale = operand(law.scale, 1, Numbers::truth, m);
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  const bool truncated = law.truncation.has_value();
  for (std::size_t i = 0; i < m; ++i) {
    const bool defined = location[i] == location[i] && scale[i] == scale[i];
    switch (law.transform) {
      case Transform::none: break;
      case Transform::affine:
      case Transform::exponential: {
        if (!defined || !(scale[i] > 0)) {
          x[i] = missing;
          break;
        }
        if (truncated)
          x[i] = truncate_normal(x[i], (law.truncation->min - location[i]) / scale[i],
                                 (law.truncation->max - location[i]) / scale[i]);
        const double moved = location[i] + scale[i] * x[i];
        x[i] = law.transform == Transform::affine ? moved : portable_exp(moved);
        break;
      }
      case Transform::bernoulli: x[i] = !defined ? missing : portable_normal_cdf(-z[i]) <= location[i] ? 1 : 0; break;
      case Transform::poisson: x[i] = defined ? poisson_quantile(z[i], location[i]) : missing; break;
      case Transform::binomial: x[i] = defined ? binomial_quantile(z[i], scale[i], location[i]) : missing; break;
    }
  }
}

const double* ChunkSampler::Work::operand(const Operand& operand, std::size_t buffer, Numbers sight, std::size_t m) {
  double* out = operands[buffer];
  if (operand.expression < 0) {
    std::fill(out, out + m, operand.number);
  } else {
    const double* all = evaluate(operand.expression, sight);
    for (std::size_t i = 0; i < m; ++i) out[i] = all[picked[i]];
  }
  return out;
}

void ChunkSampler::Work::store(std::size_t attribute, const double* x) {
  const SlotOutput& slot = slots[attribute];
  const std::size_t n = rows.count;
  const auto& field = compiled.attributes[attribute].field;
  const double labels = field.labels ? static_cast<double>(field.labels->size()) : 0;
  switch (tables.attributes[attribute].slot) {
    case Slot::f64:
      for (std::size_t i = 0; i < n; ++i) {
        const bool finite = std::isfinite(x[i]);
        slot_values<double>(slot)[i] = finite ? x[i] : 0;
        if (!finite && slot.valid != nullptr) slot.valid[i] = 0;
      }
      break;
    case Slot::i64: store_whole<std::int64_t>(x, n, -0x1p62, 0x1p62, slot); break;
    case Slot::i32:
      if (field.type == ColumnType::category)
        store_whole<std::int32_t>(x, n, 0, labels - 1, slot);
      else
        store_whole<std::int32_t>(x, n, -2147483648.0, 2147483647.0, slot);
      break;
    case Slot::i16: store_whole<std::int16_t>(x, n, 0, labels - 1, slot); break;
    case Slot::i8: store_whole<std::int8_t>(x, n, 0, field.type == ColumnType::boolean ? 1 : labels - 1, slot); break;
    case Slot::mask: break;
  }
}

}  // namespace persona
