// SPDX-License-Identifier: MIT
#include "admin/address_list.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "domain/fault_code.hpp"

namespace causeway::admin {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace

std::optional<AddressList::Network> AddressList::network(std::string_view text) {
  const auto slash = text.find('/');
  const std::string address(text.substr(0, slash));
  Network network;
  if (::inet_pton(AF_INET, address.c_str(), network.octets.data()) == 1)
    network.length = 4;
  else if (::inet_pton(AF_INET6, address.c_str(), network.octets.data()) == 1)
    network.length = 16;
  else
    return std::nullopt;
  network.prefix = static_cast<unsigned>(network.length) * 8;
  if (slash == std::string_view::npos) return network;
  const std::string_view prefix = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(prefix.data(), prefix.data() + prefix.size(), bits);
  if (error != std::errc{} || end != prefix.data() + prefix.size() || bits > network.prefix) return std::nullopt;
  network.prefix = bits;
  return network;
}

Result<AddressList> AddressList::parse(std::string_view text) {
  AddressList list;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view entry = trimmed(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    if (entry.empty()) continue;
    const auto one = network(entry);
    if (!one)
      return fault(FaultCode::malformed_server_conf,
                   "\"" + std::string(entry) + "\" is neither an IP address nor a network");
    list.networks_.push_back(*one);
  }
  return list;
}

AddressList AddressList::everybody() { return *parse("0.0.0.0/0, ::/0"); }

bool AddressList::contains(std::string_view address) const {
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  auto asked = address.find('/') == std::string_view::npos ? network(address) : std::nullopt;
  if (!asked) return false;
  if (asked->length == 16 && std::equal(kMapped.begin(), kMapped.end(), asked->octets.begin())) {
    std::copy_n(asked->octets.begin() + kMapped.size(), 4, asked->octets.begin());
    asked->length = 4;
  }
  return std::ranges::any_of(networks_, [&](const Network& each) {
    if (each.length != asked->length) return false;
    const auto whole = static_cast<std::ptrdiff_t>(each.prefix / 8);
    if (!std::equal(each.octets.begin(), each.octets.begin() + whole, asked->octets.begin())) return false;
    const unsigned rest = each.prefix % 8;
    if (rest == 0) return true;
    const auto at = static_cast<std::size_t>(whole);
    return (each.octets[at] ^ asked->octets[at]) >> (8 - rest) == 0;
  });
}

}  // namespace causeway::admin
