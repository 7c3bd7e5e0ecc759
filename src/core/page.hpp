//! Self-contained HTML pages: their frame, their style sheet, and text that is safe in them.
#pragma once

#include <string>
#include <string_view>

namespace persona {

//! Text that may stand anywhere in the page, in attributes too; broken UTF-8 and controls replaced.
std::string html_escaped(std::string_view text);

//! A whole document.
//! @param style  beside the style sheet that all pages have
std::string html_page(std::string_view title, std::string_view style, std::string_view body);

//! Light and dark, screen and paper.
std::string page_style();

}  // namespace persona
