//! What every storage promises, as a test that any storage can be put to.
#pragma once

#include <persona/storage/storage.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace persona::testing {

//! Makes an empty storage; called once for each part of the contract.
using MakeStorage = std::function<std::unique_ptr<Storage>()>;

//! Tries a storage out. Needs no test framework:
//!
//!     for (const auto& failure : persona::testing::storage_contract(make)) ADD_FAILURE() << failure;
//!
//! @return one sentence for each promise that is broken; empty when all are kept
PERSONA_EXPORT std::vector<std::string> storage_contract(const MakeStorage& make);

}  // namespace persona::testing
