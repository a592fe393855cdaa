// SPDX-License-Identifier: MIT
#include "openpgp/signed_file.hpp"

#include "base/files.hpp"
#include "openpgp/encryption.hpp"
#include "supervision/child_program.hpp"

namespace causeway::openpgp {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kTime{30};
constexpr std::size_t kMaxStatus = 1 << 20;

// By gpg's status lines (DETAILS of GnuPG): one good signature, and nothing that speaks against it.
bool is_signed(const std::string& status) {
  const auto said = [&](const char* word) {
    return status.find(std::string("[GNUPG:] ") + word + " ") != std::string::npos;
  };
  return said("GOODSIG") && said("VALIDSIG") && !said("BADSIG") && !said("ERRSIG");
}

}  // namespace

Result<void> open_signed_file(const fs::path& home, const fs::path& file, const fs::path& output, std::uint64_t limit,
                              Signature signature) {
  fs::path status = output;
  status += ".status";
  std::error_code ignored;
  fs::remove(output, ignored);
  fs::remove(status, ignored);
  fs::create_directories(home, ignored);
  fs::permissions(home, fs::perms::owner_all, ignored);
  std::vector<std::string> arguments{kProgram,
                                     "--homedir",
                                     fs::absolute(home).string(),
                                     "--batch",
                                     "--no-tty",
                                     "--max-output",
                                     std::to_string(limit),
                                     "--status-file",
                                     status.string(),
                                     "--output",
                                     output.string()};
  if (signature == Signature::any) arguments.emplace_back("--skip-verify");
  arguments.insert(arguments.end(), {"--decrypt", fs::absolute(file).string()});
  auto program = supervision::ChildProgram::start(arguments, kTime, [] { return true; });
  if (!program) return program.error();
  auto ended = program->wait();
  const auto said = read_file(status, kMaxStatus);
  fs::remove(status, ignored);
  // Before its exit code: it also fails for signatures of keys that it does not know.
  if (signature == Signature::of_the_key_ring && (!said || !is_signed(*said)) && fs::exists(output, ignored))
    return Fault{"invalid_signature", file.filename().string() + " is not signed by a key of " + home.string() +
                                          (ended ? "" : ": " + ended.error().text)};
  return ended;
}

}  // namespace causeway::openpgp
