// SPDX-License-Identifier: MIT
// What a development CA has issued and revoked: one text file, in the columns of
// openssl's index.txt, so that its tools can read it.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "pki/certificate.hpp"

namespace causeway::testca {

struct IssuedCertificate {
  std::string serial;      // decimal
  std::string serial_hex;  // as openssl writes it
  TimePoint expires;
  std::optional<TimePoint> revoked_at;
  std::string subject;
};

// Several processes may use one file: each reads it anew when another has changed it,
// and writers hold a lock beside it. For many threads.
class CertificateIndex {
 public:
  // A file that does not exist is an empty index.
  explicit CertificateIndex(std::filesystem::path file) : file_(std::move(file)) {}

  Result<void> add(const pki::Certificate& certificate, const std::string& subject);
  // not_found for a serial number that was never issued.
  Result<void> revoke(const std::string& serial, TimePoint at);
  Result<void> unrevoke(const std::string& serial);

  Result<std::optional<IssuedCertificate>> find(const std::string& serial);
  Result<std::vector<IssuedCertificate>> all();  // in the order of issue

 private:
  struct Stamp {
    std::filesystem::file_time_type time;
    std::uintmax_t size = 0;
    bool operator==(const Stamp&) const = default;
  };

  Result<void> refresh();
  Result<void> write();
  Result<void> set_revoked(const std::string& serial, std::optional<TimePoint> at);

  const std::filesystem::path file_;
  std::mutex mutex_;
  std::vector<IssuedCertificate> entries_;
  std::unordered_map<std::string, std::size_t> by_serial_;
  std::optional<Stamp> read_at_;
};

}  // namespace causeway::testca
