//! Parts of columns, and columns joined.
#include "bits.hpp"
#include "column_build.hpp"

#include <cstring>
#include <utility>

namespace persona {
namespace {

template <class T>
const T* buffer_as(const std::shared_ptr<const Buffer>& buffer) {
  return reinterpret_cast<const T*>(buffer->data());
}

template <class T>
void gather_column(const Column& from, std::span<const std::int64_t> rows, ColumnDraft& to) {
  const T* source = buffer_as<T>(from.parts().values) + from.parts().offset;
  T* target = to.values<T>().data();
  for (std::size_t i = 0; i < rows.size(); ++i) target[i] = source[rows[i]];
}

void gather_column_bits(const std::byte* from, std::int64_t offset, std::span<const std::int64_t> rows, std::byte* to) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    put_bit(to, static_cast<std::int64_t>(i), bit_at(from, offset + rows[i]));
}

Column take_fixed_width(const Column& from, std::span<const std::int64_t> rows) {
  ColumnDraft draft(from.field(), static_cast<std::int64_t>(rows.size()));
  switch (value_bytes(from.field())) {
    case 1: gather_column<std::int8_t>(from, rows, draft); break;
    case 2: gather_column<std::int16_t>(from, rows, draft); break;
    case 4: gather_column<std::int32_t>(from, rows, draft); break;
    case 8: gather_column<std::int64_t>(from, rows, draft); break;
    default: gather_column_bits(from.parts().values->data(), from.parts().offset, rows, draft.bits());
  }
  if (from.null_count() > 0)
    gather_column_bits(from.parts().validity->data(), from.parts().offset, rows, draft.validity());
  return std::move(draft).finish();
}

void append_row_of(ColumnAppender& to, const Column& from, std::int64_t row, std::span<const std::int32_t> recode) {
  if (!from.is_valid(row)) return to.append_missing();
  if (from.type() == ColumnType::text) return to.append_text(from.text(row));
  if (recode.empty()) return to.append_list(from.list(row));
  std::vector<std::int32_t> codes;
  for (const std::int32_t code : from.list(row)) codes.push_back(recode[static_cast<std::size_t>(code)]);
  to.append_list(codes);
}

// Codes of any width and any numbering into the draft's width.
template <class T>
void copy_column_codes(const Column& from, std::span<const std::int32_t> recode, T* to) {
  for (std::int64_t row = 0; row < from.size(); ++row) {
    const std::int64_t code = from.code(row);
    if (code >= 0) to[row] = static_cast<T>(recode.empty() ? code : recode[static_cast<std::size_t>(code)]);
    if (code < 0) to[row] = 0;
  }
}

void copy_column_values(const Column& from, std::span<const std::int32_t> recode, std::int64_t first, ColumnDraft& to) {
  const Column::Parts& parts = from.parts();
  const std::size_t width = value_bytes(to.field());
  if (width == 0) return copy_bits(parts.values->data(), parts.offset, to.bits(), first, parts.length);
  const bool as_is = recode.empty() && width == value_bytes(from.field());
  if (as_is) {
    std::memcpy(to.bits() + width * static_cast<std::size_t>(first),
                parts.values->data() + width * static_cast<std::size_t>(parts.offset),
                width * static_cast<std::size_t>(parts.length));
  } else if (width == 1) {
    copy_column_codes(from, recode, to.values<std::int8_t>().data() + first);
  } else if (width == 2) {
    copy_column_codes(from, recode, to.values<std::int16_t>().data() + first);
  } else {
    copy_column_codes(from, recode, to.values<std::int32_t>().data() + first);
  }
}

}  // namespace

Column Column::slice(std::int64_t first, std::int64_t count) const {
  Column part = *this;
  part.parts_.offset += first;
  part.parts_.length = count;
  if (parts_.null_count > 0)
    part.parts_.null_count = count - count_bits(parts_.validity->data(), part.parts_.offset, count);
  return part;
}

Column Column::take(std::span<const std::int64_t> rows) const {
  if (type() != ColumnType::text && type() != ColumnType::list) return take_fixed_width(*this, rows);
  ColumnAppender appender(field_);
  for (const std::int64_t row : rows) append_row_of(appender, *this, row, {});
  return std::move(appender).finish();
}

Column join_columns(Field field, std::span<const Column> parts, std::span<const std::vector<std::int32_t>> recode) {
  const auto codes_of = [&](std::size_t part) {
    return part < recode.size() ? std::span<const std::int32_t>(recode[part]) : std::span<const std::int32_t>();
  };
  if (field.type == ColumnType::text || field.type == ColumnType::list) {
    ColumnAppender appender(std::move(field));
    for (std::size_t p = 0; p < parts.size(); ++p)
      for (std::int64_t row = 0; row < parts[p].size(); ++row) append_row_of(appender, parts[p], row, codes_of(p));
    return std::move(appender).finish();
  }
  std::int64_t rows = 0, nulls = 0;
  for (const Column& part : parts) rows += part.size(), nulls += part.null_count();
  ColumnDraft draft(std::move(field), rows);
  std::int64_t first = 0;
  for (std::size_t p = 0; p < parts.size(); first += parts[p++].size()) {
    copy_column_values(parts[p], codes_of(p), first, draft);
    if (nulls == 0) continue;
    if (parts[p].null_count() > 0)
      copy_bits(parts[p].parts().validity->data(), parts[p].parts().offset, draft.validity(), first, parts[p].size());
  }
  return std::move(draft).finish();
}

}  // namespace persona
