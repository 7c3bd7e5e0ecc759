//! Numbers, yes-or-no and days out of Arrow.
#include "arrow_input.hpp"
#include "bits.hpp"
#include "column_build.hpp"

#include <cmath>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr std::int64_t most_arrow_rows = std::int64_t{1} << 48;
constexpr std::int64_t arrow_day_milliseconds = 86'400'000;

struct ArrowHalf {
  std::uint16_t bits;
};

double arrow_number(double value) {
  return value;
}
double arrow_number(float value) {
  return value;
}
double arrow_number(ArrowHalf half) {
  const int exponent = half.bits >> 10 & 31;
  const int fraction = half.bits & 1023;
  const double sign = (half.bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 31) return sign * (fraction == 0 ? INFINITY : NAN);
  return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25));
}

template <class To, class From, class Change>
void arrow_convert(const ArrowValues& values, ColumnDraft& draft, Change change) {
  To* to = draft.values<To>().data();
  for (std::int64_t row = 0; row < values.length; ++row) to[row] = change(values.values.at<From>(values.offset + row));
}

template <class From>
void arrow_floating(const ArrowValues& values, ColumnDraft& draft) {
  arrow_convert<double, From>(values, draft, [](From value) { return arrow_number(value); });
}

template <class To, class From>
void arrow_integers(const ArrowValues& values, ColumnDraft& draft) {
  arrow_convert<To, From>(values, draft, [](From value) { return static_cast<To>(value); });
}

// What passes int64 is refused; a missing row may hold anything.
Status arrow_unsigned(const ArrowField& field, const ArrowValues& values, ColumnDraft& draft) {
  arrow_integers<std::int64_t, std::uint64_t>(values, draft);
  for (std::int64_t row = 0; row < values.length; ++row) {
    const auto value = values.values.at<std::uint64_t>(values.offset + row);
    if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()} && values.is_valid(row))
      return fail(Errc::invalid_argument,
                  fmt::format("column '{}': row {}: {} is beyond a 64-bit whole number", field.name, row, value));
  }
  return {};
}

Status arrow_milliseconds(const ArrowField& field, const ArrowValues& values, ColumnDraft& draft) {
  using narrow = std::numeric_limits<std::int32_t>;
  std::int32_t* to = draft.values<std::int32_t>().data();
  for (std::int64_t row = 0; row < values.length; ++row) {
    const auto instant = values.values.at<std::int64_t>(values.offset + row);
    const std::int64_t day = instant / arrow_day_milliseconds - (instant % arrow_day_milliseconds < 0 ? 1 : 0);
    const bool fits = day >= narrow::min() && day <= narrow::max();
    to[row] = fits ? static_cast<std::int32_t>(day) : 0;
    if (!fits && values.is_valid(row))
      return fail(Errc::invalid_argument,
                  fmt::format("column '{}': row {}: {} ms is beyond the calendar", field.name, row, instant));
  }
  return {};
}

ColumnType arrow_column_type(const ArrowType& type) {
  switch (type.kind) {
    case ArrowKind::boolean: return ColumnType::boolean;
    case ArrowKind::integer: {
      const bool narrow = type.bytes < 4 || (type.bytes == 4 && type.is_signed);
      return narrow ? ColumnType::int32 : ColumnType::int64;
    }
    case ArrowKind::floating: return ColumnType::float64;
    case ArrowKind::date32:
    case ArrowKind::date64: return ColumnType::date;
    default: return ColumnType::text;
  }
}

Status fill_arrow_integers(const ArrowField& field, const ArrowValues& values, ColumnDraft& draft) {
  switch (field.type.is_signed ? field.type.bytes : -field.type.bytes) {
    case 1: arrow_integers<std::int32_t, std::int8_t>(values, draft); break;
    case 2: arrow_integers<std::int32_t, std::int16_t>(values, draft); break;
    case 4: arrow_integers<std::int32_t, std::int32_t>(values, draft); break;
    case 8: arrow_integers<std::int64_t, std::int64_t>(values, draft); break;
    case -1: arrow_integers<std::int32_t, std::uint8_t>(values, draft); break;
    case -2: arrow_integers<std::int32_t, std::uint16_t>(values, draft); break;
    case -4: arrow_integers<std::int64_t, std::uint32_t>(values, draft); break;
    default: return arrow_unsigned(field, values, draft);
  }
  return {};
}

Status fill_arrow_values(const ArrowField& field, const ArrowValues& values, ColumnDraft& draft) {
  switch (field.type.kind) {
    case ArrowKind::boolean:
      if (values.length > 0) copy_bits(values.values.data, values.offset, draft.bits(), 0, values.length);
      return {};
    case ArrowKind::integer: return fill_arrow_integers(field, values, draft);
    case ArrowKind::date64: return arrow_milliseconds(field, values, draft);
    case ArrowKind::date32: arrow_integers<std::int32_t, std::int32_t>(values, draft); return {};
    default: break;
  }
  if (field.type.bytes == 2) arrow_floating<ArrowHalf>(values, draft);
  if (field.type.bytes == 4) arrow_floating<float>(values, draft);
  if (field.type.bytes == 8) arrow_floating<double>(values, draft);
  return {};
}

Field arrow_column_field(const ArrowField& field) {
  return {.name = field.name,
          .type = arrow_column_type(field.type),
          .unit = field.unit,
          .description = field.description,
          .decimals = field.decimals};
}

Result<Column> read_arrow_texts(const ArrowField& field, const ArrowValues& values) {
  const auto texts = arrow_texts(field.name, field.type, values);
  if (!texts) return tl::unexpected(texts.error());
  ColumnAppender appender(arrow_column_field(field));
  for (std::int64_t row = 0; row < values.length; ++row)
    values.is_valid(row) ? appender.append_text((*texts)[static_cast<std::size_t>(row)]) : appender.append_missing();
  return std::move(appender).finish();
}

// Text without any: what the column would have held is not known.
Column arrow_nothing(const ArrowField& field, std::int64_t rows) {
  Column::Parts parts{.length = rows, .null_count = rows};
  const auto offset_bytes = static_cast<std::size_t>(rows + 1) * sizeof(std::int64_t);
  auto offsets = Buffer::allocate(offset_bytes);
  std::memset(offsets->data(), 0, offset_bytes);
  parts.offsets = std::move(offsets);
  parts.values = Buffer::allocate(0);
  if (rows > 0) {
    auto validity = Buffer::allocate(bit_bytes(rows));
    std::memset(validity->data(), 0, bit_bytes(rows));
    parts.validity = std::move(validity);
  }
  return {arrow_column_field(field), std::move(parts)};
}

}  // namespace

Status need_arrow_bytes(const std::string& column, std::string_view what, ArrowBytes given, std::int64_t bytes) {
  if (bytes <= given.size) return {};
  if (given.size == 0)
    return fail(Errc::invalid_argument, fmt::format("column '{}': its {} are missing", column, what));
  return fail(Errc::invalid_argument,
              fmt::format("column '{}': its {} take {} bytes, there are {}", column, what, bytes, given.size));
}

Status check_arrow_values(const std::string& column, const ArrowValues& values) {
  const auto nonsense = [&](std::string_view what, std::int64_t value) {
    return fail(Errc::invalid_argument, fmt::format("column '{}': its {} is {}", column, what, value));
  };
  if (values.length < 0 || values.length > most_arrow_rows) return nonsense("length", values.length);
  if (values.offset < 0 || values.offset > most_arrow_rows) return nonsense("offset", values.offset);
  if (values.null_count < -1 || values.null_count > values.length) return nonsense("null count", values.null_count);
  if (values.validity.data == nullptr && values.null_count <= 0) return {};
  return need_arrow_bytes(column, "validity bits", values.validity,
                          static_cast<std::int64_t>(bit_bytes(values.offset + values.length)));
}

Result<Column> read_arrow_column(const ArrowField& field, const ArrowValues& values) {
  if (field.type.kind == ArrowKind::nothing) {
    if (Status sound = check_arrow_values(field.name, {.length = values.length}); !sound)
      return tl::unexpected(std::move(sound.error()));
    return arrow_nothing(field, values.length);
  }
  if (Status sound = check_arrow_values(field.name, values); !sound) return tl::unexpected(std::move(sound.error()));
  if (field.dictionary) return read_arrow_labels(field, values);
  if (field.type.kind == ArrowKind::list) return read_arrow_lists(field, values);
  if (field.type.kind == ArrowKind::text || field.type.kind == ArrowKind::text_view)
    return read_arrow_texts(field, values);
  const std::int64_t end = values.length == 0 ? 0 : values.offset + values.length;
  const std::int64_t bytes =
      field.type.kind == ArrowKind::boolean ? static_cast<std::int64_t>(bit_bytes(end)) : end * field.type.bytes;
  if (Status enough = need_arrow_bytes(field.name, "values", values.values, bytes); !enough)
    return tl::unexpected(std::move(enough.error()));
  ColumnDraft draft(arrow_column_field(field), values.length);
  if (Status filled = fill_arrow_values(field, values, draft); !filled)
    return tl::unexpected(std::move(filled.error()));
  if (values.validity.data != nullptr && values.length > 0)
    copy_bits(values.validity.data, values.offset, draft.validity(), 0, values.length);
  return std::move(draft).finish();
}

Result<Population> join_arrow_batches(const std::vector<ArrowField>& fields, std::vector<Population> batches) {
  if (batches.size() == 1) return std::move(batches.front());
  if (!batches.empty()) return Population::concatenate(batches);
  std::vector<Column> columns;
  for (const ArrowField& field : fields) {
    ArrowValues none;
    if (field.item) none.item = std::make_shared<const ArrowValues>();
    Result<Column> column = read_arrow_column(field, none);
    if (!column) return tl::unexpected(std::move(column.error()));
    columns.push_back(*std::move(column));
  }
  return Population::make(std::move(columns));
}

}  // namespace persona
