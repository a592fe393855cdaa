// SPDX-License-Identifier: MIT
// A text that many hold and nobody changes: copies share its octets.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace causeway {

class SharedText {
 public:
  SharedText() = default;
  SharedText(std::string text) : text_(text.empty() ? nullptr : std::make_shared<const std::string>(std::move(text))) {}
  SharedText(const char* text) : SharedText(std::string(text)) {}

  const std::string& str() const {
    static const std::string nothing;
    return text_ ? *text_ : nothing;
  }
  operator const std::string&() const { return str(); }
  operator std::string_view() const { return str(); }

  bool empty() const { return text_ == nullptr; }
  std::size_t size() const { return str().size(); }

  // Octet by octet, unless both share them.
  friend bool operator==(const SharedText& a, const SharedText& b) { return a.text_ == b.text_ || a.str() == b.str(); }

 private:
  std::shared_ptr<const std::string> text_;  // null when empty
};

}  // namespace causeway
