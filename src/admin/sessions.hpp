// SPDX-License-Identifier: MIT
// Who is logged in through a browser (administration.md 1, session login).
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "admin/roles.hpp"

namespace causeway::admin {

struct Session {
  std::string id;          // of the cookie JSESSIONID
  std::string csrf_token;  // of the cookie XSRF-TOKEN, which each request repeats in a header
  std::string user;
  Names roles;
};

// From any thread. Sessions end with the process: whoever was logged in logs in again.
class Sessions {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::minutes kIdle{30};
  // One more pushes out that which was idle longest: logins do not grow without bound.
  static constexpr std::size_t kMost = 1000;

  Session begin(std::string user, Names roles, Clock::time_point now);
  // Nothing: there is none, or it was idle for too long. Notifications, which a page asks for by
  // itself, do not prolong it.
  std::optional<Session> find(const std::string& id, Clock::time_point now, bool prolong = true);
  void end(const std::string& id);

 private:
  struct Kept {
    Session session;
    Clock::time_point used;
  };
  void make_room(Clock::time_point now);

  std::mutex mutex_;
  std::unordered_map<std::string, Kept> by_id_;
};

}  // namespace causeway::admin
