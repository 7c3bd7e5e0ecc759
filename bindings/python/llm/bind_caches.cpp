//! Answers that need not be bought twice.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "call.hpp"
#include "provider_caster.hpp"

#include <persona/llm/cache.hpp>
#include <persona/llm/semantic_cache.hpp>
#include <persona/llm/single_flight.hpp>
#ifdef PERSONA_PYTHON_SQLITE
#include <persona/storage/sqlite_llm.hpp>
#endif

namespace persona::python {
namespace py = pybind11;
namespace {

using llm::ResponseCache;
using llm::SemanticCacheOptions;

struct SemanticHandle : ProviderHandle {
  explicit SemanticHandle(const std::shared_ptr<llm::SemanticCache>& made) : ProviderHandle(made), cache(made) {}
  std::shared_ptr<llm::SemanticCache> cache;
};

void bind_exact(py::module_& m) {
  py::class_<ResponseCache, std::shared_ptr<ResponseCache>>(
      m, "ResponseCache",
      "Keeps answers by key. From `memory_cache`, `persona.sqlite.open_cache` or `persona.postgres.open_cache`.")
      .def(
          "erase",
          [](ResponseCache& self, const std::string& key) {
            const auto erased = [&] {
              const py::gil_scoped_release release;
              return self.erase(key);
            }();
            unwrap(erased);
          },
          py::arg("key"), "Forgets one answer; `cache_key` names it.");
  m.def("memory_cache", &llm::memory_cache, py::arg("most_bytes") = std::size_t{64} << 20,
        "A ResponseCache in memory, least recently used out first.");
#ifdef PERSONA_PYTHON_SQLITE
  m.def(
      "open_cache",
      [](const std::string& path, std::chrono::milliseconds busy_timeout) {
        return call([&](const Context&) { return sqlite::open_cache(path, {.busy_timeout = busy_timeout}); });
      },
      py::arg("path"), py::arg("busy_timeout") = 5.0);
#endif
  using llm::CacheOptions;
  bind_fields<CacheOptions>(m, "CacheOptions",
                            "time_to_live: seconds, give or take a tenth; source: what replies from it say.",
                            field("time_to_live", &CacheOptions::time_to_live), field("source", &CacheOptions::source),
                            field("clock", &CacheOptions::clock));
  m.def("cached", &llm::cached, py::arg("provider"), py::arg("cache"), py::arg("options") = CacheOptions{},
        "Answers from the cache what may be (`CallOptions.cache`, else temperature 0), else asks and keeps answers\n"
        "that ended by themselves and fit the schema.");
  m.def("cache_key", &llm::cache_key, py::arg("provider"), py::arg("request"),
        "SHA-256 of all that shapes the answer, the name of the provider and the tenant.");
  m.def(
      "single_flight",
      [](llm::Provider provider, std::shared_ptr<Clock> clock) {
        return llm::single_flight(std::move(provider), clock ? std::move(clock) : system_clock());
      },
      py::arg("provider"), py::arg("clock") = py::none(),
      "The same question asked by many at once is sent once; only where a cache may answer, never across tenants.");
}

void bind_semantic(py::module_& m) {
  using namespace llm;
  bind_fields<SemanticCacheOptions>(
      m, "SemanticCacheOptions",
      "similarity: cosine, at least; time_to_live: seconds; shadow: look and count, but never answer from it.",
      field("embedder", &SemanticCacheOptions::embedder),
      field("embedding_model", &SemanticCacheOptions::embedding_model),
      field("similarity", &SemanticCacheOptions::similarity),
      field("most_entries", &SemanticCacheOptions::most_entries),
      field("time_to_live", &SemanticCacheOptions::time_to_live), field("shadow", &SemanticCacheOptions::shadow),
      field("clock", &SemanticCacheOptions::clock));
  using Counts = SemanticCacheCounts;
  bind_fields<Counts>(
      m, "SemanticCacheCounts", "guarded: near enough, but numbers, negation, names or language differ.",
      field("lookups", &Counts::lookups), field("hits", &Counts::hits), field("guarded", &Counts::guarded));
  py::class_<SemanticHandle, ProviderHandle>(m, "SemanticCache", "A provider with counts.")
      .def(
          "counts", [](const SemanticHandle& self) { return self.cache->counts(); }, "What it did so far.");
  m.def(
      "semantically_cached",
      [](Provider provider, SemanticCacheOptions options) {
        return SemanticHandle(semantically_cached(std::move(provider), std::move(options)));
      },
      py::arg("provider"), py::arg("options"),
      "Answers to questions that mean the same: wrong now and then, so measure first (`false_hit_rate`). Only for\n"
      "requests whose `CallOptions.cache` says so.");
  bind_fields<LabelledPair>(m, "LabelledPair", "Two questions, and whether one answer serves both.",
                            field("first", &LabelledPair::first), field("second", &LabelledPair::second),
                            field("same", &LabelledPair::same));
  bind_fields<FalseHitRate>(m, "FalseHitRate",
                            "upper: 95 % bound of the share; a cache is fit for use at 0.01 or below.",
                            field("hits", &FalseHitRate::hits), field("false_hits", &FalseHitRate::false_hits),
                            field("upper", &FalseHitRate::upper));
  m.def(
      "false_hit_rate",
      [](const std::vector<LabelledPair>& pairs, const SemanticCacheOptions& options, const CallContext* context) {
        return call([&](const Context& given) { return false_hit_rate(pairs, options, given); }, context);
      },
      py::arg("pairs"), py::arg("options"), py::arg("context") = py::none(), "What share of hits would be wrong.");
}

}  // namespace

void bind_caches(py::module_& module) {
  bind_exact(module);
  bind_semantic(module);
}

}  // namespace persona::python
