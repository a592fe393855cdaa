// SPDX-License-Identifier: MIT
#include "signer/token_manager.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "pki/csr.hpp"
#include "signer/faults.hpp"
#include "signer/software_token.hpp"

namespace causeway::signer {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfigurationFile = "keyconf.xml";
constexpr std::string_view kSoftwareTokenFolder = "softtoken";
constexpr std::string_view kSoftwareTokenName = "softToken-0";
constexpr unsigned kFileMode = 0600;
constexpr unsigned kMinRsaBits = 2048;

Fault no_key(std::string_view id) { return fault(FaultCode::key_not_found, "no key " + std::string(id)); }

std::string default_mechanism(bool rsa) { return rsa ? "CKM_RSA_PKCS" : "CKM_ECDSA"; }

std::string_view name_of(KeyUsage usage) { return usage == KeyUsage::signing ? "signing" : "authentication"; }

bool is_status(std::string_view status) {
  return status == kStatusSaved || status == kStatusRegistrationInProgress || status == kStatusRegistered ||
         status == kStatusDeletionInProgress || status == kStatusGlobalError;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return std::tolower(x) == std::tolower(y); });
}

bool is_meant(const StoredCertificate& certificate, std::string_view reference) {
  if (!certificate.id.empty() && equal_ignoring_case(certificate.id, reference)) return true;
  for (const auto algorithm : {pki::DigestAlgorithm::sha1, pki::DigestAlgorithm::sha256}) {
    if (reference.size() == 2 * pki::digest_size(algorithm) &&
        equal_ignoring_case(to_hex(pki::digest(algorithm, certificate.contents)), reference))
      return true;
  }
  return false;
}

struct FoundCertificate {
  StoredKey* key;
  StoredCertificate* certificate;
};

Result<FoundCertificate> find_certificate(KeyConfiguration& configuration, std::string_view reference) {
  for (StoredDevice& device : configuration.devices)
    for (StoredKey& key : device.keys)
      for (StoredCertificate& certificate : key.certificates)
        if (is_meant(certificate, reference)) return FoundCertificate{&key, &certificate};
  return signer_fault(kCertificateNotFound, "no certificate " + std::string(reference));
}

StoredKey* key_of_public_key(KeyConfiguration& configuration, const Bytes& spki) {
  for (StoredDevice& device : configuration.devices)
    for (StoredKey& key : device.keys)
      if (key.public_key == spki) return &key;
  return nullptr;
}

// The usage that certificate and key agree on (evidence.md 7, import).
Result<KeyUsage> usage_for(const pki::Certificate& certificate, const StoredKey& key) {
  const bool signing = certificate.is_signing(), authentication = certificate.is_authentication();
  if (signing && authentication)
    return signer_fault(kWrongCertificateUsage, "the certificate is for both signing and authentication");
  if (!signing && !authentication)
    return signer_fault(kWrongCertificateUsage, "the certificate is for neither signing nor authentication");
  const KeyUsage usage = signing ? KeyUsage::signing : KeyUsage::authentication;
  if (key.usage && *key.usage != usage)
    return signer_fault(kWrongCertificateUsage, "a certificate for " + std::string(name_of(usage)) +
                                                    " does not go with a key for " + std::string(name_of(*key.usage)));
  return usage;
}

std::optional<ClientId> member_of_only_request(const StoredKey& key) {
  return key.requests.size() == 1 ? key.requests.front().member : std::nullopt;
}

}  // namespace

TokenManager::TokenManager(Options options)
    // Another start must give other numbers, or a client would keep what it knew.
    : options_(std::move(options)), version_(static_cast<std::uint64_t>(to_unix_millis(now())) << 20U) {}

Result<std::unique_ptr<TokenManager>> TokenManager::open(Options options) {
  std::unique_ptr<TokenManager> manager(new TokenManager(std::move(options)));
  if (auto made = make_directories(manager->options_.directory); !made) return made.error();
  Result<std::unique_ptr<SoftwareToken>> software = SoftwareToken::open(
      {.directory = manager->options_.directory / kSoftwareTokenFolder,
       .enforce_pin_policy = manager->options_.parameters.flag("signer.enforce-token-pin-policy", false)});
  if (!software) return software.error();
  manager->tokens_.emplace(kSoftwareTokenId, *std::move(software));
  const std::scoped_lock lock(manager->change_);
  if (auto loaded = manager->load(); !loaded) return loaded.error();
  manager->publish();
  return manager;
}

fs::path TokenManager::file() const { return options_.directory / kConfigurationFile; }

TokenManager::Stamp TokenManager::stamp() const {
  struct stat info{};
  if (::stat(file().c_str(), &info) != 0) return {};
  return {info.st_size, info.st_mtim.tv_sec * 1000000000L + info.st_mtim.tv_nsec, info.st_ino};
}

Result<void> TokenManager::load() {
  stamp_ = stamp();
  KeyConfiguration configuration;
  if (stamp_.size >= 0) {
    Result<std::string> text = read_file(file());
    if (!text) return text.error();
    Result<KeyConfiguration> read = read_key_configuration(*text);
    if (!read) return read.error().while_doing(file().string());
    configuration = *std::move(read);
  }
  if (configuration.device(kSoftwareTokenId) == nullptr) {
    StoredDevice software;
    software.type = kSoftwareDevice;
    software.id = kSoftwareTokenId;
    software.friendly_name = kSoftwareTokenName;
    software.slot = 0;
    configuration.devices.push_back(std::move(software));
  }
  configuration_ = std::move(configuration);
  adopt_new_keys();
  return {};
}

// Keys that have a file and no entry, as after a restore of half a backup, are shown
// too; their public key is known once the token is open.
void TokenManager::adopt_new_keys() {
  for (const auto& [id, token] : tokens_) {
    StoredDevice* device = configuration_.device(id);
    if (device == nullptr) continue;
    for (const std::string& key_id : token->key_ids()) {
      StoredKey* stored = configuration_.key(key_id);
      if (stored == nullptr) {
        device->keys.emplace_back().id = key_id;
        stored = &device->keys.back();
      }
      if (!stored->public_key.empty()) continue;
      if (auto key = token->key(key_id)) {
        stored->public_key = (*key)->public_key().spki();
        if (stored->sign_mechanism.empty()) stored->sign_mechanism = default_mechanism((*key)->public_key().is_rsa());
      }
    }
  }
}

Token* TokenManager::token(std::string_view id) const {
  const auto found = tokens_.find(id);
  return found != tokens_.end() ? found->second.get() : nullptr;
}

Token* TokenManager::token_of_key(std::string_view key_id) const {
  const std::scoped_lock lock(published_mutex_);
  const auto found = token_by_key_.find(key_id);
  return found != token_by_key_.end() ? found->second : nullptr;
}

Result<void> TokenManager::save(KeyConfiguration changed) {
  if (auto written = write_file_atomically(file(), write_key_configuration(changed), kFileMode); !written)
    return written;
  stamp_ = stamp();
  configuration_ = std::move(changed);
  publish();
  return {};
}

TokenInfo TokenManager::describe(const StoredDevice& device) const {
  const Token* live = token(device.id);
  TokenInfo info;
  info.id = device.id;
  info.friendly_name = device.friendly_name;
  info.active = live != nullptr && live->active();
  info.status = live != nullptr ? live->status() : std::string(kTokenUninitialized);
  info.batch_signing = live == nullptr || live->batch_signing();
  for (const StoredKey& stored : device.keys) {
    KeyInfo key;
    key.id = stored.id;
    key.label = stored.friendly_name.empty() ? stored.label : stored.friendly_name;
    key.usage = stored.usage;
    key.available = live != nullptr && live->key(stored.id).ok();
    key.public_key = stored.public_key;
    if (const auto spki = pki::PublicKey::from_spki(stored.public_key)) key.rsa = spki->is_rsa();
    key.mechanism = stored.sign_mechanism.empty() ? default_mechanism(key.rsa) : stored.sign_mechanism;
    for (const StoredCertificate& held : stored.certificates) {
      Result<pki::Certificate> certificate = pki::Certificate::from_der(held.contents);
      if (!certificate) {
        log::error("certificate {} of key {} cannot be read: {}", held.id, stored.id, certificate.error().text);
        continue;
      }
      key.certificates.push_back(
          {held.id, *std::move(certificate), held.member, held.active, held.status, held.activation_error});
    }
    for (const StoredRequest& request : stored.requests)
      key.requests.push_back({request.id, request.member, request.subject, request.alternative_name});
    info.keys.push_back(std::move(key));
  }
  return info;
}

void TokenManager::publish() {
  auto tokens = std::make_shared<std::vector<TokenInfo>>();
  std::map<std::string, Token*, std::less<>> token_by_key;
  for (const StoredDevice& device : configuration_.devices) {
    tokens->push_back(describe(device));
    if (Token* live = token(device.id); live != nullptr)
      for (const StoredKey& key : device.keys) token_by_key.emplace(key.id, live);
  }
  const std::scoped_lock lock(published_mutex_);
  published_ = std::move(tokens);
  token_by_key_ = std::move(token_by_key);
  ++version_;
}

std::shared_ptr<const std::vector<TokenInfo>> TokenManager::tokens() const {
  const std::scoped_lock lock(published_mutex_);
  return published_;
}

Result<std::shared_ptr<const SigningKey>> TokenManager::signing_key(std::string_view key_id) const {
  const Token* holder = token_of_key(key_id);
  if (holder == nullptr) return no_key(key_id);
  return holder->key(key_id);
}

namespace {
Fault no_token(std::string_view id) { return signer_fault(kTokenNotFound, "no token " + std::string(id)); }
}  // namespace

Result<void> TokenManager::initialize_token(std::string_view token_id, std::string_view pin) {
  const std::scoped_lock lock(change_);
  Token* live = token(token_id);
  if (live == nullptr) return no_token(token_id);
  Result<void> done = live->initialize(pin);
  publish();
  return done;
}

Result<void> TokenManager::login(std::string_view token_id, std::string_view pin) {
  const std::scoped_lock lock(change_);
  Token* live = token(token_id);
  if (live == nullptr) return no_token(token_id);
  Result<void> done = live->login(pin);
  if (done) adopt_new_keys();
  publish();
  return done;
}

Result<void> TokenManager::logout(std::string_view token_id) {
  const std::scoped_lock lock(change_);
  Token* live = token(token_id);
  if (live == nullptr) return no_token(token_id);
  live->logout();
  publish();
  return {};
}

Result<void> TokenManager::change_pin(std::string_view token_id, std::string_view current, std::string_view changed) {
  const std::scoped_lock lock(change_);
  Token* live = token(token_id);
  if (live == nullptr) return no_token(token_id);
  return live->change_pin(current, changed);
}

Result<void> TokenManager::rename_token(std::string_view token_id, std::string name) {
  const std::scoped_lock lock(change_);
  KeyConfiguration changed = configuration_;
  StoredDevice* device = changed.device(token_id);
  if (device == nullptr) return no_token(token_id);
  device->friendly_name = std::move(name);
  return save(std::move(changed));
}

KeySpec TokenManager::default_spec(bool rsa) const {
  const std::int64_t bits = options_.parameters.number("signer.key-length", kMinRsaBits);
  return {.rsa = rsa,
          .bits = static_cast<unsigned>(std::clamp<std::int64_t>(bits, kMinRsaBits, 16384)),
          .curve = options_.parameters.text("signer.key-named-curve", "secp256r1")};
}

Result<KeyInfo> TokenManager::generate_key(std::string_view token_id, std::string label, const KeySpec& spec) {
  const std::scoped_lock lock(change_);
  Token* live = token(token_id);
  if (live == nullptr) return no_token(token_id);
  if (spec.rsa && spec.bits != 2048 && spec.bits != 3072 && spec.bits != 4096)
    return fault(FaultCode::invalid_request, "an RSA key has 2048, 3072 or 4096 bits");
  if (!spec.rsa && spec.curve != "secp256r1" && spec.curve != "secp384r1")
    return fault(FaultCode::invalid_request, "an EC key is on secp256r1 or secp384r1");
  Result<NewKey> made = live->generate_key(spec);
  if (!made) return made.error();
  KeyConfiguration changed = configuration_;
  StoredKey stored;
  stored.id = made->id;
  stored.friendly_name = label;
  stored.label = std::move(label);
  stored.public_key = made->public_key;
  stored.sign_mechanism = default_mechanism(spec.rsa);
  changed.device(token_id)->keys.push_back(std::move(stored));
  if (auto saved = save(std::move(changed)); !saved) return saved.error();
  const auto listed = tokens();
  for (const TokenInfo& info : *listed)
    for (const KeyInfo& key : info.keys)
      if (key.id == made->id) return key;
  return no_key(made->id);
}

Result<void> TokenManager::rename_key(std::string_view key_id, std::string name) {
  const std::scoped_lock lock(change_);
  KeyConfiguration changed = configuration_;
  StoredKey* key = changed.key(key_id);
  if (key == nullptr) return no_key(key_id);
  key->friendly_name = std::move(name);
  return save(std::move(changed));
}

Result<void> TokenManager::delete_key(std::string_view key_id) {
  const std::scoped_lock lock(change_);
  Token* holder = token_of_key(key_id);
  if (holder == nullptr) return no_key(key_id);
  if (auto deleted = holder->delete_key(key_id); !deleted) return deleted;
  KeyConfiguration changed = configuration_;
  for (StoredDevice& device : changed.devices)
    std::erase_if(device.keys, [&](const StoredKey& key) { return key.id == key_id; });
  return save(std::move(changed));
}

Result<Bytes> TokenManager::generate_csr(const CsrOptions& options) {
  const std::scoped_lock lock(change_);
  KeyConfiguration changed = configuration_;
  StoredKey* key = changed.key(options.key_id);
  if (key == nullptr) return no_key(options.key_id);
  if (key->usage && *key->usage != options.usage)
    return signer_fault(kWrongKeyUsage, "a key for " + std::string(name_of(*key->usage)) +
                                            " cannot ask for a certificate for " + std::string(name_of(options.usage)));
  if (options.usage == KeyUsage::signing && !options.member)
    return fault(FaultCode::invalid_request, "a signing certificate needs the member it is for");
  Result<std::shared_ptr<const SigningKey>> signing = signing_key(options.key_id);
  if (!signing) return signing.error();
  Result<pki::DistinguishedName> subject = pki::DistinguishedName::parse(options.subject);
  if (!subject) return subject.error();
  pki::CsrSpec spec{.subject = *std::move(subject),
                    .use = options.usage == KeyUsage::signing ? pki::CsrUse::signing : pki::CsrUse::authentication};
  if (!options.alternative_name.empty()) spec.alt_names.push_back(options.alternative_name);
  const pki::PublicKey public_key = (*signing)->public_key();
  const pki::SignatureAlgorithm algorithm{
      .scheme = public_key.is_rsa() ? pki::SignatureScheme::rsa_pkcs1 : pki::SignatureScheme::ecdsa,
      .digest = pki::digest_from_name(options_.parameters.text("signer.csr-signature-digest-algorithm", "SHA-256"))
                    .value_or(pki::DigestAlgorithm::sha256)};
  const SigningKey& signing_with = **signing;
  Result<Bytes> request = pki::make_csr(
      spec, public_key, algorithm,
      [&signing_with](pki::SignatureAlgorithm by, ByteView digest) { return signing_with.sign_digest(by, digest); });
  if (!request) return request.error();

  key->usage = options.usage;
  const bool known = std::ranges::any_of(key->requests, [&](const StoredRequest& earlier) {
    return earlier.member == options.member && equal_ignoring_case(earlier.subject, options.subject);
  });
  if (!known)
    key->requests.push_back(
        {random_id(), options.member, options.subject, options.alternative_name, options.certificate_profile});
  if (auto saved = save(std::move(changed)); !saved) return saved.error();
  return request;
}

Result<void> TokenManager::delete_csr(std::string_view request_id) {
  const std::scoped_lock lock(change_);
  KeyConfiguration changed = configuration_;
  std::size_t erased = 0;
  for (StoredDevice& device : changed.devices)
    for (StoredKey& key : device.keys)
      erased += std::erase_if(key.requests, [&](const StoredRequest& request) { return request.id == request_id; });
  if (erased == 0) return signer_fault(kRequestNotFound, "no certificate request " + std::string(request_id));
  return save(std::move(changed));
}

Result<ImportedCertificate> TokenManager::import_certificate(const CertificateImport& import) {
  const std::scoped_lock lock(change_);
  const pki::Certificate& certificate = import.certificate;
  KeyConfiguration changed = configuration_;
  StoredKey* key = key_of_public_key(changed, certificate.public_key().spki());
  if (key == nullptr) return fault(FaultCode::key_not_found, "no key has the public key of this certificate");
  if (auto earlier = find_certificate(changed, certificate.hash_hex(pki::DigestAlgorithm::sha256)); earlier)
    return signer_fault(kCertificateExists, "the certificate is there already, under key " + earlier->key->id);
  Result<KeyUsage> usage = usage_for(certificate, *key);
  if (!usage) return usage.error();
  if (!import.status.empty() && !is_status(import.status))
    return fault(FaultCode::invalid_request, "unknown certificate status \"" + import.status + "\"");
  if (options_.check_chain && !certificate.self_signed())
    if (auto trusted = options_.check_chain(certificate); !trusted) return trusted.error();

  StoredCertificate stored;
  stored.id = random_id();
  stored.contents = certificate.der();
  if (*usage == KeyUsage::signing) stored.member = import.member ? import.member : member_of_only_request(*key);
  if (*usage == KeyUsage::signing && !stored.member)
    return fault(FaultCode::invalid_request, "say which member the signing certificate is for");
  stored.status = !import.status.empty()        ? import.status
                  : *usage == KeyUsage::signing ? std::string(kStatusRegistered)
                                                : std::string(kStatusSaved);
  stored.active = import.activate.value_or(stored.status == kStatusRegistered);
  if (options_.check_revocation && !certificate.self_signed()) {
    if (auto good = options_.check_revocation(certificate); !good) {
      stored.active = false;
      stored.activation_error = good.error().text;
    }
  }
  ImportedCertificate imported{key->id, stored.id, stored.active, stored.activation_error};
  std::erase_if(key->requests, [&](const StoredRequest& request) { return request.member == stored.member; });
  key->usage = *usage;
  key->certificates.push_back(std::move(stored));
  if (auto saved = save(std::move(changed)); !saved) return saved.error();
  return imported;
}

Result<void> TokenManager::activate(std::string_view reference, bool active) {
  const std::scoped_lock lock(change_);
  KeyConfiguration changed = configuration_;
  Result<FoundCertificate> found = find_certificate(changed, reference);
  if (!found) return found.error();
  if (active && options_.check_revocation) {
    Result<pki::Certificate> certificate = pki::Certificate::from_der(found->certificate->contents);
    if (!certificate) return certificate.error();
    if (!certificate->self_signed())
      if (auto good = options_.check_revocation(*certificate); !good) return good;
  }
  found->certificate->active = active;
  if (active) found->certificate->activation_error.clear();
  return save(std::move(changed));
}

Result<void> TokenManager::set_status(std::string_view reference, std::string status) {
  const std::scoped_lock lock(change_);
  if (!is_status(status)) return fault(FaultCode::invalid_request, "unknown certificate status \"" + status + "\"");
  KeyConfiguration changed = configuration_;
  Result<FoundCertificate> found = find_certificate(changed, reference);
  if (!found) return found.error();
  found->certificate->status = std::move(status);
  return save(std::move(changed));
}

Result<void> TokenManager::delete_certificate(std::string_view reference) {
  const std::scoped_lock lock(change_);
  KeyConfiguration changed = configuration_;
  Result<FoundCertificate> found = find_certificate(changed, reference);
  if (!found) return found.error();
  const std::string id = found->certificate->id;
  const Bytes contents = found->certificate->contents;
  std::erase_if(found->key->certificates, [&](const StoredCertificate& certificate) {
    return certificate.id == id && certificate.contents == contents;
  });
  return save(std::move(changed));
}

Result<pki::PrivateKey> TokenManager::authentication_key(std::string_view key_id) const {
  std::optional<KeyUsage> usage;
  const auto listed = tokens();
  for (const TokenInfo& info : *listed)
    for (const KeyInfo& key : info.keys)
      if (key.id == key_id) usage = key.usage;
  Result<std::shared_ptr<const SigningKey>> key = signing_key(key_id);
  if (!key) return key.error();
  if (usage != KeyUsage::authentication)
    return fault(FaultCode::access_denied, "key " + std::string(key_id) + " is not for authentication and stays here");
  return (*key)->export_key();
}

void TokenManager::reload_if_changed() {
  const std::scoped_lock lock(change_);
  std::vector<std::string> key_files;
  for (const auto& [id, token] : tokens_) std::ranges::move(token->key_ids(), std::back_inserter(key_files));
  const Stamp present = stamp();
  if (present == stamp_ && key_files == key_files_) return;
  if (present.size < 0 && stamp_.size >= 0) {
    log::error("{} is gone; what it said stays in force and is written with the next change", file().string());
    stamp_ = present;
    return;
  }
  if (key_files != key_files_)
    for (const auto& [id, token] : tokens_) token->refresh();
  key_files_ = std::move(key_files);
  if (present == stamp_) {
    adopt_new_keys();
  } else if (auto loaded = load(); !loaded) {
    log::error("the key configuration stays as it was: {}", loaded.error().text);
    return;
  } else {
    log::info("the key configuration was read again");
  }
  publish();
}

}  // namespace causeway::signer
