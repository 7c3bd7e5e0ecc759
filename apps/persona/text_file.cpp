//! Whole files of text.
#include "text_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace persona::cli {
namespace fs = std::filesystem;

Result<std::string> read_text_file(const std::string& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return fail(Errc::not_found, "there is no file '" + path + "'", path);
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file || fs::is_directory(path, ignored)) return fail(Errc::io, "cannot read '" + path + "'", path);
  return text;
}

Status write_text_file(const std::string& path, const std::string& text) {
  const std::string partial = path + ".part";
  std::ofstream file(partial, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  std::error_code error;
  if (file) fs::rename(partial, path, error);
  if (file && !error) return {};
  const std::string reason = error ? ": " + error.message() : "";
  fs::remove(partial, error);
  return fail(Errc::io, "cannot write '" + path + "'" + reason, path);
}

}  // namespace persona::cli
