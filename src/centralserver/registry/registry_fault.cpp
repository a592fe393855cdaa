// SPDX-License-Identifier: MIT
#include "centralserver/registry/registry_fault.hpp"

#include <array>
#include <utility>

namespace causeway::centralserver {

std::string_view to_string(RegistryFault code) {
  static constexpr std::array kNames{
#define CAUSEWAY_NAME(name) std::string_view(#name),
      CAUSEWAY_REGISTRY_FAULTS(CAUSEWAY_NAME)
#undef CAUSEWAY_NAME
  };
  return kNames[static_cast<std::size_t>(code)];
}

Fault fault(RegistryFault code, std::string text) { return Fault{std::string(to_string(code)), std::move(text)}; }

}  // namespace causeway::centralserver
