//! Adds pieces up.
#include "llm/wire/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace persona::llm::wire {
namespace {

constexpr std::size_t most_argument_bytes = std::size_t{1} << 20;
constexpr std::size_t most_calls = 1000;

}  // namespace

Answer::Answer(std::string name, OnDelta on_delta) : name_(std::move(name)), on_delta_(std::move(on_delta)) {}

Status Answer::show(const Delta& delta) {
  if (!on_delta_) return {};
  if (!first_shown_) first_shown_ = std::chrono::steady_clock::now();
  return on_delta_(delta);
}

Status Answer::add_text(std::string_view piece) {
  if (piece.empty()) return {};
  reply_.text += piece;
  return show(TextDelta{piece});
}

Status Answer::add_thinking(std::string_view piece) {
  if (piece.empty()) return {};
  if (!thinking_open_) reply_.thinking.emplace_back();
  thinking_open_ = true;
  reply_.thinking.back().text += piece;
  return show(ThinkingDelta{piece});
}

void Answer::end_thinking(std::string_view signature) {
  if (!thinking_open_ && !signature.empty()) reply_.thinking.emplace_back();
  if (!signature.empty()) reply_.thinking.back().signature = signature;
  thinking_open_ = false;
}

void Answer::add_refusal(std::string_view piece) {
  reply_.refusal += piece;
}

std::optional<std::size_t> Answer::position(std::size_t key) const {
  const auto found = std::find(call_keys_.begin(), call_keys_.end(), key);
  if (found == call_keys_.end()) return {};
  return static_cast<std::size_t>(found - call_keys_.begin());
}

Status Answer::begin_call(std::size_t key, std::string_view id, std::string_view name) {
  if (call_keys_.size() == most_calls) {
    return fail(Errc::invalid_output, fmt::format("{} wants more than {} tools called", name_, most_calls));
  }
  const std::size_t index = call_keys_.size();
  call_keys_.push_back(key);
  reply_.tool_calls.push_back({id.empty() ? fmt::format("call_{}", index) : std::string(id), std::string(name), {}});
  const ToolCall& call = reply_.tool_calls.back();
  return show(ToolCallDelta{index, call.id, call.name, {}});
}

Status Answer::add_arguments(std::size_t key, std::string_view piece) {
  const auto index = position(key);
  if (!index) return fail(Errc::invalid_output, name_ + " sent arguments of a tool call that did not begin");
  if (piece.empty()) return {};
  ToolCall& call = reply_.tool_calls[*index];
  if (call.arguments.size() + piece.size() > most_argument_bytes) {
    return fail(Errc::invalid_output, fmt::format("{}: the arguments of tool '{}' are more than {} bytes", name_,
                                                  call.name, most_argument_bytes));
  }
  call.arguments += piece;
  return show(ToolCallDelta{*index, {}, {}, piece});
}

std::string_view Answer::arguments(std::size_t key) const {
  const auto index = position(key);
  return index ? std::string_view(reply_.tool_calls[*index].arguments) : std::string_view();
}

Status Answer::end_calls() {
  for (std::size_t i = 0; i < call_keys_.size(); ++i) {
    if (!reply_.tool_calls[i].arguments.empty()) continue;
    if (const auto shown = add_arguments(call_keys_[i], "{}"); !shown) return shown;
  }
  return {};
}

void Answer::warn(std::string warning) {
  auto& warnings = reply_.warnings;
  if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) warnings.push_back(std::move(warning));
}

void Answer::set_id(std::string_view id) {
  if (!id.empty()) reply_.id = id;
}

void Answer::set_model(std::string_view model) {
  if (!model.empty()) reply_.model = model;
}

Reply Answer::take(std::size_t request_bytes) {
  Reply reply = std::move(reply_);
  reply.finish = finish.value_or(Finish::other);
  if (!reply.refusal.empty() && reply.finish == Finish::stop) reply.finish = Finish::refusal;
  if (!reply.tool_calls.empty() && reply.finish == Finish::stop) reply.finish = Finish::tool_calls;
  if (usage) {
    reply.usage = *usage;
    return reply;
  }
  std::size_t bytes = reply.text.size() + reply.refusal.size();
  for (const Thinking& thought : reply.thinking) bytes += thought.text.size();
  for (const ToolCall& call : reply.tool_calls) bytes += call.name.size() + call.arguments.size();
  reply.usage = {.input = estimated_tokens(request_bytes), .output = estimated_tokens(bytes), .estimated = true};
  return reply;
}

std::int64_t estimated_tokens(std::size_t bytes) {
  return static_cast<std::int64_t>((bytes + 2) / 3);
}

}  // namespace persona::llm::wire
