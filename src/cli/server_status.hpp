// SPDX-License-Identifier: MIT
// How a part of a running server fares, as its administration wrote it into a file.
#pragma once

#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "cli/command.hpp"

namespace causeway::cli {

struct ServerStatusOptions {
  std::string dir = ".";
  bool as_json = false;
};

// One kind of status; it has a member `updated`.
template <class Status>
struct ServerStatus {
  std::string_view file;  // in the server's directory
  Result<Status> (*read)(std::string_view text);
  void (*print)(const Status& status);
  bool (*failed)(const Status& status);
};

inline int fail(const Fault& fault) {
  std::cerr << "causeway ctl: " << fault.code << ": " << fault.text << "\n";
  return kFailed;
}

// Prints it; the exit code tells whether all is well and the administration alive.
template <class Status>
int show(const ServerStatusOptions& options, const ServerStatus<Status>& what) {
  constexpr std::size_t kMaxStatus = 1UL << 20;
  constexpr std::chrono::minutes kSilence{5};  // the administration tells something new more often
  const auto text = read_file(std::filesystem::path(options.dir) / what.file, kMaxStatus);
  const auto status = text ? what.read(*text) : Result<Status>(text.error());
  if (!status) return fail(status.error());
  if (options.as_json)
    std::cout << *text;
  else
    what.print(*status);
  const bool silent = now() - status->updated > kSilence;
  if (silent)
    std::cerr << "nothing newer than " << to_iso_seconds(status->updated)
              << ": the administration process does not run\n";
  return what.failed(*status) || silent ? kFailed : kOk;
}

}  // namespace causeway::cli
