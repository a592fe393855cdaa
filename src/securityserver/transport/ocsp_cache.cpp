// SPDX-License-Identifier: MIT
#include "securityserver/transport/ocsp_cache.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/files.hpp"
#include "base/log.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kMaxResponse = 64 * 1024;

}  // namespace

bool OcspCache::reload() {
  std::vector<std::filesystem::path> files;
  std::vector<std::string> facts;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    if (entry.path().extension() != ".ocsp") continue;
    files.push_back(entry.path());
    const auto written = entry.last_write_time(error).time_since_epoch().count();
    facts.push_back(entry.path().filename().string() + ":" + std::to_string(written) + ":" +
                    std::to_string(entry.file_size(error)));
  }
  std::sort(facts.begin(), facts.end());
  std::string fingerprint;
  for (const std::string& fact : facts) fingerprint += fact + "\n";
  if (fingerprint == fingerprint_ && responses_.get()) return false;

  auto responses = std::make_shared<Responses>();
  for (const auto& file : files) {
    auto content = read_file(file, kMaxResponse);
    if (content) {
      responses->emplace(file.stem().string(), to_bytes(*content));
    } else {
      log::warn("OCSP response not read: {}", content.error().text);
    }
  }
  fingerprint_ = std::move(fingerprint);
  responses_.set(std::move(responses));
  return true;
}

std::optional<Bytes> OcspCache::find(const pki::Certificate& certificate) const {
  return find(certificate.hash_hex(pki::DigestAlgorithm::sha1));
}

std::optional<Bytes> OcspCache::find(const std::string& sha1) const {
  const auto responses = responses_.get();
  if (!responses) return std::nullopt;
  const auto found = responses->find(sha1);
  if (found == responses->end()) return std::nullopt;
  return found->second;
}

}  // namespace causeway::securityserver
