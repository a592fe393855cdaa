// SPDX-License-Identifier: MIT
// Writes ZIP files of containers and archives from front to back, as Java does: every
// entry is deflated and followed by its sizes. The same input gives the same octets.
#pragma once

#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "evidence/byte_sink.hpp"
#include "evidence/compressor.hpp"

namespace causeway::evidence {

// Calls in the order (begin write* end)* finish. What the sink refuses is returned by
// every one of them; asic_invalid_container where a ZIP file of less than 4 GiB cannot hold it.
class ZipWriter {
 public:
  // Who writes many files gives them one compressor; no two may have an entry of the same
  // compression open at once.
  explicit ZipWriter(ByteSink sink, std::shared_ptr<Compressor> compressor = std::make_shared<Compressor>());
  ~ZipWriter();
  ZipWriter(ZipWriter&&) noexcept;
  ZipWriter& operator=(ZipWriter&&) noexcept;

  // `modified` is kept to the second, in UTC.
  Result<void> begin(std::string_view name, TimePoint modified, ZipCompression compression = ZipCompression::usual);
  Result<void> write(ByteView bytes);
  Result<void> end();
  // All three.
  Result<void> add(std::string_view name, ByteView content, TimePoint modified,
                   ZipCompression compression = ZipCompression::usual);
  Result<void> finish(std::string_view comment = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace causeway::evidence
