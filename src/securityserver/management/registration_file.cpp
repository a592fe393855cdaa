// SPDX-License-Identifier: MIT
#include "securityserver/management/registration_file.hpp"

#include <chrono>
#include <thread>

#include "base/exclusive_lock.hpp"
#include "base/files.hpp"
#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::chrono::seconds kTurn{10};
constexpr std::chrono::milliseconds kPause{5};

// Of the folder: a file would belong to whoever came first, and the others could not open it.
Result<ExclusiveLock> take_turn(const std::filesystem::path& folder) {
  const auto until = std::chrono::steady_clock::now() + kTurn;
  for (;;) {
    auto taken = ExclusiveLock::take(folder);
    if (!taken) return std::move(taken).error();
    if (*taken) return std::move(**taken);
    if (std::chrono::steady_clock::now() > until)
      return fault(FaultCode::io_error, "another process holds the lock of " + folder.string() + " for too long");
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

Result<void> RegistrationFile::change(const std::function<void(Registrations&)>& change) const {
  const std::filesystem::path folder = configuration_.parent_path();
  const auto turn = take_turn(folder.empty() ? "." : folder);
  if (!turn) return turn.error();
  const std::filesystem::path file = registrations_file(configuration_);
  auto registrations = read_registrations(file);
  if (!registrations) return registrations.error();
  const Registrations before = *registrations;
  change(*registrations);
  return *registrations == before ? Result<void>() : write_file_atomically(file, to_json(*registrations));
}

}  // namespace causeway::securityserver
