//! Answers of language models in the table of a database.
#include "storage/llm_rooms.hpp"
#include "storage/milliseconds.hpp"

#include <atomic>
#include <utility>

namespace persona {
namespace {

constexpr int puts_between_cleanings = 256;

class SqlReplyCache final : public llm::ResponseCache {
 public:
  SqlReplyCache(std::shared_ptr<SqlDatabase> reader, std::shared_ptr<SqlDatabase> writer, std::shared_ptr<Clock> clock)
      : reader_(std::move(reader)), writer_(std::move(writer)), clock_(std::move(clock)) {}

  Result<std::optional<llm::CachedReply>> get(std::string_view key) override {
    const Value values[] = {std::string(key)};
    const Result<SqlRows> rows =
        reader_->run("SELECT reply, stored_ms, expires_ms FROM persona_reply WHERE key = $1", values);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->cells.empty()) return std::nullopt;
    return llm::CachedReply{rows->text(0, 0), time_of(rows->integer(0, 1)), time_of(rows->integer(0, 2))};
  }

  Status put(std::string_view key, const llm::CachedReply& reply) override {
    const Value values[] = {std::string(key), reply.reply, milliseconds_of(reply.stored),
                            milliseconds_of(reply.expires)};
    const Status kept = write(
        "INSERT INTO persona_reply (key, reply, stored_ms, expires_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO "
        "UPDATE SET reply = $2, stored_ms = $3, expires_ms = $4",
        values);
    return kept && ++puts_ % puts_between_cleanings == 0 ? clean() : kept;
  }

  Status erase(std::string_view key) override {
    const Value values[] = {std::string(key)};
    return write("DELETE FROM persona_reply WHERE key = $1", values);
  }

  Status clean() {
    const Value values[] = {milliseconds_of(clock_->today())};
    return write("DELETE FROM persona_reply WHERE expires_ms <= $1", values);
  }

 private:
  Status write(const std::string& sql, std::span<const Value> values) {
    if (!writer_) return fail(Errc::io, "this cache was opened read-only");
    const Result<SqlRows> done = writer_->run(sql, values);
    return done ? Status() : tl::unexpected(done.error());
  }

  std::shared_ptr<SqlDatabase> reader_, writer_;
  std::shared_ptr<Clock> clock_;
  std::atomic<int> puts_ = 0;
};

}  // namespace

Result<std::shared_ptr<llm::ResponseCache>> make_reply_cache(std::shared_ptr<SqlDatabase> reader,
                                                             std::shared_ptr<SqlDatabase> writer,
                                                             std::shared_ptr<Clock> clock) {
  const bool read_only = writer == nullptr;
  auto cache = std::make_shared<SqlReplyCache>(std::move(reader), std::move(writer), std::move(clock));
  if (read_only) return cache;
  if (Status cleaned = cache->clean(); !cleaned) return tl::unexpected(cleaned.error());
  return cache;
}

}  // namespace persona
