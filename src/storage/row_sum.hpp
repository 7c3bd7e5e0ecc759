//! The content of a table as one number, whatever the order of its rows.
#pragma once

#include <persona/core/hash.hpp>
#include <persona/storage/backup.hpp>

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace persona {

//! The sum of the first 128 bits of each row's SHA-256. Tells apart what differs by mishap, not what somebody made to
//! look the same.
class RowSum {
 public:
  void add(std::string_view row) {
    const std::string hash = content_hash(row);
    const std::uint64_t low = part(hash, 16);
    low_ += low;
    high_ += part(hash, 0) + (low_ < low ? 1 : 0);
    ++rows_;
  }

  std::int64_t rows() const { return rows_; }
  TableContent content(std::string table) const {
    return {std::move(table), rows_, fmt::format("{:016x}{:016x}", high_, low_)};
  }

 private:
  static std::uint64_t part(const std::string& hash, std::size_t first) {
    std::uint64_t number = 0;
    std::from_chars(hash.data() + first, hash.data() + first + 16, number, 16);
    return number;
  }

  std::uint64_t high_ = 0, low_ = 0;
  std::int64_t rows_ = 0;
};

}  // namespace persona
