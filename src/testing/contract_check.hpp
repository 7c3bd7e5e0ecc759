//! What the parts of a contract are written with.
#pragma once

#include "testing/promises.hpp"

#include <persona/storage/storage.hpp>

#include <cstdint>
#include <string>

namespace persona::testing {

//! Rows with a column of each type, values missing here and there, and hostile names and texts.
Population mixed_population(std::int64_t rows);

//! A small specification as JSON.
std::string small_spec();

// The parts about reading; each gets an empty storage.
void check_values_survive(Storage& storage, ContractCheck& check);
void check_pages(Storage& storage, ContractCheck& check);
void check_filters_hold(Storage& storage, ContractCheck& check);
void check_wrong_queries(Storage& storage, ContractCheck& check);
void check_injections(Storage& storage, ContractCheck& check);
void check_streams(Storage& storage, ContractCheck& check);
void check_recipes(Storage& storage, ContractCheck& check);

}  // namespace persona::testing
