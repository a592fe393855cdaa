// SPDX-License-Identifier: MIT
// What a provider's server answers to ours when it lies, and what a service answers.
#include <gtest/gtest.h>
#include <unistd.h>

#include "hostile_kit.hpp"
#include "message/multipart.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;

const char* const kProvider = "provider's server";
const char* const kService = "service";

std::string ocsp_answer(const Identity& identity) {
  message::MultipartWriter parts("ocspboundary");
  const std::string body = parts.part("application/ocsp-response") + to_text(identity.ocsp) + parts.end();
  return http_answer("multipart/related; type=\"application/ocsp-response\"; boundary=ocspboundary", body);
}

// SS3 as a case plays it: its transport port raw, or after the handshake; its OCSP port.
class HostileProvider : public Hostile {
 protected:
  HostileProvider() : Hostile(Country::shared().consumer_directory()) {}

  static RawServer honest_ocsp(const Identity& identity = Country::shared().double_authentication()) {
    return RawServer(Country::shared().double_ocsp(),
                     [&identity](RawConnection& peer) { (void)peer.read_some(), peer.send(ocsp_answer(identity)); });
  }
  // Answers each request with `answer`, after the TLS handshake.
  static RawServer provider(std::function<void(RawConnection&)> answer) {
    return RawServer(Country::shared().double_transport(), [answer = std::move(answer)](RawConnection& peer) {
      if (!peer.accept_tls(Country::shared().double_authentication())) return;
      std::string request;
      while (request.find("\r\n0\r\n\r\n") == std::string::npos) {
        const std::string more = peer.read_some();
        if (more.empty()) return;
        request += more;
      }
      answer(peer);
    });
  }
  static std::string ask() {
    const Answer answer = send_rest("GET", "/r1/DEV/COM/double/service/rest/x", {}, "");
    return answer.problem.empty() ? answer.fault_code() : answer.problem;
  }
  static std::string multipart_head() {
    return "HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=B\r\nx-hash-algorithm: SHA-512\r\n"
           "Connection: close\r\n\r\n";
  }
};

TEST_F(HostileProvider, AcceptsAndSaysNothing) {
  expect({kProvider, "accepts the connection and says nothing", "server.clientproxy.ssl_authentication_failed",
          "proxy.client-timeout", 16, "ssl_authentication_failed"});
  const RawServer silent(Country::shared().double_transport(), [](RawConnection& peer) { peer.ended(); });
  EXPECT_EQ(ask(), "server.clientproxy.ssl_authentication_failed");
}

TEST_F(HostileProvider, ClosesInTheHandshake) {
  expect({kProvider, "closes or resets in the TLS handshake, or is no TLS server",
          "server.clientproxy.ssl_authentication_failed", "at once", 16, "ssl_authentication_failed"});
  for (int how = 0; how < 3; ++how) {
    const RawServer closing(Country::shared().double_transport(), [how](RawConnection& peer) {
      (void)peer.read_some();
      if (how == 1) peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
      if (how == 2) peer.send(std::string_view("\x16\x03\x03\x00\x7a\x02", 6));
    });
    EXPECT_EQ(ask(), "server.clientproxy.ssl_authentication_failed") << how;
  }
}

TEST_F(HostileProvider, NeverAnswers) {
  expect({kProvider, "takes the request and never answers", "server.clientproxy.io_error",
          "proxy.client-httpclient-timeout (0, the default, waits for ever, as in X-Road)", 16, "too slow"});
  const auto ocsp = honest_ocsp();
  const auto silent = provider([](RawConnection& peer) { peer.ended(30s); });
  EXPECT_EQ(ask(), "server.clientproxy.io_error");
}

TEST_F(HostileProvider, AnswersAnOctetAtATime) {
  expect({kProvider, "answers an octet at a time", "server.clientproxy.service_failed.io_error",
          "two times proxy.client-httpclient-timeout", 16, "too slow"});
  const auto ocsp = honest_ocsp();
  const auto slow = provider([](RawConnection& peer) {
    peer.send(multipart_head());
    peer.trickle("--B\r\ncontent-type: " + std::string(2000, 'a'), 500ms);
  });
  EXPECT_EQ(ask(), "server.clientproxy.service_failed.io_error");
}

TEST_F(HostileProvider, Garbage) {
  expect({kProvider, "answers what is no HTTP, or ends in the head or the body",
          "server.clientproxy.io_error | server.clientproxy.service_failed.io_error", "at once", 16, "io_error"});
  const auto ocsp = honest_ocsp();
  const std::vector<std::pair<std::string, std::string>> answers{
      {"\x7f\x7f\x7f\r\n\r\n", "io_error"},
      {"HTTP/1.1 200 OK\r\nContent-Le", "io_error"},
      {"HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=B\r\nContent-Length: 1000\r\n\r\n--B\r\n",
       "service_failed.io_error"},
      {"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
       "service_failed.io_error"}};
  for (const auto& [answer, code] : answers) {
    const auto server = provider([&octets = answer](RawConnection& peer) { peer.send(octets); });
    EXPECT_EQ(ask(), "server.clientproxy." + code) << answer;
  }
}

TEST_F(HostileProvider, EndlessHeaders) {
  expect({kProvider, "headers without end", "server.clientproxy.io_error", "at once", 16, "too many headers"});
  const auto ocsp = honest_ocsp();
  const auto server = provider([](RawConnection& peer) {
    peer.send("HTTP/1.1 200 OK\r\n");
    peer.flood("a: b\r\n", 64UL << 20);
  });
  EXPECT_EQ(ask(), "server.clientproxy.io_error");
}

TEST_F(HostileProvider, EndlessInterimAnswers) {
  expect({kProvider, "interim answers (1xx) without end", "server.clientproxy.io_error", "at once", 16,
          "too many interim responses"});
  const auto ocsp = honest_ocsp();
  const auto server = provider([](RawConnection& peer) { peer.flood("HTTP/1.1 100 Continue\r\n\r\n", 64UL << 20); });
  EXPECT_EQ(ask(), "server.clientproxy.io_error");
}

TEST_F(HostileProvider, EndlessFault) {
  expect({kProvider, "a fault without end", "server.clientproxy.service_failed.invalid_message", "at once, after 1 MB",
          24, "invalid_message"});
  const auto ocsp = honest_ocsp();
  const auto server = provider([](RawConnection& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n");
    peer.flood(std::string(65536, ' '), 256UL << 20);
  });
  EXPECT_EQ(ask(), "server.clientproxy.service_failed.invalid_message");
}

TEST_F(HostileProvider, EndlessParts) {
  expect({kProvider, "OCSP responses, or headers of a part, without end",
          "`server.clientproxy.service_failed.invalid_message`, `server.clientproxy.mime_parsing_failed`", "at once",
          24, "too many OCSP responses"});
  const auto ocsp = honest_ocsp();
  {
    const auto server = provider([](RawConnection& peer) {
      peer.send(multipart_head());
      peer.flood("--B\r\ncontent-type: application/ocsp-response\r\n\r\nx\r\n", 256UL << 20);
    });
    EXPECT_EQ(ask(), "server.clientproxy.service_failed.invalid_message");
  }
  const auto server = provider([](RawConnection& peer) {
    peer.send(multipart_head() + "--B\r\n");
    peer.flood("a: b\r\n", 256UL << 20);
  });
  EXPECT_EQ(ask(), "server.clientproxy.mime_parsing_failed");
}

TEST_F(HostileProvider, EndlessHead) {
  expect({kProvider, "a REST head without end", "server.clientproxy.service_failed.invalid_message",
          "at once, after 1 MB", 24, "message part is longer"});
  const auto ocsp = honest_ocsp();
  const auto server = provider([](RawConnection& peer) {
    peer.send(multipart_head() + "--B\r\ncontent-type: application/x-road-rest-response\r\n\r\n200\r\nOK\r\n");
    peer.flood("a:" + std::string(1000, 'b') + "\r\n", 256UL << 20);
  });
  EXPECT_EQ(ask(), "server.clientproxy.service_failed.invalid_message");
}

TEST_F(HostileProvider, SlowOcsp) {
  expect({kProvider, "its OCSP port says nothing, an octet at a time, or without end",
          "server.clientproxy.ssl_authentication_failed.internal_error", "proxy.ocsp-responder-client-read-timeout", 24,
          "ssl_authentication_failed.internal_error"});
  const Identity fresh = Country::shared().issue("fresh", false);
  const RawServer server(Country::shared().double_transport(), [&fresh](RawConnection& peer) {
    if (peer.accept_tls(fresh)) peer.ended(30s);
  });
  const std::vector<std::function<void(RawConnection&)>> plays{
      [](RawConnection& peer) { peer.ended(30s); },
      [](RawConnection& peer) {
        (void)peer.read_some();
        peer.send("HTTP/1.1 200 OK\r\n");
        peer.trickle(std::string(2000, 'a'), 500ms);
      },
      [](RawConnection& peer) {
        (void)peer.read_some();
        peer.send("HTTP/1.1 200 OK\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\n");
        peer.flood(std::string(65536, 'a'), 256UL << 20);
      }};
  for (const auto& play : plays) {
    const RawServer ocsp(Country::shared().double_ocsp(), play);
    EXPECT_EQ(ask(), "server.clientproxy.ssl_authentication_failed.internal_error");
  }
}

// Honest requests go to /rest/honest, the others to what the case plays.
class HostileService : public Hostile {
 protected:
  HostileService() : Hostile(Country::shared().provider_directory()) {}

  static void play(std::function<void(RawConnection&)> answer) {
    Country::shared().services().play([answer = std::move(answer)](const ServiceRequest& request, int socket) {
      if (request.target.find("honest") != std::string::npos) return false;
      RawConnection connection(::dup(socket));
      answer(connection);
      return true;
    });
  }
  static std::string ask_rest() {
    const Answer answer = send_rest("GET", "/r1/DEV/COM/provider/service/rest/x", {}, "");
    return answer.problem.empty() ? answer.fault_code() : answer.problem;
  }
  static std::string ask_soap(const std::string& service = "getState") {
    const Answer answer = post_soap(soap_request(Country::shared().app(), Country::shared().service(), service, "h-s"));
    return answer.problem.empty() ? answer.fault_code() : answer.problem;
  }
  static std::string soap_head_of_answer(const std::string& type = "text/xml") {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nConnection: close\r\n\r\n";
  }
};

TEST_F(HostileService, NeverAnswers) {
  expect({kService, "takes the request and never answers", "server.serverproxy.service_failed.io_error", "its timeout",
          16, "too slow"});
  play([](RawConnection& peer) { peer.ended(30s); });
  EXPECT_EQ(ask_soap("slow"), "server.serverproxy.service_failed.io_error");
}

TEST_F(HostileService, AnswersAnOctetAtATime) {
  expect({kService, "answers an octet at a time", "server.serverproxy.service_failed.io_error", "two times its timeout",
          16, "too slow"});
  play([](RawConnection& peer) {
    peer.send(soap_head_of_answer());
    peer.trickle(std::string(2000, ' '), 300ms);
  });
  EXPECT_EQ(ask_soap("slow"), "server.serverproxy.service_failed.io_error");
}

TEST_F(HostileService, Garbage) {
  expect({kService, "closes without a word, answers what is no HTTP, or ends in its answer",
          "`server.serverproxy.io_error`, of SOAP `server.serverproxy.service_failed.io_error`", "at once", 16,
          "io_error"});
  for (const std::string& answer :
       {std::string(), std::string("\x7f\x7f\r\n\r\n"), std::string("HTTP/1.1 200 OK\r\nContent-Le"),
        std::string("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\nabc"),
        std::string("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")}) {
    play([answer](RawConnection& peer) { peer.send(answer); });
    EXPECT_EQ(ask_rest(), "server.serverproxy.io_error") << answer;
    EXPECT_EQ(ask_soap(), "server.serverproxy.service_failed.io_error") << answer;
  }
}

TEST_F(HostileService, EndlessHeaders) {
  expect({kService, "headers without end", "server.serverproxy.io_error", "at once", 16, "too many headers"});
  play([](RawConnection& peer) {
    peer.send("HTTP/1.1 200 OK\r\n");
    peer.flood("a: b\r\n", 64UL << 20);
  });
  EXPECT_EQ(ask_rest(), "server.serverproxy.io_error");
}

TEST_F(HostileService, HostileXml) {
  expect({kService, "SOAP with a DOCTYPE, a million nested elements or attributes",
          "server.serverproxy.service_failed.invalid_soap", "at once", 64, "invalid_soap"});
  std::string deep, wide = "<a";
  for (int i = 0; i < 1'000'000; ++i) deep += "<a>";
  for (int i = 0; i < 1'000'000; ++i) wide += " a" + std::to_string(i) + "=''";
  for (const std::string& xml : {std::string("<!DOCTYPE a><a/>"), deep, wide + "/>"}) {
    play([xml](RawConnection& peer) { peer.send(soap_head_of_answer() + xml); });
    EXPECT_EQ(ask_soap(), "server.serverproxy.service_failed.invalid_soap");
  }
}

TEST_F(HostileService, EndlessAttachments) {
  expect({kService, "SOAP with attachments without end", "server.serverproxy.service_failed.invalid_message",
          "at once, after 1000", 24, "more than 1000 attachments"});
  const std::string answer =
      soap_answer(soap_request(Country::shared().app(), Country::shared().service(), "getState", "h-s"));
  play([answer](RawConnection& peer) {
    peer.send(soap_head_of_answer("multipart/related; boundary=B") + "--B\r\nContent-Type: text/xml\r\n\r\n" + answer);
    peer.flood("\r\n--B\r\nContent-Type: text/plain\r\n\r\nx", 64UL << 20);
  });
  EXPECT_EQ(ask_soap(), "server.serverproxy.service_failed.invalid_message");
}

TEST_F(HostileService, EndlessSoap) {
  expect({kService, "SOAP without end", "server.serverproxy.service_failed.invalid_soap", "at once, after 32 MB", 112,
          "the SOAP message is too long"});
  play([](RawConnection& peer) {
    peer.send(soap_head_of_answer());
    peer.flood(std::string(65536, ' '), 512UL << 20);
  });
  EXPECT_EQ(ask_soap(), "server.serverproxy.service_failed.invalid_soap");
}

TEST_F(HostileService, EndlessRestAnswer) {
  expect({kService, "a REST answer without end, when bodies are logged", "server.serverproxy.logging_failed",
          "at once, after message-log.max-loggable-message-body-size", 24, "logging_failed"});
  play([](RawConnection& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 999999999999\r\n\r\n");
    peer.flood(std::string(1 << 20, 'a'), 200UL << 20);
  });
  EXPECT_EQ(ask_rest(), "server.serverproxy.logging_failed");
}

}  // namespace
}  // namespace causeway::conformance
