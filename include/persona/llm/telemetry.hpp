//! What happened to every call, for those who operate it.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace persona::llm {

//! One call or one attempt, as OpenTelemetry names things: "gen_ai.request.model", "error.type", ...
//! Never the content of a message, never a key.
//! @source{OpenTelemetry GenAI semantic conventions 1.37}
struct Event {
  using Attribute = std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>>;

  std::string name = {};  //!< "chat gpt-4o-mini"; attempts are "attempt gpt-4o-mini"
  std::chrono::system_clock::time_point start = {};
  std::chrono::microseconds duration{0};
  std::string trace_id = {};  //!< from `CallOptions`
  std::vector<std::pair<std::string, Attribute>> attributes = {};
};

//! Takes events. Called from any thread, soon after each call.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void on_event(const Event& event) = 0;

 protected:
  EventSink() = default;
  EventSink(const EventSink&) = default;
  EventSink& operator=(const EventSink&) = default;
};

//! Reports each call, after its attempts. A call that failed has one event, with its last error.
PERSONA_EXPORT Provider traced(Provider provider, std::shared_ptr<EventSink> sink,
                               std::shared_ptr<Clock> clock = system_clock());

//! Counters and histograms made of events: calls, errors, tokens, dollars, seconds, by model. Past a
//! thousand models, further ones are counted together as "other".
class Metrics final : public EventSink {
 public:
  PERSONA_EXPORT Metrics();
  PERSONA_EXPORT ~Metrics() override;
  PERSONA_EXPORT void on_event(const Event& event) override;

  //! @source{Prometheus text exposition format 0.0.4}
  PERSONA_EXPORT std::string prometheus() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace persona::llm
