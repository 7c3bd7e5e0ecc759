//! Headers by name.
#include <persona/http/transport.hpp>

#include <algorithm>
#include <cctype>

namespace persona::http {

std::string_view header(const std::vector<Header>& headers, std::string_view name) {
  const auto same = [&](const Header& header) {
    return std::equal(name.begin(), name.end(), header.name.begin(), header.name.end(), [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
  };
  const auto found = std::find_if(headers.begin(), headers.end(), same);
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

}  // namespace persona::http
