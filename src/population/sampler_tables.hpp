//! What the tight loops need of each attribute, made once from the compiled laws.
#pragma once

#include "compiled.hpp"
#include "discrete.hpp"

#include <optional>
#include <vector>

namespace persona {

//! How an attribute's values lie in memory while they are drawn.
enum class Slot : std::uint8_t {
  f64,
  i64,
  i32,
  i16,
  i8,    //!< codes, and false or true
  mask,  //!< 64 bits a person: chosen options of a list, or the codes a text is made of
};

std::size_t slot_bytes(Slot slot);
Slot slot_of(const Field& field);

//! One law alone, by normal score.
struct LawTables {
  std::optional<DiscreteBank> discrete;
  std::vector<double> values;  //!< of the discrete law
  std::optional<QuantileTable> table;
  double mean = 0, sd = 1;  //!< where neither: a normal law
  double round = 0;
};

struct AttributeTables {
  Slot slot = Slot::f64;
  bool may_be_missing = false;

  // All laws discrete: one draw, one look-up.
  std::optional<DiscreteBank> bank;
  bool positions_are_values = false;       //!< categories, bool
  std::vector<double> values;              //!< of all laws, one after the other
  std::vector<std::int32_t> whole_values;  //!< the same where they are whole
  std::vector<std::uint32_t> first_value;  //!< of each law
  bool consecutive = false;                //!< one law of neighbouring whole numbers

  std::vector<LawTables> laws;        //!< else
  std::vector<DiscreteBank> options;  //!< of a list, each with one law per case
  std::vector<std::uint64_t> option_streams;
  std::optional<DiscreteBank> missing;
};

//! Immutable once the model is compiled.
class SamplerTables {
 public:
  static std::shared_ptr<SamplerTables> make(const PopulationModel::Compiled& compiled);

  //! Takes over the blocks' Cholesky factors.
  void set_lower(const PopulationModel::Compiled& compiled);

  std::vector<AttributeTables> attributes;
  std::vector<std::vector<double>> lower;  //!< Cholesky factors with rows padded for the kernel
};

}  // namespace persona
