// SPDX-License-Identifier: MIT
// The nodes of a document as values of what it describes. What is not as it should be is refused
// with its place: "<file>:<line>:<column>: reason".
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "yaml/yaml_document.hpp"

namespace causeway {

// Carries the one complaint out of the nested reading; a reader lets it no further.
struct YamlRefused {
  Fault fault;
};

// Reads single nodes; each throws YamlRefused. `what` names a node in a complaint.
class YamlPlace {
 public:
  YamlPlace(std::string file, std::string_view code) : file_(std::move(file)), code_(code) {}

  [[noreturn]] void refuse(const YamlNode& at, std::string_view reason) const;
  std::string_view text(const YamlNode& node, std::string_view what) const;
  YamlNode::Children<YamlNode, 1> sequence(const YamlNode& node, std::string_view what) const;
  bool flag(const YamlNode& node, std::string_view what) const;
  std::int64_t number(const YamlNode& node, std::string_view what, std::int64_t least, std::int64_t most) const;
  // One of `known`, whose places are the values of an enumeration.
  std::size_t choice(const YamlNode& node, std::string_view what, std::span<const std::string_view> known) const;

 private:
  const std::string file_, code_;
};

// A mapping whose keys are all known.
class YamlFields {
 public:
  // `what` is a constant text.
  YamlFields(const YamlPlace& place, const YamlNode& node, std::string_view what,
             std::initializer_list<std::string_view> known);

  std::optional<YamlNode> find(std::string_view key) const;
  YamlNode require(std::string_view key) const;

 private:
  const YamlPlace& place_;
  YamlNode node_;
  std::string_view what_;
};

}  // namespace causeway
