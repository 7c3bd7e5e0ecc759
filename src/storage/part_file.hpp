//! A file that takes its name once it is whole.
#pragma once

#include <persona/core/result.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace persona {

//! Gone with its object unless it was kept.
class PartFile {
 public:
  explicit PartFile(std::string path) : path_(std::move(path)), part_(fmt::format("{}.{}.part", path_, ::getpid())) {
    remove();
  }
  ~PartFile() { remove(); }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const { return part_; }

  //! @pre no connection is open
  [[nodiscard]] Status keep() {
    std::error_code failed;
    std::filesystem::rename(part_, path_, failed);
    if (failed) return fail(Errc::io, fmt::format("cannot write '{}': {}", path_, failed.message()), path_);
    const std::string folder = std::filesystem::absolute(path_).parent_path().string();
    if (const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); directory >= 0) {
      ::fsync(directory);  // the name too survives a failure of the machine
      ::close(directory);
    }
    return {};
  }

 private:
  void remove() {
    std::error_code ignored;
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(part_ + suffix, ignored);
  }

  std::string path_, part_;
};

}  // namespace persona
