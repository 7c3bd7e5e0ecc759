//! Many who ask the same at once.
#include <persona/llm/single_flight.hpp>
#include <persona/testing/fake_clock.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace persona;
using namespace persona::llm;
using persona::testing::FakeClock;
using persona::testing::says;

namespace {

//! Answers when it is let go; its streams show one piece before and one after.
class GatedProvider final : public LLMProvider {
 public:
  std::string name() const override { return "gated"; }
  Capabilities capabilities(std::string_view) const override { return {}; }

  Result<Reply> complete(const Request&, const Context& context) override { return wait(context); }

  Result<Reply> stream(const Request&, const OnDelta& on_delta, const Context& context) override {
    if (Status shown = on_delta(TextDelta{"one "}); !shown) return tl::unexpected(shown.error());
    auto reply = wait(context);
    if (!reply) return reply;
    if (Status shown = on_delta(ToolCallDelta{0, "id", "name", "two"}); !shown) return tl::unexpected(shown.error());
    return reply;
  }

  void let_go() { open_ = true; }
  void await_calls(int calls) const {
    while (calls_ < calls) std::this_thread::yield();
  }
  int calls() const { return calls_; }

 private:
  Result<Reply> wait(const Context& context) {
    const int call = ++calls_;
    while (!open_) {
      if (context.stop.stop_requested()) return fail(Errc::cancelled, "stopped inside");
      if (call == 1 && first_is_late) return fail(Errc::deadline_exceeded, "late");
      std::this_thread::yield();
    }
    return *says("answer " + std::to_string(call)).reply;
  }

  std::atomic<int> calls_ = 0;
  std::atomic<bool> open_ = false;

 public:
  std::atomic<bool> first_is_late = false;
};

Request shared_request(std::string tenant = {}) {
  Request request{.model = "m", .messages = {Message::user("hello")}, .temperature = 0};
  request.call.tenant = std::move(tenant);
  return request;
}

//! A clock that tells how many wait by it.
class CountingClock final : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override { return inner_->now(); }
  std::chrono::system_clock::time_point today() const override { return inner_->today(); }
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
                  std::chrono::steady_clock::time_point time, const std::stop_token& stop) override {
    ++waits_;
    inner_->wait_until(lock, changed, time, stop);
  }
  void await_waits(int waits) const {
    while (waits_ < waits) std::this_thread::yield();
  }

 private:
  std::shared_ptr<Clock> inner_ = system_clock();
  std::atomic<int> waits_ = 0;
};

struct Caller {
  Result<Reply> result = fail(Errc::internal, "nothing yet");
  std::string shown;
  std::stop_source stop;
  std::jthread thread;

  void ask(const Provider& provider, Request request = shared_request(), Context context = {}) {
    context.stop = stop.get_token();
    thread = std::jthread([=, this] { result = provider->complete(request, context); });
  }
  void listen(const Provider& provider) {
    thread = std::jthread([=, this] {
      const OnDelta show = [this](const Delta& delta) -> Status {
        if (const auto* text = std::get_if<TextDelta>(&delta)) shown += text->text;
        if (const auto* call = std::get_if<ToolCallDelta>(&delta)) shown.append(call->name).append(call->arguments);
        return {};
      };
      result = provider->stream(shared_request(), show, {.stop = stop.get_token()});
    });
  }
};

}  // namespace

TEST_CASE("eight who ask at once get one answer, which was bought once") {
  const auto gate = std::make_shared<GatedProvider>();
  const auto clock = std::make_shared<CountingClock>();
  const Provider provider = single_flight(gate, clock);
  std::vector<Caller> callers(8);
  callers[0].ask(provider);
  gate->await_calls(1);
  for (std::size_t i = 1; i < 8; ++i) callers[i].ask(provider);
  clock->await_waits(7);
  gate->let_go();
  for (Caller& caller : callers) caller.thread.join();
  CHECK(gate->calls() == 1);
  CHECK(callers[0].result->source == Source::provider);
  for (std::size_t i = 1; i < 8; ++i) {
    REQUIRE(callers[i].result);
    CHECK(callers[i].result->text == "answer 1");
    CHECK(callers[i].result->source == Source::shared_call);
    CHECK(callers[i].result->cost == Money{});
  }
  CHECK(provider->complete(shared_request())->text == "answer 2");
}

TEST_CASE("other tenants, and those who want no cache, ask for themselves") {
  const auto gate = std::make_shared<GatedProvider>();
  const Provider provider = single_flight(gate);
  Request own = shared_request();
  own.call.cache = CachePolicy{.read = false};
  Request warm = shared_request();
  warm.temperature = 1;
  std::vector<Caller> callers(6);
  callers[0].ask(provider);
  callers[1].ask(provider, shared_request("a"));
  callers[2].ask(provider, shared_request("b"));
  callers[3].ask(provider, own);
  callers[4].ask(provider, own);
  callers[5].ask(provider, warm);
  gate->await_calls(6);
  gate->let_go();
  for (Caller& caller : callers) caller.thread.join();
  for (Caller& caller : callers) CHECK(caller.result->source == Source::provider);
}

TEST_CASE("the first caller's stop does not take the answer from the others") {
  const auto gate = std::make_shared<GatedProvider>();
  const auto clock = std::make_shared<CountingClock>();
  const Provider provider = single_flight(gate, clock);
  Caller first, second;
  first.ask(provider);
  gate->await_calls(1);
  second.ask(provider);
  clock->await_waits(1);
  first.stop.request_stop();
  gate->let_go();
  first.thread.join(), second.thread.join();
  CHECK(first.result.error().code == Errc::cancelled);
  CHECK(second.result->text == "answer 1");
}

TEST_CASE("when the last has gone, the work is stopped") {
  const auto gate = std::make_shared<GatedProvider>();
  const auto clock = std::make_shared<CountingClock>();
  const Provider provider = single_flight(gate, clock);
  Caller first, second;
  first.ask(provider);
  gate->await_calls(1);
  second.ask(provider);
  clock->await_waits(1);
  second.stop.request_stop();
  second.thread.join();
  CHECK(second.result.error().code == Errc::cancelled);
  first.stop.request_stop();
  first.thread.join();
  CHECK(first.result.error().code == Errc::cancelled);
  CHECK(first.result.error().message == "stopped inside");
  gate->let_go();
  CHECK(provider->complete(shared_request())->text == "answer 2");
}

TEST_CASE("whoever waits keeps to its own deadline") {
  const auto gate = std::make_shared<GatedProvider>();
  const auto clock = std::make_shared<FakeClock>();  // jumps to the end of the wait
  const Provider provider = single_flight(gate, clock);
  Caller first;
  first.ask(provider);
  gate->await_calls(1);
  const auto late = provider->complete(shared_request(), {.deadline = clock->now() + std::chrono::seconds(5)});
  CHECK(late.error().code == Errc::deadline_exceeded);
  gate->let_go();
  first.thread.join();
  CHECK(first.result->text == "answer 1");
}

TEST_CASE("who has more time than the first caller asks again") {
  const auto gate = std::make_shared<GatedProvider>();
  const auto clock = std::make_shared<CountingClock>();
  const Provider provider = single_flight(gate, clock);
  Caller first, second;
  first.ask(provider, shared_request(), {.deadline = clock->now() + std::chrono::hours(1)});
  gate->await_calls(1);
  second.ask(provider);
  clock->await_waits(1);
  gate->first_is_late = true;
  gate->await_calls(2);
  gate->let_go();
  first.thread.join(), second.thread.join();
  CHECK(first.result.error().code == Errc::deadline_exceeded);
  CHECK(second.result->text == "answer 2");
}

TEST_CASE("streams share their pieces, early and late ones") {
  const auto gate = std::make_shared<GatedProvider>();
  const auto clock = std::make_shared<CountingClock>();
  const Provider provider = single_flight(gate, clock);
  Caller first, second;
  first.listen(provider);
  gate->await_calls(1);  // the first piece is gone by
  second.listen(provider);
  clock->await_waits(1);
  gate->let_go();
  first.thread.join(), second.thread.join();
  CHECK(gate->calls() == 1);
  CHECK(first.shown == "one nametwo");
  CHECK(second.shown == first.shown);
  CHECK(second.result->source == Source::shared_call);
}

TEST_CASE("an error goes to all who wait and is forgotten") {
  const auto script =
      std::make_shared<testing::ScriptedProvider>(std::vector<testing::Step>{testing::fails(500), says("yes")});
  const Provider provider = single_flight(script);
  CHECK(provider->complete(shared_request()).error().service->status == 500);
  CHECK(provider->complete(shared_request())->text == "yes");
}
