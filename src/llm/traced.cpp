//! Reports calls and their attempts as events.
#include <persona/llm/telemetry.hpp>

#include "event_words.hpp"
#include "forwarding_provider.hpp"

#include <utility>

namespace persona::llm {
namespace {

using Instants = std::pair<std::chrono::system_clock::time_point, std::chrono::steady_clock::time_point>;

std::string conventional_provider(std::string name) {
  if (name == "gemini") return "gcp.gemini";
  if (name == "azure") return "azure.ai.openai";
  return name;
}

class EventWriter {
 public:
  EventWriter(std::string name, std::string trace_id) {
    event_.name = std::move(name);
    event_.trace_id = std::move(trace_id);
    event_.attributes.reserve(24);
  }

  void add(const char* name, Event::Attribute value) { event_.attributes.emplace_back(name, std::move(value)); }
  template <class T>
  void add_optional(const char* name, const std::optional<T>& value) {
    if (value) add(name, *value);
  }

  void usage(const Usage& usage) {
    if (usage == Usage{}) return;
    add(event_words::input_tokens, usage.input);
    add(event_words::output_tokens, usage.output);
    if (usage.input_cached != 0) add(event_words::cached_tokens, usage.input_cached);
    if (usage.output_reasoning != 0) add(event_words::reasoning_tokens, usage.output_reasoning);
    if (usage.estimated) add(event_words::estimated, true);
  }

  void cost(const std::optional<Money>& money) {
    if (money) add(event_words::cost, money->picodollars);
  }

  //! Not its message: a service may repeat in it what it was sent.
  void error(const Error& error) {
    add(event_words::error_type, std::string(to_string(error.code)));
    if (!error.service) return;
    if (error.service->status != 0) add(event_words::http_status, std::int64_t{error.service->status});
    if (error.service->retry_after)
      add(event_words::retry_after, std::chrono::duration<double>(*error.service->retry_after).count());
  }

  Event take(const Instants& start, std::chrono::microseconds duration) {
    event_.start = start.first;
    event_.duration = duration;
    return std::move(event_);
  }

 private:
  Event event_;
};

void describe_request(EventWriter& event, const Request& request, bool streamed) {
  event.add_optional(event_words::request_max_tokens, request.max_output_tokens);
  event.add_optional(event_words::request_temperature, request.temperature);
  event.add_optional(event_words::request_top_p, request.top_p);
  event.add_optional(event_words::request_top_k, request.top_k);
  event.add_optional(event_words::request_seed, request.seed);
  event.add(event_words::output_type, std::string(request.json ? "json" : "text"));
  event.add(event_words::streamed, streamed);
}

void describe_reply(EventWriter& event, const Reply& reply) {
  event.add(event_words::response_model, reply.model);
  if (!reply.id.empty()) event.add(event_words::response_id, reply.id);
  event.add(event_words::finish_reasons, std::vector<std::string>{std::string(to_string(reply.finish))});
  event.add(event_words::source, std::string(to_string(reply.source)));
  event.add(event_words::attempts, static_cast<std::int64_t>(reply.attempts.size()));
  event.add(event_words::first_token, std::chrono::duration<double>(reply.first_token).count());
  event.usage(reply.usage);
  event.cost(reply.cost);
}

class TracedProvider final : public ForwardingProvider {
 public:
  TracedProvider(Provider inner, std::shared_ptr<EventSink> sink, std::shared_ptr<Clock> clock)
      : ForwardingProvider(std::move(inner)), sink_(std::move(sink)), clock_(std::move(clock)) {}

  Result<Reply> complete(const Request& request, const Context& context) override {
    return trace(request, nullptr, context);
  }

  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    return trace(request, &on_delta, context);
  }

  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    const Instants start = now();
    Result<Embeddings> embeddings = inner_->embed(request, context);
    EventWriter event = begin("call", "embeddings", request.model, name(), request.call);
    if (embeddings) {
      event.add(event_words::response_model, embeddings->model);
      event.usage(embeddings->usage);
      event.cost(embeddings->cost);
    } else {
      fail_call(event, embeddings.error());
    }
    sink_->on_event(event.take(start, since(start)));
    return embeddings;
  }

 private:
  Result<Reply> trace(const Request& request, const OnDelta* on_delta, const Context& context) {
    const Instants start = now();
    Result<Reply> reply = send(request, on_delta, context);
    const std::chrono::microseconds duration = since(start);
    EventWriter event = begin("call", "chat", request.model, reply ? reply->provider : name(), request.call);
    describe_request(event, request, on_delta != nullptr);
    if (reply) {
      describe_reply(event, *reply);
      report_attempts(request, *reply, start);
    } else {
      fail_call(event, reply.error());
    }
    sink_->on_event(event.take(start, duration));
    return reply;
  }

  // Their own times are not known: each begins where the one before ended, at the earliest.
  void report_attempts(const Request& request, const Reply& reply, Instants start) {
    std::int64_t number = 0;
    for (const Attempt& attempt : reply.attempts) {
      EventWriter event = begin("attempt", "chat", attempt.model, attempt.provider, request.call);
      event.add(event_words::attempt, ++number);
      if (attempt.hedge) event.add(event_words::hedge, true);
      event.usage(attempt.usage);
      event.cost(attempt.cost);
      if (attempt.error) event.error(*attempt.error);
      sink_->on_event(event.take(start, attempt.duration));
      start.first += std::chrono::duration_cast<std::chrono::system_clock::duration>(attempt.duration);
    }
  }

  static EventWriter begin(const char* kind, const std::string& operation, const std::string& model,
                           const std::string& provider, const CallOptions& call) {
    const std::string verb = kind == std::string_view("call") ? operation : kind;
    EventWriter event(verb + " " + model, call.trace_id);
    event.add(event_words::kind, std::string(kind));
    event.add(event_words::operation, operation);
    event.add(event_words::provider, conventional_provider(provider));
    event.add(event_words::request_model, model);
    if (!call.tenant.empty()) event.add(event_words::tenant, call.tenant);
    return event;
  }

  static void fail_call(EventWriter& event, const Error& error) {
    event.error(error);
    if (error.service) event.cost(error.service->cost);
  }

  Instants now() const { return {clock_->today(), clock_->now()}; }

  std::chrono::microseconds since(const Instants& start) const {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock_->now() - start.second);
  }

  std::shared_ptr<EventSink> sink_;
  std::shared_ptr<Clock> clock_;
};

}  // namespace

Provider traced(Provider provider, std::shared_ptr<EventSink> sink, std::shared_ptr<Clock> clock) {
  if (!sink) return provider;
  return std::make_shared<TracedProvider>(std::move(provider), std::move(sink), std::move(clock));
}

}  // namespace persona::llm
