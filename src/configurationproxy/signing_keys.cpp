// SPDX-License-Identifier: MIT
#include "configurationproxy/signing_keys.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/source_keys.hpp"
#include "signer/usable_key.hpp"

namespace causeway::configurationproxy {
namespace {

// X-Road has "N/A" here, and an end in January 1970, because seconds were taken for
// milliseconds; readers look at neither, people do.
constexpr std::string_view kCommonName = "configurationProxySigningKey";

Result<pki::Certificate> make_certificate(signer::SignerConnection& signer, const signer::KeyInfo& key) {
  const auto public_key = pki::PublicKey::from_spki(key.public_key);
  if (!public_key) return public_key.error();
  return globalconf::make_source_certificate(*public_key, signer::scheme_of(key), signer::digest_signer(signer, key.id),
                                             std::string(kCommonName));
}

Fault not_its_key(const InstanceConfiguration& instance, const std::string& key) {
  return fault(FaultCode::key_not_found, "the instance " + instance.name() + " has no signing key " + key);
}

bool others_have(const std::filesystem::path& instances, const InstanceConfiguration& instance,
                 const std::string& key) {
  const auto names = InstanceConfiguration::names(instances);
  return names && std::ranges::any_of(*names, [&](const std::string& name) {
           if (name == instance.name()) return false;
           const auto other = InstanceConfiguration::load(instances, name);
           // Perhaps it has: a key that is deleted does not come back.
           return !other || other->has_key(key);
         });
}

}  // namespace

Result<void> add_signing_key(InstanceConfiguration& instance, signer::SignerConnection& signer,
                             const std::string& key) {
  if (instance.has_key(key))
    return fault(FaultCode::bad_request, "the instance " + instance.name() + " has the key " + key + " already");
  const auto tokens = signer.list_tokens();
  if (!tokens) return tokens.error();
  const auto info = signer::usable_key(*tokens, key);
  if (!info) return info.error();
  const auto certificate = make_certificate(signer, *info);
  if (!certificate) return certificate.error();
  // The certificate first: what conf.ini names is there.
  if (auto written = write_file_atomically(instance.certificate_file(key), certificate->to_pem()); !written)
    return written;
  instance.add_key(key);
  return instance.save();
}

Result<std::string> generate_signing_key(InstanceConfiguration& instance, signer::SignerConnection& signer,
                                         const std::string& token, bool rsa) {
  const std::string label = instance.name() + " " + to_iso_seconds(now());
  const auto key = signer.generate_key({.token_id = token, .label = label, .rsa = rsa});
  if (!key) return key.error();
  if (auto added = add_signing_key(instance, signer, key->id); !added) {
    if (auto deleted = signer.delete_key(key->id); !deleted)
      log::error("the new key {} is left in the signer: {}", key->id, deleted.error().text);
    return std::move(added).error();
  }
  return key->id;
}

Result<void> activate_signing_key(InstanceConfiguration& instance, signer::SignerConnection& signer,
                                  const std::string& key) {
  if (!instance.has_key(key)) return not_its_key(instance, key);
  if (auto certificate = instance.certificate(key); !certificate) return std::move(certificate).error();
  const auto tokens = signer.list_tokens();
  if (!tokens) return tokens.error();
  if (auto usable = signer::usable_key(*tokens, key); !usable) return std::move(usable).error();
  instance.activate_key(key);
  return instance.save();
}

Result<bool> delete_signing_key(const std::filesystem::path& instances, InstanceConfiguration& instance,
                                signer::SignerConnection& signer, const std::string& key) {
  if (key == instance.active_key())
    return fault(FaultCode::bad_request, "the key " + key + " is active: activate another one first");
  if (!instance.has_key(key)) return not_its_key(instance, key);
  instance.remove_key(key);
  if (auto saved = instance.save(); !saved) return std::move(saved).error();
  std::error_code error;
  std::filesystem::remove(instance.certificate_file(key), error);
  if (error)
    return fault(FaultCode::io_error,
                 "cannot delete " + instance.certificate_file(key).string() + ": " + error.message());
  if (others_have(instances, instance, key)) return false;
  auto deleted = signer.delete_key(key);
  if (!deleted)
    return deleted.error().while_doing("the key " + key + " is no longer the instance's, but in the signer");
  return true;
}

}  // namespace causeway::configurationproxy
