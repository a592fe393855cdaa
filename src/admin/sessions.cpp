// SPDX-License-Identifier: MIT
#include "admin/sessions.hpp"

#include <algorithm>

#include "base/uuid.hpp"

namespace causeway::admin {
namespace {

// 5.7 bits a letter: more than 256 bits.
std::string random_id() { return random_letters(48); }

}  // namespace

Session Sessions::begin(std::string user, Names roles, Clock::time_point now) {
  Session session{random_id(), random_uuid(), std::move(user), std::move(roles)};
  const std::lock_guard lock(mutex_);
  make_room(now);
  by_id_.emplace(session.id, Kept{session, now});
  return session;
}

void Sessions::make_room(Clock::time_point now) {
  if (by_id_.size() < kMost) return;
  std::erase_if(by_id_, [now](const auto& each) { return now - each.second.used > kIdle; });
  if (by_id_.size() < kMost) return;
  by_id_.erase(std::ranges::min_element(by_id_, {}, [](const auto& each) { return each.second.used; }));
}

std::optional<Session> Sessions::find(const std::string& id, Clock::time_point now, bool prolong) {
  const std::lock_guard lock(mutex_);
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return std::nullopt;
  if (now - found->second.used > kIdle) {
    by_id_.erase(found);
    return std::nullopt;
  }
  if (prolong) found->second.used = now;
  return found->second.session;
}

void Sessions::end(const std::string& id) {
  const std::lock_guard lock(mutex_);
  by_id_.erase(id);
}

}  // namespace causeway::admin
