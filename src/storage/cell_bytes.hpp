//! Values as bytes that are equal if and only if the values are: for hashes.
#pragma once

#include <persona/core/value.hpp>

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace persona {

class CellBytes {
 public:
  void missing() { bytes_ += 'm'; }
  void integer(std::int64_t value) { fixed('i', static_cast<std::uint64_t>(value)); }
  //! Zero has no sign: databases do not keep it.
  void number(double value) { fixed('n', std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value)); }
  void text(std::string_view value) {
    fixed('t', value.size());
    bytes_ += value;
  }
  void value(const Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return integer(*whole);
    if (const auto* number_ = std::get_if<double>(&value)) return number(*number_);
    if (const auto* words = std::get_if<std::string>(&value)) return text(*words);
    if (const auto* yes = std::get_if<bool>(&value)) return integer(*yes ? 1 : 0);
    missing();
  }

  const std::string& bytes() const { return bytes_; }
  void clear() { bytes_.clear(); }

 private:
  void fixed(char kind, std::uint64_t value) {
    bytes_ += kind;
    for (int shift = 0; shift < 64; shift += 8) bytes_ += static_cast<char>(value >> shift);
  }

  std::string bytes_;
};

}  // namespace persona
