// SPDX-License-Identifier: MIT
#include "evidence/verification_report.hpp"

namespace causeway::evidence {

std::string_view to_string(CheckState state) {
  switch (state) {
    case CheckState::passed:
      return "passed";
    case CheckState::unverified:
      return "unverified";
    case CheckState::failed:
      return "failed";
    case CheckState::skipped:
      return "skipped";
  }
  return "";
}

}  // namespace causeway::evidence
