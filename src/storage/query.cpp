//! Queries checked against the columns there are.
#include "storage/checked_query.hpp"

#include "core/text.hpp"
#include "storage/index_column.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr std::size_t most_filter_values = 10'000;

Result<std::size_t> column_called(std::span<const Field> fields, const std::string& name, std::string_view use) {
  const auto at = std::ranges::find(fields, name, &Field::name);
  if (at != fields.end()) return static_cast<std::size_t>(at - fields.begin());
  std::vector<std::string> names;
  for (const Field& field : fields) names.push_back(field.name);
  return fail(Errc::invalid_argument, fmt::format("no attribute '{}' to {}{}; there are {}", shortened(name), use,
                                                  did_you_mean(name, names), listing(names, 40)));
}

bool is_order(Compare compare) {
  return compare == Compare::less || compare == Compare::less_equal || compare == Compare::greater ||
         compare == Compare::greater_equal;
}

std::string_view value_kind(const Value& value) {
  static constexpr std::string_view kinds[] = {"a missing value", "yes or no", "a number", "a number", "text",
                                               "a day",           "a list"};
  return kinds[value.index()];
}

tl::unexpected<Error> filter_misfit(const Field& field, std::string_view needed, const Value& value) {
  const std::string text = to_string(value);
  return fail(Errc::invalid_argument,
              fmt::format("the filter on '{}' needs {}, not {}{}{}{}", field.name, needed, value_kind(value),
                          text.empty() ? "" : " '", shortened(text), text.empty() ? "" : "'"));
}

// The filter on whole numbers that holds exactly when `x compare bound` does for a bound with a fraction.
void compare_whole(CheckedFilter& filter, double bound) {
  constexpr double beyond = 9223372036854775808.0;  // 2^63
  const bool upward = filter.compare == Compare::less || filter.compare == Compare::greater_equal;
  const double whole = upward ? std::ceil(bound) : std::floor(bound);
  const bool fits = whole >= -beyond && whole < beyond;
  if (is_order(filter.compare) && fits) {
    filter.values.emplace_back(static_cast<std::int64_t>(whole));
    return;
  }
  if (!is_order(filter.compare) && fits && whole == bound) {
    filter.values.emplace_back(static_cast<std::int64_t>(whole));
    return;
  }
  const bool below = filter.compare == Compare::less || filter.compare == Compare::less_equal;
  const bool always = filter.compare == Compare::not_equal || (is_order(filter.compare) && (bound > 0) == below);
  if (filter.compare != Compare::any_of) filter.compare = always ? Compare::is_present : Compare::any_of;
}

Status add_number(const Field& field, CheckedFilter& filter, const Value& value) {
  const bool whole_column = field.type == ColumnType::int32 || field.type == ColumnType::int64;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (whole_column)
      filter.values.emplace_back(*whole);
    else
      filter.values.emplace_back(static_cast<double>(*whole));
    return {};
  }
  const auto* number = std::get_if<double>(&value);
  if (number == nullptr || std::isnan(*number)) return filter_misfit(field, "a number", value);
  if (whole_column)
    compare_whole(filter, *number);
  else
    filter.values.emplace_back(*number);
  return {};
}

template <class T>
Status add_plain(const Field& field, CheckedFilter& filter, const Value& value, std::string_view needed) {
  if (!std::holds_alternative<T>(value)) return filter_misfit(field, needed, value);
  filter.values.push_back(value);
  return {};
}

Result<std::size_t> label_code(const Field& field, const Value& value) {
  const auto* label = std::get_if<std::string>(&value);
  if (label == nullptr) return filter_misfit(field, "a label", value);
  const auto at = std::ranges::find(*field.labels, *label);
  if (at != field.labels->end()) return static_cast<std::size_t>(at - field.labels->begin());
  return fail(Errc::invalid_argument,
              fmt::format("'{}' has no label '{}'{}; there are {}", field.name, shortened(*label),
                          did_you_mean(*label, *field.labels), listing(*field.labels, 20)));
}

bool code_satisfies(Compare compare, std::size_t code, std::size_t asked) {
  switch (compare) {
    case Compare::less: return code < asked;
    case Compare::less_equal: return code <= asked;
    case Compare::greater: return code > asked;
    case Compare::greater_equal: return code >= asked;
    case Compare::not_equal: return code != asked;
    default: return code == asked;
  }
}

bool label_satisfies(Compare compare, const std::string& label, const std::string& asked) {
  return compare == Compare::contains ? label.find(asked) != std::string::npos : label.starts_with(asked);
}

bool is_search(Compare compare) {
  return compare == Compare::contains || compare == Compare::begins_with;
}

// Part of a label need not be a label.
Status search_labels(const Field& field, CheckedFilter& filter, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return filter_misfit(field, "text", value);
  for (const std::string& label : *field.labels) {
    filter.codes.push_back(label_satisfies(filter.compare, label, *text));
    if (filter.codes.back()) filter.values.emplace_back(label);
  }
  filter.compare = Compare::any_of;
  return {};
}

// Turns any comparison of labels into the labels that satisfy it; of lists, into the labels asked for.
Status check_labels(const Field& field, CheckedFilter& filter, const std::vector<Value>& asked) {
  if (is_search(filter.compare)) return search_labels(field, filter, asked.front());
  const bool list = field.type == ColumnType::list;
  filter.codes.assign(field.labels ? field.labels->size() : 0, false);
  for (const Value& value : asked) {
    const Result<std::size_t> code = label_code(field, value);
    if (!code) return tl::unexpected(code.error());
    const Compare compare = list ? Compare::equal : filter.compare;
    for (std::size_t i = 0; i < filter.codes.size(); ++i)
      if (code_satisfies(compare, i, *code)) filter.codes[i] = true;
  }
  for (std::size_t i = 0; i < filter.codes.size(); ++i)
    if (filter.codes[i]) filter.values.emplace_back((*field.labels)[i]);
  if (!list || filter.compare == Compare::equal) filter.compare = Compare::any_of;
  return {};
}

Status check_values(const Field& field, CheckedFilter& filter, const std::vector<Value>& asked) {
  if (field.type == ColumnType::category || field.type == ColumnType::list) return check_labels(field, filter, asked);
  for (const Value& value : asked) {
    Status status;
    switch (field.type) {
      case ColumnType::boolean: status = add_plain<bool>(field, filter, value, "yes or no"); break;
      case ColumnType::date: status = add_plain<Date>(field, filter, value, "a day"); break;
      case ColumnType::text: status = add_plain<std::string>(field, filter, value, "text"); break;
      default: status = add_number(field, filter, value); break;
    }
    if (!status) return status;
  }
  return {};
}

Status check_shape(const Field& field, const Filter& filter) {
  const bool unary = filter.compare == Compare::is_missing || filter.compare == Compare::is_present;
  const std::size_t count = filter.values.size();
  if (filter.compare == Compare::any_of ? count > most_filter_values : count != (unary ? 0U : 1U))
    return fail(Errc::invalid_argument,
                fmt::format("the filter on '{}' has {} values where {} belong", field.name, count,
                            filter.compare == Compare::any_of ? "at most 10000" : (unary ? "none" : "one")));
  const bool unordered = (field.type == ColumnType::category && !field.ordered) || field.type == ColumnType::list ||
                         field.type == ColumnType::boolean;
  if (is_order(filter.compare) && unordered)
    return fail(Errc::invalid_argument,
                fmt::format("'{}' has no order to compare by: equal, not_equal and any_of fit it", field.name));
  if (is_search(filter.compare) && field.type != ColumnType::text && field.type != ColumnType::category)
    return fail(Errc::invalid_argument, fmt::format("'{}' holds no text to search in", field.name));
  return {};
}

Result<CheckedFilter> check_filter(std::span<const Field> fields, const Filter& filter) {
  const Result<std::size_t> column = column_called(fields, filter.attribute, "filter on");
  if (!column) return tl::unexpected(column.error());
  const Field& field = fields[*column];
  CheckedFilter checked{.column = *column, .compare = filter.compare, .values = {}, .codes = {}};
  if (Status status = check_shape(field, filter); !status) return tl::unexpected(status.error());
  if (filter.compare == Compare::is_missing || filter.compare == Compare::is_present) return checked;
  if (Status status = check_values(field, checked, filter.values); !status) return tl::unexpected(status.error());
  return checked;
}

tl::unexpected<Error> query_error(Error error, std::string path) {
  error.path = std::move(path);
  return tl::unexpected(std::move(error));
}

}  // namespace

Result<std::vector<CheckedFilter>> check_filters(std::span<const Field> fields, std::span<const Filter> filters) {
  std::vector<CheckedFilter> checked;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    Result<CheckedFilter> filter = check_filter(fields, filters[i]);
    if (!filter) return query_error(filter.error(), fmt::format("/filters/{}", i));
    checked.push_back(*std::move(filter));
  }
  return checked;
}

Result<CheckedQuery> check_query(std::span<const Field> fields, const Query& query) {
  CheckedQuery checked{.filters = {}, .columns = {}, .after = query.after, .limit = query.limit};
  checked.columns.reserve(query.columns.empty() ? fields.size() : query.columns.size() + 1);
  checked.columns.push_back(0);
  if (query.limit < 0)
    return fail(Errc::invalid_argument, fmt::format("limit {} is less than 0", query.limit), "/limit");
  Result<std::vector<CheckedFilter>> filters = check_filters(fields, query.filters);
  if (!filters) return tl::unexpected(filters.error());
  checked.filters = *std::move(filters);
  for (std::size_t i = 0; i < query.columns.size(); ++i) {
    const Result<std::size_t> column = column_called(fields, query.columns[i], "read");
    if (!column) return query_error(column.error(), fmt::format("/columns/{}", i));
    if (*column == 0) continue;  // it comes anyway
    if (std::ranges::count(checked.columns, *column) > 0)
      return fail(Errc::invalid_argument, fmt::format("column '{}' is asked for twice", query.columns[i]),
                  fmt::format("/columns/{}", i));
    checked.columns.push_back(*column);
  }
  if (query.columns.empty())
    for (std::size_t i = 1; i < fields.size(); ++i) checked.columns.push_back(i);
  return checked;
}

}  // namespace persona
