// SPDX-License-Identifier: MIT
// Messages made for X-Road's own proxy tests, with the outcome that those tests expect. The
// files are no part of this repository; every behaviour has a test of its own as well.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "message/content_type.hpp"
#include "message/rest.hpp"
#include "support/locations.hpp"
#include "unit/message/collected_soap.hpp"

namespace causeway::message {
namespace {

// Only where there are vectors.
std::filesystem::path vectors() { return *testing::xroad_vectors() / "service/proxy/proxy-core/src/test"; }

std::string content(const std::string& name) {
  std::ifstream file(vectors() / name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Vectors : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::xroad_vectors()) GTEST_SKIP() << "no X-Road test vectors here";
  }
};

const std::string kRelated = "multipart/related; charset=UTF-8; boundary=jetty771207119h3h10dty";
const std::string kMtom =
    "Multipart/Related; start-info=\"application/soap+xml\"; type=\"application/xop+xml\"; "
    "boundary=\"jetty771207119h3h10dty\";charset=UTF-8";
const std::string kPlain = "text/xml; charset=UTF-8";

struct Query {
  std::string file, content_type, outcome;
  std::size_t attachments = 0;
};

TEST_F(Vectors, MessagesOfInformationSystemsHaveTheExpectedOutcome) {
  const std::vector<Query> queries{
      {"getstate.query", kPlain, ""},
      {"getstate.answer", kPlain, ""},
      {"getstate-defaultnamespace.query", kPlain, ""},
      {"getstate-iso88591.answer", "text/xml; charset=ISO-8859-1", ""},
      {"getstate-subsystem.query", kPlain, ""},
      {"simple.query", kPlain, ""},
      {"simple-comment.answer", kPlain, ""},
      {"simple-rpc.query", kPlain, ""},
      {"simple-representedparty.query", kPlain, ""},
      {"split-header.query", kPlain, ""},
      {"split-header.answer", kPlain, ""},
      {"cdata.query", kPlain, ""},
      {"cdata.answer", kPlain, ""},
      {"xmlencoded.query", kPlain, ""},
      {"xmlencoded.answer", kPlain, ""},
      {"nowhitespace.query", kPlain, ""},
      {"requesthash.answer", kPlain, ""},
      {"missing-userId.query", kPlain, ""},
      {"listMethods.query", kPlain, ""},
      {"allowedMethods.query", kPlain, ""},
      {"attachm.query", kRelated, "", 1},
      {"attachm2.query", kRelated, "", 1},
      {"attachm2-utf8bom-inside.query", kRelated, "", 1},
      {"attachments.query", kRelated, "", 3},
      {"attachments.answer", kRelated, "", 3},
      {"mimesoap.query", kRelated, "", 0},
      {"attachm-mtom.query", kMtom, "", 1},
      {"attachm-mtom.answer", kMtom, "", 1},
      {"soapfault-mtom.answer", kMtom, "fault", 0},
      {"fault.query", kPlain, "fault"},
      {"faulty-fault.answer", "text/xml", "fault"},
      {"customfault.answer", kPlain, "fault"},
      {"empty.query", kPlain, "invalid_soap"},
      {"empty.query", kRelated, "none"},
      {"faulty-multipart.query", kRelated, "none"},
      {"faulty-header.query", kPlain, "missing_header_field"},
      {"faulty-header2.query", kPlain, "duplicate_header_field"},
      {"getstate.query", "blah", "invalid_content_type"},
      {"malformed-body1.query", kPlain, "invalid_body"},
      {"malformed-body2.query", kPlain, "invalid_body"},
      {"malformed-body3.query", kPlain, "inconsistent_headers"},
      {"inconsistent-headers.query", kPlain, "inconsistent_headers"},
      {"malformed-protocolVersion.query", kPlain, "invalid_protocol_version"},
      {"wrong-protocolVersion.query", kPlain, "invalid_protocol_version"},
      {"missing-protocolVersion.query", kPlain, "missing_header_field"},
      {"missing-body.query", kPlain, "missing_body"},
      {"no-header.query", kPlain, "missing_header"},
      {"missingobjecttype.query", kPlain, "invalid_xml"},
      {"attachm-error.query", kRelated, "invalid_content_type", 0},
      {"attachm-faulty-soap.query", kRelated, "missing_header_field"},
      {"attachm-no-soap.query", kRelated, "invalid_content_type"},
  };
  for (const Query& query : queries) {
    const CollectedSoap read = collected_soap(query.content_type, content("queries/" + query.file), 997);
    std::string outcome = read.fault;
    if (outcome.empty() && !read.has_soap) outcome = "none";
    if (outcome.empty() && std::holds_alternative<SoapFault>(*read.soap)) outcome = "fault";
    EXPECT_EQ(outcome, query.outcome) << query.file;
    if (outcome.empty()) EXPECT_EQ(read.attachments.size(), query.attachments) << query.file;
  }
}

TEST_F(Vectors, EveryAnswerTakesTheRequestHashAndStaysReadable) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(vectors() / "queries")) {
    const std::string name = entry.path().filename();
    const std::string text = content("queries/" + name);
    auto soap = parse_soap(to_bytes(text), kPlain);
    if (!soap || !std::holds_alternative<SoapMessage>(*soap)) continue;
    const auto& message = std::get<SoapMessage>(*soap);
    const auto hashed = with_request_hash(message, message.bytes);
    ASSERT_TRUE(hashed.ok()) << name;
    const auto again = parse_soap(hashed->bytes, kPlain);
    ASSERT_TRUE(again.ok()) << name << ": " << again.error().text;
    EXPECT_TRUE(check_consistent(message, std::get<SoapMessage>(*again)).ok()) << name;
    ++count;
  }
  EXPECT_GT(count, 30u);
}

struct Transported {
  std::string file, boundary;
  std::vector<std::string> types;
};

TEST_F(Vectors, TransportMessagesHaveTheExpectedParts) {
  const std::string request = "xtop1357783211hcn1yiro", signature = "signature/bdoc-1.0/ts";
  const std::string ocsp = "application/ocsp-response";
  const std::vector<Transported> messages{
      {"normal.request", request, {"text/xml", signature}},
      {"normal.response", "xtop1143483536hcn1yj5i", {"text/xml", signature}},
      {"normal-soapfault.request", request, {"text/xml", signature}},
      {"ocsp.request", request, {ocsp, "text/xml", signature}},
      {"invalid-ocsp.request", request, {ocsp, "text/xml", signature}},
      {"fault-signature.request", request, {"text/xml", "text/xml"}},
      {"extracontent.request", request, {"text/xml", signature, "text/plain"}},
      {"invalid-contenttype-signature.request", request, {"text/xml", "foo/bar"}},
      {"invalid-soap-contenttype.request", request, {"foo/bar", signature}},
      {"attachment.request",
       "xtop569125687hcu8vfma",
       {"text/xml", "multipart/mixed; charset=UTF-8; boundary=xatt569125687hcu8vfma", signature}},
  };
  for (const Transported& message : messages) {
    const auto parts = collected_parts(content("proxymessages/" + message.file), message.boundary, 61);
    std::vector<std::string> types;
    for (const CollectedPart& part : parts) types.push_back(part.type());
    EXPECT_EQ(types, message.types) << message.file;
    for (const CollectedPart& part : parts) {
      // Two hold a message of protocol version 2, which nobody reads.
      if (part.type() != "text/xml" || part.body.find("xroad:consumer") != std::string::npos) continue;
      EXPECT_TRUE(parse_soap(to_bytes(part.body), part.type()).ok()) << message.file;
    }
  }
  const auto parts = collected_parts(content("proxymessages/attachment.request"), "xtop569125687hcu8vfma", 61);
  const auto attachments = collected_parts(parts.at(1).body, "xatt569125687hcu8vfma", 61);
  ASSERT_EQ(attachments.size(), 1u);
  EXPECT_EQ(attachments[0].body, "blaah");
}

}  // namespace
}  // namespace causeway::message
