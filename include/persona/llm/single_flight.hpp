//! The same question asked by many at once is sent once.
#pragma once

#include <persona/llm/provider.hpp>

namespace persona::llm {

//! Only calls that a cache may answer are joined (see `cache.hpp`), and never across tenants. Each
//! caller keeps its own stop and deadline; the work goes on while one of them is left. Streams are
//! joined as well. Errors go to those who wait, and are forgotten.
PERSONA_EXPORT Provider single_flight(Provider provider);

}  // namespace persona::llm
