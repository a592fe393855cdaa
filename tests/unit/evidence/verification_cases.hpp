// SPDX-License-Identifier: MIT
// Documents, good and broken, with the verdict each must get. They are tried fresh from
// the writer, and as files that the project carries (tests/data/evidence).
#pragma once

#include <string>
#include <vector>

#include "test_pki.hpp"

namespace causeway::evidence {

struct VerificationCase {
  std::string name;
  SignatureDocument document;
  std::vector<std::string> contents;  // message, then attachments, as received
  std::string code;                   // empty: verifies; below "signature_verification."
  std::string sender = "XX/COM/1234/SUB";
};

std::vector<VerificationCase> verification_cases(const TestMember& member);

}  // namespace causeway::evidence
