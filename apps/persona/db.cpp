//! `persona db`: looking after a database.
#include "db.hpp"

#include <vector>

namespace persona::cli {

Command add_db(CLI::App& app) {
  auto* db = app.add_subcommand("db", "Look after a database: status, migrate, backup, restore, copy, erase, ...");
  db->require_subcommand(1);
  db->footer(
      "DATABASE is a file (people.db), or a schema of Postgres (postgresql://user@host/name, --schema NAME). The\n"
      "password comes from PGPASSWORD or the password file; written into the address, others can see it.\n"
      "The key of encrypted files comes from PERSONA_DATABASE_KEY (builds with SQLCipher).\n"
      "\n"
      "Examples:\n"
      "  persona db status people.db\n"
      "  persona db backup people.db --out people-monday.db\n"
      "  persona db copy people.db postgresql://me@localhost/work\n"
      "  persona db erase people.db --person p-17 --actor ana --yes\n"
      "\n"
      "'persona db VERB --help' explains each verb with examples.");
  const std::vector<Command> verbs = {
      add_db_status(*db), add_db_migrate(*db), add_db_rollback(*db), add_db_backup(*db), add_db_restore(*db),
      add_db_copy(*db),   add_db_vacuum(*db),  add_db_erase(*db),    add_db_export(*db), add_db_sample(*db)};
  return {db, [verbs](const Context& context) -> Result<ExitCode> {
            for (const Command& verb : verbs)
              if (verb.app->parsed()) return verb.run(context);
            return exit_usage;
          }};
}

}  // namespace persona::cli
