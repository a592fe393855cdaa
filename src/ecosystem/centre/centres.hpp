// SPDX-License-Identifier: MIT
// The Central Servers of all planned instances, side by side; their processes run.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/centre/interface.hpp"
#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"
#include "ecosystem/retry.hpp"

namespace causeway::ecosystem {

class Centres {
 public:
  // What it is given outlives it. `limit`: for each wait.
  Centres(const Plan& plan, const Ports& ports, const Layout& layout, std::chrono::seconds limit)
      : plan_(plan), ports_(ports), layout_(layout), limit_(limit), interfaces_(plan.instances.size()) {}

  // What they were told on an earlier start; `moved`: but for ports.
  enum class Known { nothing, all, moved };
  // Tells the rest, has instances trust each other, and writes the anchors. `keep_waiting` is asked from several
  // threads here and below.
  Result<void> tell(Known known, const KeepWaiting& keep_waiting);
  // All Security Servers run: they register themselves, and take up what is registered.
  Result<void> register_servers(const KeepWaiting& keep_waiting);

 private:
  Result<void> open(std::size_t i, const KeepWaiting& keep_waiting);
  Result<void> tell_one(std::size_t i, Known known);
  Result<void> trust_others(std::size_t i, const KeepWaiting& keep_waiting);
  Result<void> for_every_instance(const std::function<Result<void>(std::size_t)>& work) const;

  const Plan& plan_;
  const Ports& ports_;
  const Layout& layout_;
  const std::chrono::seconds limit_;
  std::vector<std::unique_ptr<CentreInterface>> interfaces_;
};

}  // namespace causeway::ecosystem
