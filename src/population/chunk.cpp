//! The order of work on a chunk: normals of the blocks, then attribute by attribute, then constraints.
#include "chunk_work.hpp"

#include <algorithm>
#include <cstring>

namespace persona {

ChunkSampler::ChunkSampler(const PopulationModel::Compiled& compiled) : work_(std::make_unique<Work>(compiled)) {}
ChunkSampler::~ChunkSampler() = default;
ChunkSampler::ChunkSampler(ChunkSampler&&) noexcept = default;

std::uint64_t ChunkSampler::draw(const Kernels& kernels, std::uint64_t seed, const Rows& rows,
                                 std::span<const SlotOutput> out) {
  return work_->draw({&kernels, seed, 0}, rows, out);
}

ChunkSampler::Work::Work(const PopulationModel::Compiled& model) : compiled(model), tables(*model.tables) {
  for (const auto& bound : compiled.expressions) evaluators.emplace_back(bound.expression);
  std::size_t largest = 0;
  for (const auto& block : compiled.blocks) {
    largest = std::max(largest, block.attributes.size());
    block_scores.emplace_back(block.attributes.size() * score_stride);
  }
  independent.resize(largest * score_stride);
  numbers.resize(compiled.attributes.size());
  known_numbers.resize(compiled.attributes.size());
  has_numbers.resize(compiled.attributes.size());
}

std::uint64_t ChunkSampler::Work::draw(DrawSource source, const Rows& rows, std::span<const SlotOutput> out) {
  draw_once(source, rows, out);
  std::uint64_t candidates = rows.count;
  if (compiled.constraints.empty()) return candidates;

  constexpr std::uint64_t most_attempts = 10'000;
  std::vector<std::uint16_t> where = violating(rows.count);
  while (!where.empty()) {
    if (++source.attempt > most_attempts) return 0;
    retry_rows.clear();
    for (const std::uint16_t i : where) retry_rows.push_back(rows[i]);
    make_retry_slots();
    draw_once(source, {0, retry_rows.data(), retry_rows.size()}, retry_slots);
    candidates += retry_rows.size();
    copy_slots(retry_slots, where, out);
    std::vector<std::uint16_t> still;
    for (const std::uint16_t i : violating(retry_rows.size())) still.push_back(where[i]);
    where = std::move(still);
  }
  return candidates;
}

void ChunkSampler::Work::draw_once(const DrawSource& from, const Rows& of, std::span<const SlotOutput> out) {
  source = &from;
  rows = of;
  slots = out;
  std::fill(has_numbers.begin(), has_numbers.end(), Numbers::none);
  draw_blocks();
  for (const std::size_t attribute : compiled.order) draw_attribute(attribute);
}

void ChunkSampler::Work::draw_blocks() {
  for (std::size_t b = 0; b < compiled.blocks.size(); ++b) {
    const auto& members = compiled.blocks[b].attributes;
    for (std::size_t k = 0; k < members.size(); ++k) draw_normals(members[k], independent.data() + k * score_stride);
    const std::size_t d = members.size();
    source->kernels->triangular(tables.lower[b].data(), (d + 3) / 4 * 4, d, independent.data(), block_scores[b].data(),
                                score_stride, rows.count);
  }
}

void ChunkSampler::Work::draw_normals(std::size_t attribute, double* z) {
  const StreamKey key = source->key(compiled.attributes[attribute].stream, Purpose::value);
  source->kernels->normals(draw_words(*source, key, rows, words), rows.count, z);
}

const double* ChunkSampler::Work::scores(std::size_t attribute) {
  const auto& a = compiled.attributes[attribute];
  if (a.block >= 0) return block_scores[static_cast<std::size_t>(a.block)].data() + a.position * score_stride;
  draw_normals(attribute, own_scores);
  return own_scores;
}

void ChunkSampler::Work::draw_attribute(std::size_t attribute) {
  const auto& a = compiled.attributes[attribute];
  const auto& t = tables.attributes[attribute];
  if (slots[attribute].valid != nullptr) std::memset(slots[attribute].valid, 1, rows.count);
  const std::uint16_t* laws = a.cases.given.empty() ? nullptr : laws_of_rows(attribute);
  if (t.bank.has_value()) {
    draw_bank(attribute, laws);
  } else if (t.slot == Slot::mask && !t.options.empty()) {
    draw_options(attribute, laws);
  } else {
    draw_laws(attribute, laws);
  }
  if (t.missing.has_value()) draw_missing(attribute);
}

void ChunkSampler::Work::draw_missing(std::size_t attribute) {
  // Cases, parameters and constraints look at the true value, so it is noted before it is hidden.
  if (tables.attributes[attribute].slot != Slot::mask) true_numbers(attribute);
  std::uint16_t* missing = positions;
  tables.attributes[attribute].missing->pick(*source, compiled.attributes[attribute].stream, Purpose::missing, rows,
                                             nullptr, missing);
  const std::size_t bytes = slot_bytes(tables.attributes[attribute].slot);
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (missing[i] == 0) continue;
    slots[attribute].valid[i] = 0;
    std::memset(static_cast<std::byte*>(slots[attribute].values) + i * bytes, 0, bytes);  // nor does memory tell
  }
}

// The most frequent map: one given attribute, a category that is always known, and a law in every cell.
const std::int8_t* ChunkSampler::Work::codes_that_are_cells(const CaseMap& cases) const {
  if (cases.given.size() != 1) return nullptr;
  const std::size_t given = cases.given.front().attribute;
  const auto& t = tables.attributes[given];
  const bool gaps =
      std::find(cases.law_of_cell.begin(), cases.law_of_cell.end() - 1, no_law) != cases.law_of_cell.end() - 1;
  if (t.slot != Slot::i8 || t.may_be_missing || gaps) return nullptr;
  return static_cast<const std::int8_t*>(slots[given].values);
}

const std::uint16_t* ChunkSampler::Work::laws_of_rows(std::size_t attribute) {
  const CaseMap& cases = compiled.attributes[attribute].cases;
  if (const std::int8_t* codes = codes_that_are_cells(cases); codes != nullptr) {
    for (std::size_t i = 0; i < rows.count; ++i) law_numbers[i] = cases.law_of_cell[static_cast<std::size_t>(codes[i])];
    return law_numbers;
  }
  std::vector<const double*> values;
  for (const auto& given : cases.given) values.push_back(true_numbers(given.attribute));
  cases.laws(values, {law_numbers, rows.count});
  if (std::find(law_numbers, law_numbers + rows.count, no_law) != law_numbers + rows.count) {
    for (std::size_t i = 0; i < rows.count; ++i) {
      if (law_numbers[i] != no_law) continue;
      law_numbers[i] = 0;
      slots[attribute].valid[i] = 0;
    }
  }
  return law_numbers;
}

void ChunkSampler::Work::make_retry_slots() {
  if (!retry_slots.empty()) return;
  for (const auto& t : tables.attributes) {
    retry_memory.emplace_back((chunk_rows + 2 * lane_padding) * (slot_bytes(t.slot) + 1));
    std::byte* memory = retry_memory.back().data();
    auto* valid = reinterpret_cast<std::uint8_t*>(memory + (chunk_rows + 2 * lane_padding) * slot_bytes(t.slot));
    retry_slots.push_back({memory, t.may_be_missing ? valid : nullptr});
  }
}

void ChunkSampler::Work::copy_slots(std::span<const SlotOutput> from, std::span<const std::uint16_t> where,
                                    std::span<const SlotOutput> out) {
  for (std::size_t a = 0; a < out.size(); ++a) {
    const std::size_t bytes = slot_bytes(tables.attributes[a].slot);
    const auto* source_bytes = static_cast<const std::byte*>(from[a].values);
    auto* target = static_cast<std::byte*>(out[a].values);
    for (std::size_t i = 0; i < where.size(); ++i) {
      std::memcpy(target + where[i] * bytes, source_bytes + i * bytes, bytes);
      if (out[a].valid != nullptr) out[a].valid[where[i]] = from[a].valid[i];
    }
  }
}

std::vector<std::uint16_t> ChunkSampler::Work::violating(std::size_t count) {
  std::vector<std::uint8_t> violated(count, 0);
  for (const std::size_t constraint : compiled.constraints) {
    const double* holds = evaluate(static_cast<int>(constraint), Numbers::truth);
    for (std::size_t i = 0; i < count; ++i)
      violated[i] |= static_cast<std::uint8_t>(holds[i] == 0);  // undecided is no violation
  }
  std::vector<std::uint16_t> where;
  for (std::size_t i = 0; i < count; ++i)
    if (violated[i] != 0) where.push_back(static_cast<std::uint16_t>(i));
  return where;
}

}  // namespace persona
