// SPDX-License-Identifier: MIT
// Steps in which something must be refused, for the reason that is meant.
#pragma once

#include "ecosystem/scenario/kit.hpp"

namespace causeway::ecosystem {

StepOutcome no_right(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome no_right_on_endpoint(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome disabled_service(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome unknown_service(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome unregistered_client(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome no_client_certificate(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome tampered_message(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome revoked_certificate(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);

}  // namespace causeway::ecosystem
