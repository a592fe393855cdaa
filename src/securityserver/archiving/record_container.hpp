// SPDX-License-Identifier: MIT
// A logged record with its time-stamp as an ASiC-E container.
#pragma once

#include "evidence/asic_container.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/timestamping/timestamp_finder.hpp"

namespace causeway::securityserver {

// The same record and time-stamp give the same octets. Faults of the sink, and those of
// write_asic and with_signature_timestamp.
Result<void> write_container(
    const LogRecord& record, const TimestampEvidence& timestamp, const evidence::ByteSink& sink,
    std::shared_ptr<evidence::Compressor> compressor = std::make_shared<evidence::Compressor>());

}  // namespace causeway::securityserver
