// SPDX-License-Identifier: MIT
#include "pki/timestamp.hpp"

#include <algorithm>

#include "pki/certificate_state.hpp"
#include "pki/evp_digest.hpp"

namespace causeway::pki {
namespace {

constexpr std::size_t kMaxTokenBytes = 1024 * 1024;

using StatusPtr = Handle<TS_STATUS_INFO, &TS_STATUS_INFO_free>;

Fault malformed(std::string_view what) {
  return openssl_fault(FaultCode::malformed_signature, "malformed timestamp: " + std::string(what));
}

std::optional<DigestAlgorithm> digest_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  switch (OBJ_obj2nid(object)) {
    case NID_sha1:
      return DigestAlgorithm::sha1;
    case NID_sha224:
      return DigestAlgorithm::sha224;
    case NID_sha256:
      return DigestAlgorithm::sha256;
    case NID_sha384:
      return DigestAlgorithm::sha384;
    case NID_sha512:
      return DigestAlgorithm::sha512;
    default:
      return std::nullopt;
  }
}

// A token taken apart: SignedData with one signer over a TSTInfo.
struct Token {
  CmsPtr cms;
  TsTstInfoPtr info;
  CMS_SignerInfo* signer = nullptr;
};

Result<Token> decode(ByteView der) {
  if (der.size() > kMaxTokenBytes) return malformed("too long");
  Token token;
  token.cms = from_der_exactly<CmsPtr>(&d2i_CMS_ContentInfo, der);
  if (!token.cms || OBJ_obj2nid(CMS_get0_type(token.cms.get())) != NID_pkcs7_signed) return malformed("no SignedData");
  ASN1_OCTET_STRING** content = CMS_get0_content(token.cms.get());
  if (OBJ_obj2nid(CMS_get0_eContentType(token.cms.get())) != NID_id_smime_ct_TSTInfo || !content || !*content) {
    return malformed("no TSTInfo");
  }
  token.info = from_der_exactly<TsTstInfoPtr>(&d2i_TS_TST_INFO, bytes_of(*content));
  if (!token.info) return malformed("TSTInfo");
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(token.cms.get());
  if (!signers || sk_CMS_SignerInfo_num(signers) != 1) return malformed("not exactly one signer");
  token.signer = sk_CMS_SignerInfo_value(signers, 0);
  return token;
}

Result<TimestampFacts> facts_of(const Token& token) {
  TS_TST_INFO* info = token.info.get();
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info);
  const auto algorithm = digest_of(TS_MSG_IMPRINT_get_algo(imprint));
  const ByteView digest = bytes_of(TS_MSG_IMPRINT_get_msg(imprint));
  const auto time = time_of(TS_TST_INFO_get_time(info));
  if (!algorithm) return malformed("unknown digest algorithm of the imprint");
  if (digest.size() != digest_size(*algorithm)) return malformed("length of the imprint");
  if (!time) return malformed("genTime");
  const BnPtr serial(ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(info), nullptr));
  const OpensslStringPtr serial_text(serial ? BN_bn2dec(serial.get()) : nullptr);
  return TimestampFacts{.time = *time,
                        .algorithm = *algorithm,
                        .digest = Bytes(digest.begin(), digest.end()),
                        .serial = serial_text ? serial_text.get() : "",
                        .policy = oid_text(TS_TST_INFO_get_policy_id(info))};
}

// A signed attribute's only value, as DER of a SEQUENCE; empty when there is none.
ByteView signed_attribute(CMS_SignerInfo* signer, int nid) {
  const int index = CMS_signed_get_attr_by_NID(signer, nid, -1);
  if (index < 0) return {};
  const X509_ATTRIBUTE* attribute = CMS_signed_get_attr(signer, index);
  if (X509_ATTRIBUTE_count(attribute) != 1) return {};
  const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(const_cast<X509_ATTRIBUTE*>(attribute), 0);
  if (!value || value->type != V_ASN1_SEQUENCE) return {};
  return bytes_of(value->value.sequence);
}

// The certificate's hash that the signing-certificate attribute of either version names
// first (RFC 2634, RFC 5035), and the attribute at all: RFC 3161 makes it mandatory.
struct NamedCertificate {
  DigestAlgorithm algorithm = DigestAlgorithm::sha1;
  Bytes hash;
};

// OpenSSL gives no access to these: SEQUENCE { SEQUENCE OF ESSCertID, ... } with
// ESSCertID ::= SEQUENCE { [algorithm SEQUENCE DEFAULT sha256,] hash OCTET STRING, ... }.
std::optional<NamedCertificate> first_cert_id(ByteView der, bool version2) {
  const unsigned char* position = der.data();
  const unsigned char* const end = der.data() + der.size();
  const auto enter = [&](int wanted) -> std::optional<long> {
    long length = 0;
    int tag = 0, tag_class = 0;
    const unsigned char* start = position;
    if (start >= end) return std::nullopt;
    const int result = ASN1_get_object(&start, &length, &tag, &tag_class, end - position);
    if ((result & 0x81) != 0 || tag != wanted || tag_class != V_ASN1_UNIVERSAL) return std::nullopt;
    position = start;
    return length;
  };
  for (int depth = 0; depth < 3; ++depth) {
    if (!enter(V_ASN1_SEQUENCE)) return std::nullopt;
  }
  NamedCertificate named;
  if (version2) {
    named.algorithm = DigestAlgorithm::sha256;
    const unsigned char* before = position;
    if (enter(V_ASN1_SEQUENCE)) {
      using AlgorithmPtr = Handle<X509_ALGOR, &X509_ALGOR_free>;
      position = before;
      const AlgorithmPtr algorithm(d2i_X509_ALGOR(nullptr, &position, end - position));
      const auto known = algorithm ? digest_of(algorithm.get()) : std::nullopt;
      if (!known) return std::nullopt;
      named.algorithm = *known;
    }
  }
  const auto length = enter(V_ASN1_OCTET_STRING);
  if (!length || *length > end - position) return std::nullopt;
  named.hash.assign(position, position + *length);
  return named;
}

Result<NamedCertificate> named_certificate(const Token& token) {
  const ByteView second = signed_attribute(token.signer, NID_id_smime_aa_signingCertificateV2);
  const ByteView first = signed_attribute(token.signer, NID_id_smime_aa_signingCertificate);
  if (second.empty() && first.empty()) return malformed("no signing-certificate attribute");
  auto named = second.empty() ? first_cert_id(first, false) : first_cert_id(second, true);
  if (!named) return malformed("signing-certificate attribute");
  return *std::move(named);
}

Result<Certificate> signer_among(const Token& token, std::span<const Certificate> approved) {
  for (const Certificate& candidate : approved) {
    if (CMS_SignerInfo_cert_cmp(token.signer, candidate.handle()) == 0) return candidate;
  }
  return Fault{"tsp_certificate_not_found", "the timestamp is not by an approved timestamping authority"};
}

Result<void> check_signing_time(const Token& token, const Certificate& authority) {
  const int index = CMS_signed_get_attr_by_NID(token.signer, NID_pkcs9_signingTime, -1);
  if (index < 0) return {};
  const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(CMS_signed_get_attr(token.signer, index), 0);
  const bool is_time = value && (value->type == V_ASN1_UTCTIME || value->type == V_ASN1_GENERALIZEDTIME);
  const auto time = is_time ? time_of(value->value.asn1_string) : std::nullopt;
  if (time && authority.valid_at(*time)) return {};
  return Fault{"timestamp_signer_verification_failed",
               "the timestamping authority's certificate was not valid at the time of signing"};
}

Result<void> check_signature(const Token& token, const Certificate& authority) {
  const X509StackPtr stack(sk_X509_new_null());
  sk_X509_push(stack.get(), authority.handle());
  constexpr unsigned kFlags = CMS_BINARY | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY;
  if (CMS_verify(token.cms.get(), stack.get(), nullptr, nullptr, nullptr, kFlags) == 1) return {};
  return Fault{"timestamp_signer_verification_failed",
               "the timestamp's signature does not verify: " + openssl_reason()};
}

// The ways in which a response can be of no use, by X-Road's names.
constexpr std::string_view kUnreadable = "mlog.reading_timestamp_response_failed";
constexpr std::string_view kNotGranted = "mlog.timestamp_non_granted_response";
constexpr std::string_view kNoToken = "mlog.timestamp_response_object_creation_failed";
constexpr std::string_view kNotAsAsked = "mlog.timestamp_response_validation_failed";

Fault refused(std::string_view code, std::string text) { return Fault{std::string(code), std::move(text)}; }

std::string status_text(const TS_STATUS_INFO* info) {
  std::string text = "status " + std::to_string(ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info)));
  const STACK_OF(ASN1_UTF8STRING)* lines = TS_STATUS_INFO_get0_text(info);
  for (int i = 0; lines && i < std::min(sk_ASN1_UTF8STRING_num(lines), 5); ++i) {
    const ByteView line = bytes_of(sk_ASN1_UTF8STRING_value(lines, i));
    text.append(", ").append(as_text(line.first(std::min<std::size_t>(line.size(), 200))));
  }
  return text;
}

struct SplitResponse {
  StatusPtr status;
  Bytes token;
};

// TimeStampResp ::= SEQUENCE { PKIStatusInfo, ContentInfo OPTIONAL }. By hand, because
// OpenSSL would read the token as PKCS#7, which knows no key identifiers of signers.
SplitResponse split_response(ByteView der) {
  const unsigned char* position = der.data();
  const unsigned char* end = der.data() + der.size();
  long length = 0;
  int tag = 0, tag_class = 0;
  const int result = ASN1_get_object(&position, &length, &tag, &tag_class, static_cast<long>(der.size()));
  if ((result & 0x80) != 0 || tag != V_ASN1_SEQUENCE) return {};
  constexpr int kIndefinite = 0x01, kEndOfContents = 2;  // old authorities write BER
  if ((result & kIndefinite) != 0 && end - position >= kEndOfContents)
    end -= kEndOfContents;
  else if (position + length != end)
    return {};
  StatusPtr status(d2i_TS_STATUS_INFO(nullptr, &position, end - position));
  return {std::move(status), Bytes(position, end)};
}

ASN1_INTEGER* next_serial(TS_RESP_CTX*, void* source) {
  ASN1_INTEGER* number = ASN1_INTEGER_new();
  ASN1_INTEGER_set_uint64(number, (*static_cast<const std::function<std::uint64_t()>*>(source))());
  return number;
}

int given_time(TS_RESP_CTX*, void* at, long* seconds, long* microseconds) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::microseconds>(static_cast<const TimePoint*>(at)->time_since_epoch());
  constexpr std::int64_t kMicros = 1'000'000;
  *seconds = static_cast<long>(since_epoch.count() / kMicros);
  *microseconds = static_cast<long>(since_epoch.count() % kMicros);
  return 1;
}

}  // namespace

Bytes make_timestamp_request(DigestAlgorithm algorithm, ByteView digest) {
  const TsReqPtr request(TS_REQ_new());
  TS_REQ_set_version(request.get(), 1);
  const Handle<TS_MSG_IMPRINT, &TS_MSG_IMPRINT_free> imprint(TS_MSG_IMPRINT_new());
  const Handle<X509_ALGOR, &X509_ALGOR_free> method(X509_ALGOR_new());
  X509_ALGOR_set0(method.get(), OBJ_nid2obj(EVP_MD_get_type(evp_digest(algorithm))), V_ASN1_NULL, nullptr);
  TS_MSG_IMPRINT_set_algo(imprint.get(), method.get());
  TS_MSG_IMPRINT_set_msg(imprint.get(), const_cast<unsigned char*>(digest.data()), static_cast<int>(digest.size()));
  TS_REQ_set_msg_imprint(request.get(), imprint.get());
  return to_der<TS_REQ>(&i2d_TS_REQ, request.get());
}

Result<Bytes> token_of_response(ByteView response_der, DigestAlgorithm algorithm, ByteView digest) {
  const ErrorQueueGuard guard;
  if (response_der.size() > kMaxTokenBytes) return refused(kUnreadable, "timestamp response is too long");
  auto [status, token] = split_response(response_der);
  if (!status) return refused(kUnreadable, "the answer is no timestamp response");
  const long code = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status.get()));
  if (code != TS_STATUS_GRANTED && code != TS_STATUS_GRANTED_WITH_MODS) {
    return refused(kNotGranted, "the timestamping authority refused: " + status_text(status.get()));
  }
  const auto decoded = decode(token);
  if (!decoded) return refused(kNoToken, decoded.error().text);
  const auto facts = facts_of(*decoded);
  if (!facts) return refused(kNoToken, facts.error().text);
  if (facts->algorithm != algorithm || !std::ranges::equal(facts->digest, digest)) {
    return refused(kNotAsAsked, "the timestamp is of something else");
  }
  if (const auto named = named_certificate(*decoded); !named) return refused(kNotAsAsked, named.error().text);
  return token;
}

Result<TimestampFacts> read_timestamp(ByteView token_der) {
  const ErrorQueueGuard guard;
  const auto token = decode(token_der);
  if (!token) return token.error();
  return facts_of(*token);
}

Result<Certificate> timestamp_signer(ByteView token_der, std::span<const Certificate> approved) {
  const ErrorQueueGuard guard;
  const auto token = decode(token_der);
  if (!token) return token.error();
  return signer_among(*token, approved);
}

Result<TimestampFacts> verify_timestamp(ByteView token_der, std::span<const Certificate> approved) {
  const ErrorQueueGuard guard;
  const auto token = decode(token_der);
  if (!token) return token.error();
  auto facts = facts_of(*token);
  if (!facts) return facts;
  const auto authority = signer_among(*token, approved);
  if (!authority) return authority.error();
  const auto named = named_certificate(*token);
  if (!named) return named.error();
  if (digest(named->algorithm, authority->der()) != named->hash) {
    return Fault{"timestamp_signer_verification_failed", "the timestamp names another certificate as its signer's"};
  }
  if (auto ok = check_signing_time(*token, *authority); !ok) return ok.error();
  if (auto ok = check_signature(*token, *authority); !ok) return ok.error();
  return facts;
}

Result<Bytes> with_certificate(ByteView token_der, const Certificate& authority) {
  const ErrorQueueGuard guard;
  const auto token = decode(token_der);
  if (!token) return token.error();
  const X509OwningStackPtr present(CMS_get1_certs(token->cms.get()));
  for (int i = 0; present && i < sk_X509_num(present.get()); ++i) {
    if (X509_cmp(sk_X509_value(present.get(), i), authority.handle()) == 0) {
      return to_der<CMS_ContentInfo>(&i2d_CMS_ContentInfo, token->cms.get());
    }
  }
  if (CMS_add1_cert(token->cms.get(), authority.handle()) != 1) return malformed("certificates");
  return to_der<CMS_ContentInfo>(&i2d_CMS_ContentInfo, token->cms.get());
}

Bytes TimestampAuthority::respond(ByteView request, TimePoint at) const {
  const ErrorQueueGuard guard;
  const TsRespCtxPtr context(TS_RESP_CTX_new());
  const Asn1ObjectPtr policy = oid_object(policy_);
  TS_RESP_CTX_set_signer_cert(context.get(), certificate_.handle());
  TS_RESP_CTX_set_signer_key(context.get(), key_.handle());
  TS_RESP_CTX_set_def_policy(context.get(), policy.get());
  TS_RESP_CTX_set_signer_digest(context.get(), evp_digest(DigestAlgorithm::sha256));
  TS_RESP_CTX_set_ess_cert_id_digest(context.get(), evp_digest(DigestAlgorithm::sha256));
  for (const auto algorithm : {DigestAlgorithm::sha256, DigestAlgorithm::sha384, DigestAlgorithm::sha512}) {
    TS_RESP_CTX_add_md(context.get(), evp_digest(algorithm));
  }
  TS_RESP_CTX_set_serial_cb(context.get(), &next_serial, const_cast<std::function<std::uint64_t()>*>(&serial_));
  TS_RESP_CTX_set_time_cb(context.get(), &given_time, &at);
  const TsRespPtr response(TS_RESP_create_response(context.get(), reading_bio(as_text(request)).get()));
  return response ? to_der<TS_RESP>(&i2d_TS_RESP, response.get()) : Bytes();
}

}  // namespace causeway::pki
