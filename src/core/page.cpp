//! Self-contained HTML pages.
#include "page.hpp"

#include "utf8.hpp"

namespace persona {

std::string html_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : replace_invalid_utf8(text)) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

std::string html_page(std::string_view title, std::string_view style, std::string_view body) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>";
  page += html_escaped(title);
  page += "</title>\n<style>";
  page += page_style();
  page += style;
  page += "</style>\n</head>\n<body>\n<main>\n";
  page += body;
  page +=
      "<footer>Made by persona. Nothing on this page is loaded from "
      "elsewhere.</footer>\n</main>\n</body>\n</html>\n";
  return page;
}

}  // namespace persona
