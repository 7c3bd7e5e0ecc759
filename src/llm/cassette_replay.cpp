//! Answers from a file of recorded calls.
#include <persona/llm/cassette.hpp>

#include "cassette_line.hpp"
#include "core/text.hpp"
#include "show_whole.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <utility>

namespace persona::llm {
namespace {

//! The answers to one request, in the order they came.
struct RecordedAnswers {
  std::vector<CassetteLine> lines = {};
  std::size_t next = 0;
};

class Replayer final : public LLMProvider {
 public:
  explicit Replayer(std::string path) : path_(std::move(path)) {}

  void add(CassetteLine line) {
    if (line.kind == CassetteLine::Kind::model) {
      provider_ = line.provider;
      capabilities_[line.request] = line.capabilities;
      return;
    }
    answers_[{line.kind, line.request}].lines.push_back(std::move(line));
  }

  std::string name() const override { return provider_; }

  //! Of a model that was not asked: those of any that was.
  Capabilities capabilities(std::string_view model) const override {
    const auto found = capabilities_.find(model);
    if (found != capabilities_.end()) return found->second;
    return capabilities_.empty() ? Capabilities() : capabilities_.begin()->second;
  }

  Result<Reply> complete(const Request& request, const Context& context) override {
    auto line = take(CassetteLine::Kind::reply, request_key(request), context);
    return line ? std::move(line->reply) : tl::unexpected(line.error());
  }

  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override {
    auto line = take(CassetteLine::Kind::reply, request_key(request), context);
    if (!line) return tl::unexpected(line.error());
    if (line->pieces.empty() && line->reply) {
      if (const auto shown = show_whole(*line->reply, on_delta); !shown) return tl::unexpected(shown.error());
    }
    if (const auto shown = show_held(line->pieces, on_delta, context); !shown) return tl::unexpected(shown.error());
    return std::move(line->reply);
  }

  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    auto line = take(CassetteLine::Kind::embeddings, request_key(request), context);
    if (!line) return tl::unexpected(line.error());
    if (!line->reply) return tl::unexpected(line->reply.error());
    return Embeddings{.vectors = std::move(line->vectors),
                      .model = line->reply->model,
                      .usage = line->reply->usage,
                      .cost = line->reply->cost};
  }

  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override {
    auto line = take(CassetteLine::Kind::tokens, request_key(request), context);
    if (!line) return tl::unexpected(line.error());
    if (!line->reply) return tl::unexpected(line->reply.error());
    return line->tokens;
  }

 private:
  Result<CassetteLine> take(CassetteLine::Kind kind, const std::string& request, const Context& context) {
    if (const auto may_go = context.check(); !may_go) return tl::unexpected(may_go.error());
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find({kind, request});
    if (found == answers_.end())
      return fail(Errc::not_found, "the cassette has no answer to " + shortened(request, 200), path_);
    RecordedAnswers& answers = found->second;
    const std::size_t at = std::min(answers.next, answers.lines.size() - 1);
    ++answers.next;
    return answers.lines[at];
  }

  std::string path_;
  std::string provider_ = "replay";
  std::map<std::string, Capabilities, std::less<>> capabilities_;
  std::mutex mutex_;
  std::map<std::pair<CassetteLine::Kind, std::string>, RecordedAnswers> answers_;
};

}  // namespace

Result<Provider> replay(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Errc::not_found, "there is no such cassette", path);
  const auto replayer = std::make_shared<Replayer>(path);
  std::string text;
  for (std::size_t number = 1; std::getline(file, text); ++number) {
    if (text.empty()) continue;
    auto line = parse_line(text);
    if (!line) return fail(Errc::corrupted, "line " + std::to_string(number) + ": " + line.error().message, path);
    replayer->add(std::move(*line));
  }
  if (file.bad()) return fail(Errc::io, "the cassette cannot be read", path);
  return replayer;
}

}  // namespace persona::llm
