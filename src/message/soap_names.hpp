// SPDX-License-Identifier: MIT
// XML namespaces of X-Road's SOAP messages (messages.md 1, 2.3).
#pragma once

#include <string_view>

namespace causeway::message {

inline constexpr std::string_view kSoapNamespace = "http://schemas.xmlsoap.org/soap/envelope/";
inline constexpr std::string_view kSoapEncoding = "http://schemas.xmlsoap.org/soap/encoding/";
inline constexpr std::string_view kXRoadNamespace = "http://x-road.eu/xsd/xroad.xsd";
inline constexpr std::string_view kIdentifierNamespace = "http://x-road.eu/xsd/identifiers";
inline constexpr std::string_view kRepresentationNamespace = "http://x-road.eu/xsd/representation.xsd";

}  // namespace causeway::message
