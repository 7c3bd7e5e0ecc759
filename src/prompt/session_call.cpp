//! One item's models.
#include "session_call.hpp"

#include <persona/core/hash.hpp>
#include <persona/llm/json.hpp>

#include "allowance.hpp"
#include "core/json_document.hpp"

#include <utility>

namespace persona::prompt {
namespace {

std::string hash_of(const llm::Request& request, std::string_view provider, bool is_proposer) {
  return content_hash(std::string(is_proposer ? "proposer\n" : "task\n") + std::string(provider) + "\n" +
                      llm::to_json(request));
}

bool may_pass(const Error& error) {
  if (error.code == Errc::cancelled || error.code == Errc::deadline_exceeded) return true;
  return error.code == Errc::unavailable || error.code == Errc::rate_limited ||
         (error.service && error.service->retryable);
}

std::string error_json(const Error& error) {
  return print_json_compact({{"code", to_string(error.code)}, {"message", error.message}});
}

Error error_from(std::string_view text) {
  const auto json = parse_json_document(text);
  Error error{Errc::invalid_output, "a failure kept in the ledger", {}};
  if (!json || !json->is_object()) return error;
  error.message = json->value("message", error.message);
  for (int code = 0; code <= static_cast<int>(Errc::invalid_output); ++code) {
    if (to_string(static_cast<Errc>(code)) == json->value("code", std::string())) error.code = static_cast<Errc>(code);
  }
  return error;
}

}  // namespace

std::size_t bytes_of(const llm::Request& request) {
  std::size_t bytes = 64;
  for (const auto& message : request.messages) bytes += message.text().size() + 16;
  if (request.json) bytes += request.json->schema.size();
  return bytes;
}

Result<llm::Charge> most_of_call(const SessionOptions& options, std::size_t bytes, std::int64_t output_tokens,
                                 bool is_proposer) {
  const auto& model = is_proposer ? options.proposer : options.model;
  const auto& name = is_proposer ? options.proposer_name : options.model_name;
  llm::Charge most{{}, static_cast<std::int64_t>(bytes) + output_tokens, 1};
  const auto day = std::chrono::floor<std::chrono::days>(options.clock->today());
  const auto price = options.prices->find(model->name(), name, day);
  if (price) {
    most.money = llm::cost(*price, {.input = static_cast<std::int64_t>(bytes), .output = output_tokens});
  } else if (options.budget.money) {
    return fail(Errc::unsupported,
                "no price is known for model '" + name + "' of " + model->name() +
                    ", so a budget of money cannot be kept; give a budget of tokens or calls, or the price");
  }
  return most;
}

SessionCall::SessionCall(const SessionOptions& options, bool is_proposer, ItemAccount& account, CallBook& book)
    : options_(options),
      is_proposer_(is_proposer),
      model_(is_proposer ? *options.proposer : *options.model),
      account_(account),
      book_(book) {}

std::string SessionCall::name() const {
  return model_.name();
}

llm::Capabilities SessionCall::capabilities(std::string_view model) const {
  return model_.capabilities(model);
}

Result<llm::Embeddings> SessionCall::embed(const llm::EmbedRequest& request, const Context& context) {
  return model_.embed(request, context);
}

Result<llm::Reply> SessionCall::complete(const llm::Request& asked_for, const Context& context) {
  llm::Request request = asked_for;
  if (request.model.empty()) request.model = is_proposer_ ? options_.proposer_name : options_.model_name;
  if (!request.max_output_tokens) request.max_output_tokens = options_.max_output_tokens;
  LedgerEntry entry;
  entry.request_hash = hash_of(request, model_.name(), is_proposer_);
  entry.sample = request.call.sample;
  entry.role = is_proposer_ ? "proposer" : "task";
  const CallBook::Key key(entry.request_hash, entry.sample);
  bool is_counted = book_.enter(key);
  auto reply = answered(request, std::move(entry), is_counted, context);
  book_.leave(key, is_counted);
  return reply;
}

Result<llm::Reply> SessionCall::answered(const llm::Request& request, LedgerEntry entry, bool& is_counted,
                                         const Context& context) {
  const auto found = options_.ledger->find(options_.run, entry.request_hash, entry.sample);
  if (!found) {
    const std::lock_guard lock(account_.mutex);
    account_.trouble = tl::unexpected(found.error());
    return tl::unexpected(found.error());
  }
  if (*found) return replayed(**found, is_counted);
  return asked(request, std::move(entry), is_counted, context);
}

// What an earlier process paid for counts as spent when this one comes to it, and then never again.
Result<llm::Reply> SessionCall::replayed(const LedgerEntry& entry, bool& is_counted) {
  if (!is_counted) {
    const std::lock_guard lock(account_.mutex);
    account_.taken += {entry.cost.value_or(Money{}), entry.tokens, 1};
    ++account_.replayed;
    is_counted = true;
  }
  if (entry.reply.empty()) return tl::unexpected(error_from(entry.error));
  return llm::parse_reply(entry.reply);
}

Result<llm::Reply> SessionCall::asked(const llm::Request& request, LedgerEntry entry, bool& is_counted,
                                      const Context& context) {
  const auto most = most_of_call(options_, bytes_of(request), *request.max_output_tokens, is_proposer_);
  if (!most) return tl::unexpected(most.error());
  {
    const std::lock_guard lock(account_.mutex);
    if (!fits(*most, account_.most - account_.taken)) {
      return fail(Errc::quota_exceeded, "a call could take more than what is reserved for its item");
    }
    account_.taken += *most;
  }
  auto reply = model_.complete(request, context);
  llm::Charge charge = *most;  // what broke may have been paid for
  if (reply) {
    charge = {reply->cost.value_or(most->money), reply->usage.input + reply->usage.output, 1};
  } else if (reply.error().service && !reply.error().service->sent) {
    charge = {{}, 0, 1};
  }
  entry.cost = charge.money;
  entry.tokens = charge.tokens;
  entry.request = llm::to_json(request);
  if (reply) {
    entry.latency = reply->total;
    entry.reply = llm::to_json(*reply);
  } else {
    entry.error = error_json(reply.error());
  }
  const bool kept = reply || !may_pass(reply.error());
  is_counted = kept;
  const Status put = kept ? options_.ledger->put(options_.run, entry) : Status();
  const std::lock_guard lock(account_.mutex);
  account_.taken = account_.taken - *most;
  account_.taken += charge;
  if (!put) account_.trouble = put;
  return reply;
}

}  // namespace persona::prompt
