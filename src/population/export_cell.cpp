//! Cells of CSV and NDJSON.
#include "export_cell.hpp"

#include "bits.hpp"
#include "text_write.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace persona {
namespace {

enum : std::size_t { cell_lead, cell_missing };  // of CellWriter::fixed_

constexpr std::size_t longest_cell_escape = 6;  // \u001f for one byte

template <class T>
T cell_value(const std::byte* values, std::int64_t at) {
  return reinterpret_cast<const T*>(values)[at];
}

std::string cell_text(std::string_view text, RowSyntax syntax) {
  return syntax == RowSyntax::csv ? csv_text(text) : json_text(text);
}

// Bytes that stand for themselves whatever surrounds them.
constexpr std::array<bool, 256> plain_cell_bytes = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x7f; ++c) plain[c] = c != '"' && c != '\\' && c != ',';
  return plain;
}();

bool is_plain_cell(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return plain_cell_bytes[static_cast<unsigned char>(c)]; });
}

}  // namespace

void Fragments::add(std::string_view text) {
  bytes_.insert(begins_.back(), text);
  begins_.push_back(begins_.back() + text.size());
  longest_ = std::max(longest_, text.size());
}

CellWriter::CellWriter(const Column& column, RowSyntax syntax, bool first, bool only)
    : column_(column),
      type_(column.type()),
      syntax_(syntax),
      code_bytes_(column.field().code_bytes),
      decimals_(column.field().decimals),
      has_missing_(column.null_count() > 0),
      values_(column.parts().values ? column.parts().values->data() : nullptr),
      offset_(column.parts().offset) {
  const bool csv = syntax == RowSyntax::csv;
  std::string lead = first ? (csv ? "" : "{") : ",";
  if (!csv) lead.append(json_text(column.name())).append(":");
  // A line with nothing in it would be no line to many readers.
  const std::string missing = lead + (csv ? (only ? "\"\"" : "") : "null");
  prepare_labels(type_ == ColumnType::list ? std::string() : lead);
  if (type_ == ColumnType::date && !csv) lead.append("\"");
  fixed_.add(lead);
  fixed_.add(missing);
  bound_ = fixed_.longest() + labels_.longest() + longest_number + 2 + Fragments::slack;
}

void CellWriter::prepare_labels(const std::string& lead) {
  if (type_ == ColumnType::boolean)
    for (const char* word : {"false", "true"}) labels_.add(lead + word);
  if (type_ != ColumnType::category && type_ != ColumnType::list) return;
  for (const std::string& label : *column_.field().labels) labels_.add(lead + cell_text(label, syntax_));
}

std::size_t CellWriter::room(std::int64_t row) const {
  if (type_ == ColumnType::text) return longest_cell_escape * column_.text(row).size() + 2;
  std::size_t bytes = 2 + Fragments::slack;
  for (const std::int32_t code : column_.list(row)) {
    const std::size_t raw = (*column_.field().labels)[static_cast<std::size_t>(code)].size();
    bytes += longest_cell_escape * raw + 3;
  }
  return bytes;
}

char* CellWriter::write(std::int64_t row, char* to) const {
  if (has_missing_ && !column_.is_valid(row)) return fixed_.copy(cell_missing, to);
  const std::int64_t at = offset_ + row;
  switch (type_) {
    case ColumnType::float64: return write_number(cell_value<double>(values_, at), to);
    case ColumnType::int32: return write_integer(fixed_.copy(cell_lead, to), cell_value<std::int32_t>(values_, at));
    case ColumnType::int64: return write_integer(fixed_.copy(cell_lead, to), cell_value<std::int64_t>(values_, at));
    case ColumnType::boolean: return write_label(bit_at(values_, at), to);
    case ColumnType::date: {
      char* end = write_date(fixed_.copy(cell_lead, to), Date{cell_value<std::int32_t>(values_, at)});
      if (syntax_ == RowSyntax::ndjson) *end++ = '"';
      return end;
    }
    case ColumnType::category:
      if (code_bytes_ == 1) return write_label(cell_value<std::int8_t>(values_, at), to);
      if (code_bytes_ == 2) return write_label(cell_value<std::int16_t>(values_, at), to);
      return write_label(cell_value<std::int32_t>(values_, at), to);
    case ColumnType::text: return write_text(column_.text(row), fixed_.copy(cell_lead, to));
    case ColumnType::list: return write_list(column_.list(row), fixed_.copy(cell_lead, to));
  }
  return to;
}

char* CellWriter::write_number(double value, char* to) const {
  if (!std::isfinite(value)) return fixed_.copy(cell_missing, to);
  return write_double(fixed_.copy(cell_lead, to), value, decimals_);
}

char* CellWriter::write_text(std::string_view text, char* to) const {
  if (text.empty() || !is_plain_cell(text)) {
    const std::string quoted = cell_text(text, syntax_);
    return std::copy(quoted.begin(), quoted.end(), to);
  }
  if (syntax_ == RowSyntax::csv) return std::copy(text.begin(), text.end(), to);
  *to++ = '"';
  to = std::copy(text.begin(), text.end(), to);
  *to++ = '"';
  return to;
}

char* CellWriter::write_list(std::span<const std::int32_t> codes, char* to) const {
  if (syntax_ == RowSyntax::csv) {
    std::string joined;
    for (std::size_t i = 0; i < codes.size(); ++i)
      joined.append(i > 0 ? ";" : "").append((*column_.field().labels)[static_cast<std::size_t>(codes[i])]);
    return write_text(joined, to);
  }
  *to++ = '[';
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (i > 0) *to++ = ',';
    to = write_label(codes[i], to);
  }
  *to++ = ']';
  return to;
}

}  // namespace persona
