// SPDX-License-Identifier: MIT
// Writes the small XML vocabulary of the configuration parts.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace causeway::globalconf {

class XmlOutput {
 public:
  // The root is `t:<name>`, with the prefixes t and i declared.
  explicit XmlOutput(std::string_view root);

  // `attributes` as they stand in the tag, their values escaped with escape().
  void open(std::string_view name, std::string_view attributes = {});
  void close(std::string_view name);
  void text(std::string_view name, std::string_view value);
  void base64(std::string_view name, ByteView value);
  // The whole document; the writer is of no use afterwards.
  std::string finish();

  static std::string escape(std::string_view value);

 private:
  void indent();

  std::string root_, out_;
  std::size_t depth_ = 1;
};

}  // namespace causeway::globalconf
