// SPDX-License-Identifier: MIT
// Octets on their way out, in pieces that lie apart: what is left of them.
#pragma once

#include <sys/uio.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "base/bytes.hpp"

namespace causeway::net {

class Pieces {
 public:
  // What `pieces` refers to must outlive this.
  explicit Pieces(std::span<const ByteView> pieces) : rest_(pieces) { skip_empty(); }

  bool empty() const { return rest_.empty(); }

  // No more than there are.
  void take(std::size_t size) {
    while (size > 0) {
      const std::size_t of_first = std::min(size, first().size());
      begun_ += of_first;
      size -= of_first;
      skip_empty();
    }
  }

  // The first of them, as many as `into` has place for. How many parts.
  std::size_t list(std::span<iovec> into) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < rest_.size() && count < into.size(); ++i) {
      const ByteView piece = i == 0 ? first() : rest_[i];
      if (!piece.empty()) into[count++] = {const_cast<std::uint8_t*>(piece.data()), piece.size()};
    }
    return count;
  }

  // Takes the next octets, as many as fit into `memory`, and gives them as one view: where
  // they lie if the first piece has so many, otherwise copied together there.
  ByteView take_together(std::span<std::uint8_t> memory) {
    if (first().size() >= memory.size()) {
      const ByteView view = first().first(memory.size());
      take(view.size());
      return view;
    }
    std::size_t size = 0;
    while (!empty() && size < memory.size()) {
      const ByteView part = first().first(std::min(first().size(), memory.size() - size));
      std::memcpy(memory.data() + size, part.data(), part.size());
      size += part.size();
      take(part.size());
    }
    return memory.first(size);
  }

 private:
  ByteView first() const { return rest_.front().subspan(begun_); }
  void skip_empty() {
    while (!rest_.empty() && begun_ == rest_.front().size()) {
      rest_ = rest_.subspan(1);
      begun_ = 0;
    }
  }

  std::span<const ByteView> rest_;
  std::size_t begun_ = 0;  // octets of the first piece that were taken
};

}  // namespace causeway::net
