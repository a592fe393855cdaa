// SPDX-License-Identifier: MIT
// The SOAP services of both registers and the echo (documents/*.wsdl), apart from the
// network. The X-Road headers of a request stand unchanged in its answer (messages.md 3.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/registers/registers.hpp"
#include "message/soap.hpp"

namespace causeway::ecosystem {

struct EchoedAttachment {
  std::string content_id, content_type;
  std::uint64_t size = 0;
  std::string sha256;  // lower-case hexadecimal
};

// The answer's bytes. bad_request when the body is none of the service's operations or lacks
// what the operation needs; what the registers report otherwise.
Result<Bytes> population_soap(Registers& registers, const message::SoapMessage& request);
Result<Bytes> business_soap(Registers& registers, const message::SoapMessage& request);
Result<Bytes> echo_soap(const message::SoapMessage& request, const std::vector<EchoedAttachment>& attachments);

}  // namespace causeway::ecosystem
