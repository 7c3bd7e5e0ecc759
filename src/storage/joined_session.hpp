//! A room within the transaction of another: what it does stands or falls with that.
#pragma once

#include "storage/sql.hpp"

#include <cstdint>
#include <utility>

namespace persona {

//! Each transaction of the room is a savepoint. For as long as the session lives.
class JoinedSession final : public SqlDatabase {
 public:
  explicit JoinedSession(SqlSession& session) : session_(session) {}

  Status transact(const std::function<Status(SqlSession&)>& work) override {
    if (const Result<SqlRows> begun = session_.run("SAVEPOINT persona_room"); !begun)
      return tl::unexpected(begun.error());
    const Status done = work(session_);
    if (!done)
      if (const Result<SqlRows> undone = session_.run("ROLLBACK TO SAVEPOINT persona_room"); !undone)
        return tl::unexpected(undone.error());
    if (const Result<SqlRows> ended = session_.run("RELEASE SAVEPOINT persona_room"); !ended)
      return tl::unexpected(ended.error());
    return done;
  }

  Result<SqlRows> run(const std::string& sql, std::span<const Value> values) override {
    Result<SqlRows> rows;
    const Status done = transact([&](SqlSession& session) -> Status {
      rows = session.run(sql, values);
      return rows ? Status() : tl::unexpected(rows.error());
    });
    return done ? std::move(rows) : tl::unexpected(done.error());
  }

  SqlDialect dialect() const override { return session_.dialect(); }
  void wake() override { wakes_ = true; }  // once it is committed
  std::uint64_t told() override { return 0; }
  void wait(std::uint64_t, std::chrono::milliseconds, const std::stop_token&) override {}
  bool wakes() const { return wakes_; }

 private:
  SqlSession& session_;
  bool wakes_ = false;
};

}  // namespace persona
