// SPDX-License-Identifier: MIT
// A PIN in memory: wiped when it is no longer needed.
#pragma once

#include <string.h>

#include <string>
#include <string_view>
#include <utility>

namespace causeway::signer {

inline void wipe(std::string& text) {
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : text_(text) {}
  ~Secret() { wipe(text_); }
  Secret(const Secret& other) = default;
  // A moved string would leave its octets behind, unwiped.
  // NOLINTNEXTLINE(performance-move-constructor-init)
  Secret(Secret&& other) noexcept : text_(other.text_) { wipe(other.text_); }
  // NOLINTNEXTLINE(performance-unnecessary-value-param)
  Secret& operator=(Secret other) noexcept {
    wipe(text_);
    text_ = other.text_;
    return *this;
  }

  std::string_view view() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

}  // namespace causeway::signer
