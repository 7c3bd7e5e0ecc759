//! Asking twice for a stream.
#include <persona/llm/hedge.hpp>
#include <persona/testing/fake_clock.hpp>

#include "function_provider.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <thread>
#include <vector>

using namespace persona;
using namespace std::chrono_literals;
using testing::answers;
using testing::FakeClock;
using testing::FunctionProvider;

namespace {

// Waits until it is stopped, as a provider that never answers; what was sent is charged.
Result<llm::Reply> hangs(const Context& context, std::int64_t picodollars) {
  while (!context.stop.stop_requested()) std::this_thread::yield();
  Error error{Errc::cancelled, "stopped", {}};
  error.service = ServiceFailure{.sent = true, .cost = Money{picodollars}};
  return tl::unexpected(error);
}

// Shows its pieces, waits for something before each, and ends.
class Streamer final : public llm::LLMProvider {
 public:
  using Before = std::function<void(std::size_t piece, const Context& context)>;
  Streamer(std::vector<std::string> pieces, Before before) : pieces_(std::move(pieces)), before_(std::move(before)) {}
  std::string name() const override { return "streamer"; }
  llm::Capabilities capabilities(std::string_view) const override { return {}; }
  Result<llm::Reply> complete(const llm::Request&, const Context&) override { return fail(Errc::unsupported, "no"); }
  Result<llm::Reply> stream(const llm::Request&, const llm::OnDelta& on_delta, const Context& context) override {
    std::string text;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      before_(i, context);
      if (context.stop.stop_requested()) return hangs(context, 30);
      if (const auto shown = on_delta(llm::TextDelta{pieces_[i]}); !shown) return tl::unexpected(shown.error());
      text += pieces_[i];
    }
    return answers(text, 7);
  }

 private:
  std::vector<std::string> pieces_;
  Before before_;
};

// Shows its answer when another has won, whatever stops it.
class Late final : public llm::LLMProvider {
 public:
  Late(std::atomic<bool>& is_won, std::atomic<bool>& is_tried) : is_won_(is_won), is_tried_(is_tried) {}
  std::string name() const override { return "late"; }
  llm::Capabilities capabilities(std::string_view) const override { return {}; }
  Result<llm::Reply> complete(const llm::Request&, const Context&) override { return answers("wrong", 7); }
  Result<llm::Reply> stream(const llm::Request& request, const llm::OnDelta& on_delta, const Context& own) override {
    while (!is_won_) std::this_thread::yield();
    auto reply = llm::LLMProvider::stream(request, on_delta, own);
    is_tried_ = true;
    return reply;
  }

 private:
  std::atomic<bool>&is_won_, &is_tried_;
};

llm::HedgeOptions always(llm::Provider other, std::shared_ptr<Clock> clock = std::make_shared<FakeClock>()) {
  return {.share = 1, .delay = 1s, .other = std::move(other), .clock = std::move(clock)};
}

}  // namespace

TEST_CASE("streams: the first piece decides, and nothing of the other is shown") {
  const auto slow =
      std::make_shared<Streamer>(std::vector<std::string>{"wrong"}, [&](std::size_t, const Context& context) {
        while (!context.stop.stop_requested()) std::this_thread::yield();
      });
  const auto quick =
      std::make_shared<Streamer>(std::vector<std::string>{"a", "b", "c"}, [](std::size_t, const auto&) {});
  std::string shown;
  const auto reply = llm::hedged(slow, always(quick))->stream({}, [&](const llm::Delta& delta) -> Status {
    shown += std::get<llm::TextDelta>(delta).text;
    return {};
  });
  REQUIRE(reply);
  CHECK(shown == "abc");
  CHECK(reply->text == "abc");
  CHECK(reply->attempts.size() == 2);
  CHECK(reply->cost == Money{37});
}

TEST_CASE("streams: a loser that does not hear the stop is not shown either") {
  std::atomic<bool> is_won = false, is_tried = false;
  const auto quick =
      std::make_shared<Streamer>(std::vector<std::string>{"a", "b"}, [&](std::size_t piece, const auto&) {
        if (piece == 0) return;
        is_won = true;
        while (!is_tried) std::this_thread::yield();
      });
  std::string shown;
  const auto hedging = llm::hedged(std::make_shared<Late>(is_won, is_tried), always(quick));
  const auto reply = hedging->stream({}, [&](const llm::Delta& delta) -> Status {
    shown += std::get<llm::TextDelta>(delta).text;
    return {};
  });
  REQUIRE(reply);
  CHECK(shown == "ab");
  CHECK(reply->text == "ab");
}

TEST_CASE("streams: once a piece was shown, no second request") {
  const auto clock = std::make_shared<FakeClock>(false);
  const auto quick = std::make_shared<FunctionProvider>([](const auto&, const auto&) { return answers("quick"); });
  const auto steady =
      std::make_shared<Streamer>(std::vector<std::string>{"a", "b"}, [&](std::size_t piece, const auto&) {
        if (piece == 1) clock->advance(1h);
      });
  const auto reply =
      llm::hedged(steady, always(quick, clock))->stream({}, [](const llm::Delta&) -> Status { return {}; });
  CHECK(reply->text == "ab");
  CHECK(quick->calls == 0);
}
