// SPDX-License-Identifier: MIT
#include "signer/software_token.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <random>
#include <system_error>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "pki/certificate_builder.hpp"
#include "pki/pkcs12.hpp"
#include "signer/faults.hpp"
#include "signer/pin_policy.hpp"

namespace causeway::signer {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".p12";
constexpr std::string_view kPinFile = ".softtoken.p12";
constexpr std::string_view kPinAlias = "pin";
constexpr std::size_t kMaxFile = 1UL << 20;
constexpr unsigned kFileMode = 0600;

class SoftwareKey : public SigningKey {
 public:
  explicit SoftwareKey(pki::PrivateKey key) : key_(std::move(key)), rsa_(key_.is_rsa()) {}

  pki::PublicKey public_key() const override { return key_.public_key(); }
  Result<Bytes> sign_digest(pki::SignatureAlgorithm algorithm, ByteView digest) const override {
    if (rsa_ == (algorithm.scheme == pki::SignatureScheme::ecdsa))
      return signer_fault(kUnsupportedAlgorithm,
                          pki::signature_name(algorithm) + " does not fit " + (rsa_ ? "an RSA key" : "an EC key"));
    return key_.sign_digest(algorithm, digest);
  }
  Result<pki::PrivateKey> export_key() const override { return key_; }

 private:
  pki::PrivateKey key_;
  bool rsa_;
};

Fault not_active() { return fault(FaultCode::token_not_active, "the software token is not logged in"); }

// File names only: nothing that could leave the folder.
bool is_key_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
  });
}

fs::path beside(const fs::path& directory, std::string_view ending) {
  fs::path path = directory;
  path += ending;
  return path;
}

Result<void> io(const std::error_code& error, std::string_view doing) {
  if (!error) return {};
  return fault(FaultCode::io_error, std::string(doing) + ": " + error.message());
}

Result<void> make_private_directory(const fs::path& path) {
  if (auto made = make_directories(path); !made) return made;
  std::error_code error;
  fs::permissions(path, fs::perms::owner_all, error);
  return io(error, "cannot close " + path.string() + " to others");
}

// change_pin writes the whole folder anew beside the old one and then swaps the two by
// renaming; whatever moment a crash chose, this leads back to one complete folder.
Result<void> finish_change(const fs::path& directory) {
  const fs::path next = beside(directory, ".new"), last = beside(directory, ".old");
  std::error_code error;
  if (!fs::exists(directory, error) && fs::exists(next, error)) fs::rename(next, directory, error);
  if (auto done = io(error, "cannot finish the change of the PIN"); !done) return done;
  fs::remove_all(next, error);
  if (fs::exists(directory, error)) fs::remove_all(last, error);
  return {};
}

// wrong_password (pki/pkcs12.hpp) when the PIN does not open it.
Result<pki::PrivateKey> read_key(const fs::path& file, std::string_view pin) {
  Result<std::string> content = read_file(file, kMaxFile);
  if (!content) return content.error();
  Result<pki::KeyStore> store = pki::read_pkcs12(as_bytes(*content), pin);
  if (!store) return store.error().while_doing(file.string());
  return std::move(store->key);
}

// The form of a key store asks for a certificate with each key; this one says nothing.
Result<pki::Certificate> place_filler(const pki::PrivateKey& key) {
  Result<pki::DistinguishedName> name = pki::DistinguishedName::parse("CN=KeyHolder");
  if (!name) return name.error();
  const TimePoint from = now();
  return pki::self_sign_certificate({.kind = pki::CertificateKind::plain,
                                     .subject = *std::move(name),
                                     .not_before = from,
                                     .not_after = from + std::chrono::years(20),
                                     .digest = pki::DigestAlgorithm::sha512},
                                    key);
}

Result<void> write_key(const fs::path& file, const pki::PrivateKey& key, std::string_view alias, std::string_view pin) {
  Result<pki::Certificate> certificate = place_filler(key);
  if (!certificate) return certificate.error();
  Result<Bytes> store = pki::write_pkcs12(key, {&*certificate, 1}, std::string(alias), pin);
  if (!store) return store.error();
  return write_file_atomically(file, as_text(*store), kFileMode);
}

Result<pki::PrivateKey> generate(const KeySpec& spec) {
  if (!spec.rsa) return pki::PrivateKey::generate_ec(spec.curve);
  return pki::PrivateKey::generate_rsa(spec.bits);
}

}  // namespace

std::string random_id() {
  std::random_device source;
  Bytes octets(20);
  for (auto& octet : octets) octet = static_cast<std::uint8_t>(source());
  std::string text = to_hex(octets);
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

Result<std::unique_ptr<SoftwareToken>> SoftwareToken::open(Options options) {
  if (auto done = finish_change(options.directory); !done) return done.error();
  if (auto made = make_private_directory(options.directory); !made) return made.error();
  return std::unique_ptr<SoftwareToken>(new SoftwareToken(std::move(options)));
}

fs::path SoftwareToken::pin_file() const { return options_.directory / kPinFile; }

fs::path SoftwareToken::key_file(std::string_view key_id) const {
  return options_.directory / (std::string(key_id) + std::string(kSuffix));
}

bool SoftwareToken::initialized() const {
  std::error_code ignored;
  return fs::exists(pin_file(), ignored);
}

std::string SoftwareToken::status() const {
  if (!initialized()) return std::string(kTokenUninitialized);
  const std::scoped_lock lock(state_);
  return std::string(pin_was_wrong_ ? kTokenPinIncorrect : kTokenOk);
}

bool SoftwareToken::active() const {
  const std::scoped_lock lock(state_);
  return pin_.has_value();
}

Result<void> SoftwareToken::initialize(std::string_view pin) {
  const std::scoped_lock change(change_);
  if (initialized()) return fault(FaultCode::invalid_request, "the software token is initialized already");
  if (auto allowed = check_pin_policy(pin, options_.enforce_pin_policy); !allowed) return allowed;
  Result<pki::PrivateKey> key = pki::PrivateKey::generate_rsa(2048);
  if (!key) return key.error();
  return write_key(pin_file(), *key, kPinAlias, pin);
}

Result<void> SoftwareToken::check_pin(std::string_view pin) const {
  if (!initialized()) return signer_fault(kTokenNotInitialized, "the software token has no PIN yet");
  Result<pki::PrivateKey> key = read_key(pin_file(), pin);
  if (key) return {};
  if (key.error().code != pki::kWrongPassword) return key.error();
  return signer_fault(kPinIncorrect, "the PIN is not right");
}

void SoftwareToken::load_keys(std::string_view pin, Keys& keys) const {
  for (const std::string& id : key_ids()) {
    if (keys.contains(id)) continue;
    Result<pki::PrivateKey> key = read_key(key_file(id), pin);
    if (key)
      keys.emplace(id, std::make_shared<SoftwareKey>(*std::move(key)));
    else
      log::error("key {} cannot be used: {}", id, key.error().text);
  }
}

Result<void> SoftwareToken::login(std::string_view pin) {
  const std::scoped_lock change(change_);
  if (auto right = check_pin(pin); !right) {
    const std::scoped_lock lock(state_);
    pin_was_wrong_ = right.error().code == kPinIncorrect;
    return right;
  }
  Keys keys;
  load_keys(pin, keys);
  const std::scoped_lock lock(state_);
  pin_ = Secret(pin);
  pin_was_wrong_ = false;
  keys_ = std::move(keys);
  return {};
}

void SoftwareToken::logout() {
  const std::scoped_lock change(change_);
  const std::scoped_lock lock(state_);
  pin_.reset();
  pin_was_wrong_ = false;
  keys_.clear();
}

Result<void> SoftwareToken::write_all_anew(const fs::path& directory, std::string_view current,
                                           std::string_view changed) const {
  if (auto made = make_private_directory(directory); !made) return made;
  for (const std::string& id : key_ids()) {
    // A key that cannot be read now could never be read again: nothing is changed then.
    Result<pki::PrivateKey> key = read_key(key_file(id), current);
    if (!key) return key.error();
    if (auto written = write_key(directory / key_file(id).filename(), *key, id, changed); !written) return written;
  }
  Result<pki::PrivateKey> proof = read_key(pin_file(), current);
  if (!proof) return proof.error();
  return write_key(directory / kPinFile, *proof, kPinAlias, changed);
}

Result<void> SoftwareToken::change_pin(std::string_view current, std::string_view changed) {
  const std::scoped_lock change(change_);
  if (auto right = check_pin(current); !right) return right;
  if (auto allowed = check_pin_policy(changed, options_.enforce_pin_policy); !allowed) return allowed;
  const fs::path next = beside(options_.directory, ".new"), last = beside(options_.directory, ".old");
  std::error_code error;
  fs::remove_all(next, error);
  fs::remove_all(last, error);
  if (auto written = write_all_anew(next, current, changed); !written) {
    fs::remove_all(next, error);
    return written;
  }
  fs::rename(options_.directory, last, error);
  if (!error) fs::rename(next, options_.directory, error);
  if (auto done = io(error, "cannot replace the folder of the software token"); !done) {
    if (auto back = finish_change(options_.directory); !back) log::error("{}", back.error().text);
    return done;
  }
  fs::remove_all(last, error);
  const std::scoped_lock lock(state_);
  if (pin_) pin_ = Secret(changed);
  pin_was_wrong_ = false;
  return {};
}

Result<NewKey> SoftwareToken::generate_key(const KeySpec& spec) {
  const std::scoped_lock change(change_);
  Secret pin;
  {
    const std::scoped_lock lock(state_);
    if (!pin_) return not_active();
    pin = *pin_;
  }
  Result<pki::PrivateKey> key = generate(spec);
  if (!key) return key.error();
  const std::string id = random_id();
  if (auto written = write_key(key_file(id), *key, id, pin.view()); !written) return written.error();
  NewKey made{id, key->public_key().spki()};
  const std::scoped_lock lock(state_);
  keys_.insert_or_assign(id, std::make_shared<SoftwareKey>(*std::move(key)));
  return made;
}

Result<void> SoftwareToken::delete_key(std::string_view key_id) {
  const std::scoped_lock change(change_);
  if (!is_key_id(key_id)) return fault(FaultCode::key_not_found, "no such key");
  if (!active()) return not_active();
  std::error_code error;
  fs::remove(key_file(key_id), error);
  if (auto done = io(error, "cannot delete the key's file"); !done) return done;
  const std::scoped_lock lock(state_);
  if (const auto found = keys_.find(key_id); found != keys_.end()) keys_.erase(found);
  return {};
}

std::vector<std::string> SoftwareToken::key_ids() const {
  std::vector<std::string> ids;
  std::error_code error;
  for (fs::directory_iterator entry(options_.directory, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.ends_with(kSuffix) || name.starts_with('.')) continue;
    std::string id = name.substr(0, name.size() - kSuffix.size());
    if (is_key_id(id)) ids.push_back(std::move(id));
  }
  std::ranges::sort(ids);
  return ids;
}

Result<std::shared_ptr<const SigningKey>> SoftwareToken::key(std::string_view key_id) const {
  const std::scoped_lock lock(state_);
  if (!pin_) return not_active();
  const auto found = keys_.find(key_id);
  if (found == keys_.end()) return fault(FaultCode::key_not_found, "no key " + std::string(key_id));
  return found->second;
}

void SoftwareToken::refresh() {
  const std::scoped_lock change(change_);
  Secret pin;
  Keys keys;
  {
    const std::scoped_lock lock(state_);
    if (!pin_) return;
    pin = *pin_;
    keys = keys_;
  }
  load_keys(pin.view(), keys);
  const std::vector<std::string> present = key_ids();
  std::erase_if(keys, [&](const auto& entry) { return !std::ranges::binary_search(present, entry.first); });
  const std::scoped_lock lock(state_);
  keys_ = std::move(keys);
}

}  // namespace causeway::signer
