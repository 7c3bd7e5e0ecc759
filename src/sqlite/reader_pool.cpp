//! Connections for reading, handed out and taken back.
#include "sqlite/reader_pool.hpp"

#include "sqlite/failure.hpp"

namespace persona::sqlite {
namespace {

constexpr std::size_t most_idle_readers = 8;

}  // namespace

ReaderPool::ReaderPool(std::string path, Options options) : path_(std::move(path)), options_(std::move(options)) {
  options_.create = false;
}

Result<ReaderPool::Reader> ReaderPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Reader reader(*this, std::move(idle_.back()));
      idle_.pop_back();
      return reader;
    }
  }
  Result<Connection> connection = connect(path_, options_);
  if (!connection) return tl::unexpected(connection.error());
  return guarded(path_, [&]() -> Result<Reader> {
    (*connection)->exec("PRAGMA query_only = ON");
    return Reader(*this, std::make_unique<ReadyConnection>(*std::move(connection)));
  });
}

void ReaderPool::give_back(std::unique_ptr<ReadyConnection> connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < most_idle_readers) idle_.push_back(std::move(connection));
}

}  // namespace persona::sqlite
