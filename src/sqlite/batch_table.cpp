//! A batch of columns as a table that SQL can select from.
#include "sqlite/batch_table.hpp"

#include "population/bits.hpp"
#include "sqlite/failure.hpp"
#include "storage/fields_json.hpp"

#include <new>

#include <fmt/format.h>
#include <sqlite3.h>

namespace persona::sqlite {
namespace {

// SQLite knows the first members; the rest is ours.
struct BatchVtab {
  sqlite3_vtab base = {};
  const BatchTable* table = nullptr;
};
struct BatchCursor {
  sqlite3_vtab_cursor base = {};
  const BatchTable* table = nullptr;
  std::int64_t row = 0;
};

BatchCursor& batch_cursor(sqlite3_vtab_cursor* cursor) {
  return *reinterpret_cast<BatchCursor*>(cursor);
}

int batch_connect(sqlite3* handle, void* table, int, const char* const*, sqlite3_vtab** out, char**) {
  try {
    const auto* batch = static_cast<const BatchTable*>(table);
    std::string sql = "CREATE TABLE persona_batch (";
    for (std::size_t i = 0; i < batch->columns(); ++i) sql += fmt::format("{}c{}", i == 0 ? "" : ", ", i);
    if (const int code = sqlite3_declare_vtab(handle, sql.append(")").c_str()); code != SQLITE_OK) return code;
    auto* vtab = new BatchVtab;
    vtab->table = batch;
    *out = &vtab->base;
    return SQLITE_OK;
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
}

int batch_disconnect(sqlite3_vtab* vtab) {
  delete reinterpret_cast<BatchVtab*>(vtab);
  return SQLITE_OK;
}

int batch_best_index(sqlite3_vtab*, sqlite3_index_info* info) {
  info->estimatedCost = 1e6;
  return SQLITE_OK;
}

int batch_open(sqlite3_vtab* vtab, sqlite3_vtab_cursor** out) {
  auto* cursor = new (std::nothrow) BatchCursor;
  if (cursor == nullptr) return SQLITE_NOMEM;
  cursor->table = reinterpret_cast<BatchVtab*>(vtab)->table;
  *out = &cursor->base;
  return SQLITE_OK;
}

int batch_close(sqlite3_vtab_cursor* cursor) {
  delete &batch_cursor(cursor);
  return SQLITE_OK;
}

int batch_filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
  batch_cursor(cursor).row = batch_cursor(cursor).table->first();
  return SQLITE_OK;
}

int batch_next(sqlite3_vtab_cursor* cursor) {
  ++batch_cursor(cursor).row;
  return SQLITE_OK;
}

int batch_eof(sqlite3_vtab_cursor* cursor) {
  return batch_cursor(cursor).row >= batch_cursor(cursor).table->end() ? 1 : 0;
}

int batch_column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int column) {
  try {
    batch_cursor(cursor).table->cells(column).give(context, batch_cursor(cursor).row);
    return SQLITE_OK;
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
}

int batch_rowid(sqlite3_vtab_cursor* cursor, sqlite3_int64* row) {
  *row = batch_cursor(cursor).row;
  return SQLITE_OK;
}

// Without xCreate the table is there under its module's name, and in no schema.
constexpr sqlite3_module make_batch_module() {
  sqlite3_module module = {};
  module.xConnect = batch_connect;
  module.xDisconnect = batch_disconnect;
  module.xBestIndex = batch_best_index;
  module.xOpen = batch_open;
  module.xClose = batch_close;
  module.xFilter = batch_filter;
  module.xNext = batch_next;
  module.xEof = batch_eof;
  module.xColumn = batch_column;
  module.xRowid = batch_rowid;
  return module;
}
constexpr sqlite3_module batch_module = make_batch_module();

void give_text(sqlite3_context* context, std::string_view text, sqlite3_destructor_type lifetime) {
  sqlite3_result_text64(context, text.data(), text.size(), lifetime, SQLITE_UTF8);
}

void give_list(sqlite3_context* context, const BatchCells& cells, std::int64_t row) {
  std::vector<std::string> labels;
  for (const std::int32_t code : cells.column.list(row))
    labels.emplace_back(cells.labels[static_cast<std::size_t>(code)]);
  give_text(context, labels_to_json(labels), SQLITE_TRANSIENT);
}

std::int64_t code_at(const BatchCells& cells, std::int64_t row) {
  if (cells.codes8 != nullptr) return cells.codes8[row];
  return cells.codes16 != nullptr ? cells.codes16[row] : cells.ints[row];
}

}  // namespace

BatchCells::BatchCells(const Column& source)
    : type(source.type()),
      column(source),
      doubles(source.float64s().data()),
      ints(source.int32s().data()),
      longs(source.int64s().data()),
      codes8(source.codes8().data()),
      codes16(source.codes16().data()),
      nullable(source.null_count() > 0) {
  if (source.field().labels) labels.assign(source.field().labels->begin(), source.field().labels->end());
}

void BatchCells::give(sqlite3_context* context, std::int64_t row) const {
  if (nullable && !column.is_valid(row)) return sqlite3_result_null(context);
  switch (type) {
    case ColumnType::float64: return sqlite3_result_double(context, doubles[row]);
    case ColumnType::int32: return sqlite3_result_int(context, ints[row]);
    case ColumnType::int64: return sqlite3_result_int64(context, longs[row]);
    case ColumnType::boolean: return sqlite3_result_int(context, column.number(row) != 0 ? 1 : 0);
    case ColumnType::date: return give_text(context, to_string(Date{ints[row]}), SQLITE_TRANSIENT);
    case ColumnType::category:
      return give_text(context, labels[static_cast<std::size_t>(code_at(*this, row))], SQLITE_STATIC);
    case ColumnType::text: return give_text(context, column.text(row), SQLITE_STATIC);
    case ColumnType::list: return give_list(context, *this, row);
  }
}

BatchTable::BatchTable(SQLite::Database& database, std::size_t columns) : columns_(columns) {
  const int code = sqlite3_create_module_v2(database.getHandle(), "persona_batch", &batch_module, this, nullptr);
  if (code != SQLITE_OK) throw_failure(database.getHandle(), code);
}

void BatchTable::hold(const Population& batch, std::int64_t first, std::int64_t count) {
  cells_.clear();
  for (const Column& column : batch.columns()) cells_.emplace_back(column);
  first_ = first;
  end_ = first + count;
}

}  // namespace persona::sqlite
