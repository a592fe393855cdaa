// SPDX-License-Identifier: MIT
// Answers of SOAP services, good and bad, as the provider's server passes them on
// (messages.md 3.1).
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "case.hpp"
#include "requests.hpp"

namespace causeway::conformance {
namespace {

std::string service_fails(const std::string& situation, const std::string& code) {
  return expects(situation, "server.serverproxy.service_failed." + code);
}

Answer ask(const ServiceAnswer& service, const std::string& id) {
  Country::shared().services().answer_with(service);
  return post_soap(soap_request(Country::shared().app(), Country::shared().service(), "getState", id));
}

std::string with(std::string text, const std::string& what, const std::string& other) {
  const auto at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), other);
}

void expect_fault(const ServiceAnswer& service, const std::string& id, const std::string& code) {
  const Answer answer = ask(service, id);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fault_code(), code) << answer.body << answer.problem;
}

TEST(SoapService, ServiceReturnsFault) {
  expects("a service's own fault, word for word", "the service's fault");
  const std::string fault =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\">"
      "<e:Body><e:Fault><faultcode>CODE</faultcode><faultstring>no such person</faultstring>"
      "<faultactor>ACTOR</faultactor><detail><d>DETAIL</d></detail></e:Fault></e:Body></e:Envelope>";
  for (const int status : {200, 500}) {
    const Answer answer = ask([&](const ServiceRequest&) { return http_answer("text/xml", fault, status); }, "v-1");
    EXPECT_EQ(answer.body, fault) << status;
  }
}

TEST(SoapService, ServiceFaultyFault) {
  expects("a service's fault that lacks parts and has a prefix in its code", "the service's fault");
  const std::string fault =
      "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><soap:Fault>"
      "<faultcode>soap:Server</faultcode><faultstring>made on purpose</faultstring></soap:Fault></soap:Body>"
      "</soap:Envelope>";
  const Answer answer = ask([&](const ServiceRequest&) { return http_answer("text/xml", fault); }, "v-1b");
  EXPECT_EQ(answer.fault_code(), "soap:Server") << answer.body;
  EXPECT_EQ(answer.body, fault);
}

TEST(SoapService, SoapFaultInMultipartResponse) {
  expects("a service's fault within MTOM, with a header", "the service's fault");
  std::string fault;
  const Answer answer = ask(
      [&](const ServiceRequest& request) {
        fault = request.body;
        const auto from = fault.find("<soap:Body>") + 11;
        fault.replace(from, fault.find("</soap:Body>") - from,
                      "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>Error</faultstring><detail>"
                      "<error>too small</error></detail></soap:Fault>");
        return http_answer(
            "Multipart/Related; start-info=\"application/soap+xml\"; type=\"application/xop+xml\"; "
            "boundary=\"MINE\";charset=UTF-8",
            "--MINE\r\nContent-Type: application/xop+xml; type=\"application/soap+xml\"; "
            "charset=utf-8\r\nContent-ID: <foo>\r\n\r\n" +
                fault + "\r\n--MINE--\r\n");
      },
      "v-1c");
  EXPECT_EQ(answer.body, fault);
  EXPECT_NE(answer.body.find("<error>too small</error>"), std::string::npos) << answer.body;
}

TEST(SoapService, ServiceHttpError) {
  const auto code = service_fails("an HTTP status other than 200 and 500", "http_error");
  for (const int status : {502, 404, 302})
    expect_fault([&](const ServiceRequest&) { return http_answer("text/html", "<h1>no</h1>", status); }, "v-2", code);
}

TEST(SoapService, ServiceConnectionAborted) {
  const auto code = service_fails("an answer without content type that is cut off", "invalid_content_type");
  expect_fault([](const ServiceRequest&) { return "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"; }, "v-3", code);
}

TEST(SoapService, ServiceClosesConnection) {
  const auto code = service_fails("a service that closes the connection without an answer", "io_error");
  expect_fault([](const ServiceRequest&) { return std::string(); }, "v-3b", code);
}

TEST(SoapService, ServiceResetsConnection) {
  const auto code = service_fails("a service that resets the connection", "network_error");
  expect_fault([](const ServiceRequest&) { return std::string(kReset); }, "v-3c", code);
}

TEST(SoapService, ServiceCutsAnswerOff) {
  const auto code = service_fails("a service whose answer is shorter than it said", "io_error");
  expect_fault(
      [](const ServiceRequest& request) {
        const std::string octets = http_answer("text/xml", soap_answer(request.body));
        return octets.substr(0, octets.size() - 10);
      },
      "v-4", code);
}

TEST(SoapService, FaultyResponseContentType) {
  const auto code = service_fails("an answer of a type that is no SOAP", "invalid_content_type");
  for (const std::string type : {"text/html", "blah"})
    expect_fault([&](const ServiceRequest& request) { return http_answer(type, soap_answer(request.body)); }, "v-5",
                 code);
}

TEST(SoapService, EmptyResponse) {
  const auto code = service_fails("an empty answer", "invalid_soap");
  expect_fault([](const ServiceRequest&) { return http_answer("text/xml", ""); }, "v-6", code);
}

TEST(SoapService, MissingHeaderResponse) {
  const auto code = service_fails("an answer without Header", "missing_header");
  expect_fault(
      [](const ServiceRequest& request) {
        std::string soap = soap_answer(request.body);
        const auto from = soap.find("<soap:Header>");
        soap.erase(from, soap.find("</soap:Header>") + 14 - from);
        return http_answer("text/xml", soap);
      },
      "v-7", code);
}

TEST(SoapService, MissingBodyResponse) {
  const auto code = service_fails("an answer without Body", "missing_body");
  expect_fault(
      [](const ServiceRequest& request) {
        std::string soap = soap_answer(request.body);
        const auto from = soap.find("<soap:Body>");
        soap.erase(from, soap.find("</soap:Body>") + 12 - from);
        return http_answer("text/xml", soap);
      },
      "v-8", code);
}

TEST(SoapService, FaultyHeaderResponse) {
  const auto code = service_fails("an answer that lacks a header field", "missing_header_field");
  expect_fault(
      [](const ServiceRequest& request) {
        return http_answer("text/xml", with(soap_answer(request.body), "<x:id>v-9</x:id>", ""));
      },
      "v-9", code);
}

TEST(SoapService, ServerClientInconsistency) {
  const auto code = expects("an answer to another request: its service, user or message id differs",
                            "server.clientproxy.service_failed.inconsistent_response");
  const std::vector<std::pair<std::string, std::string>> changes{
      {"EE37702211234", "EE37702211235"}, {"v-10", "v-99"}, {"<i:serviceCode>getState<", "<i:serviceCode>getStat<"}};
  for (const auto& [what, other] : changes)
    expect_fault(
        [&](const ServiceRequest& request) {
          return http_answer("text/xml", with(soap_answer(request.body), what, other));
        },
        "v-10", code);
}

TEST(SoapService, ResponseWithRequestHash) {
  describes("a requestHash that the service sent is replaced by the right one");
  const Answer answer = ask(
      [](const ServiceRequest& request) {
        return http_answer("text/xml", with(soap_answer(request.body), "</soap:Header>",
                                            "<x:requestHash algorithmId=\"x\">wrong</x:requestHash></soap:Header>"));
      },
      "v-11");
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_EQ(answer.body.find(">wrong<"), std::string::npos);
  EXPECT_NE(answer.body.find("requestHash"), std::string::npos);
}

TEST(SoapService, NonUtf8ResponseContentType) {
  describes("an answer in another charset is understood");
  const Answer answer = ask(
      [](const ServiceRequest& request) {
        std::string soap = with(soap_answer(request.body), "UTF-8", "ISO-8859-1");
        return http_answer("text/xml; charset=ISO-8859-1", with(soap, "Ü", "\xdc"));
      },
      "v-12");
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
}

TEST(SoapService, EmptyMultipartResponse) {
  const auto code = service_fails("a multipart answer without parts", "invalid_message");
  for (const std::string body : {"", "--B--\r\n"})
    expect_fault([&](const ServiceRequest&) { return http_answer("multipart/related; boundary=B", body); }, "v-13",
                 code);
}

TEST(SoapService, ServiceFaultyMultipart) {
  const auto code = service_fails("a multipart answer with other boundaries than it said", "invalid_message");
  expect_fault(
      [](const ServiceRequest& request) {
        return http_answer("multipart/related; boundary=jetty771207119h3h10dty; charset=utf-8",
                           "--jetty771207119h\r\nContent-Type: text/xml\r\n\r\n" + soap_answer(request.body) +
                               "\r\n--jetty771207119h3h\r\nContent-Type: multipart/mixed; boundary=IN\r\n\r\n"
                               "--jetty771207119h3h10\r\n");
      },
      "v-13b", code);
}

TEST(SoapService, MalformedBodyResponse) {
  const auto code = service_fails("an answer whose Body is empty", "invalid_body");
  expect_fault(
      [](const ServiceRequest& request) {
        std::string soap = soap_answer(request.body);
        const auto from = soap.find("<soap:Body>") + 11;
        soap.replace(from, soap.find("</soap:Body>") - from, "\n");
        return http_answer("text/xml", soap);
      },
      "v-13c", code);
}

TEST(SoapService, ServerProxyEmptyResponse) {
  const auto code = service_fails("not a single octet, with and without a length", "invalid_soap");
  for (const std::string length : {"Content-Length: 0\r\n", ""})
    expect_fault(
        [&](const ServiceRequest&) {
          return "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=UTF-8\r\n" + length + "\r\n";
        },
        "v-13d", code);
}

// A multipart answer of these parts: headers and content.
std::string multipart(const std::vector<std::pair<std::string, std::string>>& parts) {
  std::string body;
  for (const auto& [headers, content] : parts) body += "--MINE\r\n" + headers + "\r\n\r\n" + content + "\r\n";
  return http_answer("multipart/related; charset=UTF-8; boundary=MINE", body + "--MINE--\r\n");
}

TEST(SoapService, AttachmentNoSoapResponse) {
  const auto code = service_fails("a multipart answer whose first part is no SOAP", "invalid_content_type");
  expect_fault(
      [](const ServiceRequest&) {
        return multipart({{"Content-Type: multipart/mixed; boundary=IN",
                           "--IN\r\nContent-Type: text/plain\r\n\r\nblaah\r\n--IN--\r\n"}});
      },
      "v-13e", code);
}

TEST(SoapService, AttachmentFaultySoapResponse) {
  const auto code = service_fails("a multipart answer whose SOAP lacks a header field", "missing_header_field");
  expect_fault(
      [](const ServiceRequest& request) {
        std::string soap = soap_answer(request.body);
        const auto from = soap.find("<x:service");
        soap.erase(from, soap.find("</x:service>") + 12 - from);
        return multipart({{"Content-Type: text/xml", soap}, {"Content-Type: text/plain", "blaah"}});
      },
      "v-13f", code);
}

TEST(SoapService, ServerProxyAttachmentError) {
  const auto code = service_fails("a multipart answer with a part without Content-Type", "invalid_content_type");
  expect_fault(
      [](const ServiceRequest& request) {
        return multipart({{"Content-Type: text/xml", soap_answer(request.body)}, {"Cont-Type: text/plain", "blaah"}});
      },
      "v-13g", code);
}

TEST(SoapService, SeveralAttachmentsResponse) {
  describes("attachments of an answer come through in order with the service's boundary");
  const Answer answer = ask(
      [](const ServiceRequest& request) {
        return http_answer(
            "multipart/related; type=\"text/xml\"; boundary=MINE",
            "--MINE\r\nContent-Type: text/xml\r\n\r\n" + soap_answer(request.body) +
                "\r\n--MINE\r\nContent-Type: text/plain\r\nContent-ID: <1>\r\n\r\nfirst"
                "\r\n--MINE\r\nContent-Type: text/plain\r\nContent-ID: <2>\r\n\r\nsecond\r\n--MINE--\r\n");
      },
      "v-14");
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_NE(answer.headers.find("content-type")->find("boundary=MINE"), std::string::npos);
  const auto first = answer.body.find("\r\n\r\nfirst\r\n--MINE");
  EXPECT_NE(first, std::string::npos);
  EXPECT_NE(answer.body.find("\r\n\r\nsecond\r\n--MINE--", first), std::string::npos);
}

TEST(SoapService, SoapPartHeadersResponse) {
  describes("headers of an answer's SOAP part come back, but for a length that is no longer true");
  const Answer answer = ask(
      [](const ServiceRequest& request) {
        const std::string soap = soap_answer(request.body);
        return multipart({{"Content-Type: text/xml\r\nContent-ID: <answer>\r\nX-Part: one\r\nContent-Length: " +
                               std::to_string(soap.size()),
                           soap},
                          {"Content-Type: text/plain", "x"}});
      },
      "v-14b");
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_LT(answer.body.find("Content-ID: <answer>\r\n"), answer.body.find("<?xml")) << answer.body;
  EXPECT_LT(answer.body.find("X-Part: one\r\n"), answer.body.find("<?xml")) << answer.body;
  EXPECT_EQ(answer.body.find("Content-Length"), std::string::npos) << answer.body;
}

TEST(SoapService, SlowService) {
  const auto code = service_fails("a service that does not answer within its timeout", "io_error");
  std::promise<void> answered;
  const auto release = answered.get_future().share();
  Country::shared().services().answer_with([release](const ServiceRequest&) {
    release.wait_for(std::chrono::seconds(60));
    return std::string();
  });
  const auto began = std::chrono::steady_clock::now();
  const Answer answer = post_soap(soap_request(Country::shared().app(), Country::shared().service(), "slow", "v-15"));
  answered.set_value();
  EXPECT_EQ(answer.fault_code(), code) << answer.body << answer.problem;
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::seconds(3));
}

}  // namespace
}  // namespace causeway::conformance
