// SPDX-License-Identifier: MIT
#include "country/country.hpp"

namespace causeway::country {

std::string short_id(const ClientId& id) {
  const std::string whole = id.to_rest();
  return whole.substr(whole.find('/') + 1);
}

std::string api_id(const ClientId& id) {
  std::string text = id.instance() + ":" + id.member_class() + ":" + id.member_code();
  if (id.is_subsystem()) text += ":" + id.subsystem();
  return text;
}

}  // namespace causeway::country
