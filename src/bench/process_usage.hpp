// SPDX-License-Identifier: MIT
// What processes have used of the machine, by /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace causeway::bench {

// Seconds of CPU time, in user and system mode, of all threads of these processes since they
// started. The kernel counts in hundredths. A process that has ended counts 0.
double cpu_seconds(const std::vector<pid_t>& pids);

// Resident memory in octets, pages shared with others included: now, and the most since
// forget_peak().
std::uint64_t resident_memory(pid_t pid);
std::uint64_t peak_memory(pid_t pid);
void forget_peak(pid_t pid);

}  // namespace causeway::bench
