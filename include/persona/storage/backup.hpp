//! What backups of a file and of a database have in common.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace persona {

//! One table, as it stood at one moment.
struct TableContent {
  std::string table = {};
  std::int64_t rows = 0;
  std::string hash = {};  //!< 32 hex digits: the sum of the SHA-256 of each row, whatever their order
  bool operator==(const TableContent&) const = default;
};

//! A backup, or what was restored from one. The tables of both sides were compared before it was told.
struct BackupReport {
  std::vector<TableContent> tables = {};  //!< in order of name
  std::uint64_t bytes = 0;                //!< of the backup
};

struct RestoreOptions {
  bool replace = false;  //!< what the database holds goes, once all of the backup is there
};

}  // namespace persona
