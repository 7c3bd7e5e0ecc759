//! Server-sent events out of a stream of bytes.
#pragma once

#include <persona/core/result.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace persona::llm {

//! Views that hold during the call.
struct SseEvent {
  std::string_view name = {};  //!< of `event:`; empty where there was none
  std::string_view data = {};  //!< the `data:` lines, joined by newlines
  bool framed = true;          //!< false: a bare JSON text stood where an event should; `data` is all of it
};

using OnSseEvent = std::function<Status(const SseEvent&)>;

//! Bytes go in however they were cut, whole events come out. Lines end in LF, CR or CRLF. What the
//! server sends last counts even without the empty line after it. After an error it is of no more use.
//! @source{WHATWG HTML, 9.2 Server-sent events}
class SseDecoder {
 public:
  explicit SseDecoder(std::size_t max_event = std::size_t{1} << 20) : max_event_(max_event) {}

  //! @errors invalid_output: an event larger than `max_event`; and what `on_event` returned
  [[nodiscard]] Status feed(std::string_view bytes, const OnSseEvent& on_event);

  //! No more bytes come.
  [[nodiscard]] Status finish(const OnSseEvent& on_event);

 private:
  Status take_line(std::string_view line, const OnSseEvent& on_event);
  Status take_bare(std::string_view line, const OnSseEvent& on_event);
  Status add_data(std::string_view line);
  Status dispatch(const OnSseEvent& on_event);
  std::string_view without_byte_order_mark(std::string_view bytes);

  std::size_t max_event_;
  std::string line_, data_, name_;
  bool begun_ = false;     // past a byte order mark
  bool after_cr_ = false;  // an LF that comes now belongs to the CR before it
  bool has_data_ = false;  // an empty `data:` is an event too
  bool bare_ = false;      // within a JSON text that has no `data:`
};

}  // namespace persona::llm
