// SPDX-License-Identifier: MIT
// Heads of HTTP/1.1 messages as plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::net {

bool equals_ignoring_case(std::string_view a, std::string_view b);

// In arrival order, case of names kept, repeats kept.
class Headers {
 public:
  using Entry = std::pair<std::string, std::string>;

  void add(std::string name, std::string value) { entries_.emplace_back(std::move(name), std::move(value)); }
  void set(std::string_view name, std::string value);  // replaces all of that name
  void remove(std::string_view name);
  // The first of that name, ignoring case.
  const std::string* find(std::string_view name) const;
  const std::string* find_last(std::string_view name) const;

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }
  void reserve(std::size_t count) { entries_.reserve(count); }

 private:
  std::vector<Entry> entries_;
};

struct RequestHead {
  std::string method;
  std::string target;  // as on the request line
  Headers headers;

  std::string_view path() const;                  // raw, before "?"; of an absolute target only its path
  std::optional<std::string_view> query() const;  // raw, after '?'
};

struct ResponseHead {
  int status = 200;
  std::string reason;
  Headers headers;
};

}  // namespace causeway::net
