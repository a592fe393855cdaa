// SPDX-License-Identifier: MIT
// DEFLATE for the entries of many ZIP files. Its streams are used again, since making one costs
// more than a short text, and so is what came out for texts that come again: messages signed or
// time-stamped together share most of their evidence. Used by one thread.
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.hpp"
#include "evidence/bounded_cache.hpp"
#include "evidence/byte_sink.hpp"

namespace causeway::evidence {

enum class ZipCompression {
  usual,
  none,  // still in DEFLATE's form, so that a reader need not know the size beforehand
};

// The same input gives the same octets, whatever came before.
class Compressor {
 public:
  struct Whole {
    std::uint32_t crc = 0;  // of the content
    Bytes octets;           // it, compressed
  };

  Compressor();
  ~Compressor();

  // A content in pieces, of which the last one ends it. One at a time for each kind; begin() gives
  // up what was begun.
  void begin(ZipCompression compression);
  Result<void> feed(ZipCompression compression, ByteView bytes, bool last, const ByteSink& sink);

  // A content of up to kWholeLimit octets, compressed as usual.
  static constexpr std::size_t kWholeLimit = 64 * 1024;
  std::shared_ptr<const Whole> whole(ByteView content);

 private:
  class Stream;

  Stream& stream(ZipCompression compression);

  std::unique_ptr<Stream> usual_, none_;  // made when they are needed
  BoundedCache<std::shared_ptr<const Whole>> known_;
};

}  // namespace causeway::evidence
