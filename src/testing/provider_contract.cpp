//! What every provider promises: answers, streams, stops, and what it cannot do.
#include <persona/testing/provider_contract.hpp>

#include <atomic>
#include <cmath>
#include <stop_token>
#include <thread>
#include <utility>

namespace persona::testing {
namespace {

using llm::Reply;
using llm::Request;

//! The text, thoughts and calls of a stream, put together again.
struct ShownReply {
  std::string text = {}, thinking = {};
  std::vector<llm::ToolCall> tool_calls = {};
  int pieces = 0;

  Status add(const llm::Delta& delta) {
    ++pieces;
    if (const auto* piece = std::get_if<llm::TextDelta>(&delta)) text += piece->text;
    if (const auto* piece = std::get_if<llm::ThinkingDelta>(&delta)) thinking += piece->text;
    if (const auto* piece = std::get_if<llm::ToolCallDelta>(&delta)) {
      if (tool_calls.size() <= piece->index) tool_calls.resize(piece->index + 1);
      llm::ToolCall& call = tool_calls[piece->index];
      call.id += piece->id;
      call.name += piece->name;
      call.arguments += piece->arguments;
    }
    return {};
  }

  bool is(const Reply& reply) const {
    std::string thoughts;
    for (const llm::Thinking& thought : reply.thinking) thoughts += thought.text;
    return text == reply.text && thinking == thoughts && tool_calls == reply.tool_calls;
  }
};

class ProviderContract {
 public:
  explicit ProviderContract(const ProviderUnderTest& under_test)
      : under_test_(under_test), request_(under_test.request) {
    if (request_.messages.empty()) request_.messages = {llm::Message::user("Answer with the word \"yes\" alone.")};
    if (!under_test.model.empty()) request_.model = under_test.model;
  }

  std::vector<std::string> run() {
    using Check = void (ProviderContract::*)(llm::LLMProvider&);
    struct Part {
      const char* name;
      Check check;
    };
    constexpr Part parts[] = {{"an answer", &ProviderContract::answers},
                              {"a stream", &ProviderContract::streams},
                              {"an error of OnDelta", &ProviderContract::observers_stop},
                              {"a stop", &ProviderContract::stops},
                              {"a deadline", &ProviderContract::deadlines},
                              {"what it denies", &ProviderContract::denials},
                              {"embeddings", &ProviderContract::embeddings},
                              {"threads", &ProviderContract::threads}};
    for (const Part& part : parts) {
      part_ = part.name;
      if (const llm::Provider provider = under_test_.make(); provider)
        (this->*part.check)(*provider);
      else
        that(false, "no provider was made");
    }
    return std::move(failures_);
  }

 private:
  void that(bool holds, const std::string& promise) {
    if (!holds) failures_.push_back(part_ + ": " + promise);
  }

  template <class T>
  bool succeeds(const Result<T>& result, const std::string& promise) {
    that(result.has_value(), promise + (result ? "" : ", but: " + to_string(result.error())));
    return result.has_value();
  }

  template <class T>
  void fails(const Result<T>& result, Errc code, const std::string& promise) {
    that(!result && result.error().code == code, promise + " (" + std::string(to_string(code)) +
                                                     "), but: " + (result ? "it succeeds" : to_string(result.error())));
  }

  void usage_is_consistent(const llm::Usage& usage) {
    that(usage.input >= 0 && usage.output >= 0, "tokens are not negative");
    that(usage.input_cached >= 0 && usage.input_cache_write_1h >= 0 && usage.output_reasoning >= 0,
         "parts of the tokens are not negative");
    that(usage.input_cached + usage.input_cache_write <= usage.input, "cached tokens are part of the input");
    that(usage.input_cache_write_1h <= usage.input_cache_write, "an hour's cache writes are part of all");
    that(usage.output_reasoning <= usage.output, "reasoning is part of the output");
  }

  void answers(llm::LLMProvider& provider) {
    that(!provider.name().empty() && provider.name() == provider.name(), "the provider has a name");
    const auto reply = provider.complete(request_);
    if (!succeeds(reply, "the request is answered")) return;
    that(!reply->text.empty() || !reply->tool_calls.empty() || reply->finish == llm::Finish::refusal,
         "the answer says something");
    that(!reply->provider.empty() && !reply->model.empty(), "the answer says who gave it");
    that(reply->first_token <= reply->total, "the first token is not later than the last");
    that(!reply->cost || *reply->cost >= Money{}, "the cost is not negative");
    usage_is_consistent(reply->usage);
    for (const llm::Attempt& attempt : reply->attempts) usage_is_consistent(attempt.usage);
  }

  void streams(llm::LLMProvider& provider) {
    ShownReply shown;
    const auto reply = provider.stream(request_, [&](const llm::Delta& delta) { return shown.add(delta); });
    if (!succeeds(reply, "the request is answered")) return;
    that(shown.pieces > 0, "something is shown");
    that(shown.is(*reply), "the pieces add up to the reply: \"" + shown.text + "\" is not \"" + reply->text + "\"");
    usage_is_consistent(reply->usage);
  }

  void observers_stop(llm::LLMProvider& provider) {
    const Error own{Errc::conflict, "enough of this", "/here"};
    int pieces = 0;
    const auto reply = provider.stream(request_, [&](const llm::Delta&) -> Status {
      ++pieces;
      return tl::unexpected(own);
    });
    that(!reply && reply.error().code == own.code && reply.error().message == own.message, "it comes back as it was");
    that(pieces == 1, "nothing is shown after it");
  }

  void stops(llm::LLMProvider& provider) {
    std::stop_source before;
    before.request_stop();
    nothing_happens(provider, {.stop = before.get_token()}, Errc::cancelled);

    std::stop_source during;
    ShownReply shown;
    const auto stop_at_once = [&](const llm::Delta& delta) {
      during.request_stop();
      return shown.add(delta);
    };
    const auto reply = provider.stream(request_, stop_at_once, {.stop = during.get_token()});
    if (reply && shown.pieces == 1) return;  // it came whole: there was nothing left to stop
    fails(reply, Errc::cancelled, "a stop while the answer is shown ends the call");
    that(shown.pieces == 1, "nothing is shown after a stop");
  }

  void deadlines(llm::LLMProvider& provider) {
    const Context late{.deadline = std::chrono::steady_clock::time_point::min()};
    nothing_happens(provider, late, Errc::deadline_exceeded);
    const auto reply = provider.complete(request_, late);
    that(reply || !reply.error().service || !reply.error().service->sent, "after a deadline nothing is sent");
  }

  void nothing_happens(llm::LLMProvider& provider, const Context& context, Errc code) {
    const llm::Capabilities can = provider.capabilities(request_.model);
    fails(provider.complete(request_, context), code, "complete does not start");
    int pieces = 0;
    const auto count = [&](const llm::Delta&) { return ++pieces, Status(); };
    fails(provider.stream(request_, count, context), code, "stream does not start");
    that(pieces == 0, "nothing is shown");
    if (can.embeddings) fails(provider.embed(embed_request(), context), code, "embed does not start");
    if (can.count_tokens) fails(provider.count_tokens(request_, context), code, "count_tokens does not start");
  }

  void denials(llm::LLMProvider& provider) {
    const llm::Capabilities can = provider.capabilities(request_.model);
    if (!can.tools) {
      Request request = request_;
      request.tools = {{.name = "clock", .description = "the time", .parameters = R"({"type":"object"})"}};
      fails(provider.complete(request), Errc::unsupported, "tools are refused");
    }
    if (!can.images) {
      Request request = request_;
      request.messages.back().parts.emplace_back(llm::Image{.media_type = "image/png", .bytes = "\x89PNG"});
      fails(provider.complete(request), Errc::unsupported, "images are refused");
    }
    if (!can.embeddings) fails(provider.embed(embed_request()), Errc::unsupported, "embeddings are refused");
    const auto tokens = provider.count_tokens(request_);
    if (!can.count_tokens) return fails(tokens, Errc::unsupported, "counting tokens is refused");
    if (succeeds(tokens, "tokens are counted")) that(*tokens > 0, "a request has tokens");
  }

  llm::EmbedRequest embed_request() const { return {.model = request_.model, .inputs = {"a cat", "the sea", "a cat"}}; }

  void embeddings(llm::LLMProvider& provider) {
    if (!provider.capabilities(request_.model).embeddings) return;
    const auto made = provider.embed(embed_request());
    if (!succeeds(made, "texts are embedded")) return;
    usage_is_consistent(made->usage);
    that(made->vectors.size() == 3, "each text has a vector");
    for (const auto& vector : made->vectors) {
      that(!vector.empty() && vector.size() == made->vectors[0].size(), "all vectors are of one length");
      for (const float x : vector) that(std::isfinite(x), "vectors are of numbers");
    }
  }

  //! Each thread's pieces add up to its own reply.
  void threads(llm::LLMProvider& provider) {
    std::atomic<int> failed = 0, mixed = 0;
    {
      std::vector<std::jthread> callers;
      for (int i = 0; i < 8; ++i) {
        callers.emplace_back([&] {
          for (int call = 0; call < 4; ++call) {
            ShownReply shown;
            const auto reply = provider.stream(request_, [&](const llm::Delta& delta) { return shown.add(delta); });
            if (!reply) ++failed;
            if (reply && !shown.is(*reply)) ++mixed;
          }
        });
      }
    }
    that(failed == 0, std::to_string(failed) + " of 32 calls from 8 threads fail");
    that(mixed == 0, std::to_string(mixed) + " of 32 calls from 8 threads show what is not theirs");
  }

  const ProviderUnderTest& under_test_;
  Request request_;
  std::string part_;
  std::vector<std::string> failures_;
};

}  // namespace

std::vector<std::string> provider_contract(const ProviderUnderTest& under_test) {
  return ProviderContract(under_test).run();
}

}  // namespace persona::testing
