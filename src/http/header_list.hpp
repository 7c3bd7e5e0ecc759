//! The header lines of one request as libcurl reads them, wiped when they are no longer needed.
#pragma once

#include <persona/http/transport.hpp>

#include <curl/curl.h>

#include <string>
#include <string_view>
#include <vector>

namespace persona::http {

class HeaderList {
 public:
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList();

  //! All headers of a request, and what keeps libcurl from adding its own. Called once.
  //! @errors invalid_argument: what is not a header; those of Secret::reveal()
  [[nodiscard]] Status fill(const Request& request);

  //! Valid while this lives.
  curl_slist* list();

 private:
  Status add(std::string_view name, std::string_view prefix, std::string_view value);

  std::vector<std::string> lines_;
  std::vector<curl_slist> nodes_;
};

//! Overwrites what the text held.
void wipe(std::string& text);

//! Whether all characters may stand in the name of a header or method. @source{RFC 9110, 5.6.2}
bool is_token(std::string_view text);

}  // namespace persona::http
