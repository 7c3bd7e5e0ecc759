//! Tables for terminals, no wider than asked.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

enum class TextAlign { left, right };

//! Characters, not bytes. Wide and combining characters count as one.
std::size_t display_width(std::string_view text);

//! At most so many characters; what is cut off shows as an ellipsis.
std::string fit_width(std::string_view text, std::size_t width);

//! Line breaks and other control characters as spaces.
std::string one_line(std::string_view text);

class TextTable {
 public:
  //! @param rank  where the table is too wide, columns of the highest rank go first; 0 always stays
  void add_column(std::string title, TextAlign align, int rank = 0);
  void add_row(std::vector<std::string> cells);
  std::size_t rows() const { return rows_.size(); }

  //! Title line, rule, rows. Columns without any text are left out.
  std::string to_text(std::size_t width) &&;

 private:
  struct Head {
    std::string title;
    TextAlign align;
    int rank;
    std::size_t width;
    bool shown;
  };
  std::size_t total_width() const;
  void drop_columns(std::size_t width);
  std::string line(const std::vector<std::string>& cells) const;

  std::vector<Head> heads_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace persona
