// SPDX-License-Identifier: MIT
#include "net/http_message.hpp"

#include <algorithm>

namespace causeway::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::set(std::string_view name, std::string value) {
  const auto same = [name](const Entry& entry) { return equals_ignoring_case(entry.first, name); };
  const auto first = std::find_if(entries_.begin(), entries_.end(), same);
  if (first == entries_.end()) {
    entries_.emplace_back(std::string(name), std::move(value));
    return;
  }
  first->second = std::move(value);
  entries_.erase(std::remove_if(first + 1, entries_.end(), same), entries_.end());
}

void Headers::remove(std::string_view name) {
  std::erase_if(entries_, [name](const Entry& entry) { return equals_ignoring_case(entry.first, name); });
}

const std::string* Headers::find(std::string_view name) const {
  for (const Entry& entry : entries_)
    if (equals_ignoring_case(entry.first, name)) return &entry.second;
  return nullptr;
}

const std::string* Headers::find_last(std::string_view name) const {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry)
    if (equals_ignoring_case(entry->first, name)) return &entry->second;
  return nullptr;
}

std::string_view RequestHead::path() const {
  std::string_view text = target;
  // The absolute form, as sent to proxies: scheme://authority/path.
  const std::size_t scheme = text.starts_with('/') ? std::string_view::npos : text.find("://");
  if (scheme != std::string_view::npos && scheme < text.find('?')) {
    const std::size_t slash = text.find_first_of("/?", scheme + 3);
    if (slash == std::string_view::npos || text[slash] == '?') return "/";
    text.remove_prefix(slash);
  }
  return text.substr(0, text.find('?'));
}

std::optional<std::string_view> RequestHead::query() const {
  const auto mark = target.find('?');
  if (mark == std::string::npos) return std::nullopt;
  return std::string_view(target).substr(mark + 1);
}

}  // namespace causeway::net
