// SPDX-License-Identifier: MIT
#include "testca/certificate_index.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "base/files.hpp"
#include "domain/fault_code.hpp"

namespace causeway::testca {
namespace {

// Held while the file is read, changed and written; other processes wait.
class FileLock {
 public:
  static Result<FileLock> take(const std::filesystem::path& path) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return fault(FaultCode::io_error, "cannot open " + path.string());
    if (flock(descriptor, LOCK_EX) != 0) {
      close(descriptor);
      return fault(FaultCode::io_error, "cannot lock " + path.string());
    }
    return FileLock(descriptor);
  }
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  ~FileLock() {
    if (descriptor_ >= 0) close(descriptor_);
  }

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// "YYMMDDHHMMSSZ", with four digits of the year from 2050 on.
std::string to_openssl_time(TimePoint time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm fields{};
  gmtime_r(&seconds, &fields);
  char text[32];
  const bool four_digits = fields.tm_year >= 150;
  std::strftime(text, sizeof text, four_digits ? "%Y%m%d%H%M%SZ" : "%y%m%d%H%M%SZ", &fields);
  return text;
}

std::optional<TimePoint> from_openssl_time(std::string text) {
  if (text.size() == 13) text.insert(0, text[0] < '5' ? "20" : "19");
  if (text.size() != 15) return std::nullopt;
  for (const auto [place, mark] : {std::pair{4, '-'}, {7, '-'}, {10, 'T'}, {13, ':'}, {16, ':'}}) {
    text.insert(static_cast<std::size_t>(place), 1, mark);
  }
  const auto time = parse_iso(text);
  if (!time) return std::nullopt;
  return *time;
}

std::vector<std::string> columns_of(std::string_view line) {
  std::vector<std::string> columns;
  for (;;) {
    const auto tab = line.find('\t');
    columns.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return columns;
    line.remove_prefix(tab + 1);
  }
}

// The file column holds the decimal serial number, which openssl does not look at.
std::optional<IssuedCertificate> entry_of(std::string_view line) {
  std::vector<std::string> columns = columns_of(line);
  if (columns.size() != 6 || (columns[0] != "V" && columns[0] != "R")) return std::nullopt;
  const auto expires = from_openssl_time(columns[1]);
  const auto revoked = from_openssl_time(columns[2]);
  if (!expires || (columns[0] == "R") != revoked.has_value()) return std::nullopt;
  return IssuedCertificate{.serial = columns[4],
                           .serial_hex = columns[3],
                           .expires = *expires,
                           .revoked_at = revoked,
                           .subject = columns[5]};
}

std::string line_of(const IssuedCertificate& entry) {
  std::string line = entry.revoked_at ? "R\t" : "V\t";
  line.append(to_openssl_time(entry.expires)).append("\t");
  if (entry.revoked_at) line.append(to_openssl_time(*entry.revoked_at));
  line.append("\t").append(entry.serial_hex).append("\t").append(entry.serial).append("\t");
  return line.append(entry.subject).append("\n");
}

}  // namespace

Result<void> CertificateIndex::refresh() {
  std::error_code error;
  const Stamp stamp{std::filesystem::last_write_time(file_, error), std::filesystem::file_size(file_, error)};
  if (error) {
    if (std::filesystem::exists(file_)) return fault(FaultCode::io_error, "cannot read " + file_.string());
    return {};
  }
  if (read_at_ == stamp) return {};
  auto content = read_file(file_);
  if (!content) return content.error();
  std::vector<IssuedCertificate> entries;
  for (std::string_view rest = *content; !rest.empty();) {
    const auto end = rest.find('\n');
    auto entry = entry_of(rest.substr(0, end));
    if (!entry) {
      return fault(FaultCode::io_error,
                   file_.string() + ": line " + std::to_string(entries.size() + 1) + " is malformed");
    }
    entries.push_back(*std::move(entry));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  entries_ = std::move(entries);
  by_serial_.clear();
  for (std::size_t i = 0; i < entries_.size(); ++i) by_serial_.emplace(entries_[i].serial, i);
  read_at_ = stamp;
  return {};
}

Result<void> CertificateIndex::write() {
  std::string content;
  for (const IssuedCertificate& entry : entries_) content += line_of(entry);
  read_at_.reset();
  return write_file_atomically(file_, content);
}

Result<void> CertificateIndex::add(const pki::Certificate& certificate, const std::string& subject) {
  const std::lock_guard guard(mutex_);
  const auto lock = FileLock::take(file_.string() + ".lock");
  if (!lock) return lock.error();
  if (auto ok = refresh(); !ok) return ok;
  IssuedCertificate entry{.serial = certificate.serial_decimal(),
                          .serial_hex = certificate.serial_hex(),
                          .expires = certificate.not_after(),
                          .revoked_at = {},
                          .subject = subject};
  std::ranges::replace_if(entry.subject, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  entries_.push_back(std::move(entry));
  return write();
}

Result<void> CertificateIndex::set_revoked(const std::string& serial, std::optional<TimePoint> at) {
  const std::lock_guard guard(mutex_);
  const auto lock = FileLock::take(file_.string() + ".lock");
  if (!lock) return lock.error();
  if (auto ok = refresh(); !ok) return ok;
  const auto found = by_serial_.find(serial);
  if (found == by_serial_.end()) {
    return fault(FaultCode::not_found, "no certificate with serial number " + serial + " was issued here");
  }
  entries_[found->second].revoked_at = at;
  return write();
}

Result<void> CertificateIndex::revoke(const std::string& serial, TimePoint at) { return set_revoked(serial, at); }
Result<void> CertificateIndex::unrevoke(const std::string& serial) { return set_revoked(serial, std::nullopt); }

Result<std::optional<IssuedCertificate>> CertificateIndex::find(const std::string& serial) {
  const std::lock_guard guard(mutex_);
  if (auto ok = refresh(); !ok) return ok.error();
  const auto found = by_serial_.find(serial);
  if (found == by_serial_.end()) return std::optional<IssuedCertificate>();
  return std::optional(entries_[found->second]);
}

Result<std::vector<IssuedCertificate>> CertificateIndex::all() {
  const std::lock_guard guard(mutex_);
  if (auto ok = refresh(); !ok) return ok.error();
  return entries_;
}

}  // namespace causeway::testca
