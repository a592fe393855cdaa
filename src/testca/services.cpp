// SPDX-License-Identifier: MIT
#include "testca/services.hpp"

#include <boost/json.hpp>

#include <optional>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "domain/identifiers.hpp"
#include "message/form_data.hpp"

namespace causeway::testca {
namespace {

constexpr std::string_view kPem = "application/x-pem-file";

ServiceAnswer text(int status, std::string body) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = to_bytes(body += "\n")};
}

ServiceAnswer refused(const Fault& why) {
  const bool ours = why.code == to_string(FaultCode::io_error) || why.code == to_string(FaultCode::internal_error);
  if (why.code == to_string(FaultCode::not_found)) return text(404, why.text);
  return text(ours ? 500 : 400, why.text);
}

// The value of a query parameter, undecoded: those here are plain words and numbers.
std::string parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return std::string(pair.substr(name.size() + 1));
    }
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
  }
  return {};
}

struct SignRequest {
  Bytes csr;
  std::string type;
  std::string filename = "request.pem";
};

Result<SignRequest> sign_request_of(const ServiceRequest& request, std::string_view query) {
  SignRequest sign{.csr = {}, .type = parameter(query, "type")};
  if (!request.content_type.starts_with("multipart/form-data")) {
    sign.csr = request.body;
    return sign;
  }
  const auto form = message::read_form_data(request.content_type, as_text(request.body));
  if (!form) return form.error();
  if (const std::string* const type = form->text("type")) sign.type = *type;
  if (const message::FormField* const csr = form->file("certreq")) {
    sign.csr = to_bytes(csr->value);
    if (!csr->filename->empty()) sign.filename = *csr->filename;
  }
  if (sign.csr.empty()) return fault(FaultCode::bad_request, "the form has no file certreq");
  return sign;
}

Result<IssueKind> kind_of(const SignRequest& request, const pki::Csr& csr) {
  if (request.type == "sign") return IssueKind::sign;
  if (request.type == "auth") return IssueKind::authentication;
  if (request.type == "tls") return IssueKind::tls;
  if (!request.type.empty() && request.type != "auto") {
    return fault(FaultCode::bad_request, "type is sign, auth or tls, not " + request.type);
  }
  if (csr.use != pki::CsrUse::none) {
    return csr.use == pki::CsrUse::signing ? IssueKind::sign : IssueKind::authentication;
  }
  return request.filename.find("sign") != std::string::npos ? IssueKind::sign : IssueKind::authentication;
}

// "sign_csr_x.der" -> "sign_crt_x.pem", as X-Road's test CA names what it gives back.
std::string certificate_filename(std::string name) {
  const auto slash = name.find_last_of("/\\");
  if (slash != std::string::npos) name.erase(0, slash + 1);
  const auto dot = name.find_last_of('.');
  if (dot != std::string::npos) name.erase(dot);
  const auto mark = name.find("_csr_");
  if (mark != std::string::npos) name.replace(mark, 5, "_crt_");
  std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '"'; });
  return name + ".pem";
}

ServiceAnswer sign(TestCa& ca, const ServiceRequest& request, std::string_view query, TimePoint at) {
  const auto asked = sign_request_of(request, query);
  if (!asked) return refused(asked.error());
  const auto csr = pki::read_csr(asked->csr);
  if (!csr) return refused(csr.error());
  const auto kind = kind_of(*asked, *csr);
  if (!kind) return refused(kind.error());
  const auto certificate = ca.issue(*csr, *kind, at);
  if (!certificate) return refused(certificate.error());
  log::info("test CA: issued {} for {}", certificate->serial_decimal(), csr->subject.to_string());
  return {.status = 200,
          .content_type = "application/octet-stream",
          .body = to_bytes(certificate->to_pem()),
          .filename = certificate_filename(asked->filename)};
}

std::vector<std::pair<std::string, pki::Certificate>> own_certificates(const TestCa& ca) {
  return {{"root", ca.root()},
          {"ca", ca.ca()},
          {"ocsp", ca.ocsp_signer()},
          {"root-ocsp", ca.root_ocsp_signer()},
          {"tsa", ca.tsa()}};
}

ServiceAnswer certificates(const TestCa& ca, std::string_view name) {
  std::string pem;
  for (const auto& [own_name, certificate] : own_certificates(ca)) {
    if (name.empty()) pem += "# " + own_name + ": " + certificate.subject_rfc2253() + "\n";
    if (name.empty() || name == own_name + ".pem") pem += certificate.to_pem();
  }
  if (pem.empty()) return text(404, "no such certificate");
  return {.status = 200, .content_type = std::string(kPem), .body = to_bytes(pem)};
}

ServiceAnswer issued(TestCa& ca) {
  const auto entries = ca.issued();
  if (!entries) return refused(entries.error());
  boost::json::array list;
  for (const IssuedCertificate& entry : *entries) {
    list.push_back({{"serial", entry.serial},
                    {"subject", entry.subject},
                    {"expires", to_iso_seconds(entry.expires)},
                    {"revoked_at", entry.revoked_at ? boost::json::value(to_iso_seconds(*entry.revoked_at))
                                                    : boost::json::value(nullptr)}});
  }
  return {.status = 200, .content_type = "application/json", .body = to_bytes(boost::json::serialize(list))};
}

ServiceAnswer changed_status(TestCa& ca, std::string_view query, bool revoke, TimePoint at) {
  const std::string serial = parameter(query, "serial");
  const auto done = revoke ? ca.revoke(serial, at) : ca.unrevoke(serial);
  if (!done) return refused(done.error());
  log::info("test CA: {} {}", revoke ? "revoked" : "unrevoked", serial);
  return text(200, (revoke ? "revoked " : "unrevoked ") + serial);
}

ServiceAnswer ocsp(TestCa& ca, ByteView request, TimePoint at) {
  return {.status = 200, .content_type = "application/ocsp-response", .body = ca.answer_ocsp(request, at)};
}

// GET has the request in Base64 in the path, percent-encoded by most clients; the
// slashes of Base64 may stand as they are.
ServiceAnswer ocsp_by_path(TestCa& ca, std::string_view encoded, TimePoint at) {
  std::string base64;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      base64 += encoded[i];
      continue;
    }
    const auto octet = from_hex(encoded.substr(i + 1, 2));
    if (!octet || octet->size() != 1) return text(400, "the path is not percent-encoded");
    base64 += static_cast<char>((*octet)[0]);
    i += 2;
  }
  const auto request = from_base64(base64);
  if (!request) return text(400, "the path is not Base64");
  return ocsp(ca, *request, at);
}

ServiceAnswer timestamp(const TestCa& ca, const ServiceRequest& request, TimePoint at) {
  return {.status = 200, .content_type = "application/timestamp-reply", .body = ca.answer_timestamp(request.body, at)};
}

}  // namespace

ServiceAnswer answer(TestCa& ca, const ServiceRequest& request, TimePoint at) {
  const std::string_view target = request.target;
  const auto question = target.find('?');
  const std::string_view path = target.substr(0, question);
  const std::string_view query = question == std::string_view::npos ? "" : target.substr(question + 1);
  constexpr std::string_view kCerts = "/ca/certs", kOcspPath = "/ocsp/";
  if (request.method == "POST") {
    if (path == "/ca/sign" || path == "/sign" || path == "/testca/sign") return sign(ca, request, query, at);
    if (path == "/ocsp" || path == kOcspPath) return ocsp(ca, request.body, at);
    if (path == "/tsa" || path == "/tsa/") return timestamp(ca, request, at);
    if (path == "/ca/revoke") return changed_status(ca, query, true, at);
    if (path == "/ca/unrevoke") return changed_status(ca, query, false, at);
  }
  if (request.method == "GET") {
    if (path == kCerts) return certificates(ca, "");
    if (path.starts_with("/ca/certs/")) return certificates(ca, path.substr(kCerts.size() + 1));
    if (path == "/ca/issued") return issued(ca);
    if (path.starts_with(kOcspPath)) return ocsp_by_path(ca, path.substr(kOcspPath.size()), at);
  }
  return text(404, "there is no " + request.method + " " + std::string(path) + " here");
}

}  // namespace causeway::testca
