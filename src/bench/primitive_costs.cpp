// SPDX-License-Identifier: MIT
#include "bench/primitive_costs.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "base/handle.hpp"
#include "bench/cpu_clock.hpp"
#include "domain/fault_code.hpp"

namespace causeway::bench {
namespace {

constexpr double kSeconds = 0.1;  // of each
constexpr std::size_t kKilobyte = 1024, kTlsRecord = 16 * kKilobyte, kFlushed = 4 * kKilobyte;
constexpr int kFlushes = 100;

using CipherContext = Handle<EVP_CIPHER_CTX, &EVP_CIPHER_CTX_free>;

Result<double> hash_cost() {
  const Bytes text(kKilobyte, 'x');
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  bool good = true;
  const double cost = cpu_cost_of(kSeconds, [&] {
    good = EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha512(), nullptr) == 1 && good;
  });
  if (!good) return fault(FaultCode::internal_error, "SHA-512 does not work");
  return cost;
}

Result<double> encryption_cost() {
  const Bytes text(kTlsRecord, 'x');
  Bytes sealed(kTlsRecord + 16);
  const std::array<unsigned char, 16> key{1};
  std::array<unsigned char, 12> nonce{};
  const CipherContext context(EVP_CIPHER_CTX_new());
  if (!context || EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key.data(), nonce.data()) != 1)
    return fault(FaultCode::internal_error, "AES-128-GCM does not work");
  bool good = true;
  const double cost = cpu_cost_of(kSeconds, [&] {
    int size = 0;
    ++nonce[0];
    good = EVP_EncryptInit_ex(context.get(), nullptr, nullptr, nullptr, nonce.data()) == 1 &&
           EVP_EncryptUpdate(context.get(), sealed.data(), &size, text.data(), static_cast<int>(text.size())) == 1 &&
           EVP_EncryptFinal_ex(context.get(), sealed.data() + size, &size) == 1 && good;
  });
  if (!good) return fault(FaultCode::internal_error, "AES-128-GCM does not work");
  return cost * kKilobyte / kTlsRecord;
}

Result<void> measure_flushes(const std::filesystem::path& directory, PrimitiveCosts& costs) {
  if (auto made = make_directories(directory); !made) return made;
  const std::string path = (directory / "flush-cost").string();
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return fault(FaultCode::io_error, path + ": " + std::strerror(errno));
  const Bytes text(kFlushed, 'x');
  // As the message log does: room is made first, so that a flush writes content alone.
  bool good = ::posix_fallocate(file, 0, static_cast<off_t>(kFlushed * kFlushes)) == 0;
  for (int i = 0; i < kFlushes; ++i)
    good = ::pwrite(file, text.data(), text.size(), static_cast<off_t>(i) * static_cast<off_t>(kFlushed)) > 0 && good;
  good = ::fsync(file) == 0 && good;
  const double cpu = thread_cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kFlushes; ++i) {
    good = ::pwrite(file, text.data(), text.size(), static_cast<off_t>(i) * static_cast<off_t>(kFlushed)) > 0 &&
           ::fdatasync(file) == 0 && good;
  }
  costs.flush_time = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / kFlushes;
  costs.flush_cpu = (thread_cpu_seconds() - cpu) / kFlushes;
  ::close(file);
  ::unlink(path.c_str());
  return good ? Result<void>() : fault(FaultCode::io_error, path + " cannot be written and flushed");
}

}  // namespace

Result<PrimitiveCosts> measure_primitives(const std::filesystem::path& directory) {
  PrimitiveCosts costs;
  const auto hash = hash_cost();
  if (!hash) return hash.error();
  costs.sha512_kb = *hash;
  const auto encryption = encryption_cost();
  if (!encryption) return encryption.error();
  costs.aes_gcm_kb = *encryption;
  if (auto measured = measure_flushes(directory, costs); !measured) return measured.error();
  return costs;
}

}  // namespace causeway::bench
