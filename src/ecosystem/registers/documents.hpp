// SPDX-License-Identifier: MIT
// The OpenAPI and WSDL documents of the sample services (documents/), as served.
#pragma once

#include <string>
#include <string_view>

namespace causeway::ecosystem {

enum class Document {
  population_openapi,
  business_openapi,
  objects_openapi,
  echo_openapi,
  population_wsdl,
  business_wsdl,
  echo_wsdl
};

// With the address where the service listens put in.
std::string document(Document which, std::string_view location);

}  // namespace causeway::ecosystem
