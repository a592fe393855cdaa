// SPDX-License-Identifier: MIT
#include "verification_cases.hpp"

#include "custom_signature.hpp"

namespace causeway::evidence {
namespace {

constexpr const char* kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr const char* kInclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at == std::string::npos) std::abort();
  return text.replace(at, what.size(), by);
}

// The text between two marks, both left in place, exchanged.
std::string between(std::string text, const std::string& first, const std::string& last, const std::string& by) {
  const auto start = text.find(first) + first.size();
  return text.replace(start, text.find(last, start) - start, by);
}

class Cases {
 public:
  explicit Cases(const TestMember& member) : member_(member) {}

  std::vector<VerificationCase> all() {
    good();
    message_changed();
    document_changed();
    variants();
    refused_algorithms();
    certificates();
    return std::move(cases_);
  }

 private:
  using Contents = std::vector<std::string>;

  void add(std::string name, SignatureDocument document, Contents contents, std::string code,
           std::string sender = "XX/COM/1234/SUB") {
    cases_.push_back({std::move(name), std::move(document), std::move(contents), std::move(code), std::move(sender)});
  }
  void custom(std::string name, const CustomSignature& custom, std::string code, Contents contents = {"hello"}) {
    add(std::move(name), {make_signature(member_, custom), {}, {}}, std::move(contents), std::move(code));
  }
  // The writer's plain document with its text changed.
  void edited(std::string name, const std::string& what, const std::string& by, std::string code) {
    add(std::move(name), {replaced(plain_.signature, what, by), {}, {}}, {"hello"}, std::move(code));
  }

  void good() {
    add("plain", plain_, {"hello"}, "");
    add("attachments", member_.sign({parts_of({"m", "a", "b"})}).front(), {"m", "a", "b"}, "");
    const std::vector<Contents> batch{{"one"}, {"two", "with attachment"}, {"three"}};
    const auto documents = member_.sign({parts_of(batch[0]), parts_of(batch[1]), parts_of(batch[2])});
    for (std::size_t i = 0; i < batch.size(); ++i) add("batch-" + std::to_string(i + 1), documents[i], batch[i], "");
    add("batch-chain-of-another", {documents[0].signature, documents[0].hash_chain_result, documents[2].hash_chain},
        batch[0], "malformed_signature.invalid_hash_chain");
    add("batch-without-chain", {documents[0].signature, documents[0].hash_chain_result, {}}, batch[0],
        "malformed_signature.invalid_reference");
    add("batch-without-result", {documents[0].signature, {}, {}}, batch[0], "invalid_signature_value");
    add("batch-other-result",
        {documents[0].signature, documents[0].hash_chain_result.str() + "\n", documents[0].hash_chain}, batch[0],
        "invalid_signature_value");
    add("unreferenced-chain-ignored", {plain_.signature, "not a chain", "nor this"}, {"hello"}, "");
  }

  void message_changed() {
    add("wrong-message", plain_, {"hallo"}, "invalid_signature_value");
    const auto chained = member_.sign({parts_of({"m", "a"})}).front();
    add("wrong-attachment", chained, {"m", "b"}, "malformed_signature.invalid_hash_chain");
    add("added-attachment", chained, {"m", "a", "x"}, "malformed_signature.hashchain_unused_inputs");
    add("missing-attachment", chained, {"m"}, "malformed_signature.invalid_reference");
    add("plain-with-attachment", plain_, {"hello", "uncovered"}, "malformed_signature");
    add("other-sender", plain_, {"hello"}, "incorrect_certificate", "XX/COM/5678");
    add("member-itself", plain_, {"hello"}, "", "XX/COM/1234");
    add("other-instance", plain_, {"hello"}, "internal_error", "OTHER/COM/1234");
  }

  void document_changed() {
    add("not-xml", {"hello", {}, {}}, {"hello"}, "invalid_xml");
    add("empty", {"", {}, {}}, {"hello"}, "invalid_xml");
    edited("doctype", "<asic:XAdES", "<!DOCTYPE a><asic:XAdES", "invalid_xml");
    add("no-signature", {"<asic:XAdESSignatures xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\"/>", {}, {}}, {"hello"},
        "malformed_signature");
    edited("unknown-root", "02918/v1.2.1#", "02918/v9.9.9#", "malformed_signature");
    edited("signing-time-changed", "<xades:SigningTime>20", "<xades:SigningTime>19", "invalid_signature_value");
    add("signature-value-changed",
        {between(plain_.signature, "<ds:SignatureValue Id=\"signature-value\">\n", "\n</ds:SignatureValue",
                 to_base64(Bytes(64, 7))),
         {},
         {}},
        {"hello"}, "invalid_signature_value");
    add("signature-value-empty",
        {between(plain_.signature, "<ds:SignatureValue Id=\"signature-value\">", "</ds:SignatureValue", ""), {}, {}},
        {"hello"}, "invalid_signature_value");
    add("no-certificate", {between(plain_.signature, "<ds:X509Data>", "</ds:X509Data", ""), {}, {}}, {"hello"},
        "malformed_signature");
    add("no-ocsp", {between(plain_.signature, "<xades:OCSPValues>", "</xades:OCSPValues", ""), {}, {}}, {"hello"},
        "malformed_signature");
    edited("unknown-element", "<ds:CanonicalizationMethod", "<ds:Foo/><ds:CanonicalizationMethod",
           "malformed_signature");
    edited("duplicate-id", "<ds:Object>", "<ds:Object><other Id=\"signed-properties\"/>", "malformed_signature");
    edited("second-signature", "</asic:XAdES", "<ds:Signature/></asic:XAdES", "malformed_signature");
    edited("no-object", "<ds:Object>", "<ds:Other>", "invalid_xml");
  }

  void variants() {
    custom("custom", {}, "");
    custom("whitespace-before-signature", {.before_signature = "\n  <!-- -->"}, "");
    custom("old-root-namespace", {.root_namespace = "http://uri.etsi.org/02918/v1.1.1#"}, "");
    custom("wrapped-base64", {.wrap = true}, "");
    custom("exclusive",
           {.references = {{"/message.xml", "hello"}, {"#signed-properties", {}, {kExclusive}}},
            .canonicalization = kExclusive},
           "");
    custom("signature-as-root",
           {.references = {{"/message.xml", "hello"}, {"#signed-properties", {}, {kExclusive}}},
            .root_namespace = {},
            .canonicalization = kExclusive},
           "");
    custom(
        "direct-references",
        {.references = {{"/attachment2", "b"}, {"/message.xml", "m"}, {"/attachment1", "a"}, {"#signed-properties"}}},
        "", {"m", "a", "b"});
    custom("direct-reference-wrong", {.references = {{"/message.xml", "m"}, {"/attachment1", "a"}}},
           "invalid_signature_value", {"m", "x"});
    custom("direct-reference-to-nothing", {.references = {{"/message.xml", "m"}, {"/attachment1", "a"}}},
           "invalid_signature_value", {"m"});
    custom("direct-reference-missing", {.references = {{"/message.xml", "m"}, {"/attachment1", "a"}}},
           "malformed_signature", {"m", "a", "b"});
    custom("message-not-referenced", {.references = {{"#signed-properties"}}}, "malformed_signature");
    custom("two-transforms",
           {.references = {{"/message.xml", "hello"}, {"#signed-properties", {}, {kInclusive, kExclusive}}}},
           "invalid_signature_value");
    custom("dangling-reference", {.references = {{"/message.xml", "hello"}, {"#nowhere"}}}, "invalid_signature_value");
    custom("whole-document-reference", {.references = {{"/message.xml", "hello"}, {""}}}, "invalid_signature_value");
    custom("file-reference", {.references = {{"/message.xml", "hello"}, {"file:///etc/hostname"}}},
           "invalid_signature_value");
    CustomSignature many{.references = {{"/message.xml", "hello"}}};
    while (many.references.size() < 30) many.references.push_back({"#signed-properties"});
    custom("thirty-references", many, "");
    many.references.push_back({"#signed-properties"});
    custom("thirty-one-references", many, "malformed_signature");
  }

  void refused_algorithms() {
    const std::string md5 = "http://www.w3.org/2001/04/xmldsig-more#md5";
    custom("md5-digest", {.references = {{"/message.xml", "hello", {}, md5}}}, "invalid_signature_value");
    custom("xslt", {.references = {{"/message.xml", "hello", {"http://www.w3.org/TR/1999/REC-xslt-19991116"}}}},
           "invalid_signature_value");
    custom("xpath",
           {.references = {{"/message.xml", "hello"},
                           {"#signed-properties", {}, {"http://www.w3.org/TR/1999/REC-xpath-19991116"}}}},
           "invalid_signature_value");
    custom("six-transforms",
           {.references = {{"/message.xml", "hello"},
                           {"#signed-properties", {}, std::vector<std::string>(6, kInclusive)}}},
           "invalid_signature_value");
    custom("hmac", {.signature_method = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512"},
           "invalid_signature_value");
    custom("rsa-named-for-ecdsa", {.signature_method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"},
           "invalid_signature_value");
    custom("unknown-canonicalization", {.canonicalization = "urn:other"}, "invalid_signature_value");
  }

  TestMember with_certificate(const CertificateOptions& options) const {
    TestMember other = member_;
    other.identity.certificate =
        member_.ca.issue({{"C", "XX"}, {"O", "COM"}, {"CN", "1234"}}, member_.key.public_key(), options);
    other.identity.ocsp_responses = {member_.ca.ocsp(other.identity.certificate, TestMember::kNow)};
    return other;
  }

  void signed_by(std::string name, const TestMember& other, std::string code) {
    add(std::move(name), other.sign({parts_of({"hello"})}).front(), {"hello"}, std::move(code));
  }

  void with_ocsp(std::string name, std::vector<Bytes> responses, std::string code) {
    TestMember other = member_;
    other.identity.ocsp_responses = std::move(responses);
    signed_by(std::move(name), other, std::move(code));
  }

  void certificates() {
    using Status = TestCa::Status;
    const auto hour = std::chrono::hours(1);
    const TimePoint now = TestMember::kNow;
    const pki::Certificate& own = member_.identity.certificate;
    signed_by("not-for-signing", with_certificate({.key_usage = "digitalSignature"}), "malformed_signature");
    signed_by("no-key-usage", with_certificate({.key_usage = ""}), "malformed_signature");
    signed_by("expired-certificate", with_certificate({.not_after = now - hour}), "invalid_cert_path.cert_validation");
    with_ocsp("revoked", {member_.ca.ocsp(own, now, Status::revoked)}, "invalid_cert_path.cert_validation");
    with_ocsp("status-unknown", {member_.ca.ocsp(own, now, Status::unknown)}, "invalid_cert_path.cert_validation");
    with_ocsp("stale-ocsp", {member_.ca.ocsp(own, now - 2 * hour)}, "invalid_cert_path.incorrect_validation_info");
    with_ocsp("ocsp-of-another", {member_.ca.ocsp(with_certificate({}).identity.certificate, now)},
              "invalid_cert_path.cert_validation");
    with_ocsp("ocsp-garbage", {{1, 2, 3}}, "invalid_cert_path.cert_validation");
    const TestCa stranger = TestCa::make({{"O", "Test"}, {"CN", "Test CA"}});
    TestMember forged = member_;
    forged.identity.certificate = stranger.issue({{"C", "XX"}, {"O", "COM"}, {"CN", "1234"}}, member_.key.public_key());
    forged.identity.ocsp_responses = {stranger.ocsp(forged.identity.certificate, now)};
    signed_by("forged-issuer", forged, "invalid_cert_path.cert_validation");
    intermediates();
  }

  void intermediates() {
    // The certificate's issuer is an approved CA itself, so intermediates are passed over.
    TestMember other = member_;
    const TestCa below = member_.ca.intermediate({{"CN", "Issuing CA"}});
    other.identity.intermediates = {below.certificate};
    other.identity.ocsp_responses.push_back(member_.ca.ocsp(below.certificate, TestMember::kNow));
    signed_by("unneeded-intermediate", other, "");
    SignatureDocument document = other.sign({parts_of({"hello"})}).front();
    const std::string original = document.signature;
    document.signature = replaced(original, "<xades:Cert URI=\"#encapsulated-cert-1\">", "<xades:Cert>");
    add("intermediate-without-id", document, {"hello"}, "malformed_signature");
    document.signature = replaced(original, "Id=\"encapsulated-cert-1\"", "Id=\"other\"");
    add("intermediate-missing", document, {"hello"}, "malformed_signature");
    document.signature =
        replaced(original, to_base64(below.certificate.der()), to_base64(member_.ca.certificate.der()));
    add("intermediate-of-other-digest", document, {"hello"}, "malformed_signature");
  }

  const TestMember& member_;
  const SignatureDocument plain_ = member_.sign({parts_of({"hello"})}).front();
  std::vector<VerificationCase> cases_;
};

}  // namespace

std::vector<VerificationCase> verification_cases(const TestMember& member) { return Cases(member).all(); }

}  // namespace causeway::evidence
