//! What every store of records promises, as a test that any store can be put to.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/storage/records.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace persona::testing {

//! Opens a store on the same place at every call of one part, a new and empty one at the first.
//! @param part  names the place
using MakeRecords = std::function<std::unique_ptr<Records>(const std::string& part, std::shared_ptr<Clock> clock)>;

//! Tries a store out; needs no test framework.
//! @return one sentence for each promise that is broken; empty when all are kept
PERSONA_EXPORT std::vector<std::string> record_contract(const MakeRecords& make);

}  // namespace persona::testing
