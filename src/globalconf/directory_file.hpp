// SPDX-License-Identifier: MIT
// Signed directories as those who publish them see them: read back before anybody can, and
// withdrawn when their time is up.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "globalconf/signed_directory.hpp"

namespace causeway::globalconf {

// Whether those who download `document` will read in it what was meant. A key that does not fit
// its certificate, or a name that ends a header, would otherwise stop everybody.
Result<void> check_readable(std::string_view document, const SignedDirectory& meant,
                            const pki::Certificate& certificate, TimePoint at);

// Until when a signed directory may be used, read without looking at its signature.
std::optional<TimePoint> expiry_in(std::string_view signed_directory);
// The same of a file; nothing if there is none, or none that can be read.
std::optional<TimePoint> expiry_of(const std::filesystem::path& file);
bool is_valid_at(const std::filesystem::path& file, TimePoint at);

// Removes the file if it is there and may not be used any more. True: it did.
bool withdraw_if_expired(const std::filesystem::path& file, TimePoint at);

}  // namespace causeway::globalconf
