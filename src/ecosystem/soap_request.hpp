// SPDX-License-Identifier: MIT
// SOAP messages that the samples and the scenario send.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/identifiers.hpp"

namespace causeway::ecosystem {

// `body`: the XML inside the Body.
std::string soap_request(const ClientId& client, const ServiceId& service, std::string_view id, std::string_view body);

struct SampleAttachment {
  std::string content_id, content_type, content;
};

// A multipart/related message (SOAP Messages with Attachments) and its content type.
struct MultipartRequest {
  std::string content_type, body;
};
MultipartRequest with_attachments(const std::string& soap, const std::vector<SampleAttachment>& attachments,
                                  const std::string& boundary);

}  // namespace causeway::ecosystem
