// SPDX-License-Identifier: MIT
// The report as a page of the documentation, with its plots.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "bench/report.hpp"

namespace causeway::bench {

// `date`: "2026-03-01".
std::string to_markdown(const Report& report, const std::string& date);

// performance.md and the SVG files of its plots. io_error.
Result<void> write_report(const Report& report, const std::filesystem::path& directory);

}  // namespace causeway::bench
