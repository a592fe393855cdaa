// SPDX-License-Identifier: MIT
#pragma once

namespace causeway {

// From now on the calling thread, and those it starts, give way to others that want the
// processor: for work that nobody waits for. Cannot be taken back.
void work_in_background();

}  // namespace causeway
