//! The memory storage keeps the contract.
#include <persona/storage/memory.hpp>
#include <persona/testing/storage_contract.hpp>

#include <doctest/doctest.h>

TEST_CASE("the memory storage keeps the storage contract") {
  const auto make = [] { return std::make_unique<persona::MemoryStorage>(); };
  for (const auto& failure : persona::testing::storage_contract(make)) FAIL_CHECK(failure);
}

TEST_CASE("the contract finds a storage that is none") {
  const auto failures = persona::testing::storage_contract([] { return nullptr; });
  CHECK(failures.size() == 15);
}
