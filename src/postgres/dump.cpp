//! Files of pg_dump: written, and read again as SQL.
#include "postgres/dump.hpp"

#include "postgres/program.hpp"
#include "storage/row_sum.hpp"

#include <filesystem>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace persona::postgres {
namespace {

constexpr std::int64_t rows_between_words = 10'000;

// What libpq reads, without what is secret or of our own sessions.
std::string connection_words(const Target& target) {
  std::string words;
  for (const auto& [name, value] : target.settings) {
    if (name == "options" || name == "client_encoding" || name == "sslpassword") continue;
    std::string quoted;
    for (const char c : value) {
      if (c == '\'' || c == '\\') quoted += '\\';
      quoted += c;
    }
    words += fmt::format("{}{}='{}'", words.empty() ? "" : " ", name, quoted);
  }
  return words;
}

std::string unquoted(std::string_view name) {
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
  return std::string(name);
}

//! The lines of a dump: SQL, and rows between "COPY ... FROM stdin;" and "\.".
class DumpReader {
 public:
  DumpReader(std::string file, std::string schema, Connection* into, const Context& context)
      : file_(std::move(file)), schema_(std::move(schema)), into_(into), context_(context) {}

  Status take(std::string_view line) {
    if (!table_.empty()) return take_row(line);
    if (line.starts_with("COPY ") && line.ends_with(" FROM stdin;")) return begin_table(line);
    if (line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ")) return {};  // words to psql
    if (into_ != nullptr) sql_.append(line).append("\n");
    return {};
  }

  Result<std::vector<TableContent>> finish() {
    if (sums_.empty())
      return fail(Errc::invalid_argument, fmt::format("'{}' holds no tables of persona", file_), file_);
    if (Status done = run_sql(); !done) return tl::unexpected(done.error());
    std::vector<TableContent> contents;
    for (const auto& [table, sum] : sums_) contents.push_back(sum.content(table));
    return contents;
  }

 private:
  Status run_sql() {
    const std::string sql = std::exchange(sql_, {});
    return into_ == nullptr || sql.empty() ? Status() : into_->execute(sql);
  }

  // COPY schema.table (column, ...) FROM stdin;
  Status begin_table(std::string_view line) {
    const auto dot = line.find('.'), columns = line.find(" (");
    if (dot == line.npos || columns == line.npos || columns < dot)
      return fail(Errc::invalid_argument, fmt::format("'{}' is no backup of persona", file_), file_);
    const std::string schema = unquoted(line.substr(5, dot - 5));
    if (schema != schema_)
      return fail(Errc::invalid_argument,
                  fmt::format("'{}' is a backup of schema '{}', not of '{}'", file_, schema, schema_), file_);
    table_ = unquoted(line.substr(dot + 1, columns - dot - 1));
    sums_[table_];
    if (Status done = run_sql(); !done) return done;
    return into_ == nullptr ? Status() : into_->begin_copy(std::string(line.substr(0, line.size() - 1)));
  }

  Status take_row(std::string_view line) {
    if (line == "\\.") {
      table_.clear();
      return into_ == nullptr ? Status() : into_->end_copy();
    }
    sums_[table_].add(line);
    if (++rows_ % rows_between_words == 0)
      context_.progress({into_ != nullptr ? "restoring" : "comparing", static_cast<std::uint64_t>(rows_), 0});
    return into_ == nullptr ? Status() : into_->copy(row_.assign(line).append("\n"));
  }

  const std::string file_, schema_;
  Connection* into_;
  const Context& context_;
  std::string sql_, table_, row_;
  std::map<std::string, RowSum> sums_;
  std::int64_t rows_ = 0;
};

}  // namespace

Status write_dump(const Target& target, const std::string& snapshot, const std::string& file, const Context& context) {
  const auto grown = [&] {
    std::error_code failed;
    const auto bytes = std::filesystem::file_size(file, failed);
    if (!failed) context.progress({"backing up", bytes, 0});
  };
  return run_program(
      {"pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password",
       "--schema=\"" + target.schema + "\"", "--snapshot=" + snapshot, "--file=" + file,
       "--dbname=" + connection_words(target)},
      target.password, [](std::string_view) -> Status { return {}; }, grown, context);
}

Result<std::vector<TableContent>> read_dump(const std::string& file, const std::string& schema, Connection* into,
                                            const Context& context) {
  DumpReader reader(file, schema, into, context);
  const Status read = run_program(
      {"pg_restore", "--no-owner", "--no-privileges", "--file=-", file}, {},
      [&](std::string_view line) { return reader.take(line); }, [] {}, context);
  if (!read && read.error().code == Errc::io)
    return fail(Errc::invalid_argument, fmt::format("'{}' is no backup: {}", file, read.error().message), file);
  if (!read) return tl::unexpected(read.error());
  return reader.finish();
}

}  // namespace persona::postgres
