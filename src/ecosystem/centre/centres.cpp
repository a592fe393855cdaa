// SPDX-License-Identifier: MIT
#include "ecosystem/centre/centres.hpp"

#include <future>

#include "ecosystem/centre/founding.hpp"
#include "ecosystem/centre/registrations.hpp"
#include "ecosystem/server_processes.hpp"
#include "ecosystem/works.hpp"

namespace causeway::ecosystem {

Result<void> Centres::tell(Known known, const KeepWaiting& keep_waiting) {
  auto done = for_every_instance([&](std::size_t i) { return open(i, keep_waiting); });
  if (!done || known == Known::all) return done;
  done = for_every_instance([&](std::size_t i) { return tell_one(i, known); });
  if (!done) return done;
  return for_every_instance([&](std::size_t i) { return trust_others(i, keep_waiting); });
}

Result<void> Centres::register_servers(const KeepWaiting& keep_waiting) {
  auto done = for_every_instance([&](std::size_t i) {
    return ecosystem::register_servers(*interfaces_[i], layout_, plan_.instances[i], ports_, keep_waiting, limit_);
  });
  return done ? wait_for_registrations(plan_, layout_, keep_waiting, limit_) : done;
}

Result<void> Centres::open(std::size_t i, const KeepWaiting& keep_waiting) {
  const auto attempt = [&]() -> Result<void> {
    auto opened = open_centre(layout_, plan_.instances[i], ports_.instances[i]);
    if (!opened) return opened.error();
    if (const auto answer = (*opened)->ask("GET", "/system/status"); !answer) return answer.error();
    interfaces_[i] = *std::move(opened);
    return {};
  };
  return retry(attempt, "the Central Server of " + plan_.instances[i].id, keep_waiting, limit_);
}

Result<void> Centres::tell_one(std::size_t i, Known known) {
  CentreInterface& centre = *interfaces_[i];
  const PlannedInstance& instance = plan_.instances[i];
  auto told = known == Known::moved ? tell_ports(centre, ports_.instances[i])
                                    : found_instance(centre, layout_, instance, ports_.instances[i]);
  if (!told) return told;
  hasten(layout_.central(instance), "center");
  return download_anchors(centre, layout_, instance);
}

Result<void> Centres::trust_others(std::size_t i, const KeepWaiting& keep_waiting) {
  for (const PlannedInstance& other : plan_.instances) {
    if (other.id == plan_.instances[i].id) continue;
    // An anchor is taken when there is something to download by it.
    auto trusted = retry([&] { return trust_instance(*interfaces_[i], layout_, other); },
                         "the configuration of " + other.id, keep_waiting, limit_);
    if (!trusted) return trusted;
  }
  return {};
}

Result<void> Centres::for_every_instance(const std::function<Result<void>(std::size_t)>& work) const {
  std::vector<Work> works;
  for (std::size_t i = 0; i < plan_.instances.size(); ++i)
    works.push_back(std::async(std::launch::async, [i, &work] { return work(i); }));
  return all_of(std::move(works));
}

}  // namespace causeway::ecosystem
