// SPDX-License-Identifier: MIT
// Connections for threads that need one for a moment: to a database, or what stands on one.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace causeway::admin {

template <class T>
class Pool {
 public:
  using Open = std::function<Result<std::unique_ptr<T>>()>;
  // One that was lost is not used again.
  using IsAlive = std::function<bool(T&)>;

  Pool(Open open, IsAlive is_alive) : open_(std::move(open)), is_alive_(std::move(is_alive)) {}

  // Gives the connection back when it goes.
  class Lease {
   public:
    Lease(Pool& from, std::unique_ptr<T> connection) : from_(&from), connection_(std::move(connection)) {}
    ~Lease() {
      if (connection_) from_->give_back(std::move(connection_));
    }
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    T& operator*() const { return *connection_; }
    T* operator->() const { return connection_.get(); }

   private:
    Pool* from_;
    std::unique_ptr<T> connection_;
  };

  // From any thread. The faults of opening.
  Result<Lease> take() {
    while (auto connection = take_free())
      if (is_alive_(*connection)) return Lease(*this, std::move(connection));
    auto opened = open_();
    if (!opened) return opened.error();
    return Lease(*this, *std::move(opened));
  }

 private:
  std::unique_ptr<T> take_free() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return nullptr;
    auto connection = std::move(free_.back());
    free_.pop_back();
    return connection;
  }
  void give_back(std::unique_ptr<T> connection) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(connection));
  }

  const Open open_;
  const IsAlive is_alive_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> free_;
};

}  // namespace causeway::admin
