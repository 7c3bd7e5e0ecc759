//! One connection to Postgres, and what statements on it answer.
#include "postgres/connection.hpp"

#include "postgres/binary.hpp"
#include "postgres/failure.hpp"
#include "postgres/wake_pipe.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

namespace persona::postgres {
namespace {

constexpr int ask_again_every_ms = 100;

std::string redacted(std::string text, const std::string& password) {
  if (password.empty()) return text;
  for (std::size_t at = text.find(password); at != std::string::npos; at = text.find(password, at))
    text.replace(at, password.size(), "***");
  return text;
}

// Milliseconds as poll() wants them; -1 for ever.
int until(std::chrono::steady_clock::time_point deadline) {
  if (deadline == std::chrono::steady_clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

void ask_to_cancel(PGconn* handle) {
  char text[256];
  PGcancel* cancel = PQgetCancel(handle);
  if (cancel != nullptr) PQcancel(cancel, text, sizeof text);
  PQfreeCancel(cancel);
}

void be_silent(void*, const PGresult*) {}

bool is_good(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY ||
         status == PGRES_COPY_IN || status == PGRES_COPY_OUT;
}

}  // namespace

std::int64_t Rows::integer(int row, int column) const {
  const std::string_view cell = bytes(row, column);
  switch (cell.size()) {
    case 1: return take_integer<std::int8_t>(cell.data());
    case 2: return take_integer<std::int16_t>(cell.data());
    case 4: return take_integer<std::int32_t>(cell.data());
    case 8: return take_integer<std::int64_t>(cell.data());
    default: return 0;
  }
}

std::int64_t Rows::affected() const {
  const std::string_view text = PQcmdTuples(result_.get());
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<std::unique_ptr<Connection>> Connection::connect(const Target& target) {
  std::string password;
  if (target.password.is_set()) {
    Result<std::string> revealed = target.password.reveal();
    if (!revealed) return tl::unexpected(revealed.error());
    password = *std::move(revealed);
  }
  std::vector<const char*> keys, values;
  for (const auto& [key, value] : target.settings) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  if (!password.empty()) {
    keys.push_back("password");
    values.push_back(password.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  std::unique_ptr<Connection> connection(
      new Connection(PQconnectdbParams(keys.data(), values.data(), 0), target.where));
  if (connection->handle_ == nullptr) return fail(Errc::unavailable, "no memory is left for a connection");
  if (PQstatus(connection->handle_) != CONNECTION_OK)
    return tl::unexpected(connect_failure(target.where, redacted(PQerrorMessage(connection->handle_), password)));
  PQsetNoticeReceiver(connection->handle_, be_silent, nullptr);
  return connection;
}

Connection::~Connection() {
  PQfinish(handle_);
}

bool Connection::in_transaction() const {
  return PQtransactionStatus(handle_) != PQTRANS_IDLE;
}

bool Connection::is_idle() const {
  return PQstatus(handle_) == CONNECTION_OK && PQtransactionStatus(handle_) == PQTRANS_IDLE &&
         PQpipelineStatus(handle_) == PQ_PIPELINE_OFF;
}

bool Connection::is_ready() {
  // A server that went away has closed its end, which can be read.
  pollfd socket{.fd = PQsocket(handle_), .events = POLLIN, .revents = 0};
  if (socket.fd >= 0 && ::poll(&socket, 1, 0) > 0) PQconsumeInput(handle_);
  return is_idle();
}

tl::unexpected<Error> Connection::failed(const PGresult* result, bool may_commit) const {
  const char* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  const char* message = result != nullptr ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
  if (state != nullptr) return tl::unexpected(server_failure(where_, state, message != nullptr ? message : ""));
  // What libpq says itself has no state. That a write failed it believes only once a read fails too.
  const bool gone = PQconsumeInput(handle_) == 0 || PQstatus(handle_) != CONNECTION_OK;
  if (gone) return tl::unexpected(lost_connection(where_, may_commit));
  return fail(Errc::internal, fmt::format("{}: {}", where_, PQerrorMessage(handle_)));
}

Status Connection::wait(const Context& context) {
  const bool watched = context.stop.stop_possible() || context.deadline != std::chrono::steady_clock::time_point::max();
  if (!watched) return {};  // PQgetResult waits by itself
  WakePipe stopped;
  const std::stop_callback wake(context.stop, [&] { stopped.wake(); });
  Status go;
  while (PQisBusy(handle_) != 0) {
    pollfd ends[] = {{PQsocket(handle_), POLLIN, 0}, {stopped.read_end(), POLLIN, 0}};
    ::poll(ends, go ? 2 : 1, go ? until(context.deadline) : ask_again_every_ms);
    if (ends[0].revents != 0) {
      if (PQconsumeInput(handle_) == 0) break;  // the connection is gone; PQgetResult says so
    } else {
      if (go) go = context.check();
      if (!go) ask_to_cancel(handle_);  // until it answers: it forgets what it hears before it has read the statement
    }
  }
  return go;
}

Result<Rows> Connection::answer(bool may_commit, const Context& context) {
  const Status go = wait(context);
  PGresult* first = PQgetResult(handle_);
  Rows rows(first);
  if (first == nullptr || !is_good(first)) {
    auto failure = failed(first, may_commit);
    while (PGresult* more = PQgetResult(handle_)) PQclear(more);
    if (!go && is_state(failure.value(), "57014")) return tl::unexpected(go.error());
    return failure;
  }
  if (PQresultStatus(first) == PGRES_COPY_IN || PQresultStatus(first) == PGRES_COPY_OUT) return rows;
  while (PGresult* more = PQgetResult(handle_)) PQclear(more);
  return rows;
}

bool Connection::has_replayed(std::int64_t position) {
  if (replayed_ >= position) return true;
  // NULL where it is no standby: then nobody knows what it has.
  const Result<Rows> replayed = run("SELECT (pg_last_wal_replay_lsn() - '0/0')::bigint");
  if (!replayed || replayed->size() == 0 || replayed->is_null(0, 0)) return false;
  replayed_ = replayed->integer(0, 0);
  return replayed_ >= position;
}

// Two kinds of values for the same text are two statements.
Result<const std::string*> Connection::prepared(const std::string& sql, const Parameters& parameters) {
  std::string key = sql;
  for (int i = 0; i < parameters.count(); ++i) key += fmt::format("{}{}", i == 0 ? " --" : ",", parameters.types()[i]);
  if (const auto at = ready_.find(key); at != ready_.end()) {
    recent_.splice(recent_.begin(), recent_, at->second.recent);
    return &at->second.name;
  }
  if (ready_.size() == most_ready_statements) {
    const std::string oldest = ready_.at(recent_.back()).name;
    ready_.erase(recent_.back());
    recent_.pop_back();
    if (Status freed = execute("DEALLOCATE " + oldest); !freed) return tl::unexpected(freed.error());
  }
  std::string name = fmt::format("persona_{}", ++last_name_);
  if (PQsendPrepare(handle_, name.c_str(), sql.c_str(), parameters.count(), parameters.types()) == 0)
    return failed(nullptr, false);
  if (Result<Rows> done = answer(false, {}); !done) return tl::unexpected(done.error());
  recent_.push_front(key);
  return &ready_.emplace(std::move(key), Ready{std::move(name), recent_.begin()}).first->second.name;
}

Result<Rows> Connection::run(const std::string& sql, Parameters parameters, const Context& context) {
  if (Status go = context.check(); !go) return tl::unexpected(go.error());
  const bool may_commit = !in_transaction();
  const Result<const std::string*> name = prepared(sql, parameters);
  if (!name) return tl::unexpected(name.error());
  if (PQsendQueryPrepared(handle_, (*name)->c_str(), parameters.count(), parameters.values(), parameters.lengths(),
                          parameters.formats(), 1) == 0)
    return failed(nullptr, false);
  return answer(may_commit, context);
}

Result<Rows> Connection::run_once(const std::string& sql, Parameters parameters, const Context& context) {
  if (Status go = context.check(); !go) return tl::unexpected(go.error());
  const bool may_commit = !in_transaction();
  if (PQsendQueryParams(handle_, sql.c_str(), parameters.count(), parameters.types(), parameters.values(),
                        parameters.lengths(), parameters.formats(), 1) == 0)
    return failed(nullptr, false);
  return answer(may_commit, context);
}

Status Connection::execute(const std::string& sql) {
  const bool may_commit = !in_transaction() || sql == "COMMIT";
  if (PQsendQuery(handle_, sql.c_str()) == 0) return failed(nullptr, false);
  Status status;
  while (PGresult* result = PQgetResult(handle_)) {
    if (status && !is_good(result)) status = failed(result, may_commit);
    PQclear(result);
  }
  if (status && PQstatus(handle_) != CONNECTION_OK) return failed(nullptr, may_commit);
  return status;
}

Status Connection::begin_copy(const std::string& sql) {
  if (PQsendQuery(handle_, sql.c_str()) == 0) return failed(nullptr, false);
  const Result<Rows> rows = answer(false, {});
  if (!rows) return tl::unexpected(rows.error());
  return {};
}

Status Connection::copy(std::string_view bytes) {
  if (PQputCopyData(handle_, bytes.data(), static_cast<int>(bytes.size())) == 1) return {};
  const Result<Rows> why = answer(false, {});
  return why ? failed(nullptr, false) : tl::unexpected(why.error());
}

Status Connection::end_copy() {
  if (PQputCopyEnd(handle_, nullptr) != 1) return failed(nullptr, false);
  const Result<Rows> rows = answer(false, {});
  if (!rows) return tl::unexpected(rows.error());
  return {};
}

Status Connection::copy_out(const std::string& sql, const std::function<Status(std::string_view)>& take) {
  if (Status begun = begin_copy(sql); !begun) return begun;
  Status taken;
  char* row = nullptr;
  for (int bytes = 0; (bytes = PQgetCopyData(handle_, &row, 0)) > 0; PQfreemem(row)) {
    if (!taken) continue;  // until it heard that nobody wants more
    taken = take({row, static_cast<std::size_t>(bytes)});
    if (!taken) ask_to_cancel(handle_);
  }
  const Result<Rows> ended = answer(false, {});
  if (!taken) return taken;
  return ended ? Status() : tl::unexpected(ended.error());
}

Result<Transaction> Transaction::begin(Connection& connection, const std::string& begin) {
  if (Status begun = connection.execute(begin); !begun) return tl::unexpected(begun.error());
  return Transaction(connection);
}

Transaction::~Transaction() {
  if (connection_ == nullptr || !connection_->in_transaction()) return;
  PGconn* handle = connection_->handle();
  if (PQtransactionStatus(handle) == PQTRANS_ACTIVE) {  // in the middle of a COPY
    PQputCopyEnd(handle, "not finished");
    while (PGresult* result = PQgetResult(handle)) PQclear(result);
  }
  const Status ignored = connection_->execute("ROLLBACK");
  static_cast<void>(ignored);
}

Status Transaction::commit() {
  // To a COMMIT after an error Postgres answers well, and rolls back.
  if (PQtransactionStatus(connection_->handle()) == PQTRANS_INERROR)
    return fail(Errc::internal, fmt::format("{}: a transaction was committed after an error", connection_->where()));
  Connection* connection = std::exchange(connection_, nullptr);
  return connection->execute("COMMIT");
}

}  // namespace persona::postgres
