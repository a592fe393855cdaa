// SPDX-License-Identifier: MIT
// The development CA's services: forms with requests to sign, OCSP and time-stamp
// requests. The first octet chooses the service, the rest up to a line end is the query or
// path, what follows is the body.
#include <array>
#include <string>

#include "oracle.hpp"
#include "pki/ocsp.hpp"
#include "support/temporary_directory.hpp"
#include "testca/services.hpp"

namespace {

using namespace causeway;
using fuzz::require;

testca::TestCa& authority() {
  static const testing::TemporaryDirectory folder;
  static const auto ca = testca::TestCa::create(folder.path() / "ca", {.name = "Fuzz", .ec_keys = true}, now());
  require(ca.ok());
  return **ca;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input = fuzz::text_of(bytes + 1, size - 1);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string extra(input.substr(0, line));
  const std::string_view body = input.substr(std::min(line + 1, input.size()));
  static const std::array<std::array<std::string, 3>, 8> services{
      {{"POST", "/ca/sign?type=", "multipart/form-data; boundary=B"},
       {"POST", "/ca/sign?type=", "application/octet-stream"},
       {"POST", "/ocsp", "application/ocsp-request"},
       {"POST", "/tsa", "application/timestamp-query"},
       {"GET", "/ocsp/", ""},
       {"GET", "/ca/certs/", ""},
       {"POST", "/ca/revoke?serial=", ""},
       {"POST", "/ca/unrevoke?serial=", ""}}};
  const auto& [method, target, type] = services[bytes[0] % services.size()];
  const auto answer =
      testca::answer(authority(), {method, target + extra, type, Bytes(body.begin(), body.end())}, now());
  require(answer.status == 200 || answer.status == 400 || answer.status == 404);
  require(!answer.body.empty() && answer.filename.find_first_of("\r\n\"") == std::string::npos);
  if (extra.empty() && (target == "/ocsp" || target == "/tsa")) require(answer.status == 200);
  return 0;
}
