// SPDX-License-Identifier: MIT
// Descriptions of services, which their owners write: WSDL and OpenAPI, JSON and YAML.
#include <cstdint>
#include <cstdlib>

#include "message/metadata.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace causeway::message;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  if (const auto wsdl = anonymous_wsdl(input)) require(*anonymous_wsdl(*wsdl) == *wsdl);
  for (const char* type : {"application/json", "application/x-yaml"})
    if (const auto document = anonymous_openapi(input, type, "")) {
      const auto again = anonymous_openapi(*document, type, "");
      require(again.ok() && *again == *document);
    }
  return 0;
}
