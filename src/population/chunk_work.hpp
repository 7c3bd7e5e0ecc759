//! The inside of ChunkSampler, shared by the files that draw the different kinds of attribute.
#pragma once

#include "chunk.hpp"

#include <vector>

namespace persona {

struct ChunkSampler::Work {
  //! What an expression sees of a missing value: cases, parameters and constraints the truth, derived
  //! attributes that it is not known.
  enum class Numbers : std::uint8_t { none, truth, known };

  static constexpr std::size_t score_stride = chunk_rows + 2 * lane_padding;

  explicit Work(const PopulationModel::Compiled& model);

  std::uint64_t draw(DrawSource source, const Rows& rows, std::span<const SlotOutput> out);
  void draw_once(const DrawSource& from, const Rows& of, std::span<const SlotOutput> out);

  // One attribute of the current rows.
  void draw_blocks();
  void draw_normals(std::size_t attribute, double* z);
  const double* scores(std::size_t attribute);  //!< normal scores: of its block, or its own
  void draw_attribute(std::size_t attribute);
  void draw_bank(std::size_t attribute, const std::uint16_t* laws);
  void draw_options(std::size_t attribute, const std::uint16_t* laws);
  void draw_laws(std::size_t attribute, const std::uint16_t* laws);
  void draw_identity(std::size_t attribute);
  void draw_missing(std::size_t attribute);
  const std::uint16_t* laws_of_rows(std::size_t attribute);
  const std::int8_t* codes_that_are_cells(const CaseMap& cases) const;

  // One law for the m rows of `picked`; scores in, values out.
  void apply_law(const CompiledAttribute& attribute, const LawTables& tables, const Law& law, const double* z,
                 std::size_t m, double* x);
  void transform(const Law& law, const double* z, std::size_t m, double* x);
  const double* operand(const Operand& operand, std::size_t buffer, Numbers sight, std::size_t m);
  void store(std::size_t attribute, const double* x);
  void store_positions(std::size_t attribute, const std::uint16_t* laws);

  // Values as numbers, for expressions and cases.
  const double* true_numbers(std::size_t attribute);
  const double* known_numbers_of(std::size_t attribute);
  const double* evaluate(int expression, Numbers sight);

  // Constraints.
  std::vector<std::uint16_t> violating(std::size_t count);
  void make_retry_slots();
  void copy_slots(std::span<const SlotOutput> from, std::span<const std::uint16_t> where,
                  std::span<const SlotOutput> out);

  const PopulationModel::Compiled& compiled;
  const SamplerTables& tables;
  std::vector<Evaluator> evaluators;

  const DrawSource* source = nullptr;
  Rows rows;
  std::span<const SlotOutput> slots;

  WordScratch words;
  std::vector<std::vector<double>> block_scores;  // d rows of score_stride each
  std::vector<double> independent;
  alignas(64) double own_scores[score_stride];
  alignas(64) double picked_scores[score_stride];
  alignas(64) double picked_values[score_stride];
  alignas(64) double values[score_stride];
  alignas(64) double operands[2][score_stride];
  alignas(64) double evaluated[score_stride];
  alignas(64) std::uint16_t positions[score_stride];
  std::uint16_t law_numbers[score_stride];
  std::uint16_t picked[score_stride];
  std::vector<std::vector<double>> numbers, known_numbers;
  std::vector<Numbers> has_numbers;

  std::vector<std::uint64_t> retry_rows;
  std::vector<std::vector<std::byte>> retry_memory;
  std::vector<SlotOutput> retry_slots;
};

}  // namespace persona
