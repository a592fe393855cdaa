// SPDX-License-Identifier: MIT
#include "pki/digest.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "pki/evp_digest.hpp"

namespace causeway::pki {
namespace {

struct Names {
  std::string_view uri, name;
  const char* openssl_name;
  std::size_t size;
};

// In the order of the enumerators.
constexpr std::array<Names, 5> kNames = {{
    {"http://www.w3.org/2000/09/xmldsig#sha1", "SHA-1", "SHA1", 20},
    {"http://www.w3.org/2001/04/xmldsig-more#sha224", "SHA-224", "SHA224", 28},
    {"http://www.w3.org/2001/04/xmlenc#sha256", "SHA-256", "SHA256", 32},
    {"http://www.w3.org/2001/04/xmldsig-more#sha384", "SHA-384", "SHA384", 48},
    {"http://www.w3.org/2001/04/xmlenc#sha512", "SHA-512", "SHA512", 64},
}};

const Names& names_of(DigestAlgorithm algorithm) { return kNames[static_cast<std::size_t>(algorithm)]; }

bool same_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// Contexts that are done are kept for the next hasher of the thread: making one costs
// more than hashing a small message.
constexpr std::size_t kIdleContexts = 32;

std::vector<EvpMdCtxPtr>& idle_contexts() {
  thread_local std::vector<EvpMdCtxPtr> contexts;
  return contexts;
}

EvpMdCtxPtr take_context() {
  auto& idle = idle_contexts();
  if (idle.empty()) return EvpMdCtxPtr(EVP_MD_CTX_new());
  EvpMdCtxPtr context = std::move(idle.back());
  idle.pop_back();
  return context;
}

void give_back(EvpMdCtxPtr context) {
  auto& idle = idle_contexts();
  if (context && idle.size() < kIdleContexts) idle.push_back(std::move(context));
}

// Memory ran out or the library is broken: no digest is better than a wrong one.
void require(bool worked) {
  if (!worked) std::abort();
}

}  // namespace

const EVP_MD* evp_digest(DigestAlgorithm algorithm) {
  static const std::array<const EVP_MD*, kNames.size()> fetched = [] {
    std::array<const EVP_MD*, kNames.size()> digests{};
    for (std::size_t i = 0; i < kNames.size(); ++i) digests[i] = EVP_MD_fetch(nullptr, kNames[i].openssl_name, nullptr);
    return digests;
  }();
  return fetched[static_cast<std::size_t>(algorithm)];
}

std::string_view digest_uri(DigestAlgorithm algorithm) { return names_of(algorithm).uri; }
std::string_view digest_name(DigestAlgorithm algorithm) { return names_of(algorithm).name; }
std::size_t digest_size(DigestAlgorithm algorithm) { return names_of(algorithm).size; }

std::optional<DigestAlgorithm> digest_from_uri(std::string_view uri) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i].uri == uri) return static_cast<DigestAlgorithm>(i);
  }
  return std::nullopt;
}

std::optional<DigestAlgorithm> digest_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (same_ignoring_case(kNames[i].name, name)) return static_cast<DigestAlgorithm>(i);
  }
  return std::nullopt;
}

struct Hasher::State {
  EvpMdCtxPtr context;
  DigestAlgorithm algorithm;
};

Hasher::Hasher(DigestAlgorithm algorithm) : state_(std::make_unique<State>(take_context(), algorithm)) {
  require(state_->context && EVP_DigestInit_ex2(state_->context.get(), evp_digest(algorithm), nullptr) == 1);
}
Hasher::~Hasher() {
  if (state_) give_back(std::move(state_->context));
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(ByteView bytes) {
  require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

Bytes Hasher::finish() {
  Bytes value(digest_size(state_->algorithm));
  require(EVP_DigestFinal_ex(state_->context.get(), value.data(), nullptr) == 1);
  return value;
}

void digest_into(DigestAlgorithm algorithm, ByteView bytes, std::uint8_t* out) {
  // One context for each algorithm: initialising for the same digest again is the quick way.
  thread_local std::array<EvpMdCtxPtr, kNames.size()> contexts;
  EvpMdCtxPtr& context = contexts[static_cast<std::size_t>(algorithm)];
  if (!context) context.reset(EVP_MD_CTX_new());
  require(context && EVP_DigestInit_ex2(context.get(), evp_digest(algorithm), nullptr) == 1 &&
          EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
          EVP_DigestFinal_ex(context.get(), out, nullptr) == 1);
}

Bytes digest(DigestAlgorithm algorithm, ByteView bytes) {
  Bytes value(digest_size(algorithm));
  digest_into(algorithm, bytes, value.data());
  return value;
}

}  // namespace causeway::pki
