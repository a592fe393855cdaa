// SPDX-License-Identifier: MIT
// Steps in which a call is answered.
#pragma once

#include "ecosystem/scenario/kit.hpp"

namespace causeway::ecosystem {

StepOutcome rest_get(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome rest_post(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome rest_over_tls(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome soap_plain(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome soap_attachments(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome large_download(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome large_upload(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);

StepOutcome list_clients(Kit& kit, const PlannedInstance& from);
StepOutcome rest_metadata(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);
StepOutcome soap_metadata(Kit& kit, const PlannedInstance& from, const PlannedInstance& to);

}  // namespace causeway::ecosystem
