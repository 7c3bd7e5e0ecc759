//! Backups of an SQLite file while it is in use.
#include <persona/storage/sqlite_backup.hpp>

#include "sqlite/contents.hpp"
#include "sqlite/failure.hpp"
#include "sqlite/schema.hpp"
#include "storage/part_file.hpp"

#include <filesystem>
#include <utility>

#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

namespace persona::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr int pages_a_step = 256;

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto bytes = fs::file_size(path, failed);
  return failed ? 0 : bytes;
}

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

// All pages, in one transaction of the target. May throw.
Status copy_pages(SQLite::Database& from, SQLite::Database& to, std::string_view task, const Context& context) {
  std::unique_ptr<sqlite3_backup, FinishBackup> backup(
      sqlite3_backup_init(to.getHandle(), "main", from.getHandle(), "main"));
  if (!backup) throw_failure(to.getHandle(), sqlite3_errcode(to.getHandle()));
  for (;;) {
    if (Status go = context.check(); !go) return go;
    const int code = sqlite3_backup_step(backup.get(), pages_a_step);
    const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
    context.progress({task, total - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get())), total});
    if (code == SQLITE_DONE) break;
    if (code != SQLITE_OK) throw SQLite::Exception(sqlite3_errstr(code), code);
  }
  if (const int code = sqlite3_backup_finish(backup.release()); code != SQLITE_OK) throw_failure(to.getHandle(), code);
  return {};
}

Result<std::vector<TableContent>> contents_now(SQLite::Database& database, const Context& context) {
  const SQLite::Transaction snapshot(database);
  return read_contents(database, context);
}

Status check_same(const std::vector<TableContent>& before, const std::vector<TableContent>& after,
                  const std::string& path) {
  if (before == after) return {};
  return fail(Errc::corrupted, fmt::format("'{}' reads back otherwise than it was written", path), path);
}

// Pages of a connection that sees one state, as a new file. May throw.
Result<BackupReport> write_file(SQLite::Database& from, const std::string& to, std::string_view task,
                                const Context& context, const Secret& key) {
  PartFile part(to);
  Result<std::vector<TableContent>> before = read_contents(from, context);
  if (!before) return tl::unexpected(before.error());
  {
    const Result<Connection> target = connect(part.path(), {.key = key});
    if (!target) return tl::unexpected(target.error());
    (*target)->exec("PRAGMA synchronous = FULL");
    if (Status copied = copy_pages(from, **target, task, context); !copied) return tl::unexpected(copied.error());
    (*target)->exec("PRAGMA journal_mode = DELETE");  // one file, with nothing beside it
    const auto after = contents_now(**target, context);
    if (!after) return tl::unexpected(after.error());
    if (Status same = check_same(*before, *after, to); !same) return tl::unexpected(same.error());
  }
  if (Status go = context.check(); !go) return tl::unexpected(go.error());
  const std::uint64_t bytes = size_of(part.path());
  if (Status kept = part.keep(); !kept) return tl::unexpected(kept.error());
  return BackupReport{*std::move(before), bytes};
}

// A backup may take the place of another, but of nothing else.
Status check_replaceable(const std::string& path, const std::string& to, const Secret& key) {
  std::error_code ignored;
  if (!fs::exists(to, ignored)) return {};
  if (fs::equivalent(path, to, ignored))
    return fail(Errc::invalid_argument, fmt::format("'{}' cannot be its own backup", path), to);
  const bool in_use = size_of(to + "-wal") > 0;
  if (!in_use && (size_of(to) == 0 || schema_version(to, key))) return {};
  return fail(Errc::already_exists,
              fmt::format("'{}' is there already, and {}", to,
                          in_use         ? "in use"
                          : key.is_set() ? "no backup of persona that has this key"
                                         : "no backup of persona"),
              to);
}

// The connection that reads the backup. May throw.
Result<Connection> open_backup(const std::string& from, const Secret& key) {
  Result<Connection> source = connect(from, {.read_only = true, .key = key});
  if (!source) return source;
  const Result<int> version = version_of(**source, from);
  if (!version) return tl::unexpected(version.error());
  if (*version == 0) return fail(Errc::unsupported, fmt::format("'{}' is an empty database, no backup", from), from);
  Statement check(**source, "PRAGMA quick_check(1)");
  if (check.step() && check.text(0) == "ok") return source;
  return fail(Errc::corrupted, fmt::format("the backup '{}' is damaged: {}", from, check.text(0)), from);
}

// Into a database that others may have open. May throw.
Result<BackupReport> overwrite(SQLite::Database& source, const std::string& path, RestoreOptions options,
                               const Context& context, const Secret& key) {
  const Result<Connection> target = connect(path, {.create = false, .key = key});
  if (!target) return tl::unexpected(target.error());
  if (!options.replace && !holds_nothing(**target))
    return fail(Errc::already_exists, fmt::format("'{}' is not empty; it can be replaced", path), path);
  if (ask_number(source, "PRAGMA page_size") != ask_number(**target, "PRAGMA page_size"))
    (*target)->exec("PRAGMA journal_mode = DELETE");  // with a write-ahead log, pages keep their size
  Result<std::vector<TableContent>> before = read_contents(source, context);
  if (!before) return tl::unexpected(before.error());
  if (Status copied = copy_pages(source, **target, "restoring", context); !copied)
    return tl::unexpected(copied.error());
  const auto after = contents_now(**target, {});
  if (!after) return tl::unexpected(after.error());
  if (Status same = check_same(*before, *after, path); !same) return tl::unexpected(same.error());
  return BackupReport{*std::move(before), 0};
}

template <class Work>
auto told_why(const std::string& path, const Context& context, const Work& work) -> decltype(work()) {
  auto result = guarded(path, work);
  if (Status go = context.check(); !result && result.error().code == Errc::cancelled && !go)
    return tl::unexpected(go.error());
  return result;
}

}  // namespace

Result<BackupReport> backup(const std::string& path, const std::string& to, const Context& context, const Secret& key) {
  return told_why(path, context, [&]() -> Result<BackupReport> {
    const Result<Connection> source = connect(path, {.read_only = true, .key = key});
    if (!source) return tl::unexpected(source.error());
    if (const Result<int> version = version_of(**source, path); !version) return tl::unexpected(version.error());
    if (Status free = check_replaceable(path, to, key); !free) return tl::unexpected(free.error());
    const SQLite::Transaction snapshot(**source);
    return write_file(**source, to, "backing up", context, key);
  });
}

Result<BackupReport> restore(const std::string& from, const std::string& path, RestoreOptions options,
                             const Context& context, const Secret& key) {
  return told_why(path, context, [&]() -> Result<BackupReport> {
    const Result<Connection> source = open_backup(from, key);
    if (!source) return tl::unexpected(source.error());
    std::error_code ignored;
    if (fs::equivalent(from, path, ignored))
      return fail(Errc::invalid_argument, fmt::format("'{}' cannot be restored from itself", path), path);
    const SQLite::Transaction snapshot(**source);
    Result<BackupReport> report = fs::exists(path, ignored) && size_of(path) > 0
                                      ? overwrite(**source, path, options, context, key)
                                      : write_file(**source, path, "restoring", context, key);
    if (report) report->bytes = size_of(from);
    return report;
  });
}

Result<std::vector<TableContent>> contents(const std::string& path, const Context& context, const Secret& key) {
  return told_why(path, context, [&]() -> Result<std::vector<TableContent>> {
    const Result<Connection> source = connect(path, {.read_only = true, .key = key});
    if (!source) return tl::unexpected(source.error());
    if (const Result<int> version = version_of(**source, path); !version) return tl::unexpected(version.error());
    return contents_now(**source, context);
  });
}

Result<std::int64_t> vacuum(const std::string& path, const Context& context, const Secret& key) {
  return told_why(path, context, [&]() -> Result<std::int64_t> {
    const Result<Connection> target = connect(path, {.create = false, .key = key});
    if (!target) return tl::unexpected(target.error());
    if (const Result<int> version = version_of(**target, path); !version) return tl::unexpected(version.error());
    const auto bytes = [&] { return static_cast<std::int64_t>(size_of(path) + size_of(path + "-wal")); };
    const std::int64_t before = bytes();
    {
      const InterruptScope interruptible(**target, context);
      (*target)->exec("VACUUM");
    }
    if (ask_number(**target, "PRAGMA wal_checkpoint(TRUNCATE)") != 0)
      return fail(Errc::unavailable,
                  fmt::format("'{}' is smaller now, but somebody who reads it keeps its log from being cleared", path),
                  path);
    return before - bytes();
  });
}

}  // namespace persona::sqlite
