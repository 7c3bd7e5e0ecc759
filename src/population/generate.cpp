//! From chunks to columns: who works on which rows, and where the values go.
#include "batch.hpp"
#include "sampler_pool.hpp"

#include <persona/population/model.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace persona {
namespace {

constexpr std::uint64_t last_person = std::uint64_t{1} << 63;
constexpr std::uint64_t chunks_at_once = 8;  // rows a thread takes at a time: keeps cache lines apart

unsigned worker_count(Parallelism parallelism, std::uint64_t chunks) {
  const unsigned wanted =
      parallelism.threads != 0 ? parallelism.threads : std::max(1u, std::thread::hardware_concurrency());
  return static_cast<unsigned>(std::min<std::uint64_t>(wanted, (chunks + chunks_at_once - 1) / chunks_at_once));
}

Status check_range(std::uint64_t start, std::uint64_t count) {
  if (start > last_person || count > last_person - start)
    return fail(Errc::invalid_argument,
                fmt::format("persons {} + {} go beyond 2^63, the last index there is", start, count));
  return {};
}

// The chunks of one call, handed out in groups until all are drawn or somebody fails.
class ChunkQueue {
 public:
  ChunkQueue(const GenerateOptions& options, const Context& context, std::uint64_t done_before, std::uint64_t total)
      : options_(options), context_(context), done_before_(done_before), total_(total) {
    first_chunk_ = options.start / chunk_rows;
    chunks_ = options.count == 0 ? 0 : (options.start + options.count - 1) / chunk_rows - first_chunk_ + 1;
  }

  std::uint64_t chunks() const { return chunks_; }

  void work(const PopulationModel::Compiled& compiled, BatchBuilder& batch) {
    SamplerPool::Lease sampler = compiled.pool->take(compiled);
    for (;;) {
      const std::uint64_t from = next_.fetch_add(chunks_at_once);
      if (from >= chunks_ || failed_.load(std::memory_order_relaxed)) return;
      for (std::uint64_t c = from; c < std::min(from + chunks_at_once, chunks_); ++c)
        if (!draw(c, compiled, *sampler, batch)) return;
      if (auto status = context_.check(); !status) return stop(status.error());
      report(std::min(from + chunks_at_once, chunks_) - from);
    }
  }

  Status result() const {
    if (error_.message.empty()) return {};
    return tl::unexpected<Error>(error_);
  }
  std::uint64_t candidates() const { return candidates_.load(); }

 private:
  bool draw(std::uint64_t chunk, const PopulationModel::Compiled& compiled, ChunkSampler& sampler,
            BatchBuilder& batch) {
    const std::uint64_t begin = std::max(options_.start, (first_chunk_ + chunk) * chunk_rows);
    const std::uint64_t end = std::min(options_.start + options_.count, (first_chunk_ + chunk + 1) * chunk_rows);
    const auto slots = batch.slots(static_cast<std::size_t>(begin - options_.start));
    const std::uint64_t drawn = sampler.draw(kernels(options_.simd), options_.seed,
                                             {begin, nullptr, static_cast<std::size_t>(end - begin)}, slots);
    if (drawn == 0) {
      stop({Errc::infeasible,
            fmt::format("of persons {} .. {} somebody satisfied the constraints in none of 10000 attempts", begin,
                        end - 1),
            {}});
      return false;
    }
    static_cast<void>(compiled);
    candidates_.fetch_add(drawn, std::memory_order_relaxed);
    return true;
  }

  void stop(Error error) {
    const std::lock_guard lock(mutex_);
    if (!failed_.exchange(true)) error_ = std::move(error);
  }

  void report(std::uint64_t chunks) {
    if (context_.observer == nullptr) return;
    const std::lock_guard lock(mutex_);
    chunks_done_ += chunks;
    context_.progress({"generate", done_before_ + std::min(chunks_done_ * chunk_rows, options_.count), total_});
  }

  const GenerateOptions& options_;
  const Context& context_;
  std::uint64_t done_before_, total_;
  std::uint64_t first_chunk_ = 0, chunks_ = 0, chunks_done_ = 0;
  std::atomic<std::uint64_t> next_{0}, candidates_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  Error error_;
};

}  // namespace

Result<Population> draw_batch(const PopulationModel::Compiled& compiled, const GenerateOptions& options,
                              Population recycled, const Context& context, BatchProgress progress) {
  if (auto status = check_range(options.start, options.count); !status) return tl::unexpected<Error>(status.error());
  if (auto status = context.check(); !status) return tl::unexpected<Error>(status.error());
  BatchBuilder batch(compiled, options.count, std::move(recycled));
  ChunkQueue queue(options, context, progress.done_before, progress.total == 0 ? options.count : progress.total);
  {
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < worker_count(options.parallelism, queue.chunks()); ++i)
      helpers.emplace_back([&] { queue.work(compiled, batch); });
    queue.work(compiled, batch);
  }
  if (auto status = queue.result(); !status) return tl::unexpected<Error>(status.error());
  if (progress.candidates != nullptr) *progress.candidates += queue.candidates();
  return std::move(batch).finish({compiled.spec_hash, options.seed, options.start});
}

Result<Population> PopulationModel::generate(const GenerateOptions& options, const Context& context) const {
  return draw_batch(*compiled_, options, {}, context, {});
}

Result<Population> PopulationModel::generate(const GenerateOptions& options, Population recycled,
                                             const Context& context) const {
  return draw_batch(*compiled_, options, std::move(recycled), context, {});
}

Status PopulationModel::stream(const GenerateOptions& options, const std::function<Status(const Population&)>& take,
                               const Context& context) const {
  if (options.batch_rows == 0) return fail(Errc::invalid_argument, "batch_rows must be at least 1");
  if (auto status = check_range(options.start, options.count); !status) return status;
  Population recycled;
  for (std::uint64_t done = 0; done < options.count;) {
    GenerateOptions batch = options;
    batch.start = options.start + done;
    // Batches end where a chunk ends, so that no chunk is drawn in two parts.
    const std::uint64_t end = std::max(batch.start + 1, (batch.start + options.batch_rows) / chunk_rows * chunk_rows);
    batch.count =
        std::min(options.count - done, options.batch_rows < chunk_rows ? options.batch_rows : end - batch.start);
    auto people = draw_batch(*compiled_, batch, std::move(recycled), context, {done, options.count, nullptr});
    if (!people) return tl::unexpected<Error>(people.error());
    if (auto status = take(*people); !status) return status;
    done += batch.count;
    recycled = std::move(*people);
  }
  return {};
}

Result<Persona> PopulationModel::person(std::uint64_t seed, std::uint64_t index) const {
  if (auto status = check_range(index, 1); !status) return tl::unexpected<Error>(status.error());
  SamplerPool::Lease sampler = compiled_->pool->take(*compiled_);
  return draw_person(*compiled_, *sampler, seed, index);
}

}  // namespace persona
