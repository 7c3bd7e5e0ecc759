//! All rooms of one file or schema, opened once.
#include "storage/database.hpp"

#include "jobs/job_queue.hpp"
#include "records/record_store.hpp"
#include "storage/joined_session.hpp"
#include "storage/room_tables.hpp"

#include <utility>

namespace persona {
namespace {

// Databases in whose transaction this thread is.
thread_local const SqlDatabase* inside = nullptr;

class Inside {
 public:
  explicit Inside(const SqlDatabase& database) : before_(std::exchange(inside, &database)) {}
  ~Inside() { inside = before_; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  const SqlDatabase* before_;
};

Status check_outside(const SqlDatabase& database) {
  if (inside != &database) return {};
  return fail(Errc::conflict, "within a transaction of this database, use the rooms that it gives");
}

//! The database as rooms see it that stand outside of a transaction across rooms.
class OutsideDatabase final : public SqlDatabase {
 public:
  explicit OutsideDatabase(std::shared_ptr<SqlDatabase> database) : database_(std::move(database)) {}

  Status transact(const std::function<Status(SqlSession&)>& work) override {
    if (Status out = check_outside(*database_); !out) return out;
    return database_->transact(work);
  }
  Result<SqlRows> run(const std::string& sql, std::span<const Value> values) override {
    if (Status out = check_outside(*database_); !out) return tl::unexpected(out.error());
    return database_->run(sql, values);
  }
  Status read(Age age, const std::function<Status(SqlSession&)>& work) override {
    if (Status out = check_outside(*database_); !out) return out;
    return database_->read(age, work);
  }
  SqlDialect dialect() const override { return database_->dialect(); }
  void wake() override { database_->wake(); }
  std::uint64_t told() override { return database_->told(); }
  void wait(std::uint64_t told, std::chrono::milliseconds most, const std::stop_token& stop) override {
    database_->wait(told, most, stop);
  }

 private:
  std::shared_ptr<SqlDatabase> database_;
};

}  // namespace

struct Database::State {
  std::unique_ptr<Storage> populations;
  std::shared_ptr<SqlDatabase> tables;
  std::shared_ptr<Clock> clock;
  std::unique_ptr<Records> records;
  std::unique_ptr<JobQueue> jobs;
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;

Storage& Database::populations() {
  return *state_->populations;
}
Records& Database::records() {
  return *state_->records;
}
JobQueue& Database::jobs() {
  return *state_->jobs;
}

Status Database::transact(const std::function<Status(const Rooms&)>& work) {
  if (inside == state_->tables.get())
    return fail(Errc::conflict, "this thread is in a transaction of this database already");
  bool wakes = false;
  const Status done = state_->tables->transact([&](SqlSession& session) -> Status {
    const Inside here(*state_->tables);
    const auto joined = std::make_shared<JoinedSession>(session);
    const auto records = make_records(joined, state_->clock);
    const auto jobs = make_job_queue(joined, state_->clock);
    Status worked = work({*records, *jobs});
    wakes = joined->wakes();
    return worked;
  });
  if (done && wakes) state_->tables->wake();
  return done;
}

Result<DatabaseStatus> Database::status() const {
  if (Status out = check_outside(*state_->tables); !out) return tl::unexpected(out.error());
  const auto populations = state_->populations->list();
  if (!populations) return tl::unexpected(populations.error());
  DatabaseStatus status;
  for (const PopulationRecord& record : *populations)
    status.populations.push_back({record, population_bytes(*state_->tables, record)});
  if (Status counted = count_rooms(*state_->tables, status); !counted) return tl::unexpected(counted.error());
  return status;
}

Result<std::int64_t> Database::copy_rooms(Database& to, const Context& context) const {
  if (state_->tables == to.state_->tables) return fail(Errc::invalid_argument, "a database is no copy of itself");
  for (const SqlDatabase* tables : {state_->tables.get(), to.state_->tables.get()})
    if (Status out = check_outside(*tables); !out) return tl::unexpected(out.error());
  return copy_room_tables(*state_->tables, *to.state_->tables, context);
}

std::unique_ptr<Database> make_database(std::unique_ptr<Storage> populations, std::shared_ptr<SqlDatabase> tables,
                                        std::shared_ptr<Clock> clock) {
  auto outside = std::make_shared<OutsideDatabase>(tables);
  auto state = std::make_unique<Database::State>();
  state->populations = std::move(populations);
  state->records = make_records(outside, clock);
  state->jobs = make_job_queue(outside, clock);
  state->tables = std::move(tables);
  state->clock = std::move(clock);
  return std::make_unique<Database>(std::move(state));
}

}  // namespace persona
