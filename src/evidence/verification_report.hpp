// SPDX-License-Identifier: MIT
// What a verification checked, one line per check, for people and for programs.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"

namespace causeway::evidence {

enum class CheckState {
  passed,
  unverified,  // nothing speaks against it, but nothing proves it either
  failed,
  skipped,  // a check that it builds on failed
};

std::string_view to_string(CheckState state);  // "passed", ...

struct Check {
  std::string name;  // stable, for scripts: "signature_value"
  CheckState state = CheckState::passed;
  std::string code;  // of the fault, when it failed
  std::string text;  // why, or what was found
};

// Every check in the order in which they were made.
class Checks {
 public:
  void pass(std::string_view name, std::string text) { add(name, CheckState::passed, {}, std::move(text)); }
  void leave(std::string_view name, std::string text) { add(name, CheckState::unverified, {}, std::move(text)); }
  void skip(std::string_view name, std::string text) { add(name, CheckState::skipped, {}, std::move(text)); }
  void fail(std::string_view name, const Fault& fault) { add(name, CheckState::failed, fault.code, fault.text); }

  const std::vector<Check>& all() const { return checks_; }
  // The one that decides; nullptr when none failed.
  const Check* first_failure() const {
    const auto found = std::ranges::find(checks_, CheckState::failed, &Check::state);
    return found == checks_.end() ? nullptr : &*found;
  }
  bool good() const { return !checks_.empty() && first_failure() == nullptr; }

 private:
  void add(std::string_view name, CheckState state, std::string code, std::string text) {
    checks_.push_back({std::string(name), state, std::move(code), std::move(text)});
  }
  std::vector<Check> checks_;
};

}  // namespace causeway::evidence
