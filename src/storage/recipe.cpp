//! Populations kept as a recipe: drawn again on every read.
#include "storage/recipe.hpp"

#include "storage/index_column.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr std::size_t most_models = 8;
constexpr std::uint64_t search_batch = 16'384;  // rows drawn at once while looking for a page

std::vector<Field> indexed_fields(const PopulationModel& model) {
  std::vector<Field> fields{index_field()};
  fields.insert(fields.end(), model.fields().begin(), model.fields().end());
  return fields;
}

// What is left to read: persons start .. start + count - 1.
GenerateOptions remaining(const PopulationRecord& record, std::optional<std::int64_t> after) {
  std::uint64_t skipped = 0;
  const auto start = static_cast<std::int64_t>(record.start);
  if (after && *after >= start)
    skipped = static_cast<std::uint64_t>(std::min(*after - start, record.count - 1)) + (record.count > 0 ? 1 : 0);
  return {.count = static_cast<std::uint64_t>(record.count) - skipped,
          .seed = record.seed,
          .start = record.start + skipped};
}

// A page without filters: exactly the people it holds.
Result<Population> draw_page(const PopulationModel& model, const CheckedQuery& query, GenerateOptions options,
                             const Context& context) {
  if (query.limit > 0) options.count = std::min(options.count, static_cast<std::uint64_t>(query.limit));
  Result<Population> people = model.generate(options, context);
  if (!people) return people;
  return matching_page(query, with_index(*people, static_cast<std::int64_t>(options.start)));
}

// A page with filters: draws until it is full.
Result<Population> search_page(const PopulationModel& model, CheckedQuery query, GenerateOptions options,
                               const Context& context) {
  // One part without rows, so that a page without people has its columns.
  GenerateOptions none = options;
  none.count = 0;
  Result<Population> columns = model.generate(none, context);
  if (!columns) return columns;
  std::vector<Population> parts{matching_page(query, with_index(*columns, 0))};
  options.batch_rows = search_batch;
  auto first = static_cast<std::int64_t>(options.start);
  bool full = false;
  const auto take = [&](const Population& batch) -> Status {
    Population page = matching_page(query, with_index(batch, first));
    first += batch.size();
    full = query.limit > 0 && page.size() == query.limit;
    if (query.limit > 0) query.limit -= page.size();
    if (page.size() > 0) parts.push_back(std::move(page));
    context.progress({"read", static_cast<std::uint64_t>(first) - options.start, options.count});
    if (full) return fail(Errc::cancelled, "the page is full");
    return {};
  };
  if (Status drawn = model.stream(options, take, context); !drawn && !full) return tl::unexpected(drawn.error());
  return Population::concatenate(parts);
}

}  // namespace

Status RecipeReader::prepare(PopulationRecord& record) const {
  if (record.spec.empty())
    return fail(Errc::invalid_argument, fmt::format("population '{}': a recipe needs its specification", record.name));
  const Result<PopulationModel> compiled = model(record, {});
  if (!compiled) return tl::unexpected(compiled.error());
  if (!record.spec_hash.empty() && record.spec_hash != compiled->spec_hash())
    return fail(Errc::invalid_argument, fmt::format("population '{}': the specification has hash {}, not {}",
                                                    record.name, compiled->spec_hash(), record.spec_hash));
  for (const Field& field : compiled->fields())
    if (field.name == index_name)
      return fail(Errc::invalid_argument,
                  fmt::format("population '{}': attribute 'index' has the name of the row number", record.name));
  record.spec_hash = compiled->spec_hash();
  record.names_hash = compiled->names_hash();
  return {};
}

Result<Population> RecipeReader::read(const PopulationRecord& record, const Query& query,
                                      const Context& context) const {
  const Result<PopulationModel> compiled = model(record, context);
  if (!compiled) return tl::unexpected(compiled.error());
  const Result<CheckedQuery> checked = check_query(indexed_fields(*compiled), query);
  if (!checked) return tl::unexpected(checked.error());
  const GenerateOptions options = remaining(record, query.after);
  return checked->filters.empty() ? draw_page(*compiled, *checked, options, context)
                                  : search_page(*compiled, *checked, options, context);
}

Result<std::int64_t> RecipeReader::count(const PopulationRecord& record, const std::vector<Filter>& filters,
                                         const Context& context) const {
  if (filters.empty()) return record.count;
  const Result<PopulationModel> compiled = model(record, context);
  if (!compiled) return tl::unexpected(compiled.error());
  const auto checked = check_filters(indexed_fields(*compiled), filters);
  if (!checked) return tl::unexpected(checked.error());
  const GenerateOptions options = remaining(record, {});
  std::int64_t count = 0;
  std::uint64_t done = 0;
  const auto take = [&](const Population& batch) -> Status {
    count += count_matching(*checked, with_index(batch, static_cast<std::int64_t>(options.start + done)));
    done += static_cast<std::uint64_t>(batch.size());
    context.progress({"count", done, options.count});
    return {};
  };
  if (Status drawn = compiled->stream(options, take, context); !drawn) return tl::unexpected(drawn.error());
  return count;
}

Result<PopulationModel> RecipeReader::model(const PopulationRecord& record, const Context& context) const {
  Result<PopulationModel> compiled = compiled_model(record.spec, context);
  if (!compiled || record.names_hash.empty() || record.names_hash == compiled->names_hash()) return compiled;
  return fail(Errc::unsupported,
              fmt::format("population '{}' was drawn with other names than this storage has: open it with the name "
                          "table {}",
                          record.name, record.names_hash));
}

Result<PopulationModel> RecipeReader::compiled_model(const std::string& text, const Context& context) const {
  {
    const std::lock_guard lock(mutex_);
    const auto at = std::ranges::find(models_, text, &std::pair<std::string, PopulationModel>::first);
    if (at != models_.end()) {
      models_.splice(models_.begin(), models_, at);
      return at->second;
    }
  }
  Result<PopulationSpec> spec = parse_spec(text);
  if (!spec) return tl::unexpected(spec.error());
  // Compiled without the lock: two threads may do it at once, and both are right.
  Result<PopulationModel> compiled =
      PopulationModel::compile(*std::move(spec), CompileOptions{.names = names_}, context);
  if (!compiled) return compiled;
  const std::lock_guard lock(mutex_);
  models_.emplace_front(text, *compiled);
  if (models_.size() > most_models) models_.pop_back();
  return compiled;
}

}  // namespace persona
