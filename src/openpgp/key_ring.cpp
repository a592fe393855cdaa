// SPDX-License-Identifier: MIT
#include "openpgp/key_ring.hpp"

#include "domain/fault_code.hpp"
#include "openpgp/encryption.hpp"
#include "supervision/child_program.hpp"

namespace causeway::openpgp {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kTime{5};  // a machine may have to gather randomness

Result<void> run(const std::vector<std::string>& arguments) {
  auto program = supervision::ChildProgram::start(arguments, kTime, [] { return true; });
  return program ? program->wait() : Result<void>(program.error());
}

}  // namespace

Result<void> make_key_ring(const fs::path& home, const std::string& user) {
  std::error_code error;
  fs::create_directories(home, error);
  if (!error) fs::permissions(home, fs::perms::owner_all, error);
  if (error) return fault(FaultCode::io_error, home.string() + ": " + error.message());
  // A key that an administrator has put there is as good.
  const fs::path secrets = home / "private-keys-v1.d";
  if (fs::exists(secrets, error) && !fs::is_empty(secrets, error)) return {};
  return run({kProgram, "--homedir", fs::absolute(home).string(), "--batch", "--no-tty", "--passphrase", "",
              "--quick-generate-key", user, "rsa4096", "sign,encrypt", "never"});
}

}  // namespace causeway::openpgp
