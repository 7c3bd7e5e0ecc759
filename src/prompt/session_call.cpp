//! One item's models.
#include "session_call.hpp"

#include <persona/core/hash.hpp>
#include <persona/llm/json.hpp>

#include "allowance.hpp"
#include "core/json_document.hpp"

#include <utility>

namespace persona::prompt {
namespace {

// Failures that say something of the caller's stop alone, and nothing of the service.
bool is_stop(const Error& error) {
  return error.code == Errc::cancelled || error.code == Errc::deadline_exceeded;
}

std::string error_json(const Error& error) {
  Json json = {{"code", to_string(error.code)}, {"message", error.message}};
  if (error.service) json["retryable"] = error.service->retryable;
  return print_json_compact(json);
}

Error error_from(std::string_view text) {
  const auto json = parse_json_document(text);
  Error error{Errc::invalid_output, "a failure kept in the ledger", {}};
  if (!json || !json->is_object()) return error;
  error.message = json->value("message", error.message);
  for (int code = 0; code <= static_cast<int>(Errc::invalid_output); ++code) {
    if (to_string(static_cast<Errc>(code)) == json->value("code", std::string())) error.code = static_cast<Errc>(code);
  }
  if (json->contains("retryable")) error.service = ServiceFailure{.retryable = json->value("retryable", false)};
  return error;
}

std::string embed_json(const llm::EmbedRequest& request) {
  Json json = {{"model", request.model}, {"inputs", request.inputs}};
  if (request.dimensions) json["dimensions"] = *request.dimensions;
  return print_json_compact(json);
}

std::string vectors_json(const llm::Embeddings& embeddings) {
  return print_json_compact({{"model", embeddings.model}, {"vectors", embeddings.vectors}});
}

Result<llm::Embeddings> vectors_from(const LedgerEntry& entry) {
  const auto json = parse_json_document(entry.reply);
  if (!json) return tl::unexpected(json.error());
  try {
    llm::Embeddings embeddings{.vectors = json->at("vectors").get<std::vector<std::vector<float>>>(),
                               .model = json->at("model").get<std::string>()};
    embeddings.usage.input = entry.tokens;
    embeddings.cost = entry.cost;
    return embeddings;
  } catch (const Json::exception&) {
    return fail(Errc::corrupted, "the ledger's embeddings of request " + entry.request_hash + " cannot be read");
  }
}

// A failure that stays one however often it is asked for: the request's or the answer's.
bool is_final(const LedgerEntry& entry) {
  if (!entry.reply.empty()) return true;
  const Error error = error_from(entry.error);
  return error.code != Errc::unavailable && error.code != Errc::rate_limited &&
         !(error.service && error.service->retryable);
}

// A price that nobody knows is not nothing.
std::optional<Money> known(const Money& most) {
  return most == Money{} ? std::nullopt : std::optional(most);
}

void book(LedgerEntry& entry, const llm::Usage& usage, std::optional<Money> cost, const llm::Charge& most) {
  entry.cost = cost ? cost : known(most.money);
  entry.tokens = usage.input + usage.output;
}

// What was sent and broke may have been paid for.
void book_failure(LedgerEntry& entry, const Error& error, const llm::Charge& most) {
  entry.error = error_json(error);
  const bool is_free = error.service && !error.service->sent;
  entry.cost = is_free ? Money{} : known(most.money);
  entry.tokens = is_free ? 0 : most.tokens;
}

}  // namespace

Asked task_of(const SessionOptions& options) {
  return {"task", *options.model, options.model_name};
}

Asked proposer_of(const SessionOptions& options) {
  return {"proposer", *options.proposer, options.proposer_name};
}

std::size_t bytes_of(const llm::Request& request) {
  std::size_t bytes = 64;
  for (const auto& message : request.messages) bytes += message.text().size() + 16;
  if (request.json) bytes += request.json->schema.size();
  return bytes;
}

Result<llm::Charge> most_of_call(const SessionOptions& options, const llm::LLMProvider& model,
                                 const std::string& model_name, std::size_t bytes, std::int64_t output_tokens) {
  llm::Charge most{{}, static_cast<std::int64_t>(bytes) + output_tokens, 1};
  const auto day = std::chrono::floor<std::chrono::days>(options.clock->today());
  const auto price = options.prices->find(model.name(), model_name, day);
  if (price) {
    most.money = llm::cost(*price, {.input = static_cast<std::int64_t>(bytes), .output = output_tokens});
  } else if (options.budget.money) {
    return fail(Errc::unsupported,
                "no price is known for model '" + model_name + "' of " + model.name() +
                    ", so a budget of money cannot be kept; give a budget of tokens or calls, or the price");
  }
  return most;
}

SessionCall::SessionCall(const SessionOptions& options, Asked asked, ItemAccount& account, CallBook& book)
    : options_(options), asked_(std::move(asked)), account_(account), book_(book) {}

std::string SessionCall::name() const {
  return asked_.model.name();
}

llm::Capabilities SessionCall::capabilities(std::string_view model) const {
  return asked_.model.capabilities(model);
}

Result<llm::Reply> SessionCall::complete(const llm::Request& asked_for, const Context& context) {
  llm::Request request = asked_for;
  if (request.model.empty()) request.model = asked_.model_name;
  if (!request.max_output_tokens) request.max_output_tokens = options_.max_output_tokens;
  const auto most = most_of_call(options_, asked_.model, request.model, bytes_of(request), *request.max_output_tokens);
  const auto answer = answered(
      entry_of(llm::to_json(request), request.call.sample), most, [&](LedgerEntry entry, const llm::Charge& limit) {
        const auto reply = asked_.model.complete(request, context);
        if (!reply) {
          book_failure(entry, reply.error(), limit);
          return Answer{std::move(entry), tl::unexpected(reply.error()), !is_stop(reply.error())};
        }
        book(entry, reply->usage, reply->cost, limit);
        entry.latency = reply->total;
        entry.reply = llm::to_json(*reply);
        return Answer{std::move(entry), {}};
      });
  if (!answer.status) return tl::unexpected(answer.status.error());
  return llm::parse_reply(answer.entry.reply);
}

Result<llm::Embeddings> SessionCall::embed(const llm::EmbedRequest& asked_for, const Context& context) {
  llm::EmbedRequest request = asked_for;
  if (request.model.empty()) request.model = asked_.model_name;
  std::size_t bytes = 0;
  for (const std::string& input : request.inputs) bytes += input.size();
  const auto most = most_of_call(options_, asked_.model, request.model, bytes, 0);
  const auto answer = answered(
      entry_of(embed_json(request), request.call.sample), most, [&](LedgerEntry entry, const llm::Charge& limit) {
        const auto embedded = asked_.model.embed(request, context);
        if (!embedded) {
          book_failure(entry, embedded.error(), limit);
          return Answer{std::move(entry), tl::unexpected(embedded.error()), !is_stop(embedded.error())};
        }
        book(entry, embedded->usage, embedded->cost, limit);
        entry.reply = vectors_json(*embedded);
        return Answer{std::move(entry), {}};
      });
  if (!answer.status) return tl::unexpected(answer.status.error());
  return vectors_from(answer.entry);
}

LedgerEntry SessionCall::entry_of(std::string request, int sample) const {
  LedgerEntry entry{.sample = sample, .role = asked_.role};
  entry.program = account_.about.program;
  entry.example = account_.about.example;
  entry.request_hash = content_hash(asked_.role + "\n" + asked_.model.name() + "\n" + request);
  entry.request = std::move(request);
  return entry;
}

// What an earlier process paid for counts as spent when this one comes to it, and then never again. A
// failure that was asked again stands before the answer as it did then.
SessionCall::Answer SessionCall::answered(LedgerEntry entry, const Result<llm::Charge>& most, const Ask& ask) {
  const CallBook::Key key(entry.request_hash, entry.sample);
  std::size_t counted = book_.enter(key);
  const auto leave = [&](Answer answer) {
    book_.leave(key, counted);
    return answer;
  };
  auto found = options_.ledger->find(options_.run, entry.request_hash, entry.sample);
  if (!found) {
    note(tl::unexpected(found.error()));
    return leave({{}, tl::unexpected(found.error()), false});
  }
  const bool is_new = counted < found->size();
  if (is_new) count((*found)[counted++]);
  if (is_new || (!found->empty() && is_final(found->back()))) {
    LedgerEntry& kept = (*found)[counted - 1];
    Status status = kept.reply.empty() ? Status(tl::unexpected(error_from(kept.error))) : Status();
    return leave({std::move(kept), std::move(status)});
  }
  entry.attempt = static_cast<int>(found->size());
  Answer answer = asked(std::move(entry), most, ask);
  if (answer.is_kept) ++counted;
  return leave(std::move(answer));
}

void SessionCall::count(const LedgerEntry& entry) {
  const std::lock_guard lock(account_.mutex);
  account_.taken += {entry.cost.value_or(Money{}), entry.tokens, 1};
  ++account_.replayed;
}

void SessionCall::note(const Status& trouble) {
  const std::lock_guard lock(account_.mutex);
  account_.trouble = trouble;
}

SessionCall::Answer SessionCall::asked(LedgerEntry entry, const Result<llm::Charge>& most, const Ask& ask) {
  if (!most) return {{}, tl::unexpected(most.error()), false};
  {
    const std::lock_guard lock(account_.mutex);
    llm::Charge left = account_.most - account_.taken;
    if (!options_.budget.money) left.money = most->money;  // what costs without a known price was not reserved
    if (!fits(*most, left)) {
      account_.trouble =
          fail(Errc::invalid_argument, "a call of the " + asked_.role +
                                           " could take more than what is reserved for its item; a program whose flow "
                                           "adds demos or notes of its own, or asks other models, has to say how much "
                                           "(most_added_bytes, load)");
      return {{}, account_.trouble, false};
    }
    account_.taken += *most;
  }
  Answer answer = ask(std::move(entry), *most);
  const llm::Charge charge{answer.entry.cost.value_or(Money{}), answer.entry.tokens, 1};
  if (answer.is_kept) {
    if (const Status put = options_.ledger->put(options_.run, answer.entry); !put) note(put);
  }
  const std::lock_guard lock(account_.mutex);
  account_.taken = account_.taken - *most;
  account_.taken += charge;
  return answer;
}

}  // namespace persona::prompt
