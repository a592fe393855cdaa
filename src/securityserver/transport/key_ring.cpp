// SPDX-License-Identifier: MIT
#include "securityserver/transport/key_ring.hpp"

#include <algorithm>
#include <map>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "pki/ocsp.hpp"

namespace causeway::securityserver {

Result<KeyRing::Judged> KeyRing::judge(const pki::Certificate& certificate, const std::string& instance,
                                       const globalconf::View& view, TimePoint at) const {
  if (!certificate.valid_at(at))
    return fault(FaultCode::cert_validation, "its certificate is not valid now, but from " +
                                                 to_iso_seconds(certificate.not_before()) + " to " +
                                                 to_iso_seconds(certificate.not_after()));
  Judged judged{view.chain_of(certificate, instance), {}, certificate.not_after()};
  const auto policy = view.ocsp_policy();
  for (const pki::Certificate& link : judged.chain) {
    const pki::ApprovedCa* issuer = view.issuer_of(instance, link);
    if (!issuer)
      return fault(FaultCode::cert_validation, "its certificate was not issued by an approved certification service");
    auto response = ocsp_.find(link);
    if (!response)
      return fault(FaultCode::incorrect_validation_info, "there is no OCSP response yet for " + link.subject_rfc2253());
    auto facts = pki::verify_ocsp_response(*response, link, *issuer, view, at);
    if (!facts) return facts.error();
    judged.usable_until = std::min({judged.usable_until, link.not_after(), facts->this_update + policy.freshness});
    if (facts->next_update && policy.verify_next_update)
      judged.usable_until = std::min(judged.usable_until, *facts->next_update);
    judged.ocsp_responses.push_back(*std::move(response));
  }
  return judged;
}

void KeyRing::add_signing_key(Keys& keys, const signer::TokenInfo& token, const signer::KeyInfo& key,
                              const globalconf::View& view, TimePoint at) const {
  for (const auto& info : key.certificates) {
    if (!info.member) continue;
    const ClientId member = info.member->member();
    if (keys.signing.contains(member)) continue;
    std::string& reason = keys.reasons[member];
    if (!key.available || !token.active) {
      reason = "token '" + token.friendly_name + "' is not logged in";
    } else if (!info.active || info.status != "registered") {
      reason = "the certificate of key " + key.id + " is not active and registered";
    } else if (auto judged = judge(info.certificate, member.instance(), view, at); !judged) {
      reason = "key " + key.id + ": " + judged.error().text;
    } else {
      const pki::SignatureAlgorithm algorithm{key.rsa ? pki::SignatureScheme::rsa_pkcs1 : pki::SignatureScheme::ecdsa,
                                              pki::DigestAlgorithm::sha512};
      auto document = evidence::SignatureTemplate::make({info.certificate,
                                                         {judged->chain.begin() + 1, judged->chain.end()},
                                                         std::move(judged->ocsp_responses),
                                                         algorithm});
      if (!document) {
        reason = "key " + key.id + ": " + document.error().text;
        continue;
      }
      auto usable = std::make_shared<SigningKey>(
          SigningKey{key.id, token.batch_signing, algorithm, *std::move(document), judged->usable_until});
      keys.signing.emplace(member, std::move(usable));
    }
  }
}

net::Task<void> KeyRing::add_authentication_key(Keys& keys, const signer::KeyInfo& key, const globalconf::View& view,
                                                const ServerId& own, TimePoint at) {
  for (const auto& info : key.certificates) {
    if (keys.authentication || !key.available) co_return;
    const auto* server = view.server_by_auth_certificate(info.certificate);
    if (!info.active || info.status != "registered" || !server || server->id != own) {
      keys.authentication_reason =
          "the certificate of authentication key " + key.id + " is not active and registered for " + own.to_string();
      continue;
    }
    auto judged = judge(info.certificate, own.owner().instance(), view, at);
    if (!judged) {
      keys.authentication_reason = "authentication key " + key.id + ": " + judged.error().text;
      continue;
    }
    auto private_key = co_await signer_.authentication_key(key.id);
    if (!private_key) {
      keys.authentication_reason = "authentication key " + key.id + ": " + private_key.error().text;
      continue;
    }
    keys.authentication = std::make_shared<AuthenticationKey>(AuthenticationKey{
        {*std::move(private_key), std::move(judged->chain)}, std::move(judged->ocsp_responses), judged->usable_until});
  }
}

net::Task<void> KeyRing::refresh(std::shared_ptr<const globalconf::View> view, const ServerId& own) {
  auto tokens = co_await signer_.tokens();
  if (!tokens) {
    log::warn("keys keep their state, the signer does not answer: {}", tokens.error().text);
    co_return;
  }
  const TimePoint at = now();
  auto keys = std::make_shared<Keys>();
  for (const auto& token : *tokens) {
    for (const auto& key : token.keys) {
      if (key.usage == signer::KeyUsage::signing) {
        add_signing_key(*keys, token, key, *view, at);
      } else {
        co_await add_authentication_key(*keys, key, *view, own, at);
      }
    }
  }
  keys_.set(std::move(keys));
}

std::string KeyRing::summary() const {
  const auto keys = keys_.get();
  if (!keys) return "the signer has not answered yet";
  std::map<std::string, std::string> of_members;
  for (const auto& [member, reason] : keys->reasons) of_members[member.to_string()] = "not, " + reason;
  for (const auto& [member, key] : keys->signing)
    of_members[member.to_string()] = "until " + to_iso_seconds(key->usable_until);
  std::string text =
      "authentication " + (keys->authentication ? "until " + to_iso_seconds(keys->authentication->usable_until)
                                                : "not, " + keys->authentication_reason);
  for (const auto& [member, state] : of_members) text += "; signing for " + member + " " + state;
  return text;
}

Result<std::shared_ptr<const SigningKey>> KeyRing::signing_key(const ClientId& client, TimePoint at) const {
  const auto keys = keys_.get();
  const ClientId member = client.member();
  if (!keys) return fault(FaultCode::cannot_create_signature, "the signer has not answered yet");
  const auto found = keys->signing.find(member);
  if (found != keys->signing.end() && at < found->second->usable_until) return found->second;
  if (found != keys->signing.end())
    return fault(FaultCode::cannot_create_signature, "certificate or OCSP response of the signing key of " +
                                                         member.to_string() + " expired on " +
                                                         to_iso_seconds(found->second->usable_until));
  const auto reason = keys->reasons.find(member);
  return fault(FaultCode::cannot_create_signature,
               "no usable signing key for " + member.to_string() + ": " +
                   (reason == keys->reasons.end() ? "no certificate is for this member" : reason->second));
}

Result<std::shared_ptr<const AuthenticationKey>> KeyRing::authentication_key(TimePoint at) const {
  const auto keys = keys_.get();
  if (!keys) return fault(FaultCode::ssl_authentication_failed, "the signer has not answered yet");
  if (!keys->authentication) return fault(FaultCode::ssl_authentication_failed, keys->authentication_reason);
  if (at >= keys->authentication->usable_until)
    return fault(FaultCode::ssl_authentication_failed,
                 "certificate or OCSP response of the authentication key expired on " +
                     to_iso_seconds(keys->authentication->usable_until));
  return keys->authentication;
}

}  // namespace causeway::securityserver
