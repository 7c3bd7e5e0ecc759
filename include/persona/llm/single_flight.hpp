//! The same question asked by many at once is sent once.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <memory>

namespace persona::llm {

//! Only calls that a cache may answer are joined (see `cache.hpp`), and never across tenants. Each
//! caller keeps its own stop and deadline; the work goes on while one of them is left. Streams are
//! joined as well. Errors go to those who wait, and are forgotten.
//!
//! The first caller lends its thread: when it is stopped while others wait, it returns once they have
//! their answer. Its deadline ends the work; then one of those who have more time asks again.
PERSONA_EXPORT Provider single_flight(Provider provider, std::shared_ptr<Clock> clock = system_clock());

}  // namespace persona::llm
