// SPDX-License-Identifier: MIT
#include "store/database.hpp"

namespace causeway::store {

bool is_unavailable(const Fault& fault) { return fault.code == "database_error.unavailable"; }

bool is_temporary(const Fault& fault) {
  return is_unavailable(fault) || fault.code == "database_error.busy" || fault.code == "database_error.timeout";
}

}  // namespace causeway::store
