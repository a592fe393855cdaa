// SPDX-License-Identifier: MIT
#include "centralserver/managementservice/request_verification.hpp"

#include "centralserver/registry/checks.hpp"
#include "domain/fault_code.hpp"
#include "pki/certificate_profile.hpp"
#include "pki/ocsp.hpp"

namespace causeway::centralserver {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

Fault refused(std::string why) { return fault(FaultCode::invalid_request, std::move(why)); }

Result<void> check_parts(const ManagementMessage& message, std::initializer_list<std::string_view> parts) {
  std::size_t place = 0;
  for (const std::string_view part : parts)
    if (place++ >= message.attachments.size()) return refused(std::string(part) + " is missing");
  return {};
}

Result<pki::Certificate> certificate_in(const Attachment& part) {
  auto certificate = pki::Certificate::from_der(part.octets);
  if (!certificate) return fault(FaultCode::incorrect_certificate, certificate.error().text);
  return certificate;
}

Result<const pki::ApprovedCa*> approved_issuer(const pki::Certificate& certificate, const RegistryTrust& trust) {
  if (const pki::ApprovedCa* const issuer = trust.issuer_of(trust.instance(), certificate)) return issuer;
  return fault(FaultCode::internal_error, "Certificate is not issued by approved certification service provider.");
}

// `whose`: "Auth", "Owner" or "Client".
Result<void> verify_signature(const std::string& whose, const Attachment& signature,
                              const pki::Certificate& certificate, const message::SoapMessage& soap) {
  if (!signature.signature_algorithm) return refused(whose + " signature algorithm id is missing");
  const auto algorithm = pki::signature_from_name(*signature.signature_algorithm);
  if (!algorithm)
    return fault(FaultCode::internal_error,
                 "Unknown signature algorithm " + signature.signature_algorithm->substr(0, 40));
  const pki::PublicKey key = certificate.public_key();
  if (key.is_rsa() == (algorithm->scheme == pki::SignatureScheme::ecdsa))
    return fault(FaultCode::internal_error, whose + " signature algorithm is not one of the certificate's key");
  if (key.verify(*algorithm, soap.bytes, signature.octets)) return {};
  return fault(FaultCode::invalid_signature_value, whose + " signature verification failed");
}

Result<void> verify_authentication_certificate(const pki::Certificate& certificate, const RegistryTrust& trust,
                                               TimePoint at) {
  auto issuer = approved_issuer(certificate, trust);
  if (!issuer) return issuer.error();
  if (!certificate.issued_by((*issuer)->certificate))
    return fault(FaultCode::internal_error, "Authentication certificate was not issued by who it names");
  if (!certificate.valid_at(at))
    return fault(FaultCode::incorrect_certificate, "The authentication certificate has expired, or is not valid yet");
  if (!certificate.is_authentication())
    return fault(FaultCode::cert_validation, "Authentication certificate is not valid");
  return {};
}

Result<void> verify_signing_certificate(const pki::Certificate& certificate, const Attachment& ocsp,
                                        const RegistryTrust& trust, TimePoint at) {
  auto issuer = approved_issuer(certificate, trust);
  if (!issuer) return issuer.error();
  if (!certificate.issued_by((*issuer)->certificate) || !certificate.valid_at(at) || !certificate.is_signing())
    return fault(FaultCode::cert_validation, "Member (owner/client) sign certificate is invalid");
  if (!pki::is_ocsp_response(ocsp.octets)) return fault(FaultCode::io_error, "This is no OCSP response");
  auto good = pki::verify_ocsp_response(ocsp.octets, certificate, **issuer, trust, at);
  return good ? Result<void>() : good.error();
}

Result<ClientId> member_of(const pki::Certificate& certificate, const RegistryTrust& trust) {
  auto issuer = approved_issuer(certificate, trust);
  if (!issuer) return issuer.error();
  auto profile = pki::CertificateProfile::from_class((*issuer)->profile_class);
  if (!profile) return profile.error();
  return profile->member_of(certificate, trust.instance());
}

Result<void> check_sender(const ManagementMessage& message, const AskedFor& asked) {
  if (message.soap.header.client == asked.request.server.owner()) return {};
  return refused("Sender does not match server owner.");
}

Result<void> check_address(const AskedFor& asked) {
  return check_host(asked.request.address) ? Result<void>() : refused("Invalid server address");
}

Result<void> check_owner(const pki::Certificate& certificate, const AskedFor& asked, const RegistryTrust& trust) {
  const ClientId& owner = asked.request.server.owner();
  auto member = member_of(certificate, trust);
  if (!member) return member.error();
  if (*member == owner) return {};
  return refused("Subject identifier (" + member->to_string() +
                 ") in certificate does not match security server owner identifier (" + owner.to_string() +
                 ") in request");
}

Result<void> check_addressee(const ManagementMessage& message, const RegistryTrust& trust) {
  if (message.soap.header.service.client() == trust.provider() &&
      message.soap.header.client.instance() == trust.instance())
    return {};
  return refused("Invalid management service address. Contact central server administrator.");
}

// What is signed by both keys, with certificates of an owner and a server; the owner's.
Result<pki::Certificate> verify_registration_evidence(const ManagementMessage& message, const RegistryTrust& trust,
                                                      TimePoint at) {
  auto authentication = certificate_in(message.attachments[2]);
  if (!authentication) return authentication.error();
  if (auto good = verify_authentication_certificate(*authentication, trust, at); !good) return good.error();
  if (auto good = verify_signature("Auth", message.attachments[0], *authentication, message.soap); !good)
    return good.error();
  auto owner = certificate_in(message.attachments[3]);
  if (!owner) return owner.error();
  if (auto good = verify_signing_certificate(*owner, message.attachments[4], trust, at); !good) return good.error();
  if (auto good = verify_signature("Owner", message.attachments[1], *owner, message.soap); !good) return good.error();
  return owner;
}

Result<AskedFor> verify_registration(const ManagementMessage& message, const RegistryTrust& trust, TimePoint at) {
  constexpr RequestType kType = RequestType::AUTH_CERT_REGISTRATION;
  auto whole = check_parts(message, {"Auth signature", "Owner signature", "Auth certificate", "Owner certificate",
                                     "Owner certificate OCSP"});
  if (!whole) return whole.error();
  if (auto good = check_payload(message.soap, kType); !good) return good.error();
  auto owner = verify_registration_evidence(message, trust, at);
  if (!owner) return owner.error();
  if (auto good = check_addressee(message, trust); !good) return good.error();
  auto asked = read_asked_for(message.soap, kType);
  if (!asked) return asked;
  if (auto good = check_sender(message, *asked); !good) return good.error();
  if (message.attachments[2].octets != asked->request.certificate)
    return fault(FaultCode::cert_validation, "Authentication certificates do not match.");
  if (auto own = check_owner(*owner, *asked, trust); !own) return own.error();
  if (auto good = check_address(*asked); !good) return good.error();
  return asked;
}

Result<void> check_client(const pki::Certificate& certificate, const AskedFor& asked, const RegistryTrust& trust) {
  const ClientId& client = *asked.request.client;
  auto member = member_of(certificate, trust);
  if (!member) return member.error();
  if (*member != client.member())
    return refused("Subject identifier (" + member->to_string() +
                   ") in certificate does not match client's member"
                   " identifier (" +
                   client.to_string() + ") in request");
  const bool renames = asked.request.type == RequestType::CLIENT_RENAME;
  if (!client.is_subsystem() && (renames || !asked.request.subsystem_name.empty()))
    return refused("Only name of subsystem can be changed");
  if (renames && is_blank(asked.request.subsystem_name)) return refused("Invalid subsystem name");
  return {};
}

Result<AskedFor> verify_signed(const ManagementMessage& message, RequestType type, const RegistryTrust& trust,
                               TimePoint at) {
  auto whole = check_parts(message, {"Client signature", "Client certificate", "Client certificate OCSP"});
  if (!whole) return whole.error();
  if (auto good = check_payload(message.soap, type); !good) return good.error();
  auto certificate = certificate_in(message.attachments[1]);
  if (!certificate) return certificate.error();
  if (auto good = verify_signature("Client", message.attachments[0], *certificate, message.soap); !good)
    return good.error();
  if (auto good = verify_signing_certificate(*certificate, message.attachments[2], trust, at); !good)
    return good.error();
  auto asked = read_asked_for(message.soap, type);
  if (!asked) return asked;
  if (auto good = check_sender(message, *asked); !good) return good.error();
  // Where no client is asked for, X-Road does not ask whose certificate it is.
  auto whose =
      asked->request.client ? check_client(*certificate, *asked, trust) : check_owner(*certificate, *asked, trust);
  if (!whose) return whose.error();
  if (type != RequestType::ADDRESS_CHANGE) return asked;
  if (auto good = check_address(*asked); !good) return good.error();
  return asked;
}

Result<AskedFor> verify_unsigned(const ManagementMessage& message, RequestType type) {
  auto asked = read_asked_for(message.soap, type);
  if (!asked) return asked;
  if (auto good = check_sender(message, *asked); !good) return good.error();
  return asked;
}

}  // namespace

Result<AskedFor> verify_request(const ManagementMessage& message, RequestType type, const RegistryTrust& trust,
                                TimePoint at) {
  if (type == RequestType::AUTH_CERT_REGISTRATION) return verify_registration(message, trust, at);
  return attachments_of(type) == 0 ? verify_unsigned(message, type) : verify_signed(message, type, trust, at);
}

}  // namespace causeway::centralserver
