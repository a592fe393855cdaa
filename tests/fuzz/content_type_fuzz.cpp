// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>

#include "message/content_type.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace causeway::message;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const auto type = ContentType::parse(input);
  const std::string utf8 = with_utf8_charset(input);
  if (!type) {
    require(type.error().code == "invalid_content_type");
    return 0;
  }
  require(!type->type.empty());
  const auto again = ContentType::parse(utf8);
  // An open quote swallows what is put behind it.
  if (again) require(again->type == type->type);
  return 0;
}
