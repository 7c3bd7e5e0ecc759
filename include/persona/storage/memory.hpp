//! A storage that lives as long as its object: for tests, and for those who need no file.
#pragma once

#include <persona/population/names.hpp>
#include <persona/storage/storage.hpp>

#include <memory>

namespace persona {

class MemoryStorage final : public Storage {
 public:
  //! @param names  for recipes; null is the built-in table
  PERSONA_EXPORT explicit MemoryStorage(std::shared_ptr<const NameTable> names = nullptr);
  PERSONA_EXPORT ~MemoryStorage() override;

  [[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<PopulationSink>> create(const PopulationRecord& record) override;
  [[nodiscard]] PERSONA_EXPORT Result<std::vector<PopulationRecord>> list() const override;
  [[nodiscard]] PERSONA_EXPORT Result<PopulationRecord> find(std::string_view name) const override;
  [[nodiscard]] PERSONA_EXPORT Result<Population> read(std::string_view name, const Query& query = {},
                                                       const Context& context = {}) const override;
  [[nodiscard]] PERSONA_EXPORT Result<std::int64_t> count(std::string_view name,
                                                          const std::vector<Filter>& filters = {},
                                                          const Context& context = {}) const override;
  [[nodiscard]] PERSONA_EXPORT Status remove(std::string_view name) override;

 private:
  struct State;
  std::shared_ptr<State> state_;  // sinks hold it too
};

}  // namespace persona
