//! Columns out of slots: bits are packed, lists and texts are made at the end.
#include "batch.hpp"

#include "column_build.hpp"

#include <bit>
#include <cstring>
#include <optional>

namespace persona {

struct BatchBuilder::ColumnMemory {
  std::optional<ColumnDraft> draft;          // values lie where they stay
  std::vector<std::uint64_t> masks;          // of lists and texts
  std::unique_ptr<std::uint8_t[]> booleans;  // a byte each, until they are packed
  std::unique_ptr<std::uint8_t[]> valid;
};

namespace {

// Eight bytes of 0 or 1 become eight bits, the first the lowest.
void pack_bits(const std::uint8_t* bytes, std::size_t rows, std::byte* bits) {
  std::size_t i = 0;
  for (; i + 8 <= rows; i += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes + i, 8);
    bits[i / 8] = static_cast<std::byte>(eight * 0x0102040810204080u >> 56);
  }
  if (i == rows) return;
  unsigned last = 0;
  for (std::size_t k = i; k < rows; ++k) last |= static_cast<unsigned>(bytes[k] & 1) << (k - i);
  bits[i / 8] = static_cast<std::byte>(last);
}

bool all_valid(const std::uint8_t* valid, std::size_t rows) {
  return std::memchr(valid, 0, rows) == nullptr;
}

Column list_column(const Field& field, const std::vector<std::uint64_t>& masks, const std::uint8_t* valid) {
  ColumnAppender appender(field);
  std::vector<std::int32_t> codes;
  for (std::size_t i = 0; i < masks.size(); ++i) {
    if (valid != nullptr && valid[i] == 0) {
      appender.append_missing();
      continue;
    }
    codes.clear();
    for (std::uint64_t left = masks[i]; left != 0; left &= left - 1) codes.push_back(std::countr_zero(left));
    appender.append_list(codes);
  }
  return std::move(appender).finish();
}

Column text_column(const PopulationModel::Compiled& compiled, std::size_t attribute,
                   const std::vector<std::uint64_t>& masks, const std::uint8_t* valid, std::uint64_t start) {
  ColumnAppender appender(compiled.fields[attribute]);
  std::string text;
  for (std::size_t i = 0; i < masks.size(); ++i) {
    if (valid != nullptr && valid[i] == 0) {
      appender.append_missing();
      continue;
    }
    text.clear();
    append_identity_text(compiled, attribute, masks[i], start + i, text);
    appender.append_text(text);
  }
  return std::move(appender).finish();
}

}  // namespace

BatchBuilder::BatchBuilder(const PopulationModel::Compiled& compiled, std::uint64_t rows, Population recycled)
    : compiled_(compiled), rows_(static_cast<std::size_t>(rows)) {
  std::vector<Column> old(recycled.columns().begin(), recycled.columns().end());
  recycled = {};
  const bool reuse = old.size() == compiled.fields.size();
  for (std::size_t a = 0; a < compiled.fields.size(); ++a) {
    const Field& field = compiled.fields[a];
    auto memory = std::make_unique<ColumnMemory>();
    if (field.type == ColumnType::list || field.type == ColumnType::text) {
      memory->masks.resize(rows_);
    } else {
      if (reuse)
        memory->draft.emplace(field, static_cast<std::int64_t>(rows_), std::move(old[a]));
      else
        memory->draft.emplace(field, static_cast<std::int64_t>(rows_));
      if (field.type == ColumnType::boolean) memory->booleans = std::make_unique_for_overwrite<std::uint8_t[]>(rows_);
    }
    if (compiled.tables->attributes[a].may_be_missing)
      memory->valid = std::make_unique_for_overwrite<std::uint8_t[]>(rows_);
    columns_.push_back(std::move(memory));
  }
}

BatchBuilder::~BatchBuilder() = default;

std::vector<SlotOutput> BatchBuilder::slots(std::size_t row) const {
  std::vector<SlotOutput> slots;
  slots.reserve(columns_.size());
  for (std::size_t a = 0; a < columns_.size(); ++a) {
    ColumnMemory& memory = *columns_[a];
    std::byte* values = nullptr;
    if (memory.booleans)
      values = reinterpret_cast<std::byte*>(memory.booleans.get());
    else if (memory.draft.has_value())
      values = memory.draft->values<std::byte>().data();
    else
      values = reinterpret_cast<std::byte*>(memory.masks.data());
    slots.push_back({values + row * slot_bytes(compiled_.tables->attributes[a].slot),
                     memory.valid ? memory.valid.get() + row : nullptr});
  }
  return slots;
}

Column BatchBuilder::finish_column(std::size_t attribute, std::uint64_t start) {
  ColumnMemory& memory = *columns_[attribute];
  const std::uint8_t* valid = memory.valid.get();
  if (!memory.draft.has_value()) {
    return compiled_.fields[attribute].type == ColumnType::list
               ? list_column(compiled_.fields[attribute], memory.masks, valid)
               : text_column(compiled_, attribute, memory.masks, valid, start);
  }
  if (memory.booleans) pack_bits(memory.booleans.get(), rows_, memory.draft->bits());
  if (valid != nullptr && !all_valid(valid, rows_)) pack_bits(valid, rows_, memory.draft->validity());
  return std::move(*memory.draft).finish();
}

Result<Population> BatchBuilder::finish(Origin origin) && {
  std::vector<Column> columns;
  for (std::size_t a = 0; a < columns_.size(); ++a) {
    columns.push_back(finish_column(a, origin.start));
    columns_[a].reset();
  }
  return Population::make(std::move(columns), std::move(origin));
}

}  // namespace persona
