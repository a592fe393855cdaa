// SPDX-License-Identifier: MIT
// SOAP with attachments, and MTOM, as a consumer's server takes or refuses it (messages.md 2.3).
#include "soap_request.hpp"

namespace causeway::conformance {
namespace {

std::string related(const std::string& soap, const std::vector<std::pair<std::string, std::string>>& parts,
                    const std::string& soap_type = "text/xml; charset=UTF-8") {
  std::string out = "--BOUND\r\nContent-Type: " + soap_type + "\r\nContent-ID: <soap>\r\n\r\n" + soap;
  for (const auto& [headers, content] : parts) out += "\r\n--BOUND\r\n" + headers + "\r\n\r\n" + content;
  return out + "\r\n--BOUND--\r\n";
}
constexpr const char* kRelated = "multipart/related; type=\"text/xml\"; boundary=BOUND";

TEST_F(SoapRequest, InvalidProviderAddress3) {
  const auto code = expects("a provider that no server serves", "server.clientproxy.unknown_member");
  const auto nowhere = *ClientId::make("DEV", "COM", "provider", "nowhere");
  const std::string soap = soap_request(Country::shared().app(), nowhere, "getState", "s-32");
  refuses(post(kRelated, related(soap, {{"Content-Type: text/plain", "one"}})), code);
}

TEST_F(SoapRequest, Attachment) {
  describes("attachments reach the service with their headers, octet for octet, and come back");
  Country::shared().services().answer_with([](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml");
    const auto to = request.body.find("Envelope>", from) + 9;
    return http_answer(
        request.header("content-type"),
        request.body.substr(0, from) + soap_answer(request.body.substr(from, to - from)) + request.body.substr(to));
  });
  const std::string content = "line\r\n--BOUN\r\n\x01\xff" + std::string(200000, 'x');
  const Answer answer =
      post(kRelated, related(soap_text(parts("a-1")), {{"Content-Type: text/plain\r\nContent-ID: <one>", content},
                                                       {"Content-Type: application/octet-stream", ""}}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body.substr(0, 2000);
  ASSERT_EQ(Country::shared().services().requests().size(), 1u);
  const auto request = Country::shared().services().requests()[0];
  EXPECT_NE(request.header("content-type").find("boundary=BOUND"), std::string::npos);
  EXPECT_NE(request.body.find("Content-ID: <one>"), std::string::npos);
  EXPECT_NE(request.body.find("\r\n\r\n" + content + "\r\n--BOUND"), std::string::npos);
  EXPECT_NE(answer.body.find("\r\n\r\n" + content + "\r\n--BOUND"), std::string::npos);
  EXPECT_NE(answer.body.find("getStateResponse"), std::string::npos);
}

TEST_F(SoapRequest, Attachment2) {
  describes("a nested multipart is an attachment like any other, answered with one");
  const std::string inner = "--INNER\r\nContent-Type: text/plain\r\n\r\nblaah\r\n--INNER--\r\n";
  const std::string nested = "Content-Type: multipart/mixed; charset=UTF-8; boundary=INNER";
  Country::shared().services().answer_with([&](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml"), to = request.body.find("Envelope>", from) + 9;
    return http_answer("multipart/related; charset=UTF-8; boundary=BOUND",
                       related(soap_answer(request.body.substr(from, to - from)), {{nested, inner}}, "text/xml"));
  });
  const Answer answer = post("multipart/related; boundary=BOUND", related(soap_text(parts("a-1b")), {{nested, inner}}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_NE(seen_body().find("\r\n\r\n" + inner + "\r\n--BOUND--"), std::string::npos) << seen_body();
  EXPECT_NE(answer.body.find("\r\n\r\n" + inner + "\r\n--BOUND--"), std::string::npos) << answer.body;
}

TEST_F(SoapRequest, SeveralAttachments) {
  describes("several attachments reach the service in their order, each with its own headers");
  const Answer answer =
      post(kRelated, related(soap_text(parts("a-1c")), {{"Content-Type: text/plain\r\nClient-Header: FooBar", "first"},
                                                        {"Content-Type: image/png\r\nClient-Header: Other", "second"},
                                                        {"Content-Type: text/plain", "third"}}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  const std::string seen = seen_body();
  const auto first = seen.find("\r\n\r\nfirst\r\n--BOUND"), second = seen.find("\r\n\r\nsecond\r\n--BOUND"),
             third = seen.find("\r\n\r\nthird\r\n--BOUND--");
  ASSERT_NE(third, std::string::npos) << seen;
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_LT(seen.find("Client-Header: FooBar"), first);
  EXPECT_GT(seen.find("Client-Header: Other"), first);
}

TEST_F(SoapRequest, AttachmentBig) {
  describes("an attachment larger than any SOAP message may be streams through, octet for octet");
  std::string big(40UL << 20, '\0');
  for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<char>((i * 2654435761U) >> 13);
  const Answer answer = post(kRelated, related(soap_text(parts("a-1d")), {{"Content-Type: application/octet-stream\r\n"
                                                                           "Content-Transfer-Encoding: binary",
                                                                           big}}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
  const std::string seen = seen_body();
  const auto at = seen.find("\r\n\r\n", seen.find("application/octet-stream"));
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(hash_of(seen.substr(at + 4, big.size())), hash_of(big));
}

TEST_F(SoapRequest, AttachmentSmallMantis) {
  describes("a content type with unquoted marks in its parameters, as some clients write it; a small and a large part");
  const std::string boundary = ":gkMa5KAvuHP7ahe9IQHONLgnncvv:";
  const std::string small = "small", large(300000, 'L');
  const std::string body = "--" + boundary + "\r\nContent-Type: text/xml; charset=UTF-8\r\n\r\n" +
                           soap_text(parts("a-1e")) + "\r\n--" + boundary + "\r\nContent-Type: text/plain\r\n\r\n" +
                           small + "\r\n--" + boundary + "\r\nContent-Type: text/plain\r\n\r\n" + large + "\r\n--" +
                           boundary + "--\r\n";
  const Answer answer =
      post("multipart/related; start-info=text/xml; type='application/xop+xml'; boundary=" + boundary, body);
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_NE(seen_body().find("\r\n\r\n" + small + "\r\n--" + boundary), std::string::npos);
  EXPECT_NE(seen_body().find("\r\n\r\n" + large + "\r\n--" + boundary + "--"), std::string::npos);
}

TEST_F(SoapRequest, Utf8BomAttachment2) {
  describes("a byte order mark within the SOAP part, on the way there and back; the request's counts in its hash");
  const std::string mark = "\xef\xbb\xbf", soap = mark + soap_text(parts("a-1f"));
  Country::shared().services().answer_with([&](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml"), to = request.body.find("Envelope>", from) + 9;
    return http_answer("multipart/related; charset=UTF-8; boundary=BOUND",
                       related(mark + soap_answer(request.body.substr(from, to - from)),
                               {{"Content-Type: text/plain", "back"}}, "text/xml"));
  });
  const Answer answer =
      post("multipart/related; boundary=BOUND", related(soap, {{"Content-Type: text/plain", "there"}}, "text/xml"));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_NE(seen_body().find("\r\n\r\n" + soap + "\r\n--BOUND"), std::string::npos);
  EXPECT_NE(answer.body.find("\r\n\r\nback\r\n--BOUND--"), std::string::npos) << answer.body;
  EXPECT_EQ(request_hash(answer.body), hash_of(soap));
}

TEST_F(SoapRequest, InvalidServiceAddress2) {
  const auto code = expects("a message with attachments for a service whose host has no address",
                            "server.serverproxy.service_failed.unknown_host");
  const std::string soap = soap_request(Country::shared().app(), Country::shared().service(), "unknownHost", "a-1g");
  refuses(post(kRelated, related(soap, {{"Content-Type: text/plain", "one"}})), code);
}

TEST_F(SoapRequest, MimeSoap) {
  describes("a multipart message without attachments stays one, on the way there and back");
  Country::shared().services().answer_with([](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml"), to = request.body.find("Envelope>", from) + 9;
    return http_answer("multipart/related; charset=UTF-8; boundary=MINE",
                       "--MINE\r\nContent-Type: text/xml\r\n\r\n" + soap_answer(request.body.substr(from, to - from)) +
                           "\r\n--MINE--\r\n");
  });
  const Answer answer = post("multipart/related; charset=UTF-8; boundary=BOUND", related(soap_text(parts("a-2")), {}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  ASSERT_EQ(Country::shared().services().requests().size(), 1u);
  const auto seen = Country::shared().services().requests()[0];
  EXPECT_EQ(seen.header("content-type"), "multipart/related; charset=UTF-8; boundary=BOUND");
  EXPECT_EQ(seen.body.find("--BOUND", seen.body.find("--BOUND") + 1), seen.body.find("--BOUND--"));
  EXPECT_NE(answer.headers.find("content-type")->find("boundary=MINE"), std::string::npos);
  EXPECT_NE(answer.body.find("--MINE--"), std::string::npos);
}

TEST_F(SoapRequest, AttachmentMTOM) {
  describes("MTOM: types and ids of the message and its parts are kept, on the way there and back");
  const std::string outer =
      "Multipart/Related; start-info=\"application/soap+xml\"; type=\"application/xop+xml\"; boundary=\"BOUND\"";
  const std::string inner = "application/xop+xml; type=\"application/soap+xml\"; charset=utf-8";
  const std::string picture = "Content-Type: text/plain; charset=UTF-8; name=attachment.txt\r\nContent-ID: <p>";
  Country::shared().services().answer_with([&](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml"), to = request.body.find("Envelope>", from) + 9;
    return http_answer(outer,
                       related(soap_answer(request.body.substr(from, to - from)), {{picture, "and back"}}, inner));
  });
  const Answer answer = post(outer, related(soap_text(parts("a-3")), {{picture, "there"}}, inner));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  ASSERT_EQ(Country::shared().services().requests().size(), 1u);
  const auto seen = Country::shared().services().requests()[0];
  EXPECT_EQ(seen.header("content-type"), outer);
  EXPECT_NE(seen.body.find(inner), std::string::npos) << seen.body;
  EXPECT_NE(seen.body.find("Content-ID: <soap>"), std::string::npos);
  EXPECT_NE(seen.body.find("text/plain; charset=UTF-8; name=attachment.txt"), std::string::npos);
  EXPECT_NE(seen.body.find("Content-ID: <p>"), std::string::npos);
  EXPECT_EQ(*answer.headers.find("content-type"), outer + ";charset=utf-8");
  EXPECT_NE(answer.body.find("\r\n\r\nand back\r\n--BOUND--"), std::string::npos) << answer.body;
}

TEST_F(SoapRequest, AttachmentNoSoap) {
  const auto code = expects("a multipart whose first part is no SOAP", "client.invalid_content_type");
  refuses(post(kRelated, "--BOUND\r\nContent-Type: text/plain\r\n\r\nx\r\n--BOUND--\r\n"), code);
  refuses(post(kRelated,
               "--BOUND\r\nContent-Type: multipart/mixed; boundary=IN\r\n\r\n--IN\r\nContent-Type: text/plain\r\n\r\n"
               "x\r\n--IN--\r\n\r\n--BOUND--\r\n"),
          code);
}

TEST_F(SoapRequest, EmptyMultipartRequest) {
  const auto code = expects("a multipart without parts", "client.missing_soap");
  refuses(post(kRelated, ""), code);
  refuses(post(kRelated, "--BOUND--\r\n"), code);
}

TEST_F(SoapRequest, AttachmentFaulty) {
  const auto code = expects("an attachment without Content-Type", "client.invalid_content_type");
  refuses(post(kRelated, related(soap_text(parts("a-4")), {{"Cont-Type: text/plain", "x"}})), code);
}

TEST_F(SoapRequest, AttachmentFaultySoap) {
  const auto code = expects("a multipart whose SOAP lacks a header field", "client.missing_header_field");
  auto p = parts("a-5");
  p.header = without(p.header, "<x:service", "</x:service>");
  refuses(post(kRelated, related(soap_text(p), {{"Content-Type: text/plain", "x"}})), code);
}

TEST_F(SoapRequest, AttachmentMalformedSoap) {
  const auto code = expects("a multipart whose SOAP is malformed", "client.invalid_soap");
  refuses(post(kRelated, related("<soap", {{"Content-Type: text/plain", "x"}})), code);
}

TEST_F(SoapRequest, MultipartWithoutBoundary) {
  const auto code = expects("multipart/related without a boundary", "client.invalid_content_type");
  refuses(post("multipart/related", "x"), code);
}

}  // namespace
}  // namespace causeway::conformance
