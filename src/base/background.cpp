// SPDX-License-Identifier: MIT
#include "base/background.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace causeway {
namespace {

// Of 10 a thread gets about a tenth of what it would have got otherwise: little, but not
// nothing on a machine that is busy for hours.
constexpr int kNice = 10;

}  // namespace

void work_in_background() {
  // Linux has it for each thread. Without it everything works, only less evenly.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice));
}

}  // namespace causeway
