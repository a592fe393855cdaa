// SPDX-License-Identifier: MIT
// What processes have used of the machine, by /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace causeway::bench {

struct CpuTime {
  double user = 0, system = 0;  // seconds
  double total() const { return user + system; }
  CpuTime operator-(const CpuTime& other) const { return {user - other.user, system - other.system}; }
  CpuTime operator/(double count) const { return {user / count, system / count}; }
};

// Seconds of CPU time, in user and system mode, of all threads of these processes since they
// started. The kernel counts in hundredths. A process that has ended counts 0.
CpuTime cpu_time(const std::vector<pid_t>& pids);
inline double cpu_seconds(const std::vector<pid_t>& pids) { return cpu_time(pids).total(); }

// Resident memory in octets, pages shared with others included: now, and the most since
// forget_peak().
std::uint64_t resident_memory(pid_t pid);
std::uint64_t peak_memory(pid_t pid);
void forget_peak(pid_t pid);

}  // namespace causeway::bench
