//! Connections for reading, handed out and taken back.
#pragma once

#include "sqlite/ready_connection.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace persona::sqlite {

//! Any thread may take a connection; each is used by one thread at a time.
class ReaderPool {
 public:
  ReaderPool(std::string path, Options options);

  //! A connection that goes back to the pool when it is destroyed.
  class Reader {
   public:
    Reader(ReaderPool& pool, std::unique_ptr<ReadyConnection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Reader(Reader&& other) noexcept = default;
    Reader& operator=(Reader&&) = delete;
    ~Reader() {
      if (connection_) pool_->give_back(std::move(connection_));
    }
    ReadyConnection& operator*() { return *connection_; }

   private:
    ReaderPool* pool_;
    std::unique_ptr<ReadyConnection> connection_;
  };

  //! @errors as `connect`
  [[nodiscard]] Result<Reader> take();

 private:
  void give_back(std::unique_ptr<ReadyConnection> connection);

  std::string path_;
  Options options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<ReadyConnection>> idle_;
};

}  // namespace persona::sqlite
