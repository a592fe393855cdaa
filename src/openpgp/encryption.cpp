// SPDX-License-Identifier: MIT
#include "openpgp/encryption.hpp"

namespace causeway::openpgp {
namespace {

constexpr std::chrono::minutes kTime{30};

std::vector<std::string> signing_arguments(const std::filesystem::path& home, const std::string& output) {
  return {kProgram,        "--homedir", std::filesystem::absolute(home).string(),
          "--batch",       "--yes",     "--sign",
          "--digest-algo", "SHA256",    "--output",
          output};
}

}  // namespace

Result<supervision::ChildProgram> start_encryption(const std::filesystem::path& home,
                                                   const std::vector<std::string>& recipients,
                                                   const std::string& output, std::function<bool()> keep_going) {
  std::vector<std::string> arguments = signing_arguments(home, output);
  arguments.insert(arguments.end(),
                   {"--encrypt", "--trust-model", "always", "--compress-algo", "none", "--cipher-algo", "AES-256"});
  if (recipients.empty()) arguments.push_back("--default-recipient-self");
  for (const std::string& recipient : recipients) arguments.insert(arguments.end(), {"--recipient", recipient});
  return supervision::ChildProgram::start(arguments, kTime, std::move(keep_going));
}

Result<supervision::ChildProgram> start_signing(const std::filesystem::path& home, const std::string& output,
                                                std::function<bool()> keep_going) {
  return supervision::ChildProgram::start(signing_arguments(home, output), kTime, std::move(keep_going));
}

}  // namespace causeway::openpgp
