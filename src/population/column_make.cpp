//! Columns made value by value, each value checked against the field.
#include "bits.hpp"
#include "column_build.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

// A number that is whole and within the type, if the value is one.
std::optional<std::int64_t> whole_number(const Value& value, ColumnType type) {
  std::int64_t whole = 0;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    whole = *integer;
  } else if (const auto* real = std::get_if<double>(&value)) {
    if (!(std::fabs(*real) <= 0x1p53) || std::trunc(*real) != *real) return std::nullopt;
    whole = static_cast<std::int64_t>(*real);
  } else {
    return std::nullopt;
  }
  using narrow = std::numeric_limits<std::int32_t>;
  if (type == ColumnType::int32 && (whole < narrow::min() || whole > narrow::max())) return std::nullopt;
  return whole;
}

}  // namespace

ColumnAppender::ColumnAppender(std::shared_ptr<const Field> field) : field_(std::move(field)) {
  const bool labelled = field_->type == ColumnType::category || field_->type == ColumnType::list;
  open_labels_ = labelled && !field_->labels;
  if (field_->type == ColumnType::category && field_->labels)
    set_code_bytes(std::max(field_->code_bytes, code_bytes_for(field_->labels->size())));
  if (open_labels_ && field_->type == ColumnType::category) set_code_bytes(4);  // narrowed when all labels are known
  if (field_->type == ColumnType::text) offsets_.push<std::int64_t>(0);
  if (field_->type == ColumnType::list) offsets_.push<std::int32_t>(0);
}

void ColumnAppender::set_code_bytes(int bytes) {
  if (field_->code_bytes == bytes) return;
  Field changed = *field_;
  changed.code_bytes = bytes;
  field_ = std::make_shared<const Field>(std::move(changed));
}

void ColumnAppender::reserve(std::int64_t rows) {
  values_.reserve(value_bytes(*field_) * static_cast<std::size_t>(rows));
}

void ColumnAppender::mark(bool valid) {
  if (!valid && nulls_++ == 0) {  // the first that is missing: all before are there
    std::ranges::fill_n(validity_.extend(static_cast<std::size_t>(rows_ / 8)), rows_ / 8, std::byte{0xff});
    if (rows_ % 8 != 0) validity_.push(static_cast<std::byte>((1 << rows_ % 8) - 1));
  }
  if (nulls_ > 0) {
    if (rows_ % 8 == 0) validity_.push(std::byte{0});
    if (valid) set_bit(validity_.data(), rows_);
  }
  ++rows_;
}

void ColumnAppender::append_missing() {
  switch (field_->type) {
    case ColumnType::text: offsets_.push(static_cast<std::int64_t>(values_.size())); break;
    case ColumnType::list: offsets_.push(static_cast<std::int32_t>(values_.size() / sizeof(std::int32_t))); break;
    case ColumnType::boolean:
      if (rows_ % 8 == 0) values_.push(std::byte{0});
      break;
    default: {
      const std::size_t bytes = value_bytes(*field_);
      std::fill_n(values_.extend(bytes), bytes, std::byte{0});
    }
  }
  mark(false);
}

void ColumnAppender::append_number(double value) {
  values_.push(value);
  mark(true);
}

void ColumnAppender::append_integer(std::int64_t value) {
  if (field_->type == ColumnType::boolean) {
    if (rows_ % 8 == 0) values_.push(std::byte{0});
    put_bit(values_.data(), rows_, value != 0);
  } else {
    switch (value_bytes(*field_)) {
      case 1: values_.push(static_cast<std::int8_t>(value)); break;
      case 2: values_.push(static_cast<std::int16_t>(value)); break;
      case 4: values_.push(static_cast<std::int32_t>(value)); break;
      default: values_.push(value);
    }
  }
  mark(true);
}

void ColumnAppender::append_text(std::string_view value) {
  std::copy_n(reinterpret_cast<const std::byte*>(value.data()), value.size(), values_.extend(value.size()));
  offsets_.push(static_cast<std::int64_t>(values_.size()));
  mark(true);
}

void ColumnAppender::append_list(std::span<const std::int32_t> codes) {
  for (const std::int32_t code : codes) values_.push(code);
  offsets_.push(static_cast<std::int32_t>(values_.size() / sizeof(std::int32_t)));
  mark(true);
}

tl::unexpected<Error> ColumnAppender::misfit(const Value& value) const {
  return fail(Errc::invalid_argument,
              fmt::format("column '{}': row {}: '{}' is not a value of type {}", field_->name, rows_,
                          replace_invalid_utf8(to_string(value)), to_string(field_->type)));
}

Result<std::int32_t> ColumnAppender::code_of(const std::string& label) {
  if (!open_labels_ && codes_.empty())  // whoever appends codes never needs them
    for (const std::string& given : *field_->labels) codes_.emplace(given, static_cast<std::int32_t>(codes_.size()));
  if (const auto known = codes_.find(label); known != codes_.end()) return known->second;
  if (!is_utf8(label))
    return fail(Errc::invalid_argument, fmt::format("column '{}': row {}: text is not UTF-8", field_->name, rows_));
  if (!open_labels_)
    return fail(Errc::invalid_argument,
                fmt::format("column '{}': row {}: no label '{}'; there are {}{}", field_->name, rows_, label,
                            listing(*field_->labels), did_you_mean(label, *field_->labels)));
  const auto code = static_cast<std::int32_t>(collected_.size());
  collected_.push_back(label);
  codes_.emplace(label, code);
  return code;
}

Status ColumnAppender::append_label(const std::string& label) {
  const Result<std::int32_t> code = code_of(label);
  if (!code) return tl::unexpected(code.error());
  append_integer(*code);
  return {};
}

Status ColumnAppender::append_labels(const std::vector<std::string>& labels) {
  std::vector<std::int32_t> codes;
  for (const std::string& label : labels) {
    const Result<std::int32_t> code = code_of(label);
    if (!code) return tl::unexpected(code.error());
    codes.push_back(*code);
  }
  append_list(codes);
  return {};
}

Status ColumnAppender::append(const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return append_missing(), Status{};
  const auto* text = std::get_if<std::string>(&value);
  switch (field_->type) {
    case ColumnType::float64:
      if (const auto* real = std::get_if<double>(&value)) return append_number(*real), Status{};
      if (const auto* whole = std::get_if<std::int64_t>(&value))
        return append_number(static_cast<double>(*whole)), Status{};
      break;
    case ColumnType::int32:
    case ColumnType::int64:
      if (const auto whole = whole_number(value, field_->type)) return append_integer(*whole), Status{};
      break;
    case ColumnType::boolean:
      if (const auto* yes = std::get_if<bool>(&value)) return append_integer(*yes ? 1 : 0), Status{};
      break;
    case ColumnType::date:
      if (const auto* day = std::get_if<Date>(&value)) return append_integer(day->days), Status{};
      break;
    case ColumnType::category:
      if (text != nullptr) return append_label(*text);
      break;
    case ColumnType::text:
      if (text == nullptr) break;
      if (!is_utf8(*text))
        return fail(Errc::invalid_argument, fmt::format("column '{}': row {}: text is not UTF-8", field_->name, rows_));
      return append_text(*text), Status{};
    case ColumnType::list:
      if (const auto* labels = std::get_if<std::vector<std::string>>(&value)) return append_labels(*labels);
      break;
  }
  return misfit(value);
}

Column ColumnAppender::finish() && {
  Column::Parts parts{.length = rows_, .null_count = nulls_};
  parts.values = std::move(values_).finish();
  if (nulls_ > 0) parts.validity = std::move(validity_).finish();
  if (offsets_.size() > 0) parts.offsets = std::move(offsets_).finish();
  if (!open_labels_) return {std::move(field_), std::move(parts)};
  Field field = *field_;
  field.labels = std::make_shared<const std::vector<std::string>>(std::move(collected_));
  if (field.type != ColumnType::category) return {std::move(field), std::move(parts)};
  const Column wide(field, std::move(parts));
  field.code_bytes = code_bytes_for(field.labels->size());
  return join_columns(std::move(field), {&wide, 1});
}

Result<Column> Column::from_values(Field field, std::span<const Value> values) {
  ColumnAppender appender(std::move(field));
  for (const Value& value : values)
    if (const Status added = appender.append(value); !added) return tl::unexpected(added.error());
  return std::move(appender).finish();
}

}  // namespace persona
