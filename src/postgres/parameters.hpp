//! Values bound to a statement.
#pragma once

#include "storage/filter_sql.hpp"

#include <span>
#include <string>
#include <vector>

namespace persona::postgres {

//! Parameters of one statement, all of them binary.
class Parameters {
 public:
  Parameters() = default;
  explicit Parameters(std::span<const Value> values) {
    for (const Value& value : values) add(value);
  }

  //! Missing is NULL, a list of labels an array of texts.
  void add(const Value& value);
  void add(const SqlParameter& parameter);

  std::size_t bytes() const;
  int count() const { return static_cast<int>(types_.size()); }
  const unsigned* types() const { return types_.data(); }
  const char* const* values();
  const int* lengths();
  const int* formats();

 private:
  void add_bytes(unsigned type, std::string bytes, bool missing = false);

  std::vector<unsigned> types_;
  std::vector<std::string> bytes_;
  std::vector<bool> missing_;
  std::vector<const char*> pointers_;
  std::vector<int> lengths_, formats_;
};

}  // namespace persona::postgres
