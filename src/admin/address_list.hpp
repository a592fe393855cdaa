// SPDX-License-Identifier: MIT
// Networks from which something may be asked: "127.0.0.0/8, ::1".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace causeway::admin {

class AddressList {
 public:
  // Addresses and networks in CIDR form, separated by commas; empty: nobody. malformed_server_conf
  // names the entry that is neither.
  static Result<AddressList> parse(std::string_view text);
  static AddressList everybody();
  // False for what is no address. An IPv4 address within IPv6 (::ffff:1.2.3.4) counts as itself.
  bool contains(std::string_view address) const;

 private:
  struct Network {
    std::array<std::uint8_t, 16> octets{};
    std::size_t length = 0;  // in octets: 4 or 16
    unsigned prefix = 0;     // in bits
  };
  static std::optional<Network> network(std::string_view text);
  std::vector<Network> networks_;
};

}  // namespace causeway::admin
