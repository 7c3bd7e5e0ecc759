//! libcurl, set up once for the process.
#pragma once

namespace persona::http {

//! False where it cannot start.
bool curl_is_ready();

}  // namespace persona::http
