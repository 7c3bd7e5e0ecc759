//! Populations one below the other, with their labels merged.
#include "column_build.hpp"

#include <persona/population/population.hpp>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

using JoinLabels = std::vector<std::string>;

// Both orders kept: labels new in `more` stand before the next label that both know.
// Nothing where the two orders contradict each other.
std::optional<JoinLabels> merge_ordered(const JoinLabels& labels, const JoinLabels& more) {
  JoinLabels merged;
  std::size_t next = 0;
  for (const std::string& label : more) {
    const auto at = std::ranges::find(labels, label);
    if (at != labels.end()) {
      const auto position = static_cast<std::size_t>(at - labels.begin());
      if (position < next) return std::nullopt;
      while (next <= position) merged.push_back(labels[next++]);
    } else {
      merged.push_back(label);
    }
  }
  merged.insert(merged.end(), labels.begin() + static_cast<std::ptrdiff_t>(next), labels.end());
  return merged;
}

JoinLabels merge_unordered(JoinLabels labels, const JoinLabels& more) {
  const std::unordered_set<std::string> known(labels.begin(), labels.end());
  for (const std::string& label : more)
    if (!known.contains(label)) labels.push_back(label);
  return labels;
}

bool same_join_labels(const Field& a, const Field& b) {
  return !a.labels || !b.labels || a.labels == b.labels || *a.labels == *b.labels;
}

Result<Field> merge_fields(Field field, const Field& more) {
  if (field.type != more.type)
    return fail(Errc::invalid_argument, fmt::format("column '{}' is {} in one population and {} in another", field.name,
                                                    to_string(field.type), to_string(more.type)));
  if (same_join_labels(field, more)) return field;
  std::optional<JoinLabels> merged =
      field.ordered ? merge_ordered(*field.labels, *more.labels) : merge_unordered(*field.labels, *more.labels);
  if (!merged)
    return fail(Errc::invalid_argument, fmt::format("column '{}': its labels are in different orders", field.name));
  if (field.type == ColumnType::category) field.code_bytes = std::max(field.code_bytes, code_bytes_for(merged->size()));
  field.labels = std::make_shared<const JoinLabels>(*std::move(merged));
  return field;
}

// recode[c] is the code in `to` of what has code c in `from`; empty where they are the same.
std::vector<std::int32_t> label_recoding(const Field& from, const Field& to) {
  if (same_join_labels(from, to)) return {};
  std::unordered_map<std::string_view, std::int32_t> codes;
  for (const std::string& label : *to.labels) codes.emplace(label, static_cast<std::int32_t>(codes.size()));
  std::vector<std::int32_t> recode;
  for (const std::string& label : *from.labels) recode.push_back(codes.at(label));
  return recode;
}

// The columns of one name; most often all stand at the same place.
Result<Column> join_named(const std::string& name, std::size_t place, std::span<const Population> parts) {
  std::vector<Column> columns;
  for (const Population& part : parts) {
    const bool in_place = part.columns()[place].name() == name;
    Result<Column> found = in_place ? part.columns()[place] : part.column(name);
    if (!found) return fail(Errc::invalid_argument, "populations to join differ: " + found.error().message);
    columns.push_back(*std::move(found));
  }
  Field field = columns.front().field();
  for (const Column& column : columns) {
    Result<Field> merged = merge_fields(std::move(field), column.field());
    if (!merged) return tl::unexpected(std::move(merged.error()));
    field = *std::move(merged);
  }
  std::vector<std::vector<std::int32_t>> recode;
  for (const Column& column : columns) recode.push_back(label_recoding(column.field(), field));
  return join_columns(std::move(field), columns, recode);
}

// Where the rows come from if each part continues the one before it.
Origin joined_origin(std::span<const Population> parts) {
  Origin next = parts.front().origin();
  for (const Population& part : parts) {
    if (part.origin() != next) return {};
    next.start += static_cast<std::uint64_t>(part.size());
  }
  return parts.front().origin();
}

}  // namespace

Result<Population> Population::concatenate(std::span<const Population> parts) {
  if (parts.empty()) return Population();
  const std::span<const Column> wanted = parts.front().columns();
  for (const Population& part : parts)
    if (part.columns().size() != wanted.size())
      return fail(Errc::invalid_argument, fmt::format("populations to join differ: one has {} columns, another {}",
                                                      wanted.size(), part.columns().size()));
  std::vector<Column> joined;
  for (std::size_t place = 0; place < wanted.size(); ++place) {
    Result<Column> whole = join_named(wanted[place].name(), place, parts);
    if (!whole) return tl::unexpected(std::move(whole.error()));
    joined.push_back(*std::move(whole));
  }
  return make(std::move(joined), joined_origin(parts));
}

}  // namespace persona
