//! Known answers of FIPS 180-4.
#include <persona/core/hash.hpp>

#include "core/sha_blocks.hpp"

#include <doctest/doctest.h>

#include <random>

using persona::content_hash;

TEST_CASE("content_hash gives the known answers of SHA-256") {
  CHECK(content_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(content_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(content_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(content_hash(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("the processor's own compression gives what the written one gives") {
  if (!persona::has_sha_extension()) return;
  std::mt19937 random(1);
  std::array<unsigned char, 64 * 7> data;
  for (auto& byte : data) byte = static_cast<unsigned char>(random());
  for (std::size_t blocks = 0; blocks <= 7; ++blocks) {
    persona::ShaState portable, built_in;
    for (std::size_t i = 0; i < 8; ++i) portable[i] = built_in[i] = static_cast<std::uint32_t>(random());
    persona::sha_blocks_portable(portable, data.data(), blocks);
    persona::sha_blocks_extension(built_in, data.data(), blocks);
    CHECK(portable == built_in);
  }
}
