//! The compression function of SHA-256, twice: as it is written, and as processors have it built in.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace persona {

using ShaState = std::array<std::uint32_t, 8>;

extern const std::array<std::uint32_t, 64> sha_constants;

//! Takes blocks of 64 bytes into the state.
void sha_blocks_portable(ShaState& state, const unsigned char* data, std::size_t blocks);

//! The same; call it only where the processor has it.
void sha_blocks_extension(ShaState& state, const unsigned char* data, std::size_t blocks);
bool has_sha_extension();

}  // namespace persona
