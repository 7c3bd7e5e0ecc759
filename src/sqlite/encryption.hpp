//! The key of an encrypted file, which SQLCipher takes in place of SQLite.
#pragma once

#include <persona/core/secret.hpp>

#include <SQLiteCpp/Database.h>

#include <string>

namespace persona::sqlite {

//! Has a connection use a key, before anything is read. No error and no exception shows the key.
class KeyStatement {
 public:
  //! Does nothing with the file; nothing at all without a key.
  //! @errors as `Secret::reveal`; unsupported: this SQLite is not SQLCipher; invalid_argument: no text
  [[nodiscard]] static Result<KeyStatement> of(const Secret& key, const std::string& path);

  //! Whether the key is right shows what is read first.
  [[nodiscard]] Status run(SQLite::Database& database, const std::string& path) const;

 private:
  std::string sql_ = {};  // empty: no key
};

}  // namespace persona::sqlite
