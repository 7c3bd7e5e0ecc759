//! Populations in a Postgres database, with the standbys of other rooms.
#pragma once

#include "postgres/replicas.hpp"

#include <persona/storage/postgres.hpp>

#include <memory>
#include <string>

namespace persona::postgres {

//! @errors as `open`
[[nodiscard]] Result<std::unique_ptr<Storage>> open_storage(const std::string& connection, Options options,
                                                            std::shared_ptr<Replicas> replicas);

}  // namespace persona::postgres
