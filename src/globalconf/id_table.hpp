// SPDX-License-Identifier: MIT
// The ids of a document of shared parameters, and the clients they stand for.
//
// A Central Server numbers them ("id12"), so that a number is a place in a table; any other
// id works too, for more memory.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/page_vector.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::globalconf {

class IdTable {
 public:
  // False when the id is taken.
  bool add(std::string_view id, ClientRef client) {
    if (find(id)) return false;
    const auto number = number_of(id);
    // A number far beyond those before would make a table of mostly air.
    if (!number || *number > 2 * count_ + kSlack) return named_.emplace(id, client).second;
    if (*number >= numbered_.size()) numbered_.resize(*number + std::size_t{1}, kFree);
    numbered_[*number] = client;
    ++count_;
    return true;
  }

  std::optional<ClientRef> find(std::string_view id) const {
    const auto number = number_of(id);
    if (number && *number < numbered_.size() && numbered_[*number] != kFree) return numbered_[*number];
    if (named_.empty()) return std::nullopt;
    const auto found = named_.find(std::string(id));
    return found == named_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  static constexpr ClientRef kFree{0xffffffff, 0};
  static constexpr std::size_t kSlack = 4096;

  // Of "id0", "id1", ... in the one way that each is written.
  static std::optional<std::uint32_t> number_of(std::string_view id) {
    if (!id.starts_with("id")) return std::nullopt;
    id.remove_prefix(2);
    if (id.empty() || (id.size() > 1 && id.front() == '0')) return std::nullopt;
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
    return number;
  }

  PageVector<ClientRef> numbered_;
  std::size_t count_ = 0;  // in numbered_
  std::unordered_map<std::string, ClientRef> named_;
};

}  // namespace causeway::globalconf
