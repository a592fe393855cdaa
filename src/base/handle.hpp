// SPDX-License-Identifier: MIT
// Owning handles for the objects of C libraries.
#pragma once

#include <memory>

namespace causeway {

template <auto Free>
struct Release {
  void operator()(auto* pointer) const noexcept { Free(pointer); }
};
template <class T, auto Free>
using Handle = std::unique_ptr<T, Release<Free>>;

}  // namespace causeway
