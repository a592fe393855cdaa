// SPDX-License-Identifier: MIT
// Answers of SOAP services, good and bad, as the provider's server passes them on
// (messages.md 3.1).
#include <gtest/gtest.h>

#include "case.hpp"
#include "requests.hpp"

namespace causeway::conformance {
namespace {

constexpr const char* kFailed = "server.serverproxy.service_failed.";

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
  EXPECT_EQ(answer.fault_code(), kFailed + code) << answer.body << answer.problem;
}

TEST(SoapService, ServiceReturnsFault) {
  describes("a service's own fault reaches the information system word for word");
  const std::string fault =
      "<?xml version=\"1.0\"?><e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><e:Fault>"
      "<faultcode>e:Server</faultcode><faultstring>no such person</faultstring></e:Fault></e:Body></e:Envelope>";
  for (const int status : {200, 500}) {
    const Answer answer = ask([&](const ServiceRequest&) { return http_answer("text/xml", fault, status); }, "v-1");
    EXPECT_EQ(answer.body, fault) << status;
  }
}

TEST(SoapService, ServiceHttpError) {
  expects("an HTTP status other than 200 and 500", "server.serverproxy.service_failed.http_error");
  expect_fault([](const ServiceRequest&) { return http_answer("text/html", "<h1>no</h1>", 404); }, "v-2", "http_error");
}

TEST(SoapService, ServiceConnectionAborted) {
  describes("a service that cuts the connection is a failure of the service");
  const Answer answer = ask([](const ServiceRequest&) { return std::string(); }, "v-3");
  EXPECT_TRUE(answer.fault_code().starts_with(kFailed)) << answer.fault_code();
}

TEST(SoapService, ServiceCutsAnswerOff) {
  describes("a service whose answer is shorter than it said is a failure of the service");
  const Answer answer = ask(
      [](const ServiceRequest& request) {
        std::string octets = http_answer("text/xml", soap_answer(request.body));
        return octets.substr(0, octets.size() - 10);
      },
      "v-4");
  EXPECT_TRUE(answer.fault_code().starts_with(kFailed)) << answer.fault_code();
}

TEST(SoapService, FaultyResponseContentType) {
  expects("an answer of a type that is no SOAP", "server.serverproxy.service_failed.invalid_content_type");
  expect_fault([](const ServiceRequest&) { return http_answer("text/html", "<p/>"); }, "v-5", "invalid_content_type");
}

TEST(SoapService, EmptyResponse) {
  expects("an empty answer", "server.serverproxy.service_failed.invalid_soap");
  expect_fault([](const ServiceRequest&) { return http_answer("text/xml", ""); }, "v-6", "invalid_soap");
}

TEST(SoapService, MissingHeaderResponse) {
  expects("an answer without Header", "server.serverproxy.service_failed.missing_header");
  expect_fault(
      [](const ServiceRequest& request) {
        std::string soap = soap_answer(request.body);
        const auto from = soap.find("<soap:Header>");
        soap.erase(from, soap.find("</soap:Header>") + 14 - from);
        return http_answer("text/xml", soap);
      },
      "v-7", "missing_header");
}

TEST(SoapService, MissingBodyResponse) {
  expects("an answer without Body", "server.serverproxy.service_failed.missing_body");
  expect_fault(
      [](const ServiceRequest& request) {
        std::string soap = soap_answer(request.body);
        const auto from = soap.find("<soap:Body>");
        soap.erase(from, soap.find("</soap:Body>") + 12 - from);
        return http_answer("text/xml", soap);
      },
      "v-8", "missing_body");
}

TEST(SoapService, FaultyHeaderResponse) {
  expects("an answer that lacks a header field", "server.serverproxy.service_failed.missing_header_field");
  expect_fault(
      [](const ServiceRequest& request) {
        return http_answer("text/xml", with(soap_answer(request.body), "<x:id>v-9</x:id>", ""));
      },
      "v-9", "missing_header_field");
}

TEST(SoapService, ServerClientInconsistency) {
  describes("an answer with another user id is refused by the consumer's server");
  const Answer answer = ask(
      [](const ServiceRequest& request) {
        return http_answer("text/xml", with(soap_answer(request.body), "EE37702211234", "EE37702211235"));
      },
      "v-10");
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.service_failed.inconsistent_response") << answer.body;
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
  describes("a multipart answer without parts is a failure of the service");
  const Answer answer =
      ask([](const ServiceRequest&) { return http_answer("multipart/related; boundary=B", "--B--\r\n"); }, "v-13");
  EXPECT_TRUE(answer.fault_code().starts_with(kFailed)) << answer.fault_code();
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

TEST(SoapService, SlowService) {
  describes("a service that does not answer within its timeout fails by name, and not before");
  const Answer answer = ask(
      [](const ServiceRequest&) {
        std::this_thread::sleep_for(std::chrono::seconds(12));
        return std::string();
      },
      "v-15");
  EXPECT_TRUE(answer.fault_code().starts_with(kFailed)) << answer.fault_code();
}

}  // namespace
}  // namespace causeway::conformance
