// SPDX-License-Identifier: MIT
// Latencies, counted in buckets that grow with the value: any percentile is told within
// 0.4 % of what was measured, whatever its size and however many there are.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace causeway::bench {

class Histogram {
 public:
  void add(std::chrono::nanoseconds latency);
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  // The latency that `percent` (0 to 100) of all do not exceed; 0 when there are none.
  std::chrono::nanoseconds percentile(double percent) const;
  double percentile_ms(double percent) const { return static_cast<double>(percentile(percent).count()) / 1e6; }

 private:
  static constexpr unsigned kBits = 7;                        // of a value that tell its bucket, below the first
  static constexpr std::uint64_t kExact = 1U << (kBits + 1);  // below, each value has a bucket
  static constexpr unsigned kOctaves = 34;                    // up to two hours
  static constexpr std::size_t kBuckets = kExact + (kOctaves << kBits);

  static std::size_t bucket_of(std::uint64_t value);
  static std::uint64_t middle_of(std::size_t bucket);

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace causeway::bench
