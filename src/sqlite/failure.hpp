//! What SQLite reports, as errors of persona.
#pragma once

#include <persona/core/result.hpp>

#include <SQLiteCpp/Exception.h>

#include <string>

struct sqlite3;

namespace persona::sqlite {

//! @param path  of the database, which the message names
Error failure(const std::string& path, const SQLite::Exception& exception);

//! Throws what the connection reports for `code`.
[[noreturn]] void throw_failure(sqlite3* handle, int code);

//! Runs `work`, which returns a Result, and turns what SQLite throws into its error.
template <class Work>
auto guarded(const std::string& path, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(failure(path, exception));
  }
}

}  // namespace persona::sqlite
