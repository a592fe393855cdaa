// SPDX-License-Identifier: MIT
// The versions of the global configuration that are read and written (trust.md section 3).
#pragma once

#include <array>

namespace causeway::globalconf {

inline constexpr int kOldestVersion = 2;
inline constexpr int kNewestVersion = 6;
inline constexpr std::array kVersions{2, 3, 4, 5, 6};

constexpr bool is_known_version(int version) { return kOldestVersion <= version && version <= kNewestVersion; }

// From which version on something is part of the format.
inline constexpr int kSourcesSince = 3;          // source, acmeServer, further elements at the end
inline constexpr int kSha256Since = 3;           // authCertHash is SHA-256, before SHA-1
inline constexpr int kAcmeProfilesSince = 4;     // certificate profile ids of the ACME server
inline constexpr int kSubsystemNamesSince = 5;   // subsystemName
inline constexpr int kMaintenanceModeSince = 5;  // inMaintenanceMode
inline constexpr int kCostTypesSince = 6;        // costType, defaultCsrFormat

}  // namespace causeway::globalconf
