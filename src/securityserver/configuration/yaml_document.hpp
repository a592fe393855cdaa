// SPDX-License-Identifier: MIT
// YAML read strictly: one document, every value a text, no key twice, no anchors, aliases
// or tags, limited depth. Each node knows where it stands, so that a complaint can say it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace causeway::securityserver {

struct YamlEntry;

struct YamlNode {
  enum class Kind { empty, text, sequence, mapping };

  Kind kind = Kind::empty;
  int line = 0;  // from 1
  int column = 0;
  std::string text;
  std::vector<YamlNode> items;     // of a sequence
  std::vector<YamlEntry> entries;  // of a mapping, in order
};

struct YamlEntry {
  YamlNode key;  // a text
  YamlNode value;
};

// malformed_server_conf, "<name>:<line>:<column>: reason".
Result<YamlNode> parse_yaml(const std::string& text, std::string_view name);

// As a scalar that parse_yaml reads back: plain where that is safe, else in double quotes.
std::string yaml_scalar(std::string_view text);

}  // namespace causeway::securityserver
