// SPDX-License-Identifier: MIT
// Verifies archives of containers (evidence.md 4.5): each container, and that none was
// added, left out, moved or changed since the archive was made.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "evidence/asic_verifier.hpp"
#include "evidence/linking_info.hpp"

namespace causeway::evidence {

inline constexpr ZipLimits kArchiveLimits{.entries = 0xfffe, .name_bytes = 1024};

// What the archive before this one ended with.
struct PreviousLink {
  bool known = false;
  std::string link;  // empty: there is none, this is the first
};

struct ArchiveReport {
  Checks checks;  // of the archive itself: archive, linking, previous_link
  std::optional<LinkingInfo> linking;
  std::string last_link;  // what the next archive must name as its previous; empty unless linking is good
  std::size_t containers = 0, good_containers = 0;

  bool good() const { return checks.good() && good_containers == containers; }
};

// Called for each container in order; `container` is nullptr when it cannot be read.
using OnContainer =
    std::function<void(const std::string& name, const AsicContainer* container, const ContainerReport& report)>;

// Whether the file holds containers: an archive, or what is downloaded from a Security
// Server, which has no linking information.
bool is_archive(ByteView file);

// One container at a time is held in memory, up to `max_container` octets. Without linking
// information only `previous` that is not known will do: check "linking" stays unverified.
ArchiveReport verify_archive(ByteView file, const AsicTrust& trust, const PreviousLink& previous,
                             const OnContainer& on_container, std::uint64_t max_container = std::uint64_t{2} << 30);

}  // namespace causeway::evidence
