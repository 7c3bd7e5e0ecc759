//! Answers of language models in an SQLite file.
#include <persona/storage/sqlite_llm.hpp>

#include "sqlite/failure.hpp"
#include "sqlite/milliseconds.hpp"
#include "sqlite/schema.hpp"

#include <mutex>
#include <utility>

namespace persona::sqlite {
namespace {

constexpr int puts_between_cleanings = 256;

//! One connection with the statements it needs. Whoever uses it holds its mutex.
struct ReplyReader {
  explicit ReplyReader(Connection opened)
      : connection(std::move(opened)),
        find(*connection, "SELECT reply, stored_ms, expires_ms FROM persona_reply WHERE key = ?") {}

  std::mutex mutex;
  Connection connection;
  Statement find;
};

struct ReplyWriter {
  explicit ReplyWriter(Connection opened)
      : connection(std::move(opened)),
        put(*connection,
            "INSERT OR REPLACE INTO persona_reply (key, reply, stored_ms, expires_ms) VALUES (?, ?, ?, ?)"),
        erase(*connection, "DELETE FROM persona_reply WHERE key = ?"),
        clean(*connection, "DELETE FROM persona_reply WHERE expires_ms <= ?") {}

  std::mutex mutex;
  Connection connection;
  Statement put, erase, clean;
  int puts = 0;
};

void run(Statement& statement) {
  const ResetAfter reset(statement);
  statement.step();
}

//! Reads never wait for writers, neither of this process nor of another.
class ReplyCache final : public llm::ResponseCache {
 public:
  ReplyCache(std::string path, Connection reader, Connection writer, std::shared_ptr<Clock> clock)
      : path_(std::move(path)), reader_(std::move(reader)), writer_(std::move(writer)), clock_(std::move(clock)) {}

  Result<std::optional<llm::CachedReply>> get(std::string_view key) override {
    const std::lock_guard lock(reader_.mutex);
    return guarded(path_, [&]() -> Result<std::optional<llm::CachedReply>> {
      Statement& find = reader_.find;
      const ResetAfter reset(find);
      find.bind(1, std::string(key));
      if (!find.step()) return std::nullopt;
      return llm::CachedReply{std::string(find.text(0)), time_of(find.integer(1)), time_of(find.integer(2))};
    });
  }

  Status put(std::string_view key, const llm::CachedReply& reply) override {
    const std::lock_guard lock(writer_.mutex);
    return guarded(path_, [&]() -> Status {
      Statement& put = writer_.put;
      put.bind(1, std::string(key));
      put.bind(2, reply.reply);
      put.bind(3, milliseconds_of(reply.stored));
      put.bind(4, milliseconds_of(reply.expires));
      run(put);
      if (++writer_.puts % puts_between_cleanings == 0) clean();
      return {};
    });
  }

  Status erase(std::string_view key) override {
    const std::lock_guard lock(writer_.mutex);
    return guarded(path_, [&]() -> Status {
      writer_.erase.bind(1, std::string(key));
      run(writer_.erase);
      return {};
    });
  }

  //! May throw SQLite::Exception.
  void clean() {
    writer_.clean.bind(1, milliseconds_of(clock_->today()));
    run(writer_.clean);
  }

 private:
  std::string path_;
  ReplyReader reader_;
  ReplyWriter writer_;
  std::shared_ptr<Clock> clock_;
};

}  // namespace

Result<std::shared_ptr<llm::ResponseCache>> open_cache(const std::string& path, Options options,
                                                       std::shared_ptr<Clock> clock) {
  if (Status ready = prepare_file(path, options); !ready) return tl::unexpected(ready.error());
  Result<Connection> reader = connect(path, options), writer = connect(path, options);
  if (!reader) return tl::unexpected(reader.error());
  if (!writer) return tl::unexpected(writer.error());
  return guarded(path, [&]() -> Result<std::shared_ptr<llm::ResponseCache>> {
    auto cache = std::make_shared<ReplyCache>(path, *std::move(reader), *std::move(writer), std::move(clock));
    if (!options.read_only) cache->clean();
    return cache;
  });
}

}  // namespace persona::sqlite
