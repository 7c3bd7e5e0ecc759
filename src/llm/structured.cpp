//! Asks until the answer is the JSON that was asked for.
#include <persona/llm/structured.hpp>

#include "core/json_document.hpp"
#include "core/text.hpp"
#include "forwarding_provider.hpp"
#include "held_delta.hpp"

#include <persona/llm/schema.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace persona::llm {
namespace {

constexpr std::size_t most_kept_schemas = 64;
constexpr std::size_t most_told_issues = 10;

//! One request on its way to an answer that is right.
struct StructuredCall {
  JsonSchema schema;
  Request request;           // as it is sent
  bool told_schema = false;  // in words
  std::vector<Reply> wrong = {};
  std::vector<SchemaIssue> issues = {};  // of the last answer
};

std::string issue_text(const SchemaIssue& issue) {
  return (issue.path.empty() ? "the document" : issue.path) + ": " + issue.message;
}

std::string schema_in_words(const JsonFormat& format) {
  std::string text = "Answer with one JSON document";
  if (!format.description.empty()) text += " (" + format.description + ")";
  return text + " and nothing else. It must be valid by this JSON Schema:\n" + format.schema;
}

//! Behind the instructions that are there.
void add_instruction(Request& request, std::string text) {
  if (!request.messages.empty() && request.messages[0].role == Role::system) {
    request.messages[0].parts.emplace_back(Text{"\n\n" + std::move(text)});
  } else {
    request.messages.insert(request.messages.begin(), Message::system(std::move(text)));
  }
}

void ask_again(StructuredCall& call, const Reply& reply, const JsonFormat& format) {
  if (!reply.text.empty()) call.request.messages.push_back(Message::assistant(reply.text));
  std::string text = "This answer is not valid:\n";
  for (std::size_t i = 0; i < std::min(call.issues.size(), most_told_issues); ++i)
    text += "- " + issue_text(call.issues[i]) + "\n";
  if (!std::exchange(call.told_schema, true))
    text += schema_in_words(format);
  else
    text += "Answer again with the whole JSON document, corrected, and nothing else.";
  call.request.messages.push_back(Message::user(std::move(text)));
}

//! What all answers took. Earlier attempts come first.
void add_earlier(const std::vector<Reply>& earlier, Reply& last) {
  std::vector<Attempt> attempts;
  std::vector<std::string> warnings;
  for (const Reply& reply : earlier) {
    attempts.insert(attempts.end(), reply.attempts.begin(), reply.attempts.end());
    warnings.insert(warnings.end(), reply.warnings.begin(), reply.warnings.end());
    last.usage += reply.usage;
    last.total += reply.total;
    if (last.cost && reply.cost)
      *last.cost += *reply.cost;
    else
      last.cost.reset();
  }
  if (!earlier.empty()) last.first_token = earlier[0].first_token;
  last.attempts.insert(last.attempts.begin(), attempts.begin(), attempts.end());
  for (const std::string& warning : last.warnings)
    if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) warnings.push_back(warning);
  last.warnings = std::move(warnings);
}

//! A failure is booked with what the answers before it took.
Error with_cost(Error error, const std::vector<Reply>& paid) {
  Money sum;
  for (const Reply& reply : paid) sum += reply.cost.value_or(Money{});
  if (paid.empty()) return error;
  if (!error.service) error.service.emplace();
  error.service->sent = true;
  error.service->cost = error.service->cost.value_or(Money{}) + sum;
  return error;
}

//! An answer that is none: not asked for again.
Status is_an_answer(const Reply& reply) {
  if (reply.finish == Finish::refusal || reply.finish == Finish::content_filter || !reply.refusal.empty()) {
    const std::string& words = reply.refusal.empty() ? reply.text : reply.refusal;
    return fail(Errc::refused, "the model declined to answer" + (words.empty() ? "" : ": " + shortened(words, 200)));
  }
  if (reply.finish == Finish::length)
    return fail(Errc::truncated, "the answer was cut off after " + std::to_string(reply.usage.output) + " tokens");
  return {};
}

class Structured final : public ForwardingProvider {
 public:
  Structured(Provider provider, StructuredOptions options)
      : ForwardingProvider(std::move(provider)), options_(options) {}

  Result<Reply> complete(const Request& request, const Context& context) override {
    if (!request.json) return inner_->complete(request, context);
    return asked(request, [&](const Request& sent) { return inner_->complete(sent, context); });
  }

  //! The pieces of the right answer, once it is known to be right.
  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    if (!request.json) return inner_->stream(request, on_delta, context);
    std::vector<HeldDelta> held;
    auto reply = asked(request, [&](const Request& sent) {
      held.clear();
      const auto hold = [&](const Delta& delta) { return held.push_back(HeldDelta::of(delta)), Status(); };
      return inner_->stream(sent, hold, context);
    });
    if (!reply) return reply;
    if (const auto shown = show_held(held, on_delta, context); !shown) return tl::unexpected(shown.error());
    return reply;
  }

  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override {
    if (!request.json) return inner_->count_tokens(request, context);
    const auto call = prepared(request);
    return call ? inner_->count_tokens(call->request, context) : tl::unexpected(call.error());
  }

 private:
  using Send = std::function<Result<Reply>(const Request&)>;

  Result<Reply> asked(const Request& request, const Send& send) {
    auto call = prepared(request);
    if (!call) return tl::unexpected(call.error());
    for (int attempt = 1;; ++attempt) {
      auto reply = send(call->request);
      if (!reply) return tl::unexpected(with_cost(std::move(reply.error()), call->wrong));
      const bool calls_tools = reply->finish == Finish::tool_calls && !reply->tool_calls.empty();
      const Status answered = is_an_answer(*reply);
      if (answered && (calls_tools || is_right(*reply, *call))) {
        add_earlier(call->wrong, *reply);
        return reply;
      }
      call->wrong.push_back(*reply);
      if (!answered) return tl::unexpected(with_cost(answered.error(), call->wrong));
      if (attempt >= options_.attempts) return tl::unexpected(with_cost(gave_up(*call, attempt), call->wrong));
      ask_again(*call, *reply, *request.json);
    }
  }

  //! Sets `json`, or the issues of the call.
  static bool is_right(Reply& reply, StructuredCall& call) {
    const std::string found = find_json(reply.text);
    if (found.empty()) {
      const auto parsed = parse_json_document(reply.text);
      call.issues = {
          {"", parsed ? "must be an object or a list" : "has no complete JSON document: " + parsed.error().message}};
      return false;
    }
    call.issues = call.schema.validate(found);
    if (!call.issues.empty()) return false;
    reply.json = print_json_compact(*parse_json_document(found));
    return true;
  }

  static Error gave_up(const StructuredCall& call, int attempts) {
    std::string message = "the answer is not what the schema asks for, after " + std::to_string(attempts) +
                          (attempts == 1 ? " attempt" : " attempts");
    for (std::size_t i = 0; i < std::min(call.issues.size(), most_told_issues); ++i)
      message += (i == 0 ? ": " : "; ") + issue_text(call.issues[i]);
    return {Errc::invalid_output, std::move(message), call.issues.empty() ? "" : call.issues[0].path};
  }

  Result<StructuredCall> prepared(const Request& request) {
    auto schema = compiled(request.json->schema);
    if (!schema) return tl::unexpected(schema.error());
    StructuredCall call{.schema = std::move(*schema), .request = request};
    if (!inner_->capabilities(request.model).json_schema) {
      add_instruction(call.request, schema_in_words(*request.json));
      call.request.json.reset();
      call.told_schema = true;
    }
    return call;
  }

  //! Programs ask by few schemas, many times.
  Result<JsonSchema> compiled(const std::string& text) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = schemas_.find(text); found != schemas_.end()) return found->second;
    }
    auto schema = JsonSchema::compile(text);
    if (!schema) return schema;
    const std::lock_guard lock(mutex_);
    if (schemas_.size() == most_kept_schemas) schemas_.clear();
    schemas_.emplace(text, *schema);
    return schema;
  }

  StructuredOptions options_;
  std::mutex mutex_;
  std::map<std::string, JsonSchema> schemas_;
};

}  // namespace

Provider structured(Provider provider, StructuredOptions options) {
  return std::make_shared<Structured>(std::move(provider), options);
}

}  // namespace persona::llm
