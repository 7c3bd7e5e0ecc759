//! Many statements in one round trip.
#include "postgres/connection.hpp"

#include <algorithm>

namespace persona::postgres {
namespace {

// What both ends keep for a socket is more: while we send, a server that waits for us to read cannot hold us up.
constexpr std::size_t most_group_bytes = 32 * 1024;

//! As many as go in one round trip: one at least.
std::size_t group_size(std::span<const Statement> statements, std::size_t most) {
  std::size_t size = 1, bytes = statements[0].parameters.bytes();
  for (; size < std::min(statements.size(), most); ++size)
    if ((bytes += statements[size].parameters.bytes()) > most_group_bytes) break;
  return size;
}

}  // namespace

Result<std::vector<Rows>> Connection::run_all(std::span<Statement> statements) {
  std::vector<Rows> answers;
  while (!statements.empty()) {
    const std::size_t size = group_size(statements, most_ready_statements);
    if (Status done = run_group(statements.first(size), answers); !done) return tl::unexpected(done.error());
    statements = statements.subspan(size);
  }
  return answers;
}

Status Connection::run_group(std::span<Statement> statements, std::vector<Rows>& answers) {
  const bool may_commit = !in_transaction();
  std::vector<const char*> names;
  for (const Statement& statement : statements) {
    const Result<const std::string*> name = prepared(statement.sql, statement.parameters);
    if (!name) return tl::unexpected(name.error());
    names.push_back((*name)->c_str());
  }
  if (PQenterPipelineMode(handle_) == 0) return failed(nullptr, false);
  Status status;
  for (std::size_t i = 0; status && i < names.size(); ++i) {
    Parameters& parameters = statements[i].parameters;
    if (PQsendQueryPrepared(handle_, names[i], parameters.count(), parameters.values(), parameters.lengths(),
                            parameters.formats(), 1) == 0)
      status = failed(nullptr, false);
  }
  if (PQpipelineSync(handle_) == 0) return status ? failed(nullptr, false) : status;  // the connection is lost
  for (std::size_t i = 0; status && i < names.size(); ++i) {
    Result<Rows> rows = answer(may_commit, {});
    if (rows)
      answers.push_back(*std::move(rows));
    else
      status = tl::unexpected(rows.error());
  }
  end_pipeline();
  return status;
}

// Past what those answer that came after a failure.
void Connection::end_pipeline() {
  while (PQstatus(handle_) == CONNECTION_OK) {
    PGresult* result = PQgetResult(handle_);
    const bool is_end = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    PQclear(result);
    if (is_end) break;
  }
  PQexitPipelineMode(handle_);
}

}  // namespace persona::postgres
