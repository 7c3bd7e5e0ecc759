//! libcurl's own globals.
#include "curl_ready.hpp"

#include <curl/curl.h>

namespace persona::http {

bool curl_is_ready() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

}  // namespace persona::http
