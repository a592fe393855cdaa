// SPDX-License-Identifier: MIT
// Names on the wire between Security Servers and towards information systems.
#pragma once

#include <string_view>

namespace causeway::message {

// Transport headers (messages.md 4.3). Java looks up the response ones in exactly
// this lower case.
inline constexpr std::string_view kHashAlgorithm = "x-hash-algorithm";
inline constexpr std::string_view kProxyVersion = "x-proxy-version";
inline constexpr std::string_view kOriginalContentType = "x-original-content-type";
inline constexpr std::string_view kOriginalSoapAction = "x-original-soapaction";
inline constexpr std::string_view kRequestId = "x-road-request-id";
inline constexpr std::string_view kMessageType = "x-road-message-type";

// Towards information systems (messages.md 2.5).
inline constexpr std::string_view kClient = "x-road-client";
inline constexpr std::string_view kService = "x-road-service";
inline constexpr std::string_view kId = "x-road-id";
inline constexpr std::string_view kSecurityServer = "x-road-security-server";
inline constexpr std::string_view kRepresentedParty = "x-road-represented-party";
inline constexpr std::string_view kUserId = "x-road-userid";
inline constexpr std::string_view kIssue = "x-road-issue";
inline constexpr std::string_view kRequestHash = "x-road-request-hash";
inline constexpr std::string_view kError = "x-road-error";

// Part content types (messages.md 4.4).
inline constexpr std::string_view kTypeOcsp = "application/ocsp-response";
inline constexpr std::string_view kTypeRestRequest = "application/x-road-rest-request";
inline constexpr std::string_view kTypeRestResponse = "application/x-road-rest-response";
inline constexpr std::string_view kTypeRestBody = "application/x-road-rest-body";
inline constexpr std::string_view kTypeHashChainResult = "application/hash-chain-result";
inline constexpr std::string_view kTypeHashChain = "application/hash-chain";
inline constexpr std::string_view kTypeSignature = "signature/bdoc-1.0/ts";

}  // namespace causeway::message
