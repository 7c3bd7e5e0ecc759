//! Chunk samplers waiting for work, so that one person costs no allocation.
#pragma once

#include "chunk.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace persona {

//! Locks inside; any thread.
class SamplerPool {
 public:
  //! A sampler that returns to its pool.
  class Lease {
   public:
    Lease(SamplerPool& pool, std::unique_ptr<ChunkSampler> sampler) : pool_(pool), sampler_(std::move(sampler)) {}
    ~Lease() {
      const std::lock_guard lock(pool_.mutex_);
      pool_.idle_.push_back(std::move(sampler_));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ChunkSampler& operator*() const { return *sampler_; }

   private:
    SamplerPool& pool_;
    std::unique_ptr<ChunkSampler> sampler_;
  };

  Lease take(const PopulationModel::Compiled& compiled) {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto sampler = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(sampler)};
      }
    }
    return {*this, std::make_unique<ChunkSampler>(compiled)};
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<ChunkSampler>> idle_;
};

}  // namespace persona
