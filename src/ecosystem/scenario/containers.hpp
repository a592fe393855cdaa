// SPDX-License-Identifier: MIT
// Steps about the containers that both servers give out of every answered call.
#pragma once

#include "ecosystem/scenario/kit.hpp"

namespace causeway::ecosystem {

// Request and response of each call are fetched from the consumer's and from the provider's
// server, and verified by the configuration that this server gives out. They are left in
// the folder `evidence` of the ecosystem.
StepOutcome containers_are_good(Kit& kit);

// One octet is changed in every part of each of them: all are refused, and the verdict
// names the part. Of containers of more than 16 MiB only the attachments are changed;
// these containers are removed then.
StepOutcome changed_containers_are_refused(Kit& kit);

}  // namespace causeway::ecosystem
