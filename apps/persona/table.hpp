//! Rows of text in aligned columns.
#pragma once

#include <string>
#include <vector>

namespace persona::cli {

class Table {
 public:
  //! @param header  a name that begins with '>' is of a column that is aligned to the right
  explicit Table(std::vector<std::string> header);

  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == 1; }

  //! Two spaces of indent, a line under the header.
  std::string text() const;

 private:
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace persona::cli
