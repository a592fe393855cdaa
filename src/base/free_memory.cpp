// SPDX-License-Identifier: MIT
#include "base/free_memory.hpp"

#include <malloc.h>

namespace causeway {

void return_free_memory() { ::malloc_trim(0); }

}  // namespace causeway
