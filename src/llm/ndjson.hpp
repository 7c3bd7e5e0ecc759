//! JSON texts, one a line, out of a stream of bytes.
#pragma once

#include <persona/core/result.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace persona::llm {

//! A line without its end, never blank; the view holds during the call.
using OnLine = std::function<Status(std::string_view line)>;

//! Bytes go in however they were cut, whole lines come out; the last needs no end. After an error it
//! is of no more use.
class NdjsonDecoder {
 public:
  explicit NdjsonDecoder(std::size_t max_line = std::size_t{1} << 20) : max_line_(max_line) {}

  //! @errors invalid_output: a line longer than `max_line`; and what `on_line` returned
  [[nodiscard]] Status feed(std::string_view bytes, const OnLine& on_line);

  //! No more bytes come.
  [[nodiscard]] Status finish(const OnLine& on_line);

 private:
  std::size_t max_line_;
  std::string line_;
};

}  // namespace persona::llm
