//! Whatever bytes come: parse_spec answers, and what it accepts survives writing and reading.
#include <persona/population/spec.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto spec = persona::parse_spec({reinterpret_cast<const char*>(data), size});
  if (!spec) {
    if (spec.error().message.empty()) std::abort();
    return 0;
  }
  const auto again = persona::parse_spec(persona::to_json(*spec));
  if (!again || !(*again == *spec)) std::abort();
  if (persona::content_hash(*again) != persona::content_hash(*spec)) std::abort();
  return 0;
}
