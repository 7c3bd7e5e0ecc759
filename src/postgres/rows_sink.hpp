//! Writing populations: rows by COPY in one transaction, recipes as one line.
#pragma once

#include "postgres/replicas.hpp"

#include <persona/storage/storage.hpp>

#include <memory>

namespace persona::postgres {

//! Holds one connection of the pool from here until it is finished or destroyed.
[[nodiscard]] Result<std::unique_ptr<PopulationSink>> open_rows_sink(const std::shared_ptr<Pool>& pool,
                                                                     std::shared_ptr<Replicas> replicas,
                                                                     const Options& options, PopulationRecord record);

//! @pre the record is ready to be kept
[[nodiscard]] Result<std::unique_ptr<PopulationSink>> open_recipe_sink(const std::shared_ptr<Pool>& pool,
                                                                       std::shared_ptr<Replicas> replicas,
                                                                       const Options& options, PopulationRecord record);

}  // namespace persona::postgres
