//! What every storage asks of a record and of the batches that follow it.
#include "storage/intake.hpp"

#include "core/text.hpp"
#include "population/column_build.hpp"
#include "storage/index_column.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace persona {
namespace {

constexpr std::int64_t last_index = std::numeric_limits<std::int64_t>::max();

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::now()));
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// What is kept as JSON beside the values must be text.
Status check_field(const Field& field) {
  if (field.name.empty() || has_control_character(field.name) || !is_utf8(field.name))
    return fail(Errc::invalid_argument,
                fmt::format("column name '{}' is empty or not printable UTF-8", replace_invalid_utf8(field.name)));
  bool text = is_utf8(field.unit) && is_utf8(field.description);
  if (field.labels) text = text && std::ranges::all_of(*field.labels, is_utf8);
  if (text) return {};
  return fail(Errc::invalid_argument,
              fmt::format("column '{}': unit, description and labels must be UTF-8", field.name));
}

}  // namespace

Result<PopulationRecord> checked_record(PopulationRecord record) {
  if (record.name.empty() || has_control_character(record.name) || !is_utf8(record.name))
    return fail(Errc::invalid_argument,
                fmt::format("population name '{}' is empty or not printable UTF-8", replace_invalid_utf8(record.name)));
  if (!is_utf8(record.spec))
    return fail(Errc::invalid_argument, fmt::format("population '{}': the specification is not UTF-8", record.name));
  const bool recipe = record.form == StorageForm::recipe;
  if (!recipe) record.count = 0;
  if (record.count < 0 || record.start > static_cast<std::uint64_t>(last_index - record.count))
    return fail(Errc::invalid_argument, fmt::format("population '{}': start {} and count {} reach beyond 2^63 - 1",
                                                    record.name, record.start, record.count));
  if (recipe && !record.indexes.empty())
    return fail(Errc::invalid_argument, fmt::format("population '{}': a recipe has no rows to index", record.name));
  record.created_at = utc_now();
  return record;
}

BatchIntake::BatchIntake(const PopulationRecord& record)
    : name_(record.name), indexes_(record.indexes), next_(static_cast<std::int64_t>(record.start)) {}

Result<Population> BatchIntake::accept(const Population& batch) {
  if (Status fits = started() ? same_columns(batch.columns()) : begin(batch.columns()); !fits)
    return tl::unexpected(std::move(fits.error()));
  Result<Population> rows = own_index_ ? renumbered(batch) : numbered(batch);
  if (rows) count_ += rows->size();
  return rows;
}

Result<std::vector<std::string>> BatchIntake::indexes() const {
  for (const std::string& name : indexes_)
    if (std::ranges::find(fields_, name, &Field::name) == fields_.end())
      return fail(Errc::invalid_argument, fmt::format("population '{}': no attribute '{}' to index", name_, name));
  std::vector<std::string> ordered;
  for (const Field& field : fields_)
    if (field.name != index_name && std::ranges::count(indexes_, field.name) > 0) ordered.push_back(field.name);
  return ordered;
}

Status BatchIntake::begin(std::span<const Column> columns) {
  std::vector<Field> fields{index_field()};
  for (const Column& column : columns) {
    if (Status status = check_field(column.field()); !status) return status;
    if (column.name() != index_name) {
      fields.push_back(column.field());
      continue;
    }
    if (column.type() != ColumnType::int64 && column.type() != ColumnType::int32)
      return fail(
          Errc::invalid_argument,
          fmt::format("column 'index' numbers the rows and must hold whole numbers, not {}", to_string(column.type())));
    own_index_ = true;
    next_ = 0;
  }
  fields_ = std::move(fields);
  if (Result<std::vector<std::string>> known = indexes(); !known) return tl::unexpected(std::move(known.error()));
  return {};
}

Status BatchIntake::same_columns(std::span<const Column> columns) const {
  std::size_t at = 1;
  bool same = columns.size() + (own_index_ ? 0 : 1) == fields_.size();
  for (const Column& column : columns) {
    if (!same) break;
    if (own_index_ && column.name() == index_name) continue;
    if (at == fields_.size() || column.name() != fields_[at].name)
      return fail(Errc::invalid_argument,
                  fmt::format("a batch has a column '{}' that the first batch has not there", column.name()));
    if (column.field() != fields_[at])
      return fail(
          Errc::invalid_argument,
          fmt::format("column '{}' has another type, unit or other labels than in the first batch", column.name()));
    ++at;
  }
  if (same && at == fields_.size()) return {};
  return fail(Errc::invalid_argument, fmt::format("a batch has {} columns, but the first batch has {}", columns.size(),
                                                  fields_.size() - (own_index_ ? 0 : 1)));
}

Result<Population> BatchIntake::numbered(const Population& batch) {
  if (batch.size() > last_index - next_)
    return fail(Errc::invalid_argument, fmt::format("population '{}' reaches beyond index 2^63 - 1", name_));
  Population rows = with_index(batch, next_);
  next_ += batch.size();
  return rows;
}

Result<Population> BatchIntake::renumbered(const Population& batch) {
  const Column& brought = *batch.find(index_name);
  ColumnDraft index(index_field(), batch.size());
  const auto numbers = index.values<std::int64_t>();
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    const Value value = brought.value(row);
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr || *number < next_ || *number == last_index)
      return fail(Errc::invalid_argument, fmt::format("column 'index' must rise from 0 on: '{}' cannot follow {}",
                                                      number == nullptr ? "missing" : to_string(value), next_ - 1));
    numbers[static_cast<std::size_t>(row)] = *number;
    next_ = *number + 1;
  }
  std::vector<Column> columns{std::move(index).finish()};
  for (const Column& column : batch.columns())
    if (column.name() != index_name) columns.push_back(column);
  return Population::make(std::move(columns));
}

}  // namespace persona
