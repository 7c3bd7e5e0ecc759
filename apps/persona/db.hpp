//! The verbs of `persona db`.
#pragma once

#include "command.hpp"

namespace persona::cli {

Command add_db_status(CLI::App& db);
Command add_db_migrate(CLI::App& db);
Command add_db_rollback(CLI::App& db);
Command add_db_backup(CLI::App& db);
Command add_db_restore(CLI::App& db);
Command add_db_copy(CLI::App& db);
Command add_db_vacuum(CLI::App& db);
Command add_db_erase(CLI::App& db);
Command add_db_export(CLI::App& db);
Command add_db_sample(CLI::App& db);

}  // namespace persona::cli
