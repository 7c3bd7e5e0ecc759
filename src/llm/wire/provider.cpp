//! Calls, whatever the dialect.
#include "llm/wire/provider.hpp"

#include "llm/wire/allowance.hpp"
#include "llm/wire/fields.hpp"

#include <persona/core/clock.hpp>

#include <chrono>
#include <utility>

namespace persona::llm::wire {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::steady_clock;

class DialectProvider final : public LLMProvider {
 public:
  DialectProvider(Endpoint endpoint, std::unique_ptr<const Dialect> dialect)
      : endpoint_(std::move(endpoint)), dialect_(std::move(dialect)) {}

  std::string name() const override { return endpoint_.name; }
  Capabilities capabilities(std::string_view model) const override { return dialect_->capabilities(model); }

  Result<Reply> complete(const Request& request, const Context& context) override;
  Result<Reply> stream(const Request& request, const OnDelta& on_delta, const Context& context) override;
  Result<std::int64_t> count_tokens(const Request& request, const Context& context) override;

  Result<Embeddings> embed(const EmbedRequest& request, const Context& context) override {
    return wire::embed(endpoint_, *dialect_, request, context);
  }

 private:
  Result<Prepared> prepare(const Request& request, bool streamed) const;
  Result<http::Response> ask(Prepared& prepared, const http::OnBytes& on_bytes, const Context& context,
                             std::size_t& body_bytes) const;
  Result<Json> document_of(const http::Response& response) const;
  Error broken(Error error, const Answer& answer) const;
  Reply finished(const Request& request, Answer& answer, Prepared& prepared, const http::Response& response,
                 std::size_t body_bytes) const;

  Endpoint endpoint_;
  std::unique_ptr<const Dialect> dialect_;
};

Result<Prepared> DialectProvider::prepare(const Request& request, bool streamed) const {
  const auto documents = read_documents(request);
  if (!documents) return tl::unexpected(documents.error());
  auto prepared = dialect_->chat(request, *documents, streamed);
  if (prepared) merge(prepared->body, documents->extra);
  return prepared;
}

Result<http::Response> DialectProvider::ask(Prepared& prepared, const http::OnBytes& on_bytes, const Context& context,
                                            std::size_t& body_bytes) const {
  Outgoing outgoing{.path = prepared.path, .body = print_json_compact(prepared.body)};
  body_bytes = outgoing.body.size();
  return exchange(endpoint_, std::move(outgoing), dialect_->read_complaint(), on_bytes, context);
}

Result<Json> DialectProvider::document_of(const http::Response& response) const {
  auto document = parse(response.body, endpoint_.name);
  if (document && is_complaint(*document)) {
    Error error = error_of(dialect_->read_complaint()(*document), 0, endpoint_.name);
    if (error.service->request_id.empty()) error.service->request_id = request_id_of(response.headers);
    return tl::unexpected(std::move(error));
  }
  return document;
}

// Once a word of the answer was shown, the same call must not be made again behind the reader's back.
Error DialectProvider::broken(Error error, const Answer& answer) const {
  if (answer.has_shown() || error.code == Errc::invalid_output) {
    if (!error.service) error.service.emplace();
    error.service->sent = true;
  }
  if (answer.has_shown()) error.service->retryable = false;
  return without_keys(endpoint_, std::move(error));
}

Reply DialectProvider::finished(const Request& request, Answer& answer, Prepared& prepared,
                                const http::Response& response, std::size_t body_bytes) const {
  for (std::string& warning : prepared.warnings) answer.warn(std::move(warning));
  Reply reply = answer.take(body_bytes);
  reply.provider = endpoint_.name;
  if (reply.model.empty()) reply.model = request.model;
  reply.request_id = request_id_of(response.headers);
  reply.allowance = allowance_of(response.headers, system_clock()->today());
  return reply;
}

Result<Reply> DialectProvider::complete(const Request& request, const Context& context) {
  const auto start = steady_clock::now();
  auto prepared = prepare(request, false);
  if (!prepared) return tl::unexpected(prepared.error());
  std::size_t body_bytes = 0;
  const auto response = ask(*prepared, {}, context, body_bytes);
  if (!response) return tl::unexpected(response.error());
  Answer answer(endpoint_.name);
  const auto document = document_of(*response);
  if (!document) return tl::unexpected(broken(document.error(), answer));
  auto read = dialect_->read(request, *document, answer);
  if (read) read = answer.end_calls();
  if (!read) return tl::unexpected(broken(read.error(), answer));
  Reply reply = finished(request, answer, *prepared, *response, body_bytes);
  reply.total = reply.first_token = duration_cast<microseconds>(steady_clock::now() - start);
  return reply;
}

Result<Reply> DialectProvider::stream(const Request& request, const OnDelta& on_delta, const Context& context) {
  const auto start = steady_clock::now();
  auto prepared = prepare(request, true);
  if (!prepared) return tl::unexpected(prepared.error());
  std::optional<Error> stopped;  // by the reader's word, or by the service's inside its answer
  Answer answer(endpoint_.name, [&](const Delta& delta) {
    auto shown = on_delta ? on_delta(delta) : Status();
    if (!shown) stopped = shown.error();
    return shown;
  });
  const auto reader = dialect_->reader(request, answer);
  std::optional<Error> unread;
  const auto take = [&](std::string_view bytes) {
    auto read = reader->feed(bytes);
    if (!read) unread = read.error();
    return read;
  };
  std::size_t body_bytes = 0;
  auto response = ask(*prepared, take, context, body_bytes);
  if (stopped) return tl::unexpected(*stopped);
  if (unread) return tl::unexpected(broken(*unread, answer));
  const bool broke = !response && response.error().code == Errc::unavailable && answer.finish;
  if (!response && !broke) return tl::unexpected(broken(response.error(), answer));
  auto read = broke ? Status() : reader->finish();
  if (read) read = answer.end_calls();
  if (stopped) return tl::unexpected(*stopped);
  if (!read) return tl::unexpected(broken(read.error(), answer));
  if (!answer.finish) {
    Error error{Errc::unavailable, endpoint_.name + " ended its stream before the answer was whole", {}};
    error.service = ServiceFailure{.status = response->status, .retryable = true, .sent = true};
    return tl::unexpected(broken(std::move(error), answer));
  }
  const auto first = answer.first_shown();
  Reply reply = finished(request, answer, *prepared, broke ? http::Response() : *response, body_bytes);
  reply.total = duration_cast<microseconds>(steady_clock::now() - start);
  reply.first_token = first ? duration_cast<microseconds>(*first - start) : reply.total;
  return reply;
}

Result<std::int64_t> DialectProvider::count_tokens(const Request& request, const Context& context) {
  const auto documents = read_documents(request);
  if (!documents) return tl::unexpected(documents.error());
  if (!dialect_->capabilities(request.model).count_tokens) return LLMProvider::count_tokens(request, context);
  auto prepared = dialect_->count(request, *documents);
  if (!prepared) return tl::unexpected(prepared.error());
  std::size_t body_bytes = 0;
  const auto response = ask(*prepared, {}, context, body_bytes);
  if (!response) return tl::unexpected(response.error());
  const auto document = document_of(*response);
  if (!document) return tl::unexpected(without_keys(endpoint_, document.error()));
  return dialect_->read_count(*document);
}

}  // namespace

Provider make_provider(Endpoint endpoint, std::unique_ptr<const Dialect> dialect) {
  return std::make_shared<DialectProvider>(std::move(endpoint), std::move(dialect));
}

}  // namespace persona::llm::wire
