// SPDX-License-Identifier: MIT
// Control messages to the signer, from processes that hold no keys: each gets an answer or
// a fault, and what is said to look only changes nothing.
#include <boost/json.hpp>
#include <string>

#include "oracle.hpp"
#include "signer/control.hpp"
#include "support/temporary_directory.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace causeway;
  using fuzz::require;
  static const testing::TemporaryDirectory folder;
  static const auto manager = signer::TokenManager::open(
      {.directory = folder.path() / "signer", .parameters = {}, .check_chain = {}, .check_revocation = {}});
  require(manager.ok());
  const std::string_view request = fuzz::text_of(bytes, size);

  // Making keys takes seconds, and is asked for in the same way as all else.
  for (const std::string_view making : {"init-token", "generate-key"})
    if (request.find(making) != std::string_view::npos) return 0;

  const std::uint64_t before = (*manager)->version();
  const bool looks = signer::only_reads(request);
  const auto answer = signer::handle_control(**manager, request);
  if (looks) require((*manager)->version() == before);
  if (!answer) {
    require(!answer.error().code.empty());
    return 0;
  }
  boost::system::error_code error;
  (void)boost::json::parse(*answer, error);
  require(!error);
  return 0;
}
