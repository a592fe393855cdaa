// SPDX-License-Identifier: MIT
// Connections to one database for threads that need one for a moment.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.hpp"
#include "store/database.hpp"

namespace causeway::admin {

class Connections {
 public:
  using Open = std::function<Result<std::unique_ptr<store::Database>>()>;
  explicit Connections(Open open) : open_(std::move(open)) {}

  // Gives the connection back when it goes; one that was lost is not used again.
  class Lease {
   public:
    Lease(Connections& from, std::unique_ptr<store::Database> database)
        : from_(&from), database_(std::move(database)) {}
    ~Lease() {
      if (database_) from_->give_back(std::move(database_));
    }
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    store::Database& operator*() const { return *database_; }

   private:
    Connections* from_;
    std::unique_ptr<store::Database> database_;
  };
  // From any thread. The faults of opening.
  Result<Lease> take();

 private:
  std::unique_ptr<store::Database> take_free();
  void give_back(std::unique_ptr<store::Database> database);

  const Open open_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<store::Database>> free_;
};

}  // namespace causeway::admin
