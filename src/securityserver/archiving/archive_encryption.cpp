// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archive_encryption.hpp"

namespace causeway::securityserver {
namespace {

constexpr const char* kProgram = "/usr/bin/gpg";
constexpr std::chrono::minutes kTime{30};

}  // namespace

Result<ChildProgram> start_encryption(const std::filesystem::path& home, const std::vector<std::string>& recipients,
                                      const std::string& output, std::function<bool()> keep_going) {
  std::vector<std::string> arguments{kProgram,          "--homedir",     std::filesystem::absolute(home).string(),
                                     "--batch",         "--yes",         "--encrypt",
                                     "--sign",          "--trust-model", "always",
                                     "--compress-algo", "none",          "--cipher-algo",
                                     "AES-256",         "--digest-algo", "SHA256",
                                     "--output",        output};
  if (recipients.empty()) arguments.push_back("--default-recipient-self");
  for (const std::string& recipient : recipients) arguments.insert(arguments.end(), {"--recipient", recipient});
  return ChildProgram::start(arguments, kTime, std::move(keep_going));
}

}  // namespace causeway::securityserver
