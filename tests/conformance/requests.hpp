// SPDX-License-Identifier: MIT
// What information systems send in conformance cases, and how they read the answer.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "country.hpp"

namespace causeway::conformance {

struct Answer {
  int status = 0;
  net::Headers headers;
  std::string body;
  std::string problem;  // of the connection, when there was no answer

  // Of a SOAP Fault or a REST error; empty when it is neither.
  std::string fault_code() const;
  std::string fault_text() const;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// A SOAP 1.1 message with the X-Road headers; `body` is the content of the Body's child
// element, which is named `element` (by default as the service).
struct SoapParts {
  std::string xml_declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
  std::string header;  // content of soap:Header
  std::string body;    // content of soap:Body
};
SoapParts soap_parts(const ClientId& client, const ClientId& provider, const std::string& service,
                     const std::string& id);
std::string soap_text(const SoapParts& parts);
std::string soap_request(const ClientId& client, const ClientId& provider, const std::string& service,
                         const std::string& id);
// As an honest service answers this request: same header, `...Response`.
std::string soap_answer(const std::string& request);

// To the consumer's server, by plain HTTP.
Answer post(const std::string& content_type, const std::string& body, const HeaderList& more = {});
Answer post_soap(const std::string& soap);
// With X-Road-Client of the app unless `headers` has one.
Answer send_rest(const std::string& method, const std::string& target, HeaderList headers, const std::string& body);
// Of an information system that shows this certificate, or none.
std::shared_ptr<const net::TlsClientContext> client_tls(const Identity* identity);
// Any HTTP request, to anywhere.
Answer send(const net::Endpoint& endpoint, std::shared_ptr<const net::TlsClientContext> tls, net::RequestHead head,
            const std::string& body);

}  // namespace causeway::conformance
