//! Keys stay inside.
#include <persona/core/secret.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using persona::Errc;
using persona::redact;
using persona::Secret;

TEST_CASE("a secret is read where it lies, each time anew") {
  CHECK(*Secret("abc").reveal() == "abc");
  CHECK_FALSE(Secret().is_set());
  CHECK(Secret().reveal().error().code == Errc::unauthenticated);

  const auto variable = Secret::from_environment("PERSONA_TEST_KEY");
  unsetenv("PERSONA_TEST_KEY");
  CHECK(variable.reveal().error().message == "PERSONA_TEST_KEY is not set");
  setenv("PERSONA_TEST_KEY", "first", 1);
  CHECK(*variable.reveal() == "first");
  setenv("PERSONA_TEST_KEY", "second", 1);
  CHECK(*variable.reveal() == "second");

  const auto path = std::filesystem::temp_directory_path() / "persona-secret-test";
  std::ofstream(path) << "from a file\n";
  CHECK(*Secret::from_file(path.string()).reveal() == "from a file");
  std::filesystem::remove(path);
  CHECK(Secret::from_file(path.string()).reveal().error().path == path.string());
}

TEST_CASE("what looks like a key is masked, what does not stays") {
  CHECK(redact("key sk-proj-abcdefghijk was refused") == "key *** was refused");
  CHECK(redact("Authorization: Bearer abcdef123") == "Authorization: Bearer ***");
  CHECK(redact("x-api-key: s3cr3t-value") == "x-api-key: ***");
  CHECK(redact(R"({"api_key": "s3cr3t-value"})") == R"({"api_key": "***"})");
  CHECK(redact("?key=AIzaSyA0123456789abcdefghijk") == "?key=***");
  CHECK(redact("a task-force in the ask-me section") == "a task-force in the ask-me section");
  const Secret known[] = {Secret("hunter22")};
  CHECK(redact("hunter22 and hunter22", known) == "*** and ***");
}
