// SPDX-License-Identifier: MIT
// What strangers send to the ports for information systems, and what becomes of it. The
// servers of the test count 3 seconds as idle, where 30 are usual.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "hostile_kit.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;

const char* const kSystem = "information system";

class HostileConsumer : public Hostile {
 protected:
  HostileConsumer() : Hostile(Country::shared().consumer_directory()) {}

  // Sends it all and reads the answer.
  static std::string ask(std::string_view octets) {
    RawConnection connection(Country::shared().consumer_http());
    connection.send(octets);
    return outcome_of(connection.read_all());
  }
  static std::string valid_soap() {
    return soap_request(Country::shared().app(), Country::shared().service(), "getState", "h-1");
  }
  static std::string ask_soap(const std::string& soap) {
    return ask(soap_head("Content-Length: " + std::to_string(soap.size()) + "\r\n") + soap);
  }
};

TEST_F(HostileConsumer, SaysNothing) {
  expect({kSystem, "40 connections that say nothing", "closed", "idle time", 16, ""});
  std::vector<std::unique_ptr<RawConnection>> silent;
  for (int i = 0; i < 40; ++i) silent.push_back(std::make_unique<RawConnection>(Country::shared().consumer_http()));
  for (auto& connection : silent) EXPECT_TRUE(connection->ended());
}

TEST_F(HostileConsumer, SlowRequestLine) {
  expect({kSystem, "a request line that comes an octet at a time", "closed", "idle time", 16, "given up in its head"});
  RawConnection connection(Country::shared().consumer_http());
  EXPECT_TRUE(connection.trickle("GET /" + std::string(200, 'a'), 300ms));
  EXPECT_TRUE(connection.ended());
}

TEST_F(HostileConsumer, SlowHeaders) {
  expect({kSystem, "headers that come an octet at a time", "closed", "idle time", 16, "given up in its head"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send("POST / HTTP/1.1\r\nHost: x\r\n");
  EXPECT_TRUE(connection.trickle(std::string(200, 'a'), 300ms));
  EXPECT_TRUE(connection.ended());
}

TEST_F(HostileConsumer, SlowChunkSize) {
  expect({kSystem, "a chunk size that comes an octet at a time", "client.io_error", "two idle times", 16,
          "client.io_error"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head());
  EXPECT_TRUE(connection.trickle("5;" + std::string(200, 'a'), 300ms));
  EXPECT_EQ(outcome_of(connection.read_all()), "client.io_error");
}

TEST_F(HostileConsumer, SlowSoap) {
  expect({kSystem, "SOAP that comes an octet at a time", "client.io_error", "two idle times", 16, "client.io_error"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head("Content-Length: 100000\r\n"));
  EXPECT_TRUE(connection.trickle(std::string(300, ' '), 300ms));
  EXPECT_EQ(outcome_of(connection.read_all()), "client.io_error");
}

TEST_F(HostileConsumer, SoapThatTakesTooLong) {
  expect({kSystem, "SOAP that comes steadily, but not within 30 s", "server.clientproxy.internal_error", "30 s", 16,
          "took too long to arrive"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head());
  std::string answer;
  for (int i = 0; i < 60; ++i) {
    if (!connection.send(chunk(std::string(1000, ' ')))) break;
    std::this_thread::sleep_for(1s);
    if (i > 29 && connection.trickle("", 1ms)) break;
  }
  connection.end_sending();
  EXPECT_EQ(outcome_of(connection.read_all()), "server.clientproxy.internal_error");
}

TEST_F(HostileConsumer, SlowMultipartHeaders) {
  expect({kSystem, "headers of a part that come an octet at a time", "client.io_error", "two idle times", 16,
          "client.io_error"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head("Content-Length: 100000\r\n", "multipart/related; boundary=B") + "--B\r\n");
  EXPECT_TRUE(connection.trickle("Content-Type: " + std::string(300, 'a'), 300ms));
  EXPECT_EQ(outcome_of(connection.read_all()), "client.io_error");
}

TEST_F(HostileConsumer, SlowRestBody) {
  expect({kSystem, "a REST body that comes an octet at a time", "server.clientproxy.io_error", "two idle times", 16,
          "server.clientproxy.io_error"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(rest_head("POST", "Content-Length: 100000\r\n"));
  EXPECT_TRUE(connection.trickle(std::string(300, 'a'), 300ms));
  EXPECT_EQ(outcome_of(connection.read_all()), "server.clientproxy.io_error");
}

TEST_F(HostileConsumer, AnswerIsNotTaken) {
  expect({kSystem, "a caller that does not read a large answer", "connection cut", "idle time", 24, "failed: "});
  Country::shared().services().answer_with([](const ServiceRequest& request) {
    return http_answer("application/octet-stream",
                       request.target.find("honest") != std::string::npos ? "{}" : std::string(24UL << 20, 'a'));
  });
  RawConnection connection(Country::shared().consumer_http());
  connection.send(rest_head("GET", ""));
  // What the kernel holds is little of it; the rest is dropped with the connection.
  std::this_thread::sleep_for(10s);
  const std::string answer = connection.read_all();
  EXPECT_LT(answer.size(), 23UL << 20);
}

TEST_F(HostileConsumer, EvidenceIsNotTaken) {
  expect({kSystem, "12 callers of /asic who do not read a large container", "connection cut", "idle time", 24,
          "was not taken"});
  constexpr std::size_t kSize = 8UL << 20;
  std::string body(kSize, ' ');
  for (std::size_t i = 0; i < kSize; ++i) body[i] = static_cast<char>(i * i * 2654435761U >> 17);
  Country::shared().services().answer_with([](const ServiceRequest&) { return http_answer("application/json", "{}"); });
  ASSERT_EQ(send_rest("POST", "/r1/DEV/COM/provider/service/rest", {{"X-Road-Id", "h-evidence"}}, body).status, 200);
  const std::string get =
      "GET /asic?queryId=h-evidence&xRoadInstance=DEV&memberClass=COM&memberCode=consumer&subsystemCode=app"
      "&requestOnly&unique&force HTTP/1.1\r\nHost: x\r\n\r\n";
  std::vector<std::unique_ptr<RawConnection>> callers;
  for (int i = 0; i < 12; ++i) {
    callers.push_back(std::make_unique<RawConnection>(Country::shared().consumer_http()));
    callers.back()->send(get);
  }
  const auto given_up = [this] {
    const std::string log = watched_.log();
    int count = 0;
    for (auto at = log.find("was not taken"); at != std::string::npos; at = log.find("was not taken", at + 1)) ++count;
    return count;
  };
  for (int seconds = 0; seconds < 120 && given_up() < 12; ++seconds) std::this_thread::sleep_for(1s);
  for (auto& caller : callers) EXPECT_LT(caller->read_all().size(), kSize);
}

TEST_F(HostileConsumer, EndlessRequestLine) {
  expect({kSystem, "a request line without end", "HTTP 414", "at once", 16, "refused with 414"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send("GET /");
  connection.flood(std::string(4096, 'a'), 64UL << 20);
  EXPECT_EQ(outcome_of(connection.read_all()), "HTTP 414");
}

TEST_F(HostileConsumer, EndlessHeaders) {
  expect({kSystem, "headers without end", "HTTP 431", "at once", 16, "refused with 431"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send("GET / HTTP/1.1\r\n");
  connection.flood("a: b\r\n", 64UL << 20);
  EXPECT_EQ(outcome_of(connection.read_all()), "HTTP 431");
}

TEST_F(HostileConsumer, EndlessChunkExtension) {
  expect({kSystem, "a chunk extension without end", "client.io_error", "at once", 16, "malformed chunked body"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head() + "5;");
  connection.flood(std::string(4096, 'a'), 64UL << 20);
  EXPECT_EQ(outcome_of(connection.read_all()), "client.io_error");
}

TEST_F(HostileConsumer, EndlessTrailers) {
  expect({kSystem, "trailers without end after a body", "client.io_error", "at once", 16, "malformed chunked body"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head() + "0\r\n");
  connection.flood("a: " + std::string(4000, 'b') + "\r\n", 64UL << 20);
  EXPECT_EQ(outcome_of(connection.read_all()), "client.io_error");
}

TEST_F(HostileConsumer, HugeContentLength) {
  expect({kSystem, "a Content-Length of an exabyte, and three octets", "client.io_error", "at once", 16,
          "client.io_error"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head("Content-Length: 999999999999999999\r\n") + "abc");
  connection.end_sending();
  EXPECT_EQ(outcome_of(connection.read_all()), "client.io_error");
}

TEST_F(HostileConsumer, HugeChunk) {
  expect({kSystem, "a chunk of 2^60 octets, and three of them", "client.io_error", "at once", 16, "client.io_error"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head() + "fffffffffffffff\r\nabc");
  connection.end_sending();
  EXPECT_EQ(outcome_of(connection.read_all()), "client.io_error");
}

TEST_F(HostileConsumer, TwoReadersTwoMessages) {
  expect({kSystem, "heads that two readers could take differently (request smuggling)",
          "HTTP 400, HTTP 501; what follows is not served", "at once", 16, "refused with 400"});
  const std::string smuggled = "GET /listClients HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const std::string form :
       {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: 4\r\nContent-Length: 4\r\n", "Content-Length: 4, 4\r\n", "Content-Length: +4\r\n",
        "Content-Length: 0x4\r\n", "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\x0b"
        "chunked\r\n",
        " Transfer-Encoding: chunked\r\n", "X: y\r\n Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding\r\n: chunked\r\n", "X: y\nTransfer-Encoding: chunked\r\n",
        "X: y\rTransfer-Encoding: chunked\r\n", "Host: y\r\n"}) {
    RawConnection connection(Country::shared().consumer_http());
    connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n" + form + "\r\n0\r\n\r\n" + smuggled);
    const std::string answer = connection.read_all();
    const std::string outcome = outcome_of(answer);
    EXPECT_TRUE(outcome == "HTTP 400" || outcome == "HTTP 501") << form << " -> " << answer;
    EXPECT_EQ(answer.find("HTTP/1.1 ", 1), std::string::npos) << form << " -> " << answer;
  }
}

TEST_F(HostileConsumer, ManySmallChunks) {
  expect({kSystem, "a SOAP message in chunks of one octet", "served", "at once", 16, ""});
  std::string body;
  for (const char c : valid_soap()) body += chunk({&c, 1});
  EXPECT_EQ(ask(soap_head() + body + "0\r\n\r\n"), "HTTP 200");
}

TEST_F(HostileConsumer, Garbage) {
  expect({kSystem, "octets that are no HTTP, TLS among them", "HTTP 400", "at once", 16, "refused with 400"});
  EXPECT_EQ(ask(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(200, '\x7f')),
            "HTTP 400");
  EXPECT_EQ(ask("GET /\r\n\r\n"), "HTTP 400");
  EXPECT_EQ(ask("GET / HTTP/2.0\r\n\r\n"), "HTTP 505");
  EXPECT_EQ(ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "HTTP 505");
  EXPECT_EQ(ask("GET //x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "HTTP 400");
}

TEST_F(HostileConsumer, EndedAndReset) {
  expect({kSystem, "connections ended or reset in the head, the SOAP, a part's headers, an attachment",
          "`client.io_error`, or closed", "at once", 16, "io_error"});
  const std::string related = "--B\r\nContent-Type: text/xml\r\n\r\n" + valid_soap() +
                              "\r\n--B\r\nContent-Type: text/plain\r\n\r\n" + std::string(5000, 'a');
  const std::string multipart = soap_head("Content-Length: 100000\r\n", "multipart/related; boundary=B");
  for (const std::string& octets : {std::string("POST / HT"), soap_head("Content-Length: 100000\r\n"),
                                    soap_head("Content-Length: 100000\r\n") + valid_soap().substr(0, 200),
                                    multipart + related.substr(0, 20), multipart + related}) {
    RawConnection ended(Country::shared().consumer_http());
    ended.send(octets);
    ended.end_sending();
    const std::string outcome = outcome_of(ended.read_all());
    EXPECT_TRUE(outcome.empty() || outcome == "client.io_error") << outcome;
    RawConnection reset(Country::shared().consumer_http());
    reset.send(octets);
    std::this_thread::sleep_for(100ms);
    reset.reset();
  }
  std::this_thread::sleep_for(1s);
}

TEST_F(HostileConsumer, EntitiesAndDoctypes) {
  expect({kSystem, "DOCTYPE, external and nested entities, parameter entities", "client.invalid_soap", "at once", 16,
          "client.invalid_soap"});
  const std::string soap = valid_soap();
  const std::string envelope = soap.substr(soap.find("<soap:Envelope"));
  for (const std::string doctype :
       {R"(<!DOCTYPE a>)", R"(<!DOCTYPE a SYSTEM "file:///etc/passwd">)",
        R"(<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]>)", R"(<!DOCTYPE a [<!ENTITY % p "x">%p;]>)",
        R"(<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>)"})
    EXPECT_EQ(ask_soap(doctype + envelope), "client.invalid_soap") << doctype;
  std::string undeclared = soap;
  undeclared.replace(undeclared.find("h-1"), 3, "&nbsp;");
  EXPECT_EQ(ask_soap(undeclared), "client.invalid_soap");
}

TEST_F(HostileConsumer, DeepXml) {
  expect({kSystem, "a million nested elements", "client.invalid_soap", "at once", 48, "nested too deeply"});
  std::string deep = valid_soap();
  deep.resize(deep.find("<soap:Body>") + 11);
  for (int i = 0; i < 1'000'000; ++i) deep += "<a>";
  EXPECT_EQ(ask_soap(deep), "client.invalid_soap");
}

TEST_F(HostileConsumer, MillionAttributes) {
  expect(
      {kSystem, "an element with a million attributes", "client.invalid_soap", "at once", 64, "too many attributes"});
  std::string element = "<a";
  for (int i = 0; i < 1'000'000; ++i) element += " a" + std::to_string(i) + "=''";
  EXPECT_EQ(ask_soap(element + "/>"), "client.invalid_soap");
}

TEST_F(HostileConsumer, GiantAttribute) {
  expect({kSystem, "an attribute of 8 MB", "client.invalid_soap", "at once", 96, "client.invalid_soap"});
  EXPECT_EQ(ask_soap("<a b='" + std::string(8UL << 20, 'c') + "'/>"), "client.invalid_soap");
}

TEST_F(HostileConsumer, EndlessSoap) {
  expect({kSystem, "SOAP without end", "client.invalid_soap", "at once, after 32 MB", 112,
          "the SOAP message is too long"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head());
  connection.flood(chunk(std::string(65536, ' ')), 512UL << 20);
  EXPECT_EQ(outcome_of(connection.read_all()), "client.invalid_soap");
}

TEST_F(HostileConsumer, ManyLargeMessagesAtOnce) {
  expect({kSystem, "30 SOAP messages of 30 MB at once, that do not end",
          "`client.internal_error` for those beyond `proxy.max-message-memory` (64 MB here)",
          "at once, the others idle time", 224, "too many large messages"});
  std::vector<std::thread> senders;
  std::atomic<int> refused = 0;
  for (int i = 0; i < 30; ++i)
    senders.emplace_back([&refused] {
      RawConnection connection(Country::shared().consumer_http());
      connection.send(soap_head());
      connection.flood(chunk(std::string(65536, ' ')), 30UL << 20);
      if (outcome_of(connection.read_all()) == "client.internal_error") ++refused;
    });
  for (auto& sender : senders) sender.join();
  EXPECT_GE(refused, 20);
}

TEST_F(HostileConsumer, CompressedBody) {
  expect({kSystem, "a body that says it is compressed", "client.invalid_soap: nothing is unpacked", "at once", 16,
          "client.invalid_soap"});
  const std::string zipped("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x01\x0d\x00\x00\x00\xc2\xa0", 19);
  EXPECT_EQ(ask(soap_head("Content-Encoding: gzip\r\nContent-Length: 19\r\n") + zipped), "client.invalid_soap");
}

TEST_F(HostileConsumer, EndlessAttachments) {
  expect({kSystem, "SOAP with attachments without end", "client.invalid_message", "at once, after 1000", 32,
          "more than 1000 attachments"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head("Transfer-Encoding: chunked\r\n", "multipart/related; boundary=B") +
                  chunk("--B\r\nContent-Type: text/xml\r\n\r\n" + valid_soap()));
  connection.flood(chunk("\r\n--B\r\nContent-Type: text/plain\r\n\r\nx"), 64UL << 20);
  EXPECT_EQ(outcome_of(connection.read_all()), "client.invalid_message");
}

TEST_F(HostileConsumer, EndlessHeadersOfAPart) {
  expect({kSystem, "a part with headers without end", "client.mime_parsing_failed", "at once", 16,
          "client.mime_parsing_failed"});
  RawConnection connection(Country::shared().consumer_http());
  connection.send(soap_head("Transfer-Encoding: chunked\r\n", "multipart/related; boundary=B") + chunk("--B\r\n"));
  connection.flood(chunk("a: b\r\n"), 64UL << 20);
  EXPECT_EQ(outcome_of(connection.read_all()), "client.mime_parsing_failed");
}

// -- over TLS

TEST_F(HostileConsumer, SilentHandshakes) {
  expect({kSystem, "TLS: connections that say nothing, or half a ClientHello", "closed", "idle time", 16,
          "TLS handshake"});
  RawConnection silent(Country::shared().consumer_https());
  RawConnection half(Country::shared().consumer_https());
  half.send(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7));
  EXPECT_TRUE(silent.ended());
  EXPECT_TRUE(half.ended());
}

TEST_F(HostileConsumer, NoTls) {
  expect({kSystem, "TLS: plain HTTP, garbage", "closed", "at once", 16, "TLS handshake"});
  RawConnection plain(Country::shared().consumer_https());
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(plain.ended());
  RawConnection garbage(Country::shared().consumer_https());
  garbage.send(std::string(5000, '\x16'));
  EXPECT_TRUE(garbage.ended());
}

TEST_F(HostileConsumer, OldTls) {
  expect({kSystem, "TLS 1.1 and older", "handshake refused", "at once", 16, "TLS handshake"});
  for (const int version : {TLS1_1_VERSION, TLS1_VERSION}) {
    RawConnection old(Country::shared().consumer_https());
    EXPECT_FALSE(old.start_tls(nullptr, version));
  }
}

TEST_F(HostileConsumer, Renegotiation) {
  expect({kSystem, "TLS: renegotiation", "refused", "at once", 16, ""});
  RawConnection connection(Country::shared().consumer_https());
  ASSERT_TRUE(connection.start_tls(nullptr, TLS1_2_VERSION));
  EXPECT_FALSE(connection.renegotiate());
}

TEST_F(HostileConsumer, ResetHandshake) {
  expect({kSystem, "TLS: reset in and after the handshake", "closed", "at once", 16, "TLS handshake"});
  for (int i = 0; i < 20; ++i) {
    RawConnection early(Country::shared().consumer_https());
    early.send(std::string_view("\x16\x03\x01", 3));
    early.reset();
    RawConnection late(Country::shared().consumer_https());
    ASSERT_TRUE(late.start_tls(nullptr));
    late.reset();
  }
  std::this_thread::sleep_for(1s);
}

}  // namespace
}  // namespace causeway::conformance
