// SPDX-License-Identifier: MIT
// Memory that was freed and that the allocator keeps for later.
#pragma once

namespace causeway {

// Gives it back to the machine. For moments when much was freed: a reload, not a message.
void return_free_memory();

}  // namespace causeway
