// SPDX-License-Identifier: MIT
#include "signer/pin_policy.hpp"

#include <algorithm>

#include "signer/faults.hpp"

namespace causeway::signer {
namespace {

constexpr std::size_t kMinLength = 10;
constexpr std::size_t kMaxLength = 1024;
constexpr int kMinClasses = 3;

bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool printable(char c) { return c >= 32 && c <= 126; }
bool special(char c) { return printable(c) && !lower(c) && !upper(c) && !digit(c); }

}  // namespace

Result<void> check_pin_policy(std::string_view pin, bool enforced) {
  const auto refuse = [](std::string text) { return signer_fault(kPinPolicyFailure, std::move(text)); };
  if (pin.empty()) return refuse("the PIN is empty");
  if (pin.size() > kMaxLength) return refuse("the PIN is too long");
  if (!enforced) return {};
  if (pin.size() < kMinLength) return refuse("the PIN must have at least 10 characters");
  if (!std::ranges::all_of(pin, printable)) return refuse("the PIN may hold printable ASCII characters only");
  const int classes = int{std::ranges::any_of(pin, lower)} + int{std::ranges::any_of(pin, upper)} +
                      int{std::ranges::any_of(pin, digit)} + int{std::ranges::any_of(pin, special)};
  if (classes < kMinClasses)
    return refuse("the PIN must mix at least three of lower case, upper case, digits and other characters");
  return {};
}

}  // namespace causeway::signer
