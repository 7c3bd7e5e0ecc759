//! An answer while it is put together, from one document or from a stream.
#pragma once

#include <persona/llm/reply.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm::wire {

//! Pieces go in as they come, are shown to `on_delta` if there is one, and add up to a reply. What goes
//! wrong is an error that begins with the provider's name.
class Answer {
 public:
  explicit Answer(std::string name, OnDelta on_delta = {});

  [[nodiscard]] Status add_text(std::string_view piece);
  [[nodiscard]] Status add_thinking(std::string_view piece);
  void end_thinking(std::string_view signature);  //!< the next piece begins another
  void add_refusal(std::string_view piece);

  //! @param key  the dialect's number of the call; calls are listed in the order they begin
  [[nodiscard]] Status begin_call(std::size_t key, std::string_view id, std::string_view name);
  [[nodiscard]] Status add_arguments(std::size_t key, std::string_view piece);
  bool has_call(std::size_t key) const { return position(key).has_value(); }
  std::string_view arguments(std::size_t key) const;  //!< so far

  void warn(std::string warning);
  void set_id(std::string_view id);
  void set_model(std::string_view model);

  std::optional<Finish> finish = {};  //!< set when the model has said why it stopped
  std::optional<Usage> usage = {};

  const std::string& name() const { return name_; }
  const std::string& text() const { return reply_.text; }
  bool has_shown() const { return first_shown_.has_value(); }
  bool is_empty() const { return reply_.text.empty() && reply_.tool_calls.empty() && reply_.thinking.empty(); }
  std::optional<std::chrono::steady_clock::time_point> first_shown() const { return first_shown_; }

  //! A call without arguments has an empty object of them.
  [[nodiscard]] Status end_calls();

  //! @param request_bytes  what usage is estimated by where the provider gave none
  Reply take(std::size_t request_bytes);

 private:
  std::optional<std::size_t> position(std::size_t key) const;
  Status show(const Delta& delta);

  std::string name_;
  OnDelta on_delta_;
  Reply reply_;
  std::vector<std::size_t> call_keys_;
  bool thinking_open_ = false;
  std::optional<std::chrono::steady_clock::time_point> first_shown_;
};

//! Tokens of so many bytes of text, rather too many than too few.
std::int64_t estimated_tokens(std::size_t bytes);

}  // namespace persona::llm::wire
