// SPDX-License-Identifier: MIT
// Management requests from anybody who reaches the port. The highest bit of the first octet says
// that the SOAP stands alone.
#include "centralserver/managementservice/management_message.hpp"
#include "oracle.hpp"

using namespace causeway;
using namespace causeway::centralserver;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const char* const content_type = (bytes[0] & 0x80) != 0 ? "text/xml" : "multipart/related; boundary=B";
  const auto message = read_management_message(content_type, ByteView(bytes + 1, size - 1));
  if (!message) {
    require(!message.error().code.empty());
    return 0;
  }
  const auto type = request_type_of_service(message->soap.header.service.code());
  require(type.ok() && message->attachments.size() <= attachments_of(*type));
  const auto asked = read_asked_for(message->soap, *type);
  if (!asked) return 0;
  require(asked->request.type == *type && asked->request.origin == RequestOrigin::security_server);
  require(!asked->dry_run || *type == RequestType::AUTH_CERT_REGISTRATION);
  return 0;
}
