//! Prices every attempt, and books it.
#include "booking.hpp"
#include "most_of.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace persona::llm {
namespace {

class MeteredProvider final : public ForwardingProvider {
 public:
  MeteredProvider(Provider inner, MeterOptions options)
      : ForwardingProvider(std::move(inner)), options_(std::move(options)) {}

  Result<Reply> complete(const Request& request, const Context& context) override {
    return meter(request, nullptr, context);
  }

  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    return meter(request, &on_delta, context);
  }

  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    if (Status wanted = still_wanted(*options_.clock, context); !wanted) return tl::unexpected(wanted.error());
    const Usage most{.input = most_input_tokens(request), .estimated = true};
    auto booking = Booking::open(options_, name(), request.model, request.call, price_of(request.model), most);
    if (!booking) return tl::unexpected(booking.error());
    Result<Embeddings> embeddings = inner_->embed(request, context);
    if (!embeddings) return booking->close(embeddings.error(), false), embeddings;
    Status booked;
    embeddings->cost = booking->close(embeddings->usage, booked).cost;
    return embeddings;
  }

 private:
  std::optional<Price> price_of(std::string_view model) const {
    if (!options_.prices) return {};
    return options_.prices->find(name(), model, std::chrono::floor<std::chrono::days>(options_.clock->today()));
  }

  // A cap needs an end of the answer.
  std::optional<Request> with_end(const Request& request, const std::optional<Price>& price) const {
    if (!options_.ledger || request.max_output_tokens) return {};
    Request ended = request;
    const auto most = price ? price->max_output_tokens : std::nullopt;
    ended.max_output_tokens = std::min(options_.max_output_tokens, most.value_or(options_.max_output_tokens));
    return ended;
  }

  std::optional<Usage> most_usage(const Request& request, const std::optional<Price>& price) const {
    if (!options_.ledger && !request.max_output_tokens) return {};
    return Usage{.input = most_input_tokens(request),
                 .output = most_output_tokens(request, price.value_or(Price{})),
                 .estimated = true};
  }

  Result<Reply> meter(const Request& asked, const OnDelta* on_delta, const Context& context) {
    if (Status wanted = still_wanted(*options_.clock, context); !wanted) return tl::unexpected(wanted.error());
    const std::optional<Price> price = price_of(asked.model);
    const std::optional<Request> ended = with_end(asked, price);
    const Request& request = ended ? *ended : asked;
    auto booking = Booking::open(options_, name(), request.model, request.call, price, most_usage(request, price));
    if (!booking) return tl::unexpected(booking.error());
    std::atomic<bool> shown = false;
    const OnDelta watched = [&](const Delta& delta) {
      shown = true;
      return (*on_delta)(delta);
    };
    Result<Reply> reply = send(request, on_delta != nullptr ? &watched : nullptr, context);
    if (!reply) {
      booking->close(reply.error(), shown);
      return reply;
    }
    finish(*booking, *reply);
    return reply;
  }

  void finish(Booking& booking, Reply& reply) const {
    Status booked;
    Attempt attempt = booking.close(reply.usage, booked);
    if (!booked) reply.warnings.push_back("the call could not be booked: " + to_string(booked.error()));
    if (reply.usage == Usage{}) reply.usage = attempt.usage;
    reply.cost = attempt.cost;
    reply.attempts.clear();
    reply.attempts.push_back(std::move(attempt));
  }

  MeterOptions options_;
};

}  // namespace

Provider metered(Provider provider, MeterOptions options) {
  return std::make_shared<MeteredProvider>(std::move(provider), std::move(options));
}

}  // namespace persona::llm
