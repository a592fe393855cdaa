// SPDX-License-Identifier: MIT
#include "container_samples.hpp"

#include <cstdio>
#include <cstdlib>

#include "custom_signature.hpp"
#include "evidence/hash_chain.hpp"
#include "evidence/signature_timestamp.hpp"
#include "evidence/zip_writer.hpp"
#include "pki/timestamp.hpp"

namespace causeway::evidence {
namespace {

using namespace std::chrono_literals;

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "test set-up failed: %s %s\n", result.error().code.c_str(), result.error().text.c_str());
    std::abort();
  }
  return *std::move(result);
}

void must(const Result<void>& result) {
  if (!result) std::abort();
}

constexpr auto kSha512 = pki::DigestAlgorithm::sha512;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) std::abort();
  return text.replace(at, from.size(), to);
}

std::vector<ContentSource> attachments_of(const std::vector<std::string>& contents) {
  std::vector<ContentSource> out;
  for (std::size_t i = 1; i < contents.size(); ++i) out.push_back(content_of(as_bytes(contents[i])));
  return out;
}

Bytes packed(const std::vector<std::string>& contents, const SignatureDocument& document,
             const BatchTimestamp* timestamp) {
  return must(asic_bytes({contents.front(), document, timestamp, attachments_of(contents), ContainerMaker::kLogged}));
}

std::string soap(const std::string& member_code, const std::string& body) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" "
         "xmlns:xrd=\"http://x-road.eu/xsd/xroad.xsd\" xmlns:id=\"http://x-road.eu/xsd/identifiers\"><e:Header>\n"
         "<xrd:client id:objectType=\"SUBSYSTEM\"><id:xRoadInstance>XX</id:xRoadInstance>"
         "<id:memberClass>COM</id:memberClass><id:memberCode>" +
         member_code +
         "</id:memberCode><id:subsystemCode>SUB</id:subsystemCode></xrd:client>\n"
         "<xrd:service id:objectType=\"SERVICE\"><id:xRoadInstance>XX</id:xRoadInstance>"
         "<id:memberClass>COM</id:memberClass><id:memberCode>1234</id:memberCode>"
         "<id:subsystemCode>REG</id:subsystemCode><id:serviceCode>find</id:serviceCode></xrd:service>\n"
         "<xrd:id>query-1</xrd:id><xrd:userId>EE1</xrd:userId><xrd:protocolVersion>4.0</xrd:protocolVersion>"
         "</e:Header><e:Body>" +
         body + "</e:Body></e:Envelope>\n";
}

class Cases {
 public:
  explicit Cases(const ContainerMaker& maker) : maker_(maker) {}

  std::vector<ContainerCase> all() {
    good();
    variants();
    changed_messages();
    attachments();
    timestamps();
    certificates();
    manifests();
    missing_parts();
    return std::move(cases_);
  }

 private:
  void add(std::string name, Bytes file, std::string check = {}, std::string code = {}) {
    cases_.push_back({std::move(name), std::move(file), std::move(check), std::move(code)});
  }

  void good() {
    add("soap-single", soap_single_);
    add("soap-batch", soap_batch_);
    add("soap-response", maker_.batch({ContainerMaker::soap_response()}));
    add("soap-attachments", maker_.single({ContainerMaker::soap_request(), "first", std::string("\0\xff", 2)}));
    add("rest-single", maker_.single({ContainerMaker::rest_request()}));
    add("rest-body", rest_body_);
    add("rest-response", maker_.single({ContainerMaker::rest_response(), "{}"}));
    add("other-entry", zipped_with(soap_single_, "readme.txt", "not part of it"));
    add("folders", zipped_with(soap_single_, "META-INF/", ""));
    ZipEntries entries = entries_of(soap_batch_);
    std::ranges::reverse(entries);
    add("any-order", zipped(entries));
  }

  Bytes custom(const CustomSignature& signature, const std::vector<std::string>& contents) {
    return maker_.single_of(contents, {make_signature(maker_.member(), signature), {}, {}});
  }

  // Forms that others make (evidence.md 1.4).
  void variants() {
    const std::string message = ContainerMaker::soap_request();
    const std::string exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    add("direct-references",
        custom({.references = {{"/attachment2", "b"}, {"/message.xml", message}, {"/attachment1", "a"}}},
               {message, "a", "b"}));
    add("signature-as-root", custom({.references = {{"/message.xml", message}, {"#signed-properties", {}, {exclusive}}},
                                     .root_namespace = {},
                                     .canonicalization = exclusive},
                                    {message}));
    add("old-root-namespace",
        custom({.references = {{"/message.xml", message}}, .root_namespace = "http://uri.etsi.org/02918/v1.1.1#"},
               {message}));
    const std::string stamped = signature_in(soap_single_);
    std::string bare = replaced(stamped, "<xades:EncapsulatedTimeStamp>", "");
    bare = replaced(bare, "</xades:EncapsulatedTimeStamp>", "");
    add("token-without-element", with_entry(soap_single_, kSignature, bare));
  }

  void changed_messages() {
    const std::string other = replaced(ContainerMaker::soap_request(), "<k/>", "<l/>");
    add("message-changed", with_entry(soap_single_, "message.xml", other), "references", "invalid_signature_value");
    add("chained-message-changed", with_entry(soap_batch_, "message.xml", other), "hash_chain",
        "malformed_signature.invalid_hash_chain_ref");
    add("sender-changed", with_entry(soap_single_, "message.xml", ContainerMaker::soap_request("1235")), "signer",
        "incorrect_certificate");
    add("another-member", maker_.single({ContainerMaker::soap_request("9999")}), "signer", "incorrect_certificate");
    add("message-unreadable", maker_.single({"hello"}), "message", "internal_error");
    add("signature-of-another",
        with_entry(soap_single_, kSignature, signature_in(maker_.single({ContainerMaker::soap_response()}))),
        "references", "invalid_signature_value");
    add("signature-unreadable", with_entry(soap_single_, kSignature, "<a>"), "signature", "invalid_xml");
    add("chain-of-another", with_entry(rest_body_, "sig-hashchain.xml", content_in(soap_batch_, "sig-hashchain.xml")),
        "hash_chain", "malformed_signature.invalid_hash_chain_ref");
    add("chain-missing", with_entry(with_entry(rest_body_, "sig-hashchain.xml", ""), "sig-hashchainresult.xml", ""),
        "references", "invalid_signature_value");
    // X-Road passes over a hash chain that nothing refers to, whatever it says.
    add("unreferenced-chain",
        zipped_with(zipped_with(soap_single_, "sig-hashchain.xml", "x"), "sig-hashchainresult.xml", "x"));
  }

  void attachments() {
    const std::string message = ContainerMaker::soap_request();
    add("attachment-not-logged", with_entry(rest_body_, "attachment1", ""), "manifest", "asic_invalid_container");
    Bytes unlisted = with_entry(rest_body_, "attachment1", "");
    const std::string line =
        "    <manifest:file-entry manifest:media-type=\"application/octet-stream\" "
        "manifest:full-path=\"attachment1\"/>\n";
    unlisted = with_entry(unlisted, kManifest, replaced(content_in(unlisted, kManifest), line, ""));
    add("attachment-not-logged-not-listed", unlisted);
    add("attachment-changed", with_entry(rest_body_, "attachment1", "{\"b\":1}"), "attachment1",
        "malformed_signature.invalid_hash_chain_ref");
    add("attachment-cut", with_entry(rest_body_, "attachment1", "{"), "attachment1",
        "malformed_signature.invalid_hash_chain_ref");
    add("attachment-added", zipped_with(soap_single_, "attachment1", "more"), "attachment1", "malformed_signature");
    add("chained-attachment-added", zipped_with(rest_body_, "attachment2", "more"), "attachment2",
        "malformed_signature");
    const CustomSignature direct{.references = {{"/message.xml", message}, {"/attachment1", "a"}}};
    add("direct-attachment-changed", custom(direct, {message, "b"}), "attachment1", "invalid_signature_value");
    add("direct-attachment-missing", custom(direct, {message}), "attachment1", "invalid_signature_value");
    add("direct-attachment-added", custom(direct, {message, "a", "b"}), "attachment2", "malformed_signature");
  }

  void timestamps() {
    const std::string stamped = signature_in(soap_single_);
    const std::string unstamped = maker_.member().sign({parts_of({ContainerMaker::soap_request()})}).front().signature;
    add("no-timestamp", with_entry(soap_single_, kSignature, unstamped), "timestamp", "malformed_signature");
    const auto stamp_with = [&](ByteView token) {
      return with_entry(soap_single_, kSignature, must(with_signature_timestamp(unstamped, token)));
    };
    add("timestamp-of-something-else", stamp_with(maker_.tsa().stamp(as_bytes("x"), ContainerMaker::kStamped)),
        "timestamp", "malformed_signature");
    add("timestamp-unreadable", stamp_with(as_bytes("x")), "timestamp", "malformed_signature");
    const TestTsa stranger = TestTsa::make(TestCa::make({{"O", "Test"}, {"CN", "Other CA"}}));
    add("authority-not-approved", stamp_with(stranger.stamp(must(stamped_octets(unstamped)), ContainerMaker::kStamped)),
        "timestamp_authority", "tsp_certificate_not_found");
    const Bytes token = to_bytes(content_in(soap_batch_, kToken));
    Bytes damaged = token;
    damaged.back() ^= 1;
    add("token-damaged", with_entry(soap_batch_, kToken, to_text(damaged)), "timestamp_authority",
        "timestamp_signer_verification_failed");
    const Bytes other = maker_.batch({ContainerMaker::soap_response()});
    add("stamped-chain-of-another", with_entry(soap_batch_, "ts-hashchain.xml", content_in(other, "ts-hashchain.xml")),
        "timestamp_chain", "malformed_signature");
    add("stamped-result-of-another",
        with_entry(with_entry(soap_batch_, "ts-hashchain.xml", content_in(other, "ts-hashchain.xml")),
                   "ts-hashchainresult.xml", content_in(other, "ts-hashchainresult.xml")),
        "timestamp_chain", "malformed_signature");
    add("token-of-another", with_entry(soap_batch_, kToken, content_in(other, kToken)), "timestamp",
        "malformed_signature");
    add("stamped-signature-changed",
        with_entry(soap_batch_, kSignature,
                   replaced(signature_in(soap_batch_), "\n</ds:KeyInfo>", "\n\n</ds:KeyInfo>")),
        "timestamp_chain", "malformed_signature");
  }

  void certificates() {
    using Status = TestCa::Status;
    const auto signed_by = [&](const TestMember& member, TimePoint at) {
      const std::vector<std::string> contents{ContainerMaker::soap_request()};
      return maker_.single_of(contents, member.sign({parts_of(contents)}).front(), at);
    };
    const auto now = TestMember::kNow;
    TestMember member = maker_.member();
    const auto with_ocsp = [&](Bytes response) {
      member.identity.ocsp_responses = {std::move(response)};
      return signed_by(member, ContainerMaker::kStamped);
    };
    const pki::Certificate own = member.identity.certificate;
    add("ocsp-too-old-when-stamped", signed_by(maker_.member(), now + 2h), "ocsp",
        "invalid_cert_path.incorrect_validation_info");
    add("revoked", with_ocsp(member.ca.ocsp(own, now, Status::revoked)), "ocsp", "invalid_cert_path.cert_validation");
    add("status-unknown", with_ocsp(member.ca.ocsp(own, now, Status::unknown)), "ocsp",
        "invalid_cert_path.cert_validation");
    add("ocsp-missing", with_ocsp({1, 2, 3}), "ocsp", "invalid_cert_path.cert_validation");
    const auto certified = [&](const CertificateOptions& options) {
      TestMember other = maker_.member();
      other.identity.certificate =
          other.ca.issue({{"C", "XX"}, {"O", "COM"}, {"CN", "1234"}}, other.key.public_key(), options);
      other.identity.ocsp_responses = {other.ca.ocsp(other.identity.certificate, now)};
      return signed_by(other, ContainerMaker::kStamped);
    };
    add("expired-when-stamped", certified({.not_after = now}), "certificate_path", "invalid_cert_path.cert_validation");
    add("not-for-signing", certified({.key_usage = "digitalSignature"}), "certificate", "malformed_signature");
    const TestCa stranger = TestCa::make({{"O", "Test"}, {"CN", "Other CA"}});
    TestMember other = maker_.member();
    other.identity.certificate = stranger.issue({{"C", "XX"}, {"O", "COM"}, {"CN", "1234"}}, other.key.public_key());
    add("unknown-issuer", signed_by(other, ContainerMaker::kStamped), "signer", "internal_error");
  }

  void manifests() {
    const std::string manifest = content_in(soap_batch_, kManifest);
    const std::string stamped = content_in(soap_batch_, kAsicManifest);
    const auto with = [&](const char* name, const std::string& content) {
      return with_entry(soap_batch_, name, content);
    };
    add("no-manifests", with_entry(with(kManifest, ""), kAsicManifest, ""));
    add("manifest-lists-what-is-not-there", with(kManifest, replaced(manifest, "message.xml", "massage.xml")),
        "manifest", "asic_invalid_container");
    add("manifest-leaves-out",
        with(kManifest, replaced(manifest,
                                 "    <manifest:file-entry manifest:media-type=\"text/xml\" "
                                 "manifest:full-path=\"message.xml\"/>\n",
                                 "")),
        "manifest", "asic_invalid_container");
    add("manifest-of-something-else", with(kManifest, replaced(manifest, "asic-e+zip", "asic-s+zip")), "manifest",
        "asic_invalid_container");
    add("manifest-unreadable", with(kManifest, "x"), "manifest", "asic_invalid_container");
    add("asic-manifest-digest", with(kAsicManifest, replaced(stamped, "<ds:DigestValue>", "<ds:DigestValue>AAAA")),
        "timestamp_manifest", "asic_invalid_container");
    add("asic-manifest-reference",
        with(kAsicManifest, replaced(stamped, "\"ts-hashchainresult.xml\"", "\"message.xml\"")), "timestamp_manifest",
        "asic_invalid_container");
    add("asic-manifest-signature", with(kAsicManifest, replaced(stamped, "timestamp.tst", "timestamp.xyz")),
        "timestamp_manifest", "asic_invalid_container");
  }

  void missing_parts() {
    const auto without = [&](const char* name) { return with_entry(soap_batch_, name, ""); };
    const auto blank = [&](const char* name) { return with_entry(soap_batch_, name, " \n"); };
    add("no-mimetype", without("mimetype"), "container", "asic_mime_type_not_found");
    add("other-mimetype", with_entry(soap_batch_, "mimetype", "application/zip"), "container",
        "asic_invalid_mime_type");
    add("no-message", without("message.xml"), "container", "asic_message_not_found");
    add("blank-message", blank("message.xml"), "container", "asic_message_not_found");
    add("no-signature", without(kSignature), "container", "asic_signature_not_found");
    add("no-chain", without("sig-hashchain.xml"), "container", "asic_hash_chain_not_found");
    add("no-chain-result", without("sig-hashchainresult.xml"), "container", "asic_hash_chain_result_not_found");
    add("no-stamped-chain", without("ts-hashchain.xml"), "container", "asic_hash_chain_not_found");
    add("no-stamped-result", without("ts-hashchainresult.xml"), "container", "asic_hash_chain_result_not_found");
    add("blank-timestamp", blank(kToken), "container", "asic_timestamp_not_found");
    add("no-token", without(kToken), "timestamp", "malformed_signature");
    add("blank-manifest", blank(kManifest), "container", "asic_manifest_not_found");
    add("blank-asic-manifest", blank(kAsicManifest), "container", "asic_manifest_not_found");
    add("not-a-zip", to_bytes("hello"), "container", "asic_invalid_container");
    add("empty-zip", zipped({}), "container", "asic_mime_type_not_found");
    Bytes cut = soap_batch_;
    cut.resize(cut.size() - 1);
    add("cut-off", cut, "container", "asic_invalid_container");
  }

  static std::string content_in(ByteView file, const std::string& name) {
    for (const auto& [entry, content] : entries_of(file))
      if (entry == name) return content;
    std::abort();
  }
  static std::string signature_in(ByteView file) { return content_in(file, kSignature); }
  static Bytes zipped_with(ByteView file, const std::string& name, const std::string& content) {
    ZipEntries entries = entries_of(file);
    entries.emplace_back(name, content);
    return zipped(entries);
  }

  static constexpr const char* kSignature = "META-INF/signatures.xml";
  static constexpr const char* kManifest = "META-INF/manifest.xml";
  static constexpr const char* kAsicManifest = "META-INF/ASiCManifest.xml";
  static constexpr const char* kToken = "META-INF/timestamp.tst";

  const ContainerMaker& maker_;
  const Bytes soap_single_ = maker_.single({ContainerMaker::soap_request()});
  const Bytes soap_batch_ = maker_.batch({ContainerMaker::soap_request()});
  const Bytes rest_body_ = maker_.batch({ContainerMaker::rest_request(), "{\"a\":1}"});
  std::vector<ContainerCase> cases_;
};

}  // namespace

TestTsa TestTsa::make(const TestCa& ca) {
  pki::PrivateKey key = must(pki::PrivateKey::generate_ec());
  pki::Certificate certificate =
      ca.issue({{"O", "Test"}, {"CN", "Test TSA"}}, key.public_key(),
               {.key_usage = "critical,digitalSignature", .extended_key_usage = "critical,timeStamping"});
  return {std::move(key), std::move(certificate)};
}

Bytes TestTsa::stamp(ByteView octets, TimePoint at) const {
  const Bytes imprint = pki::digest(kSha512, octets);
  const pki::TimestampAuthority authority(certificate, key, "1.2.3.4", [] { return 7U; });
  const Bytes response = authority.respond(pki::make_timestamp_request(kSha512, imprint), at);
  return must(pki::with_certificate(must(pki::token_of_response(response, kSha512, imprint)), certificate));
}

ZipEntries entries_of(ByteView file) {
  const ZipReader zip = must(ZipReader::open(file));
  ZipEntries entries;
  for (const ZipEntry& entry : zip.entries())
    entries.emplace_back(entry.name, to_text(must(zip.read_all(entry, std::uint64_t{1} << 30))));
  return entries;
}

Bytes zipped(const ZipEntries& entries) {
  Bytes file;
  ZipWriter zip(append_to(file));
  for (const auto& [name, content] : entries) must(zip.add(name, as_bytes(content), ContainerMaker::kLogged));
  must(zip.finish("mimetype=application/vnd.etsi.asic-e+zip"));
  return file;
}

Bytes with_entry(ByteView file, const std::string& name, const std::string& content) {
  ZipEntries entries = entries_of(file);
  const auto found = std::ranges::find(entries, name, &std::pair<std::string, std::string>::first);
  if (found == entries.end()) std::abort();
  if (content.empty())
    entries.erase(found);
  else
    found->second = content;
  return zipped(entries);
}

// Spelled out, because TestMember::kNow may not be there yet.
const TimePoint ContainerMaker::kLogged = from_unix_millis(1'780'000'001'000);
const TimePoint ContainerMaker::kStamped = from_unix_millis(1'780'000'600'000);

std::string ContainerMaker::soap_request(const std::string& member_code) {
  return soap(member_code, "<r:find xmlns:r=\"urn:reg\"><k/></r:find>");
}

std::string ContainerMaker::soap_response() {
  return soap("77", "<r:findResponse xmlns:r=\"urn:reg\"><found/></r:findResponse>");
}

std::string ContainerMaker::rest_request() {
  return "POST\r\n/r1/XX/COM/1234/REG/things/7?all=1\r\nContent-Type:application/json\r\n"
         "X-Road-Client:XX/COM/1234/SUB\r\nX-Road-Id:query-2\r\n"
         "x-road-request-id:6f1c9a52-4c58-4f0e-9c2b-0a7c5a9d2e11\r\n";
}

std::string ContainerMaker::rest_response() {
  return "200\r\nOK\r\nContent-Type:application/json\r\nx-road-id:query-2\r\nx-road-client:XX/COM/77/SUB\r\n"
         "x-road-service:XX/COM/1234/REG/things\r\nx-road-request-id:6f1c9a52-4c58-4f0e-9c2b-0a7c5a9d2e11\r\n"
         "x-road-request-hash:AAAA\r\n";
}

Bytes ContainerMaker::single(const std::vector<std::string>& contents, TimePoint stamped_at) const {
  return single_of(contents, member_.sign({parts_of(contents)}).front(), stamped_at);
}

Bytes ContainerMaker::single_of(const std::vector<std::string>& contents, SignatureDocument document,
                                TimePoint stamped_at) const {
  const Bytes token = tsa_.stamp(must(stamped_octets(document.signature)), stamped_at);
  document.signature = must(with_signature_timestamp(document.signature, token));
  return packed(contents, document, nullptr);
}

Bytes ContainerMaker::batch(const std::vector<std::string>& contents, TimePoint stamped_at) const {
  const std::vector<SignatureDocument> documents =
      member_.sign({parts_of({soap_request()}), parts_of(contents), parts_of({soap_response(), "x"})});
  std::vector<Bytes> digests;
  for (std::size_t i = 0; i < documents.size(); ++i)
    digests.push_back(pki::digest(kSha512, as_bytes(documents[i].signature.str() + (i == 1 ? "" : std::to_string(i)))));
  const HashTree tree = timestamp_tree(std::move(digests), kSha512);
  const BatchTimestamp timestamp{tsa_.stamp(as_bytes(tree.result()), stamped_at), tree.result(), tree.chain(1)};
  return packed(contents, documents[1], &timestamp);
}

ContainerReport ContainerMaker::verify(ByteView file) const {
  const TestTrust authorities = member_.trust();
  return verify_container(file, trust(authorities));
}

std::vector<ContainerCase> container_cases(const ContainerMaker& maker) { return Cases(maker).all(); }

}  // namespace causeway::evidence
