// SPDX-License-Identifier: MIT
#include "base/free_memory.hpp"

#include <malloc.h>

// There when the program was linked with mimalloc, whose malloc_trim() does nothing.
extern "C" __attribute__((weak)) void mi_collect(bool force);

namespace causeway {

void return_free_memory() {
  if (mi_collect != nullptr)
    mi_collect(true);
  else
    ::malloc_trim(0);
}

}  // namespace causeway
