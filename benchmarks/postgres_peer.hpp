//! What a program without persona would write with libpq for the same table: the limit that is measured against.
#pragma once

#include "reference_people.hpp"

#include <arpa/inet.h>
#include <endian.h>
#include <libpq-fe.h>

#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace persona::bench {

inline void require(bool well, const char* what) {
  if (well) return;
  std::fprintf(stderr, "benchmark: %s\n", what);
  std::exit(2);
}

class PostgresPeer {
 public:
  PostgresPeer(const std::string& connection, const std::string& password) {
    const char* keys[] = {"dbname", "password", nullptr};
    const char* values[] = {connection.c_str(), password.c_str(), nullptr};
    handle_ = PQconnectdbParams(keys, values, 1);
    require(PQstatus(handle_) == CONNECTION_OK, PQerrorMessage(handle_));
    run("SET random_page_cost = 1.1");
  }
  ~PostgresPeer() { PQfinish(handle_); }
  PostgresPeer(const PostgresPeer&) = delete;
  PostgresPeer& operator=(const PostgresPeer&) = delete;

  //! The same rows into the same columns, by the same COPY, with a primary key and statistics at the end.
  void copy(const Population& population) {
    run("DROP TABLE IF EXISTS peer");
    run("BEGIN");
    run("CREATE TABLE peer (\"index\" bigint NOT NULL, age double precision, income double precision, height double "
        "precision, score double precision, kids integer, day integer, sex text COLLATE \"C\", region text COLLATE "
        "\"C\", occupation text COLLATE \"C\", education text COLLATE \"C\")");
    run("COPY peer FROM STDIN (FORMAT binary, FREEZE)", PGRES_COPY_IN);
    std::string bytes("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
    for (std::int64_t row = 0; row < population.size(); ++row) {
      put16(bytes, 11);
      put32(bytes, 8);
      put64(bytes, static_cast<std::uint64_t>(row));
      for (const Column& column : population.columns()) put_cell(bytes, column, static_cast<std::size_t>(row));
      if (bytes.size() > 128 * 1024) send(bytes);
    }
    put16(bytes, 0xffff);
    send(bytes);
    require(PQputCopyEnd(handle_, nullptr) == 1, "cannot end the copy");
    while (PGresult* result = PQgetResult(handle_)) PQclear(result);
    run("ALTER TABLE peer ADD PRIMARY KEY (\"index\")");
    run("ANALYZE peer");
    run("COMMIT");
  }

  void index() {
    run("CREATE INDEX ON peer (occupation, \"index\")");
    run("ANALYZE peer");
    prepare("person", "SELECT * FROM peer WHERE \"index\" > $1::bigint ORDER BY \"index\" LIMIT 1", 1);
    prepare("page", "SELECT * FROM peer WHERE \"index\" > $1::bigint AND occupation = $2 ORDER BY \"index\" LIMIT 50",
            2);
  }

  //! Jobs into the table of persona's schema by a prepared statement, one after the other, `group` to a transaction.
  void enqueue(int jobs, int group) {
    prepare("job",
            "INSERT INTO persona.persona_job (kind, arguments, queue, priority, most_attempts, back_off_ms, made_ms, "
            "due_ms, last_attempt) VALUES ('nothing', 'null', 'peer', 0, 5, 1000, $1, $1, 5) RETURNING id",
            1);
    for (int made = 0; made < jobs; made += group) {
      run("BEGIN");
      for (int i = 0; i < group; ++i) ask("job", made, nullptr);
      run("COMMIT");
    }
  }

  void person(std::int64_t after) { ask("person", after, nullptr); }
  void page(const char* occupation, std::int64_t after) { ask("page", after, occupation); }

 private:
  void run(const char* sql, ExecStatusType wanted = PGRES_COMMAND_OK) {
    PGresult* result = PQexec(handle_, sql);
    require(PQresultStatus(result) == wanted, PQerrorMessage(handle_));
    PQclear(result);
  }

  void prepare(const char* name, const char* sql, int parameters) {
    PGresult* result = PQprepare(handle_, name, sql, parameters, nullptr);
    require(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(handle_));
    PQclear(result);
  }

  // Reads each cell once, as whoever asks for a row does.
  void ask(const char* name, std::int64_t after, const char* label) {
    const std::uint64_t key = htobe64(static_cast<std::uint64_t>(after));
    const char* values[] = {reinterpret_cast<const char*>(&key), label};
    const int lengths[] = {8, label == nullptr ? 0 : static_cast<int>(std::strlen(label))};
    const int formats[] = {1, 1};
    PGresult* result = PQexecPrepared(handle_, name, label == nullptr ? 1 : 2, values, lengths, formats, 1);
    require(PQresultStatus(result) == PGRES_TUPLES_OK, PQerrorMessage(handle_));
    for (int row = 0; row < PQntuples(result); ++row)
      for (int column = 0; column < PQnfields(result); ++column) seen_ += PQgetvalue(result, row, column)[0];
    PQclear(result);
  }

  void send(std::string& bytes) {
    require(PQputCopyData(handle_, bytes.data(), static_cast<int>(bytes.size())) == 1, "cannot copy");
    bytes.clear();
  }

  static void put16(std::string& to, std::uint16_t v) { v = htobe16(v), to.append(reinterpret_cast<char*>(&v), 2); }
  static void put32(std::string& to, std::uint32_t v) { v = htobe32(v), to.append(reinterpret_cast<char*>(&v), 4); }
  static void put64(std::string& to, std::uint64_t v) { v = htobe64(v), to.append(reinterpret_cast<char*>(&v), 8); }

  static void put_cell(std::string& to, const Column& column, std::size_t row) {
    switch (column.type()) {
      case ColumnType::float64: put32(to, 8); return put64(to, std::bit_cast<std::uint64_t>(column.float64s()[row]));
      case ColumnType::int32: put32(to, 4); return put32(to, static_cast<std::uint32_t>(column.int32s()[row]));
      default: {
        const std::string& label = (*column.field().labels)[static_cast<std::size_t>(column.codes8()[row])];
        put32(to, static_cast<std::uint32_t>(label.size()));
        to += label;
      }
    }
  }

  PGconn* handle_;
  std::int64_t seen_ = 0;
};

}  // namespace persona::bench
