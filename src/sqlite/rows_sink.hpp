//! Writing populations: rows in one transaction, recipes as one line.
#pragma once

#include "sqlite/connection.hpp"

#include <persona/storage/storage.hpp>

#include <memory>
#include <string>

namespace persona::sqlite {

//! Holds the write lock of the file from here until it is finished or destroyed.
[[nodiscard]] Result<std::unique_ptr<PopulationSink>> open_rows_sink(const std::string& path, const Options& options,
                                                                     PopulationRecord record);

//! @pre the record is ready to be kept
[[nodiscard]] Result<std::unique_ptr<PopulationSink>> open_recipe_sink(const std::string& path, const Options& options,
                                                                       PopulationRecord record);

}  // namespace persona::sqlite
