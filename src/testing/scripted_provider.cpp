//! Answers from a script.
#include <persona/testing/scripted_provider.hpp>

#include "llm/failure.hpp"
#include "llm/show_whole.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace persona::testing {

struct ScriptedProvider::State {
  mutable std::mutex mutex;
  std::vector<Step> steps;
  std::function<Result<llm::Reply>(const llm::Request&)> answer;
  std::shared_ptr<Clock> clock = system_clock();
  std::size_t next = 0;
  std::vector<llm::Request> requests;

  Step take(const llm::Request& request) {
    const std::lock_guard lock(mutex);
    requests.push_back(request);
    if (answer) return {answer(request)};
    if (next < steps.size()) return steps[next++];
    return {fail(Errc::unavailable, "the script of " + std::to_string(steps.size()) + " steps is at its end")};
  }
};

ScriptedProvider::ScriptedProvider(std::vector<Step> steps, std::shared_ptr<Clock> clock)
    : state_(std::make_unique<State>()) {
  state_->steps = std::move(steps);
  state_->clock = std::move(clock);
}

ScriptedProvider::ScriptedProvider(std::function<Result<llm::Reply>(const llm::Request&)> answer)
    : state_(std::make_unique<State>()) {
  state_->answer = std::move(answer);
}

ScriptedProvider::~ScriptedProvider() = default;

std::string ScriptedProvider::name() const {
  return "scripted";
}

llm::Capabilities ScriptedProvider::capabilities(std::string_view) const {
  return {.json_schema = true, .tools = true, .images = true, .streaming = true, .seed = true};
}

namespace {

Status may_start(const Clock& clock, const Context& context) {
  if (context.stop.stop_requested()) return fail(Errc::cancelled, "the call was stopped");
  if (clock.now() >= context.deadline) return fail(Errc::deadline_exceeded, "the deadline has passed");
  return {};
}

// Waits for its time; what stops first is the error.
Status wait_for_step(Clock& clock, std::chrono::milliseconds delay, const Context& context) {
  if (delay.count() == 0) return {};
  const auto ready = clock.now() + delay;
  if (!sleep_until(clock, std::min(ready, context.deadline), context.stop)) {
    return fail(Errc::cancelled, "the call was stopped");
  }
  if (ready > context.deadline) return fail(Errc::deadline_exceeded, "the deadline has passed");
  return {};
}

}  // namespace

Result<llm::Reply> ScriptedProvider::complete(const llm::Request& request, const Context& context) {
  if (const auto may_go = may_start(*state_->clock, context); !may_go) return tl::unexpected(may_go.error());
  Step step = state_->take(request);
  if (const auto may_go = wait_for_step(*state_->clock, step.delay, context); !may_go) {
    return tl::unexpected(may_go.error());
  }
  return std::move(step.reply);
}

Result<llm::Reply> ScriptedProvider::stream(const llm::Request& request, const llm::OnDelta& on_delta,
                                            const Context& context) {
  if (const auto may_go = may_start(*state_->clock, context); !may_go) return tl::unexpected(may_go.error());
  Step step = state_->take(request);
  if (step.reply && step.pieces.empty()) {
    if (const auto may_go = wait_for_step(*state_->clock, step.delay, context); !may_go) {
      return tl::unexpected(may_go.error());
    }
    if (const auto shown = llm::show_whole(*step.reply, on_delta); !shown) return tl::unexpected(shown.error());
    return std::move(step.reply);
  }
  for (std::size_t i = 0; i < step.pieces.size() && i < step.fail_after; ++i) {
    const auto may_go =
        wait_for_step(*state_->clock, step.delay, context).and_then([&] { return may_start(*state_->clock, context); });
    if (!may_go) return tl::unexpected(may_go.error());
    if (const auto shown = on_delta(llm::TextDelta{step.pieces[i]}); !shown) return tl::unexpected(shown.error());
  }
  return std::move(step.reply);
}

std::vector<llm::Request> ScriptedProvider::requests() const {
  const std::lock_guard lock(state_->mutex);
  return state_->requests;
}

Step says(std::string text) {
  llm::Reply reply;
  reply.usage = {.input = 10, .output = static_cast<std::int64_t>(text.size() / 4 + 1)};
  reply.text = std::move(text);
  reply.provider = reply.model = "scripted";
  return {std::move(reply)};
}

Step fails(int status, std::optional<std::chrono::milliseconds> retry_after) {
  Error error = llm::failure_of(status, "scripted: status " + std::to_string(status));
  error.service->retry_after = retry_after;
  return {tl::unexpected(std::move(error))};
}

}  // namespace persona::testing
