//! Populations are copied whole, or not at all.
#include <persona/storage/copy.hpp>
#include <persona/storage/memory.hpp>

#include "testing/contract_check.hpp"

#include <doctest/doctest.h>

using namespace persona;
using persona::testing::mixed_population;

namespace {

// Loses the last row of each page that it is given.
class LossySink final : public PopulationSink {
 public:
  explicit LossySink(std::unique_ptr<PopulationSink> sink) : sink_(std::move(sink)) {}
  Status append(const Population& batch) override { return sink_->append(batch.slice(0, batch.size() - 1)); }
  Status finish() override { return sink_->finish(); }

 private:
  std::unique_ptr<PopulationSink> sink_;
};

class LossyStorage final : public Storage {
 public:
  Result<std::unique_ptr<PopulationSink>> create(const PopulationRecord& record) override {
    auto sink = inner_.create(record);
    if (!sink || record.name != "lossy") return sink;
    return std::make_unique<LossySink>(*std::move(sink));
  }
  Result<std::vector<PopulationRecord>> list() const override { return inner_.list(); }
  Result<PopulationRecord> find(std::string_view name) const override { return inner_.find(name); }
  Result<Population> read(std::string_view name, const Query& query, const Context& context) const override {
    return inner_.read(name, query, context);
  }
  Result<std::int64_t> count(std::string_view name, const std::vector<Filter>& filters,
                             const Context& context) const override {
    return inner_.count(name, filters, context);
  }
  Status remove(std::string_view name) override { return inner_.remove(name); }

 private:
  MemoryStorage inner_;
};

class StopAfter final : public Observer {
 public:
  StopAfter(std::stop_source stop, std::uint64_t rows) : stop_(std::move(stop)), rows_(rows) {}
  void on_progress(const Progress& progress) override {
    if (progress.done >= rows_) stop_.request_stop();
  }

 private:
  std::stop_source stop_;
  std::uint64_t rows_;
};

}  // namespace

TEST_CASE("the content of a population is its name, whatever the pages it is read by") {
  MemoryStorage storage;
  REQUIRE(put(storage, {.name = "a"}, mixed_population(3001)));
  REQUIRE(put(storage, {.name = "b"}, mixed_population(3001)));
  REQUIRE(put(storage, {.name = "c"}, mixed_population(3001).slice(0, 3000)));
  REQUIRE(put(storage, {.name = "none"}, mixed_population(3001).slice(0, 0)));
  const auto content = population_content(storage, "a");
  REQUIRE(content);
  CHECK(content->size() == 64);
  CHECK(*population_content(storage, "b", 1) == *content);
  CHECK(*population_content(storage, "b", 1000) == *content);
  CHECK(*population_content(storage, "c") != *content);
  CHECK(population_content(storage, "none"));
  CHECK(population_content(storage, "nobody").error().code == Errc::not_found);
}

TEST_CASE("one value more, and the content is another") {
  MemoryStorage storage;
  const auto keep = [&](const std::string& name, std::vector<Value> values, Field field = {.name = "x"}) {
    const auto column = Column::from_values(std::move(field), values);
    REQUIRE(column);
    REQUIRE(put(storage, {.name = name}, *Population::make({*column})));
    return *population_content(storage, name);
  };
  const auto base = keep("base", {1.0, 2.0, Value()});
  CHECK(keep("same", {1.0, 2.0, Value()}) == base);
  CHECK(keep("value", {1.0, 2.5, Value()}) != base);
  CHECK(keep("order", {2.0, 1.0, Value()}) != base);
  CHECK(keep("missing", {1.0, Value(), 2.0}) != base);
  CHECK(keep("unit", {1.0, 2.0, Value()}, {.name = "x", .unit = "m"}) != base);
  CHECK(keep("name", {1.0, 2.0, Value()}, {.name = "y"}) != base);
}

TEST_CASE("what reads back otherwise is removed again, and so is what was copied before it") {
  MemoryStorage from;
  LossyStorage to;
  REQUIRE(put(from, {.name = "before"}, mixed_population(10)));
  REQUIRE(put(from, {.name = "lossy"}, mixed_population(10)));
  const auto copied = copy(from, to);
  REQUIRE(!copied);
  CHECK(copied.error().code == Errc::corrupted);
  CHECK(copied.error().message.find("'lossy'") != std::string::npos);
  CHECK(to.list()->empty());
}

TEST_CASE("only what was asked for is copied, and names are taken once") {
  MemoryStorage from, to;
  REQUIRE(put(from, {.name = "a"}, mixed_population(10)));
  REQUIRE(put(from, {.name = "b"}, mixed_population(20)));
  CHECK(copy(from, to, {.populations = {"c"}}).error().code == Errc::not_found);
  REQUIRE(copy(from, to, {.populations = {"b"}}));
  CHECK(to.list()->size() == 1);
  CHECK(copy(from, to).error().code == Errc::already_exists);
  CHECK(to.list()->size() == 1);
  REQUIRE(to.remove("b"));
  REQUIRE(put(to, {.name = "b"}, mixed_population(5)));
  REQUIRE(copy(from, to, {.replace = true}));
  CHECK(to.find("b")->count == 20);
}

TEST_CASE("a copy that is stopped leaves nothing") {
  MemoryStorage from, to;
  REQUIRE(put(from, {.name = "a"}, mixed_population(1000)));
  REQUIRE(put(from, {.name = "b"}, mixed_population(1000)));
  for (const std::uint64_t rows : {10U, 1500U, 2500U}) {
    std::stop_source stop;
    StopAfter observer(stop, rows);
    const auto copied = copy(from, to, {.page = 10}, {.stop = stop.get_token(), .observer = &observer});
    CHECK(copied.error().code == Errc::cancelled);
    CHECK(to.list()->empty());
  }
}
