// SPDX-License-Identifier: MIT
// What went wrong, in the words a caller and an operator can act on.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace causeway {

// `code` is a dotted path, outermost part first ("service_failed.io_error");
// the origin ("server.clientproxy") is put in front once, at the process border.
struct Fault {
  std::string code;
  std::string text;
  // Set only on faults relayed from a peer, and on those already given an id.
  std::string detail = {};
  std::string actor = {};
  // A fault that a peer sent is passed on as it came, without a prefix.
  bool relayed = false;

  // The same fault one level further out: code becomes `prefix.code`, unless it
  // already starts with the prefix (messages.md section 6) or was relayed.
  [[nodiscard]] Fault under(std::string_view prefix) const {
    Fault outer = *this;
    const bool has_it = code.starts_with(prefix) && (code.size() == prefix.size() || code[prefix.size()] == '.');
    if (!relayed && !has_it) outer.code = std::string(prefix) + "." + code;
    return outer;
  }

  // The same fault with what was being done put in front of its text.
  [[nodiscard]] Fault while_doing(std::string_view what) const {
    Fault fuller = *this;
    fuller.text = std::string(what) + ": " + text;
    return fuller;
  }
};

}  // namespace causeway
