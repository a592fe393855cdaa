// SPDX-License-Identifier: MIT
#include "pki/alt_names.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace causeway::pki {
namespace {

constexpr std::size_t kMaxNames = 100;
constexpr std::size_t kMaxDnsName = 253;

bool is_dns_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxDnsName && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '*';
  });
}

}  // namespace

Result<GeneralNamesPtr> make_alt_names(std::span<const std::string> names) {
  if (names.size() > kMaxNames) return fault(FaultCode::bad_request, "too many subject alternative names");
  GeneralNamesPtr list(sk_GENERAL_NAME_new_null());
  for (const std::string& name : names) {
    ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str());
    if (!address && !is_dns_name(name)) {
      return fault(FaultCode::bad_request, "neither DNS name nor IP address: " + name);
    }
    GENERAL_NAME* entry = GENERAL_NAME_new();
    if (address) {
      GENERAL_NAME_set0_value(entry, GEN_IPADD, address);
    } else {
      ASN1_IA5STRING* text = ASN1_IA5STRING_new();
      ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()));
      GENERAL_NAME_set0_value(entry, GEN_DNS, text);
    }
    sk_GENERAL_NAME_push(list.get(), entry);
  }
  return list;
}

std::vector<std::string> read_alt_names(const GENERAL_NAMES* names) {
  std::vector<std::string> texts;
  const int count = names ? std::min(sk_GENERAL_NAME_num(names), static_cast<int>(kMaxNames)) : 0;
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) texts.push_back(to_text(bytes_of(name->d.dNSName)));
    if (name->type == GEN_IPADD) {
      const ByteView octets = bytes_of(name->d.iPAddress);
      std::array<char, INET6_ADDRSTRLEN> text{};
      if ((octets.size() == 4 || octets.size() == 16) &&
          inet_ntop(octets.size() == 4 ? AF_INET : AF_INET6, octets.data(), text.data(), text.size())) {
        texts.emplace_back(text.data());
      }
    }
  }
  return texts;
}

}  // namespace causeway::pki
