//! Writes calls to a file as they happen.
#include <persona/llm/cassette.hpp>

#include "cassette_line.hpp"

#include <fstream>
#include <mutex>
#include <set>
#include <utility>

namespace persona::llm {
namespace {

bool is_the_callers(const Error& error) {
  return error.code == Errc::cancelled || error.code == Errc::deadline_exceeded;
}

class Recorder final : public LLMProvider {
 public:
  Recorder(Provider provider, std::ofstream file, std::string path)
      : provider_(std::move(provider)), path_(std::move(path)), file_(std::move(file)) {}

  std::string name() const override { return provider_->name(); }
  Capabilities capabilities(std::string_view model) const override { return provider_->capabilities(model); }

  Result<Reply> complete(const Request& request, const Context& context) override {
    auto reply = provider_->complete(request, context);
    CassetteLine line{.request = request_key(request), .reply = reply};
    return kept(line, request.model, std::move(reply));
  }

  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    CassetteLine line{.request = request_key(request)};
    bool interrupted = false;
    auto reply = provider_->stream(
        request,
        [&](const Delta& delta) {
          line.pieces.push_back(HeldDelta::of(delta));
          Status shown = on_delta(delta);
          interrupted = !shown;
          return shown;
        },
        context);
    if (interrupted) return reply;
    line.reply = reply;
    return kept(line, request.model, std::move(reply));
  }

  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    auto made = provider_->embed(request, context);
    CassetteLine line{.kind = CassetteLine::Kind::embeddings, .request = request_key(request)};
    if (made) {
      line.reply->model = made->model;
      line.reply->usage = made->usage;
      line.reply->cost = made->cost;
      line.vectors = made->vectors;
    } else {
      line.reply = tl::unexpected(made.error());
    }
    return kept(line, request.model, std::move(made));
  }

  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override {
    auto count = provider_->count_tokens(request, context);
    CassetteLine line{.kind = CassetteLine::Kind::tokens, .request = request_key(request)};
    if (count)
      line.tokens = *count;
    else
      line.reply = tl::unexpected(count.error());
    return kept(line, request.model, std::move(count));
  }

 private:
  //! The answer, once it is in the file. What the caller stopped is no answer.
  template <class T>
  Result<T> kept(const CassetteLine& line, const std::string& model, Result<T> answer) {
    if (!answer && is_the_callers(answer.error())) return answer;
    const std::string text = print_line(line);
    const std::lock_guard lock(mutex_);
    if (models_.insert(model).second) {
      file_ << print_line({.kind = CassetteLine::Kind::model,
                           .request = model,
                           .provider = name(),
                           .capabilities = capabilities(model)});
    }
    file_ << text << std::flush;
    if (!file_) return fail(Errc::io, "a call could not be recorded", path_);
    return answer;
  }

  Provider provider_;
  std::string path_;
  std::mutex mutex_;
  std::ofstream file_;
  std::set<std::string> models_;
};

}  // namespace

Result<Provider> record(Provider provider, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) return fail(Errc::io, "the file cannot be written", path);
  return std::make_shared<Recorder>(std::move(provider), std::move(file), path);
}

}  // namespace persona::llm
