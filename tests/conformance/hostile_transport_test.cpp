// SPDX-License-Identifier: MIT
// What strangers, and servers that are registered but lie, send to a provider's server:
// ports 5500 and 5577.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "hostile_kit.hpp"
#include "message/multipart.hpp"
#include "securityserver/transport/transport_settings.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;

const char* const kStranger = "stranger, port 5500";
const char* const kServer = "registered server, port 5500";
const char* const kOcsp = "stranger, port 5577";

std::string head_of(const HeaderList& headers) {
  std::string head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n";
  for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
  return head + "\r\n";
}

class HostileServer : public Hostile {
 protected:
  HostileServer() : Hostile(Country::shared().provider_directory()) {}

  static std::unique_ptr<RawConnection> connect() {
    auto connection = std::make_unique<RawConnection>(Country::shared().provider_transport());
    // Of TLS 1.2 nothing comes after the handshake that could be taken for an answer.
    EXPECT_TRUE(connection->start_tls(&Country::shared().double_authentication(), TLS1_2_VERSION));
    return connection;
  }
  // A connection on which the head of a transport message went out.
  static std::unique_ptr<RawConnection> begun(const TransportMessage& message, bool rest = false) {
    auto connection = connect();
    connection->send(head_of(transport_headers(message, rest)));
    return connection;
  }
  static std::string fault_of(const TransportMessage& message, bool rest = false) {
    const Answer answer = send_to_provider(message, rest);
    return answer.problem.empty() ? answer.fault_code() : answer.problem;
  }
  // An honest message with a chain signature, to be changed.
  static TransportMessage chained() {
    auto message = honest_soap_request("getState", "h-2");
    message.attachments = {{"text/plain", "one"}};
    message.signature = sign_as_double(message.parts());
    return message;
  }
};

TEST(AntiDos, ParametersLimitEachPort) {
  using securityserver::TransportSettings;
  const auto usual = TransportSettings::from(Parameters()).server_limits(7s);
  EXPECT_EQ(usual.idle_time, 7s);
  EXPECT_EQ(usual.max_connections, 5000U);
  EXPECT_EQ(usual.min_free_handles, 100U);
  const auto set = TransportSettings::from(
      Parameters({{"anti-dos.max-parallel-connections", "20"}, {"anti-dos.min-free-file-handles", "30"}}));
  EXPECT_EQ(set.server_limits(7s).max_connections, 20U);
  EXPECT_EQ(set.server_limits(7s).min_free_handles, 30U);
  const auto off = TransportSettings::from(Parameters({{"anti-dos.enabled", "false"}})).server_limits(7s);
  EXPECT_GT(off.max_connections, 1'000'000U);
  EXPECT_EQ(off.min_free_handles, 0U);
}

// -- whom nobody knows

TEST_F(HostileServer, SaysNothing) {
  expect({kStranger, "40 connections that say nothing, or half a ClientHello", "closed", "idle time", 24,
          "TLS handshake"});
  std::vector<std::unique_ptr<RawConnection>> silent;
  for (int i = 0; i < 40; ++i) {
    silent.push_back(std::make_unique<RawConnection>(Country::shared().provider_transport()));
    if (i % 2 == 0) silent.back()->send(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7));
  }
  for (auto& connection : silent) EXPECT_TRUE(connection->ended());
}

TEST_F(HostileServer, NoTls) {
  expect({kStranger, "plain HTTP, garbage", "closed", "at once", 16, "TLS handshake"});
  RawConnection plain(Country::shared().provider_transport());
  plain.send("POST / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(plain.ended());
  RawConnection garbage(Country::shared().provider_transport());
  garbage.send(std::string(100'000, '\x16'));
  EXPECT_TRUE(garbage.ended());
}

TEST_F(HostileServer, NoCertificate) {
  expect({kStranger, "TLS without a certificate, or with one that is not registered", "handshake refused", "at once",
          16, "TLS handshake"});
  for (const Identity* identity : {static_cast<const Identity*>(nullptr), &Country::shared().stranger()}) {
    RawConnection connection(Country::shared().provider_transport());
    EXPECT_FALSE(connection.start_tls(identity, TLS1_2_VERSION));
    // TLS 1.3 tells a client afterwards.
    RawConnection later(Country::shared().provider_transport());
    later.start_tls(identity);
    EXPECT_EQ(later.read_all(), "");
  }
}

TEST_F(HostileServer, OldTls) {
  expect({kStranger, "TLS 1.1 and older", "handshake refused", "at once", 16, "TLS handshake"});
  for (const int version : {TLS1_1_VERSION, TLS1_VERSION}) {
    RawConnection old(Country::shared().provider_transport());
    EXPECT_FALSE(old.start_tls(&Country::shared().double_authentication(), version));
  }
}

TEST_F(HostileServer, ResetHandshakes) {
  expect({kStranger, "connections reset in the handshake", "closed", "at once", 16, "TLS handshake"});
  for (int i = 0; i < 50; ++i) {
    RawConnection early(Country::shared().provider_transport());
    early.send(std::string_view("\x16\x03\x01", 3));
    early.reset();
  }
  std::this_thread::sleep_for(1s);
}

// -- who is registered

TEST_F(HostileServer, Renegotiation) {
  expect({kServer, "TLS renegotiation", "refused", "at once", 16, ""});
  RawConnection connection(Country::shared().provider_transport());
  ASSERT_TRUE(connection.start_tls(&Country::shared().double_authentication(), TLS1_2_VERSION));
  EXPECT_FALSE(connection.renegotiate());
}

TEST_F(HostileServer, SlowHead) {
  expect({kServer, "an HTTP head that comes an octet at a time", "closed", "idle time", 16, "given up in its head"});
  const auto connection = connect();
  connection->trickle("POST / HTTP/1.1\r\nX: " + std::string(200, 'a'), 300ms);
  EXPECT_TRUE(connection->ended());
}

TEST_F(HostileServer, SlowParts) {
  expect({kServer, "a transport message that comes an octet at a time", "server.serverproxy.service_failed.io_error",
          "two idle times", 16, "server.serverproxy.service_failed.io_error"});
  const auto message = honest_soap_request("getState", "h-3");
  const std::string octets = message.octets();
  for (const std::size_t from : {std::size_t{0}, octets.find("Envelope"), octets.find("XAdES")}) {
    const auto connection = begun(message);
    connection->send(chunk(octets.substr(0, from + 1)));
    EXPECT_TRUE(connection->trickle("ff;" + std::string(200, 'a'), 300ms));
    EXPECT_EQ(outcome_of(connection->read_all()), "server.serverproxy.service_failed.io_error");
  }
}

TEST_F(HostileServer, EndedAndReset) {
  expect({kServer, "connections ended or reset in the head, the OCSP response, the SOAP, an attachment, the signature",
          "`server.serverproxy.service_failed.io_error`, or closed", "at once", 16,
          "server.serverproxy.service_failed.io_error"});
  const auto message = chained();
  const std::string octets = message.octets();
  for (const std::size_t at : {std::size_t{0}, std::size_t{60}, octets.find("Envelope"), octets.find("\r\none"),
                               octets.find("XAdES"), octets.size() - 5}) {
    const auto ended = begun(message);
    ended->send(chunk(octets.substr(0, at + 1)));
    ended->end_sending();
    const std::string outcome = outcome_of(ended->read_all());
    EXPECT_TRUE(outcome.empty() || outcome == "server.serverproxy.service_failed.io_error") << outcome;
    const auto reset = begun(message);
    reset->send(chunk(octets.substr(0, at + 1)));
    std::this_thread::sleep_for(100ms);
    reset->reset();
  }
  std::this_thread::sleep_for(1s);
  for (const auto& request : Country::shared().services().requests()) EXPECT_FALSE(request.target.starts_with("/soap"));
}

TEST_F(HostileServer, CutOffMessage) {
  expect({kServer, "a message without its last octets in an HTTP body that is whole",
          "server.serverproxy.missing_signature", "at once", 16, "missing_signature"});
  const auto message = honest_soap_request("getState", "h-4");
  const std::string octets = message.octets();
  const auto connection = begun(message);
  const auto end_of_soap = octets.find("</soap:Envelope>") + 16;
  connection->send(chunk(octets.substr(0, end_of_soap)) + "0\r\n\r\n");
  EXPECT_EQ(outcome_of(connection->read_all()), "server.serverproxy.missing_signature");
}

TEST_F(HostileServer, EndlessHeadersOfAPart) {
  expect({kServer, "a part with headers without end", "server.serverproxy.mime_parsing_failed", "at once", 16,
          "mime_parsing_failed"});
  auto message = honest_soap_request("getState", "h-5");
  std::string many = "text/xml";
  for (int i = 0; i < 2000; ++i) many += "\r\na: b";
  message.head_type = many;
  EXPECT_EQ(fault_of(message), "server.serverproxy.mime_parsing_failed");
}

TEST_F(HostileServer, ThousandsOfOcspResponses) {
  expect({kServer, "10000 OCSP responses", "server.serverproxy.service_failed.invalid_message", "at once", 24,
          "too many OCSP responses"});
  auto message = honest_soap_request("getState", "h-6");
  message.ocsp.resize(10'000, message.ocsp.front());
  EXPECT_EQ(fault_of(message), "server.serverproxy.service_failed.invalid_message");
}

TEST_F(HostileServer, HugeOcspResponse) {
  expect({kServer, "an OCSP response of 16 MB", "server.serverproxy.service_failed.invalid_message", "at once", 24,
          "OCSP response is longer"});
  auto message = honest_soap_request("getState", "h-7");
  message.ocsp = {Bytes(16UL << 20)};
  EXPECT_EQ(fault_of(message), "server.serverproxy.service_failed.invalid_message");
}

TEST_F(HostileServer, ThousandsOfAttachments) {
  expect({kServer, "20000 attachments", "server.serverproxy.service_failed.invalid_message", "at once", 24,
          "too many attachments"});
  auto message = honest_soap_request("getState", "h-8");
  message.attachments.resize(20'000, {"text/plain", "x"});
  EXPECT_EQ(fault_of(message), "server.serverproxy.service_failed.invalid_message");
}

TEST_F(HostileServer, ManyLargeAttachments) {
  expect({kServer, "1000 attachments of 70 KB, no signature", "server.serverproxy.missing_signature", "at once", 24,
          "missing_signature"});
  auto message = honest_soap_request("getState", "h-9");
  message.signature = {};
  message.attachments.resize(1000, {"text/plain", std::string(70'000, 'x')});
  const std::size_t handles = watched_.handles();
  std::atomic<bool> over = false;
  std::size_t most = 0;
  std::thread counter([&] {
    while (!over) {
      most = std::max(most, watched_.handles());
      std::this_thread::sleep_for(20ms);
    }
  });
  EXPECT_EQ(fault_of(message), "server.serverproxy.missing_signature");
  over = true;
  counter.join();
  EXPECT_LE(most, handles + 20) << "one file for all attachments";
}

TEST_F(HostileServer, HugeRestHead) {
  expect({kServer, "a REST head of 4 MB", "server.serverproxy.service_failed.invalid_message", "at once", 24,
          "message part is longer"});
  auto message = honest_rest_request("GET", "/r1/DEV/COM/provider/service/rest", "");
  message.head += "X-A:" + std::string(4UL << 20, 'a') + "\r\n";
  EXPECT_EQ(fault_of(message, true), "server.serverproxy.service_failed.invalid_message");
}

TEST_F(HostileServer, HugeHashChain) {
  expect({kServer, "a hash chain of 8 MB", "server.serverproxy.service_failed.invalid_message", "at once", 32,
          "a signature part is longer"});
  auto message = chained();
  message.signature.hash_chain = std::string(8UL << 20, ' ');
  EXPECT_EQ(fault_of(message), "server.serverproxy.service_failed.invalid_message");
}

TEST_F(HostileServer, HashChainOfOneHugeTag) {
  expect({kServer, "a hash chain of 3 MB that is one tag with 300000 attributes",
          "`server.serverproxy.signature_verification.malformed_signature...`", "at once", 32, "too many attributes"});
  auto message = chained();
  std::string tag = "<HashChain";
  for (int i = 0; i < 300'000; ++i) tag += " a" + std::to_string(i) + "=''";
  message.signature.hash_chain = tag + "/>";
  const std::string fault = fault_of(message);
  EXPECT_TRUE(fault.starts_with("server.serverproxy.signature_verification.")) << fault;
}

std::string hash_chain_of(const std::string& steps) {
  return "<HashChain xmlns=\"http://cyber.ee/hashchain\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">"
         "<DefaultDigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha512\"/>" +
         steps + "</HashChain>";
}

TEST_F(HostileServer, DeepHashChain) {
  expect({kServer, "a hash chain of 20000 steps, each leading to the next",
          "`server.serverproxy.signature_verification.malformed_signature...`", "at once", 64,
          "signature_verification."});
  auto message = chained();
  std::string steps;
  for (int i = 0; i < 20'000; ++i)
    steps += "<HashStep id=\"STEP" + std::to_string(i) + "\"><StepRef URI=\"#STEP" + std::to_string(i + 1) +
             "\"/></HashStep>";
  message.signature.hash_chain = hash_chain_of(steps);
  const std::string fault = fault_of(message);
  EXPECT_TRUE(fault.starts_with("server.serverproxy.signature_verification.")) << fault;
}

TEST_F(HostileServer, CyclicHashChain) {
  expect({kServer, "a hash chain whose steps lead to each other",
          "`server.serverproxy.signature_verification.malformed_signature...`", "at once", 16,
          "signature_verification."});
  auto message = chained();
  std::string steps;
  for (int i = 0; i < 60; ++i) {
    const std::string next = std::to_string((i + 1) % 60);
    steps += "<HashStep id=\"STEP" + std::to_string(i) + "\"><StepRef URI=\"#STEP" + next + "\"/><StepRef URI=\"#STEP" +
             next + "\"/></HashStep>";
  }
  message.signature.hash_chain = hash_chain_of(steps);
  const std::string fault = fault_of(message);
  EXPECT_TRUE(fault.starts_with("server.serverproxy.signature_verification.")) << fault;
}

TEST_F(HostileServer, SignatureOfThousandsOfReferences) {
  expect({kServer, "a signature with 3000 references, or 2000 certificates (1.6 MB)",
          "`server.serverproxy.signature_verification.malformed_signature...`", "at once", 48,
          "signature_verification."});
  auto message = honest_soap_request("getState", "h-10");
  const std::string honest = message.signature.signature;
  const auto reference = honest.find("<ds:Reference");
  const std::string one = honest.substr(reference, honest.find("</ds:Reference>") + 15 - reference);
  std::string many;
  for (int i = 0; i < 3'000; ++i) many += one;
  message.signature.signature = std::string(honest).insert(reference, many);
  std::string fault = fault_of(message);
  EXPECT_TRUE(fault.starts_with("server.serverproxy.signature_verification.")) << fault;
  many.clear();
  const auto certificate = honest.find("<ds:X509Certificate>");
  const std::string shown = honest.substr(certificate, honest.find("</ds:X509Certificate>") + 21 - certificate);
  for (int i = 0; i < 2'000; ++i) many += shown;
  message.signature.signature = std::string(honest).insert(certificate, many);
  fault = fault_of(message);
  EXPECT_TRUE(fault.starts_with("server.serverproxy.signature_verification.")) << fault;
}

TEST_F(HostileServer, EndlessBodyAfterARefusal) {
  expect({kServer, "a body that goes on after the message was refused", "the fault, when the body ends", "idle time",
          16, "server.serverproxy."});
  const auto message = honest_soap_request("getState", "h-11");
  auto headers = transport_headers(message, false);
  for (auto& [name, value] : headers)
    if (name == "Content-Type") value = "text/plain";
  const auto connection = connect();
  connection->send(head_of(headers));
  connection->flood(chunk(std::string(65536, 'a')), 64UL << 20);
  connection->send("0\r\n\r\n");
  EXPECT_EQ(outcome_of(connection->read_all()), "server.serverproxy.service_failed.invalid_content_type");
}

TEST_F(HostileServer, HugeSoap) {
  expect({kServer, "a SOAP part of 64 MB", "server.serverproxy.service_failed.invalid_message", "at once, after 32 MB",
          112, "message part is longer"});
  auto message = honest_soap_request("getState", "h-12");
  message.head = std::string(64UL << 20, ' ');
  EXPECT_EQ(fault_of(message), "server.serverproxy.service_failed.invalid_message");
}

// -- the OCSP hand-over

class HostileOcspClient : public HostileServer {};

TEST_F(HostileOcspClient, SlowAndSilent) {
  expect({kOcsp, "connections that say nothing, or a head an octet at a time", "closed", "idle time", 16,
          "given up in its head"});
  RawConnection silent(Country::shared().provider_ocsp());
  RawConnection slow(Country::shared().provider_ocsp());
  EXPECT_TRUE(slow.trickle("GET /?cert=" + std::string(200, 'a'), 300ms));
  EXPECT_TRUE(slow.ended());
  EXPECT_TRUE(silent.ended());
}

TEST_F(HostileOcspClient, ThousandsOfCertificates) {
  expect({kOcsp, "more certificates asked for than any chain has", "HTTP 500; HTTP 414 beyond 8192 octets", "at once",
          16, "OCSP responses refused"});
  const auto ask = [](int count) {
    std::string target = "/?cert=0123456789abcdef0123456789abcdef01234567";
    for (int i = 1; i < count; ++i) target += "&cert=0123456789abcdef0123456789abcdef01234567";
    RawConnection connection(Country::shared().provider_ocsp());
    connection.send("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return outcome_of(connection.read_all());
  };
  EXPECT_EQ(ask(100), "HTTP 500");
  EXPECT_EQ(ask(5000), "HTTP 414");
}

TEST_F(HostileOcspClient, BodyWithoutEnd) {
  expect({kOcsp, "a body without end where none belongs", "HTTP 500, then closed after 4 MB", "at once", 16,
          "OCSP responses refused"});
  RawConnection connection(Country::shared().provider_ocsp());
  connection.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  connection.flood(chunk(std::string(65536, 'a')), 256UL << 20);
  EXPECT_EQ(outcome_of(connection.read_all()), "HTTP 500");
}

TEST_F(HostileOcspClient, Garbage) {
  expect({kOcsp, "octets that are no HTTP", "HTTP 400", "at once", 16, "refused with 400"});
  RawConnection connection(Country::shared().provider_ocsp());
  connection.send(std::string("\0\xff\x16\x03", 4) + std::string(3000, 'x'));
  EXPECT_EQ(outcome_of(connection.read_all()), "HTTP 400");
}

}  // namespace
}  // namespace causeway::conformance
