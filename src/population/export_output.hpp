//! Where exported bytes go: a file that appears when it is complete, or a stream.
#pragma once

#include <persona/core/result.hpp>

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace persona {

//! Takes bytes in large pieces.
class ByteOutput {
 public:
  virtual ~ByteOutput() = default;
  virtual Status write(std::string_view bytes) = 0;
  virtual Status finish() = 0;

 protected:
  ByteOutput() = default;
  ByteOutput(const ByteOutput&) = default;
  ByteOutput& operator=(const ByteOutput&) = default;
};

//! Writes `path.partial-<process id>` and renames it to `path` on `finish`; without that, removes it.
//! Pipes and devices are written directly. @errors io: names the path
Result<std::unique_ptr<ByteOutput>> open_file_output(const std::string& path);

//! Whether `path` is, or will be, an ordinary file.
bool is_ordinary_file(const std::string& path);

//! To a stream that outlives it.
std::unique_ptr<ByteOutput> make_stream_output(std::ostream& out);

//! To a string that outlives it.
std::unique_ptr<ByteOutput> make_string_output(std::string& out);

}  // namespace persona
