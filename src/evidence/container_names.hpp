// SPDX-License-Identifier: MIT
// Names of containers and of archives of containers (evidence.md 4.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace causeway::evidence {

// "<query id>-request-<record id>.asice", or "-response-": the query id in the form
// encoding of URLs and cut to 226 characters, the record id in base 32.
std::string container_name(std::string_view query_id, bool response, std::uint64_t record_id);

// Of a ZIP file of containers: "<query id>.zip", of requests only "<query id>-request.zip",
// of responses only "<query id>-response.zip".
std::string containers_name(std::string_view query_id, std::optional<bool> response);

// "mlog-[<group>-]<first>-<last>-<digest>.zip[.gpg]": times of the first and the last record in
// UTC, the first 16 digits of the last link; characters of `group` that no file system
// likes become '_'.
std::string archive_name(std::string_view group, TimePoint first, TimePoint last, std::string_view last_link,
                         bool encrypted);

}  // namespace causeway::evidence
