//! Files written beside their name, and streams.
#include "export_output.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <ostream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#if defined(_WIN32)
#include <process.h>
#else
#include <unistd.h>
#endif

namespace persona {
namespace {

namespace files = std::filesystem;

int output_process_id() {
#if defined(_WIN32)
  return _getpid();
#else
  return static_cast<int>(getpid());
#endif
}

tl::unexpected<Error> file_failure(const char* action, const std::string& path, int code) {
  return fail(Errc::io, fmt::format("cannot {} '{}': {}", action, path, std::generic_category().message(code)), path);
}

class FileOutput final : public ByteOutput {
 public:
  // @param partial  written first and then renamed; empty: `path` itself is written
  FileOutput(std::FILE* file, std::string path, std::string partial)
      : file_(file), path_(std::move(path)), partial_(std::move(partial)) {
    std::setvbuf(file_, nullptr, _IONBF, 0);  // pieces are large already
  }
  ~FileOutput() override {
    if (file_ != nullptr) std::fclose(file_);
    std::error_code ignored;
    if (!partial_.empty()) files::remove(partial_, ignored);
  }

  Status write(std::string_view bytes) override {
    if (file_ == nullptr) return finished_already();
    if (failure_ == 0 && std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) failure_ = errno;
    return failure_ == 0 ? Status{} : file_failure("write", path_, failure_);
  }

  // A file that lost bytes never appears, even where the error of `write` was overlooked.
  Status finish() override {
    if (file_ == nullptr) return finished_already();
    if (std::fclose(std::exchange(file_, nullptr)) != 0 && failure_ == 0) failure_ = errno;
    if (failure_ != 0) return file_failure("write", path_, failure_);
    if (partial_.empty()) return {};
    std::error_code error;
    files::rename(partial_, path_, error);
    if (error) return file_failure("rename the finished file to", path_, error.value());
    partial_.clear();
    return {};
  }

 private:
  Status finished_already() const {
    return fail(Errc::invalid_argument, fmt::format("'{}' is finished already", path_), path_);
  }

  std::FILE* file_;
  std::string path_, partial_;
  int failure_ = 0;  // errno of the first failed write
};

class StreamOutput final : public ByteOutput {
 public:
  explicit StreamOutput(std::ostream& out) : out_(out) {}
  Status write(std::string_view bytes) override {
    return checked([&] { out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size())); });
  }
  Status finish() override {
    return checked([&] { out_.flush(); });
  }

 private:
  template <class Action>
  Status checked(Action action) try {
    action();
    if (!out_) return fail(Errc::io, "cannot write to the output stream");
    return {};
  } catch (const std::exception& thrown) {  // of a stream that was told to throw
    return fail(Errc::io, fmt::format("cannot write to the output stream: {}", thrown.what()));
  }

  std::ostream& out_;
};

class StringOutput final : public ByteOutput {
 public:
  explicit StringOutput(std::string& out) : out_(out) {}
  Status write(std::string_view bytes) override { return out_.append(bytes), Status{}; }
  Status finish() override { return {}; }

 private:
  std::string& out_;
};

// A name that nobody uses: two sinks of one process may write to one path.
Result<std::unique_ptr<ByteOutput>> open_output_beside(const std::string& path) {
  const std::string base = fmt::format("{}.partial-{}", path, output_process_id());
  std::string partial = base;
  for (int attempt = 1;; ++attempt) {
    if (std::FILE* file = std::fopen(partial.c_str(), "wbx")) return std::make_unique<FileOutput>(file, path, partial);
    if (errno != EEXIST) return file_failure("create", path, errno);
    partial = fmt::format("{}-{}", base, attempt);
  }
}

}  // namespace

bool is_ordinary_file(const std::string& path) {
  std::error_code ignored;
  const files::file_status status = files::status(path, ignored);
  return !files::exists(status) || files::is_regular_file(status);
}

Result<std::unique_ptr<ByteOutput>> open_file_output(const std::string& path) {
  std::error_code ignored;
  if (path.empty()) return fail(Errc::io, "cannot create a file without a name");
  if (files::is_directory(path, ignored)) return file_failure("create", path, EISDIR);
  if (is_ordinary_file(path)) {
    const files::path target = files::weakly_canonical(path, ignored);  // a link stays a link
    return open_output_beside(files::is_symlink(path, ignored) && !ignored ? target.string() : path);
  }
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return file_failure("open", path, errno);
  return std::make_unique<FileOutput>(file, path, std::string());
}

std::unique_ptr<ByteOutput> make_stream_output(std::ostream& out) {
  return std::make_unique<StreamOutput>(out);
}

std::unique_ptr<ByteOutput> make_string_output(std::string& out) {
  return std::make_unique<StringOutput>(out);
}

}  // namespace persona
