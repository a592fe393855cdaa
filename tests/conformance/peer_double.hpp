// SPDX-License-Identifier: MIT
// The third Security Server of the country, played by the test: answers as a provider's
// server in any way, and sends as a consumer's server whatever a case wants.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "country.hpp"
#include "evidence/signature.hpp"
#include "requests.hpp"

namespace causeway::conformance {

// A transport message in pieces; what is empty is left out.
struct TransportMessage {
  std::string boundary = "xtopConformanceConformanceConformanc";
  std::vector<Bytes> ocsp;
  std::string head_type = "text/xml; charset=UTF-8";
  std::string head;
  std::vector<std::pair<std::string, std::string>> attachments;  // content type, content
  std::string rest_body;
  bool has_rest_body = false;
  evidence::SignatureDocument signature;
  std::string last_type, last;  // one more part in the end

  evidence::MessageParts parts() const;
  std::string octets(bool closed = true) const;
};

// Signs as DEV/COM/double.
evidence::SignatureDocument sign_as_double(const evidence::MessageParts& parts, const Identity* other = nullptr);

// What a provider's server answers: HTTP head and body.
struct PeerAnswer {
  int status = 200;
  HeaderList headers;
  std::string body;
  bool abort = false;        // cut the connection (a reset)
  bool cut_in_body = false;  // the same after head and the given body
};

// How it meets those who connect: by default with SS3's own certificate.
struct PeerTls {
  const Identity* authentication = nullptr;
  net::TlsSuites suites = {};
  net::PeerCheck check = {};
  bool hands_out_ocsp = true;
};

class PeerDouble {
 public:
  // Listens on SS3's transport and OCSP ports for as long as it lives.
  using Play = std::function<PeerAnswer(const net::RequestHead&, const std::string& body)>;
  explicit PeerDouble(Play play, PeerTls tls = {});
  ~PeerDouble();

 private:
  net::Task<void> serve(net::ServerCall& call);
  net::Task<void> serve_ocsp(net::ServerCall& call);

  Play play_;
  Identity authentication_;
  std::unique_ptr<net::HttpServer> transport_, ocsp_;
};

// An honest signed answer to a SOAP request that came in `body` (a transport message).
PeerAnswer honest_soap_answer(const std::string& body, const std::function<void(TransportMessage&)>& change = {});
PeerAnswer multipart_answer(const TransportMessage& message, bool closed = true);

// To connect with to SS2, or to an information system's port of SS1.
std::shared_ptr<const net::TlsClientContext> client_tls(const Identity& identity);
// An honest signed SOAP request of DEV/COM/double/app to DEV/COM/provider/service.
TransportMessage honest_soap_request(const std::string& service, const std::string& id);
TransportMessage honest_rest_request(const std::string& verb, const std::string& path, const std::string& body);
// Headers that go with it (messages.md 4.3); `rest` adds the message type.
HeaderList transport_headers(const TransportMessage& message, bool rest);
// Sends it to SS2 with SS3's TLS certificate, or another.
Answer send_to_provider(const HeaderList& headers, const std::string& octets, const std::string& method = "POST",
                        const Identity* authentication = nullptr);
Answer send_to_provider(const TransportMessage& message, bool rest = false);

}  // namespace causeway::conformance
