//! What all requests of one call took together.
#include "tally.hpp"

#include "refusal.hpp"

#include <iterator>
#include <utility>

namespace persona::llm {
namespace {

std::optional<Money> sum_of(std::optional<Money> a, std::optional<Money> b) {
  return a && b ? std::optional(*a + *b) : std::nullopt;
}

}  // namespace

void Tally::failed(std::string provider, std::string model, std::chrono::microseconds took, const Error& error) {
  if (!went_out(error)) return;
  add({.provider = std::move(provider),
       .model = std::move(model),
       .duration = took,
       .error = error,
       .cost = cost_of(error)});
  sent_ = sent_ || error.service->sent;
}

void Tally::add(Attempt attempt) {
  cost_ = sum_of(cost_, attempt.cost);
  sent_ = sent_ || !attempt.error;
  attempts_.push_back(std::move(attempt));
}

Reply Tally::into(Reply reply, std::chrono::microseconds took) const {
  auto own = attempts_of(reply, took);
  reply.attempts = attempts_;
  reply.attempts.insert(reply.attempts.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  reply.cost = sum_of(reply.cost, cost_);
  return reply;
}

Embeddings Tally::into(Embeddings embeddings, std::chrono::microseconds) const {
  embeddings.cost = sum_of(embeddings.cost, cost_);
  return embeddings;
}

Error Tally::into(Error error) const {
  if (attempts_.empty()) return error;
  if (!error.service) error.service = ServiceFailure{};
  error.service->cost = cost_;
  error.service->sent = error.service->sent || sent_;
  return error;
}

std::vector<Attempt> attempts_of(const Reply& reply, std::chrono::microseconds took) {
  if (!reply.attempts.empty() || reply.source != Source::provider) return reply.attempts;
  return {
      {.provider = reply.provider, .model = reply.model, .duration = took, .usage = reply.usage, .cost = reply.cost}};
}

}  // namespace persona::llm
