// SPDX-License-Identifier: MIT
// How many requests one address may make (administration.md 1, limits).
#pragma once

#include <chrono>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace causeway::admin {

class RequestRate {
 public:
  using Clock = std::chrono::steady_clock;
  struct Limits {
    unsigned per_second = 20, per_minute = 600;  // 0: any number
    std::size_t addresses = 10000;               // that are remembered; those that asked last stay
    std::chrono::minutes forgotten_after{5};
  };

  explicit RequestRate(Limits limits) : limits_(limits) {}

  // False: it is one too many. From any thread.
  bool admit(const std::string& address, Clock::time_point now);

 private:
  // Fills evenly up to what a period allows, and a request takes one out.
  struct Bucket {
    double left = 0;
    Clock::time_point filled{};
    void fill(unsigned capacity, std::chrono::seconds period, Clock::time_point now);
  };
  struct Address {
    std::string name;
    Bucket second, minute;
  };

  Address& of(const std::string& address, Clock::time_point now);
  void forget(Clock::time_point now);

  const Limits limits_;
  std::mutex mutex_;
  std::list<Address> by_use_;  // the latest first
  std::unordered_map<std::string, std::list<Address>::iterator> by_name_;
};

}  // namespace causeway::admin
