//! One person alone: the same draws as a row of a population, without columns.
#include "batch.hpp"

#include <bit>

namespace persona {
namespace {

// One value of a slot, with room for the widest.
struct PersonSlot {
  std::uint64_t bits = 0;
  std::uint8_t valid = 1;

  template <class T>
  T as() const {
    T value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
  }
};

std::int64_t person_whole(Slot slot, const PersonSlot& value) {
  switch (slot) {
    case Slot::i64: return value.as<std::int64_t>();
    case Slot::i32: return value.as<std::int32_t>();
    case Slot::i16: return value.as<std::int16_t>();
    case Slot::i8: return value.as<std::int8_t>();
    case Slot::f64:
    case Slot::mask: break;
  }
  return 0;
}

Value person_value(const PopulationModel::Compiled& compiled, std::size_t attribute, const PersonSlot& value,
                   std::uint64_t index) {
  if (value.valid == 0) return {};
  const Field& field = compiled.fields[attribute];
  const Slot slot = compiled.tables->attributes[attribute].slot;
  switch (field.type) {
    case ColumnType::float64: return value.as<double>();
    case ColumnType::int32:
    case ColumnType::int64: return person_whole(slot, value);
    case ColumnType::boolean: return person_whole(slot, value) != 0;
    case ColumnType::date: return Date{static_cast<std::int32_t>(person_whole(slot, value))};
    case ColumnType::category: return (*field.labels)[static_cast<std::size_t>(person_whole(slot, value))];
    case ColumnType::text: {
      std::string text;
      append_identity_text(compiled, attribute, value.bits, index, text);
      return text;
    }
    case ColumnType::list: {
      std::vector<std::string> labels;
      for (std::uint64_t left = value.bits; left != 0; left &= left - 1)
        labels.push_back((*field.labels)[static_cast<std::size_t>(std::countr_zero(left))]);
      return labels;
    }
  }
  return {};
}

}  // namespace

Result<Persona> draw_person(const PopulationModel::Compiled& compiled, ChunkSampler& sampler, std::uint64_t seed,
                            std::uint64_t index) {
  const std::size_t count = compiled.fields.size();
  std::vector<PersonSlot> values(count);
  std::vector<SlotOutput> slots(count);
  for (std::size_t a = 0; a < count; ++a)
    slots[a] = {&values[a].bits, compiled.tables->attributes[a].may_be_missing ? &values[a].valid : nullptr};
  if (sampler.draw(kernels(Simd::automatic), seed, {index, nullptr, 1}, slots) == 0)
    return fail(Errc::infeasible,
                "person " + std::to_string(index) + " satisfied the constraints in none of 10000 attempts");

  Persona persona{compiled.spec_hash, seed, index, {}};
  persona.attributes.reserve(count);
  for (std::size_t a = 0; a < count; ++a)
    persona.attributes.emplace_back(compiled.fields[a].name, person_value(compiled, a, values[a], index));
  return persona;
}

}  // namespace persona
