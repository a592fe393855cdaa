// SPDX-License-Identifier: MIT
#include "domain/fault_code.hpp"

#include <array>
#include <utility>

namespace causeway {
namespace {

// Names whose older spelling does not follow from the words (messages.md section 6).
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kIrregular{{
    {"io_error", "IOError"},
    {"global_conf_outdated", "OutdatedGlobalConf"},
    {"hashchain_unused_inputs", "HashChainUnusedInputs"},
    {"hsm_non_operational", "HSMNonOperational"},
    {"token_readonly", "TokenReadOnly"},
    {"serverproxy", "ServerProxy"},
    {"clientproxy", "ClientProxy"},
    {"opmonitor", "OpMonitor"},
}};

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

std::string modern_part(std::string_view part) {
  for (const auto& [modern, older] : kIrregular)
    if (part == older) return std::string(modern);
  std::string text;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool starts_word =
        is_upper(part[i]) && i > 0 &&
        (!is_upper(part[i - 1]) || (i + 1 < part.size() && !is_upper(part[i + 1]) && part[i + 1] != '_'));
    if (starts_word && part[i - 1] != '_') text += '_';
    text += lower(part[i]);
  }
  return text;
}

std::string older_part(std::string_view part) {
  for (const auto& [modern, older] : kIrregular)
    if (part == modern) return std::string(older);
  std::string text;
  bool starts_word = true;
  for (const char c : part) {
    if (c == '_') {
      starts_word = true;
      continue;
    }
    text += starts_word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    starts_word = false;
  }
  return text;
}

template <class Convert>
std::string each_part(std::string_view code, Convert convert) {
  std::string text;
  for (;;) {
    const auto dot = code.find('.');
    text += convert(code.substr(0, dot));
    if (dot == std::string_view::npos) return text;
    text += '.';
    code.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string_view to_string(FaultCode code) {
  static constexpr std::array kNames{
#define CAUSEWAY_NAME(name) std::string_view(#name),
      CAUSEWAY_FAULT_CODES(CAUSEWAY_NAME)
#undef CAUSEWAY_NAME
  };
  return kNames[static_cast<std::size_t>(code)];
}

std::string modern_fault_code(std::string_view code) { return each_part(code, modern_part); }

std::string older_fault_code(std::string_view code) { return each_part(code, older_part); }

}  // namespace causeway
