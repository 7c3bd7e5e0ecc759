//! Rows as the binary COPY of Postgres wants them, straight from columns.
#include "postgres/copy_rows.hpp"

#include "postgres/binary.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace persona::postgres {
namespace {

constexpr std::size_t piece_bytes = 128 * 1024;
constexpr std::int32_t missing_length = -1;

// Length and bytes.
std::string sized(std::string_view bytes) {
  std::string cell;
  append_number(cell, static_cast<std::int32_t>(bytes.size()));
  return cell.append(bytes);
}

template <class T>
void append_cell(std::string& to, T number) {
  char bytes[sizeof(std::int32_t) + sizeof(T)];
  put_integer(bytes, static_cast<std::int32_t>(sizeof(T)));
  put_integer(bytes + sizeof(std::int32_t), number);
  to.append(bytes, sizeof bytes);
}

//! The cells of one column, one row after the other.
class CopyCells {
 public:
  explicit CopyCells(const Column& column) : column_(column), nullable_(column.null_count() > 0) {
    if (column.field().labels)
      for (const std::string& label : *column.field().labels) labels_.push_back(sized(label));
  }

  void append(std::string& to, std::int64_t row) const {
    if (nullable_ && !column_.is_valid(row)) return append_number(to, missing_length);
    const auto at = static_cast<std::size_t>(row);
    switch (column_.type()) {
      case ColumnType::float64: {
        const double number = column_.float64s()[at];
        if (std::isnan(number)) return append_number(to, missing_length);
        return append_cell(to, std::bit_cast<std::int64_t>(number));
      }
      case ColumnType::int32: return append_cell(to, column_.int32s()[at]);
      case ColumnType::int64: return append_cell(to, column_.int64s()[at]);
      case ColumnType::boolean: return append_cell(to, static_cast<std::int8_t>(column_.number(row) != 0 ? 1 : 0));
      case ColumnType::date: return append_cell(to, postgres_days(Date{column_.int32s()[at]}));
      case ColumnType::category: to += labels_[static_cast<std::size_t>(column_.code(row))]; return;
      case ColumnType::text: return append_text(to, column_.text(row));
      case ColumnType::list: return append_list(to, column_.list(row));
    }
  }

 private:
  static void append_text(std::string& to, std::string_view text) {
    append_number(to, static_cast<std::int32_t>(text.size()));
    to += text;
  }

  void append_list(std::string& to, std::span<const std::int32_t> codes) const {
    std::string array;
    append_number(array, std::int32_t{codes.empty() ? 0 : 1});  // dimensions
    append_number(array, std::int32_t{0});                      // nothing is NULL
    append_number(array, static_cast<std::int32_t>(text_id));
    if (!codes.empty()) {
      append_number(array, static_cast<std::int32_t>(codes.size()));
      append_number(array, std::int32_t{1});  // the first one's number
    }
    for (const std::int32_t code : codes) array += labels_[static_cast<std::size_t>(code)];
    append_text(to, array);
  }

  const Column& column_;
  bool nullable_;
  std::vector<std::string> labels_;
};

Status check_days(const Population& rows) {
  for (const Column& column : rows.columns()) {
    if (column.type() != ColumnType::date) continue;
    for (std::int64_t row = 0; row < column.size(); ++row) {
      const std::int32_t day = column.int32s()[static_cast<std::size_t>(row)];
      if (column.is_valid(row) && (day < first_day || day > last_day))
        return fail(Errc::invalid_argument, fmt::format("column '{}' holds a day before the year -4713, where Postgres "
                                                        "has none, or after 5874897",
                                                        column.name()));
    }
  }
  return {};
}

}  // namespace

std::string copy_header() {
  std::string header("PGCOPY\n\377\r\n\0", 11);
  append_number(header, std::int32_t{0});  // flags
  append_number(header, std::int32_t{0});  // bytes of an extension
  return header;
}

std::string copy_trailer() {
  std::string trailer;
  append_number(trailer, std::int16_t{-1});
  return trailer;
}

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case ColumnType::float64: return "double precision";
    case ColumnType::int32: return "integer";
    case ColumnType::int64: return "bigint";
    case ColumnType::boolean: return "boolean";
    case ColumnType::date: return "date";
    case ColumnType::list: return "text[]";
    default: return "text COLLATE \"C\"";
  }
}

unsigned type_id(ColumnType type) {
  switch (type) {
    case ColumnType::float64: return float8_id;
    case ColumnType::int32: return int4_id;
    case ColumnType::int64: return int8_id;
    case ColumnType::boolean: return bool_id;
    case ColumnType::date: return date_id;
    case ColumnType::list: return text_array_id;
    default: return text_id;
  }
}

Status copy_rows(const Population& rows, const std::function<Status(std::string_view)>& send) {
  if (Status days = check_days(rows); !days) return days;
  std::vector<CopyCells> cells;
  for (const Column& column : rows.columns()) cells.emplace_back(column);
  std::string piece;
  piece.reserve(piece_bytes + piece_bytes / 4);
  for (std::int64_t row = 0; row < rows.size(); ++row) {
    append_number(piece, static_cast<std::int16_t>(cells.size()));
    for (const CopyCells& cell : cells) cell.append(piece, row);
    if (piece.size() < piece_bytes) continue;
    if (Status sent = send(piece); !sent) return sent;
    piece.clear();
  }
  return piece.empty() ? Status() : send(piece);
}

}  // namespace persona::postgres
