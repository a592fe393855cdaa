// SPDX-License-Identifier: MIT
// A value, or the Fault that stood in its way.
#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "base/fault.hpp"

namespace causeway {

template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Fault fault) : state_(std::in_place_index<1>, std::move(fault)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& operator*() & {
    assert(ok());
    return std::get<0>(state_);
  }
  const T& operator*() const& {
    assert(ok());
    return std::get<0>(state_);
  }
  // A value, not a reference into what is about to go: `for (... : *f())` is as it looks.
  T operator*() && {
    assert(ok());
    return std::get<0>(std::move(state_));
  }
  T* operator->() {
    assert(ok());
    return &std::get<0>(state_);
  }
  const T* operator->() const {
    assert(ok());
    return &std::get<0>(state_);
  }

  const Fault& error() const& {
    assert(!ok());
    return std::get<1>(state_);
  }
  Fault&& error() && {
    assert(!ok());
    return std::get<1>(std::move(state_));
  }

 private:
  std::variant<T, Fault> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using Value = void;
  Result() = default;
  Result(Fault fault) : fault_(std::move(fault)) {}

  bool ok() const { return !fault_; }
  explicit operator bool() const { return ok(); }
  const Fault& error() const& {
    assert(!ok());
    return *fault_;
  }
  Fault&& error() && {
    assert(!ok());
    return *std::move(fault_);
  }

 private:
  std::optional<Fault> fault_;
};

}  // namespace causeway
