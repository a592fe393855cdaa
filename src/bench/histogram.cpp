// SPDX-License-Identifier: MIT
#include "bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace causeway::bench {

std::size_t Histogram::bucket_of(std::uint64_t value) {
  if (value < kExact) return value;
  const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - (kBits + 1);
  const std::size_t bucket = kExact + ((shift - 1UL) << kBits) + ((value >> shift) - (1UL << kBits));
  return std::min(bucket, kBuckets - 1);
}

std::uint64_t Histogram::middle_of(std::size_t bucket) {
  if (bucket < kExact) return bucket;
  const std::size_t above = bucket - kExact;
  const unsigned shift = static_cast<unsigned>(above >> kBits) + 1;
  const std::uint64_t first = ((1UL << kBits) + (above & ((1UL << kBits) - 1))) << shift;
  return first + (1UL << (shift - 1));
}

void Histogram::add(std::chrono::nanoseconds latency) {
  ++buckets_[bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(0, latency.count())))];
  ++count_;
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
}

std::chrono::nanoseconds Histogram::percentile(double percent) const {
  if (count_ == 0) return std::chrono::nanoseconds(0);
  const double share = std::clamp(percent, 0.0, 100.0) / 100;
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  for (; bucket < kBuckets; ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted) break;
  }
  return std::chrono::nanoseconds(middle_of(std::min(bucket, kBuckets - 1)));
}

}  // namespace causeway::bench
